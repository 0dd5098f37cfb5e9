// Pictures that stand in for a printed page and a scanned one.

import type { FormDef, PaperPreview } from "../gen/types";

const WIDTH = 595;
const HEIGHT = 842;

const plain = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

function words(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(words).join(" / ");
  if (typeof value === "object") return Object.values(value).map(words).join(" ");
  return String(value);
}

/** Another name for another picture. */
function nameOf(picture: string): string {
  let sum = 0;
  for (const sign of picture) sum = (sum * 31 + (sign.codePointAt(0) ?? 0)) % 4_294_967_291;
  return sum.toString(16);
}

/** A table of labels and answers, cut into pages, without the pictures of those that are held. */
export function drawPages(def: FormDef, answers: Record<string, unknown>, held: string[]): PaperPreview {
  const pages: string[] = [];
  const fields: PaperPreview["fields"] = [];
  let body = "";
  let y = 90;
  const close = () => {
    pages.push(
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}"><rect width="100%" height="100%" fill="#fff"/><g font-family="serif" font-size="10" fill="#111"><text x="297" y="46" text-anchor="middle" font-size="13">111學年度 連江縣 縣立介壽國(中)小</text><text x="297" y="68" text-anchor="middle" font-size="14">${plain(def.title.zh)}</text>${body}</g></svg>`,
    );
    body = "";
    y = 60;
  };
  for (const field of def.sections.flatMap((section) => section.fields)) {
    const text = words(answers[field.key]);
    const lines = Math.max(1, Math.ceil(text.length / 36));
    const height = 12 + lines * 14;
    if (y + height > HEIGHT - 60) close();
    body += `<rect x="50" y="${y}" width="110" height="${height}" fill="none" stroke="#333" stroke-width=".6"/><rect x="160" y="${y}" width="385" height="${height}" fill="none" stroke="#333" stroke-width=".6"/><text x="56" y="${y + 16}">${plain(field.label.zh.slice(0, 10))}</text>`;
    for (let line = 0; line < lines; line += 1)
      body += `<text x="166" y="${y + 16 + line * 14}">${plain(text.slice(line * 36, line * 36 + 36))}</text>`;
    fields.push({ field: field.key, area: { page: pages.length + 1, x: 160, y, width: 385, height } });
    y += height;
  }
  close();
  const pictures = pages.map((svg) => {
    const hash = nameOf(svg);
    return { hash, svg: held.includes(hash) ? null : svg };
  });
  return {
    pages: pictures,
    width: WIDTH,
    height: HEIGHT,
    fields,
    missing_glyphs: words(answers.plc_name).includes("𠮷") ? ["𠮷"] : [],
  };
}

/** A page with a red seal, as PNG in base64. */
export function scanPicture(page: number): string {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const pen = canvas.getContext("2d");
  if (!pen) return "";
  pen.fillStyle = "#f7f5ef";
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  pen.fillStyle = "#222";
  pen.font = "16px serif";
  pen.fillText(`教師專業學習社群經費概算表  第 ${page} 頁`, 120, 60);
  pen.strokeStyle = "#333";
  for (let row = 0; row < 14; row += 1) pen.strokeRect(60, 90 + row * 36, 475, 36);
  for (let cell = 0; cell < 4; cell += 1) pen.strokeRect(60 + cell * 119, 640, 119, 90);
  pen.strokeStyle = "#b3261e";
  pen.fillStyle = "#b3261e";
  pen.lineWidth = 3;
  for (const cell of [0, 1, 2]) {
    pen.strokeRect(90 + cell * 119, 655, 56, 56);
    pen.fillText("印", 110 + cell * 119, 690);
  }
  return canvas.toDataURL("image/png").split(",")[1] ?? "";
}
