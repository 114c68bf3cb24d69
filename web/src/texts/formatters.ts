/** Formatters of `Intl`. To make one takes milliseconds on a phone, and each keystroke asks for some. */

const dates = new Map<string, Intl.DateTimeFormat>();
const names = new Map<string, Intl.DisplayNames>();

/** @throws RangeError if the options name a time zone that the browser does not know */
export function dateFormat(
  language: string,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  return madeOnce(dates, [language, options], () => new Intl.DateTimeFormat(language, options));
}

export function displayNames(language: string, type: Intl.DisplayNamesType): Intl.DisplayNames {
  return madeOnce(names, [language, type], () => new Intl.DisplayNames(language, { type }));
}

function madeOnce<Format>(known: Map<string, Format>, of: unknown, make: () => Format): Format {
  const key = JSON.stringify(of);
  const format = known.get(key) ?? make();
  known.set(key, format);
  return format;
}
