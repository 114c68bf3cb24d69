/** Dates, times, money and numbers, as the person's language writes them. */

import { dateFormat, numberFormat } from "./formatters";

export const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A calendar day, such as "Thursday 4 February 2027"; the text itself if it is no date. */
export function longDate(date: string, language: string): string {
  const day = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(day.getTime())) return date;
  return dateFormat(language, { dateStyle: "full", timeZone: "UTC" }).format(day);
}

/** Calendar days, such as "Friday 4 – Sunday 6 December 2026"; as `longDate` if they are no range. */
export function dateRange(first: string, last: string, language: string): string {
  const [start, end] = [first, last].map((date) => new Date(`${date}T00:00:00Z`).getTime());
  if (start === undefined || end === undefined || !(start < end)) return longDate(first, language);
  return dateFormat(language, { dateStyle: "full", timeZone: "UTC" }).formatRange(start, end);
}

/** A local time of a clock, such as `19:00`; the text itself if it is none. */
export function timeOfDay(time: string, language: string): string {
  const moment = new Date(`1970-01-01T${time}Z`);
  if (Number.isNaN(moment.getTime())) return time;
  return dateFormat(language, { timeStyle: "short", timeZone: "UTC" }).format(moment);
}

/** A moment's day in the person's own zone, such as "4 December". */
export function shortDay(moment: Date, language: string): string {
  return dateFormat(language, { day: "numeric", month: "long" }).format(moment);
}

/** A moment's day with its weekday in the person's own zone, such as "Thursday 26 November". */
export function dayAndMonth(moment: Date, language: string): string {
  const format = { weekday: "long", day: "numeric", month: "long" } as const;
  return dateFormat(language, format).format(moment);
}

/** A moment in the person's own zone, such as "4 February 2027, 20:00". */
export function dateAndTime(moment: Date, language: string): string {
  return dateFormat(language, { dateStyle: "long", timeStyle: "short" }).format(moment);
}

export function clockTime(moment: Date, language: string): string {
  return dateFormat(language, { timeStyle: "short" }).format(moment);
}

/** How long ago, such as "2 minutes ago". */
export function ago(moment: Date, language: string, now = Date.now()): string {
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const passed = now - moment.getTime();
  if (passed < MINUTE) return format.format(0, "second");
  if (passed < HOUR) return format.format(-Math.floor(passed / MINUTE), "minute");
  if (passed < DAY) return format.format(-Math.floor(passed / HOUR), "hour");
  return format.format(-Math.floor(passed / DAY), "day");
}

/** An amount in the currency's minor unit, such as 4800 for "€48.00". */
export function money(amount: number, currency: string, language: string): string {
  const digits = decimalsOf(currency);
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const format = currencyFormat(currency, language, options);
  const value = amount / 10 ** digits;
  if (format !== null) return format.format(value);
  return `${numberFormat(language, options).format(value)} ${currency}`;
}

/** Null for text that is no code of a currency, which a draft may have. */
export function currencyFormat(
  currency: string,
  language: string,
  options: Intl.NumberFormatOptions = {},
): Intl.NumberFormat | null {
  if (!/^[a-z]{3}$/i.test(currency)) return null;
  return numberFormat(language, { style: "currency", currency, ...options });
}

const decimals = new Map<string, number>();

/** Stripe's table differs from the browser's: the rupiah has decimals at Stripe, for example. */
export function learnCurrencies(currencies: readonly { code: string; decimals: number }[]): void {
  for (const currency of currencies) decimals.set(currency.code, currency.decimals);
}

/** The decimals of a currency's minor unit: 2 for the euro, 0 for the yen. */
export function decimalsOf(currency: string): number {
  const known = decimals.get(currency.toLowerCase());
  if (known !== undefined) return known;
  return currencyFormat(currency, "en")?.resolvedOptions().maximumFractionDigits ?? 2;
}

export function wholeNumber(value: number, language: string): string {
  return numberFormat(language).format(value);
}
