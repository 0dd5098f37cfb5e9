// Days and hours as the slides write them: 2022-02-24, 10:42:07.

const two = (part: number) => String(part).padStart(2, "0");

/** The day, `2022-02-24`. */
export function dayOf(at: string): string {
  const moment = new Date(at);
  if (Number.isNaN(moment.getTime())) return at;
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

/** The time of day, `10:42:07`. */
export function clockOf(at: string): string {
  const moment = new Date(at);
  if (Number.isNaN(moment.getTime())) return at;
  return `${two(moment.getHours())}:${two(moment.getMinutes())}:${two(moment.getSeconds())}`;
}

/** Day and time, `2022-02-24 10:42`. */
export function momentOf(at: string): string {
  return `${dayOf(at)} ${clockOf(at).slice(0, 5)}`;
}

/** A size a person can compare with 2 MB: `1.4 MB`, `320 KB`. */
export function sizeOf(bytes: number): string {
  return bytes >= 1_048_576 ? `${(bytes / 1_048_576).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`;
}
