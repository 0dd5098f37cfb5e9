import { expect, test } from "vitest";
import { fileName } from "./platform";

test.each([
  ["觀察前會談紀錄表-甲-空白表.odt", "觀察前會談紀錄表-甲-空白表.odt"],
  ["任教領域/科目.pdf", "任教領域_科目.pdf"],
  ["..\\a:b*c?.docx", ".._a_b_c_.docx"],
  ["一\n二.pdf", "一_二.pdf"],
])("%j as a file's name is %j", (words, name) => expect(fileName(words)).toBe(name));
