// Moments that an office names: days in 民國 years and hours as they are in Taipei, wherever the computer stands.

import { formatDate } from "../form/values";

/** Taiwan keeps UTC+8 all year. */
const OFFSET = 8 * 3_600_000;

/** A moment as day and time in Taipei; blank where there is none. */
export function partsOf(at: string | null): { day: string; time: string } {
  const moment = new Date(at ?? "");
  if (Number.isNaN(moment.getTime())) return { day: "", time: "" };
  const there = new Date(moment.getTime() + OFFSET).toISOString();
  return { day: there.slice(0, 10), time: there.slice(11, 16) };
}

/** The moment of a day and time in Taipei. The last minute of a day means the whole of it. */
export function momentAt(day: string, time: string): string {
  return new Date(`${day}T${time}:${time === "23:59" ? "59" : "00"}+08:00`).toISOString();
}

/** `111/05/23 12:00`; what is no moment stays as it is. */
export function rocMoment(at: unknown): string {
  const { day, time } = partsOf(typeof at === "string" ? at : null);
  return day === "" ? String(at ?? "") : `${formatDate(day)} ${time}`;
}

/** `2022-05-23 12:00`; what is no moment stays as it is. */
export function commonMoment(at: unknown): string {
  const { day, time } = partsOf(typeof at === "string" ? at : null);
  return day === "" ? String(at ?? "") : `${day} ${time}`;
}

/** So many days, counted in Taipei, from one moment to another: 0 on the same day, below 0 when it is over. */
export function daysBetween(from: string, to: string): number {
  if (Date.parse(to) < Date.parse(from)) return -1;
  const day = (at: string) => Math.floor((Date.parse(at) + OFFSET) / 86_400_000);
  return day(to) - day(from);
}
