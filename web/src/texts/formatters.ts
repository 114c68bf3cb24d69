/** Formatters of `Intl`. To make one takes milliseconds on a phone, and each keystroke asks for some. */

const dates = new Map<string, Intl.DateTimeFormat>();
const numbers = new Map<string, Intl.NumberFormat>();
const names = new Map<string, Intl.DisplayNames>();

/** @throws RangeError if the options name a time zone that the browser does not know */
export function dateFormat(
  language: string,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  return madeOnce(dates, [language, options], () => new Intl.DateTimeFormat(language, options));
}

export function numberFormat(
  language: string,
  options: Intl.NumberFormatOptions = {},
): Intl.NumberFormat {
  return madeOnce(numbers, [language, options], () => new Intl.NumberFormat(language, options));
}

/** The name of a code in the person's language; the code itself if it is none, as in some drafts. */
export function displayName(language: string, type: Intl.DisplayNamesType, code: string): string {
  const format = madeOnce(names, [language, type], () => new Intl.DisplayNames(language, { type }));
  try {
    return format.of(code) ?? code;
  } catch {
    return code;
  }
}

/**
 * Makes what formatters of a language have in common, of which the first one takes the longest. In a
 * task of its own, while the page waits for its files and the session.
 */
export function prepareFormatters(language: string): void {
  setTimeout(() => dateFormat(language, { timeStyle: "short" }));
}

function madeOnce<Format>(known: Map<string, Format>, of: unknown, make: () => Format): Format {
  const key = JSON.stringify(of);
  const format = known.get(key) ?? make();
  known.set(key, format);
  return format;
}
