/** Local times in IANA time zones, without a library: `Intl` knows every zone's offsets. */

import { dateFormat } from "./formatters";

const MINUTE = 60_000;

/** A wall clock in a zone. */
function clockOf(zone: string): Intl.DateTimeFormat {
  return dateFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
}

/** Minutes that a zone is ahead of UTC at a moment. */
export function offsetAt(zone: string, moment: Date): number {
  const parts = Object.fromEntries(
    clockOf(zone)
      .formatToParts(moment)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  const local = Date.UTC(year, month - 1, day, hour, minute, second);
  return Math.round((local - Math.floor(moment.getTime() / 1_000) * 1_000) / MINUTE);
}

export interface LocalMoment {
  moment: Date;
  /** `skipped`: the clocks jump over it. `twice`: it comes twice, and the first one is meant. */
  kind: "once" | "skipped" | "twice";
}

/** The moment of a local time, such as `2027-02-04`, `20:00`; null if one of the three is not valid. */
export function momentOf(date: string, time: string, zone: string): LocalMoment | null {
  const wall = Date.parse(`${date}T${time}:00Z`);
  if (Number.isNaN(wall) || !isZone(zone)) return null;
  const day = 24 * 60 * MINUTE;
  const offsets = [wall - day, wall + day].map((near) => offsetAt(zone, new Date(near)));
  const found = [...new Set(offsets)]
    .map((offset) => ({ moment: new Date(wall - offset * MINUTE), offset }))
    .filter(({ moment, offset }) => offsetAt(zone, moment) === offset)
    .map(({ moment }) => moment)
    .sort((left, right) => left.getTime() - right.getTime());
  const [first] = found;
  if (first === undefined) {
    const [before = 0] = offsets;
    return { moment: new Date(wall - before * MINUTE), kind: "skipped" };
  }
  return { moment: first, kind: found.length > 1 ? "twice" : "once" };
}

/** The person's own zone. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The place that a zone is named for: "New York" of `America/New_York`. */
export function cityOf(zone: string): string {
  return (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
}

/** "UTC+1", "UTC−3:30". */
export function offsetName(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const sign = minutes < 0 ? "−" : "+";
  return `UTC${sign}${hours}${rest === 0 ? "" : `:${String(rest).padStart(2, "0")}`}`;
}

/** A draft may have any text. */
export function isZone(zone: string): boolean {
  try {
    return Boolean(clockOf(zone));
  } catch {
    return false;
  }
}

let zones: readonly string[] | undefined;

/** All zones that the browser knows. */
export function allZones(): readonly string[] {
  zones ??= Intl.supportedValuesOf("timeZone");
  return zones;
}

/** A local date and time of the event, such as `2026-12-20T23:59`, in words; itself if it is none. */
export function localDateTime(
  text: string,
  language: string,
  month: "long" | "short" = "long",
): string {
  const wall = new Date(`${text.slice(0, 16)}Z`);
  if (Number.isNaN(wall.getTime())) return text;
  return dateFormat(language, {
    day: "numeric",
    month,
    hour: "numeric",
    minute: "2-digit",
    timeZone: "UTC",
  }).format(wall);
}
