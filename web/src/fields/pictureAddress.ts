/** Pictures of other hosts are not loaded by the wizard: guests see them on the public page. */
export function isStoredHere(url: string | null | undefined): url is string {
  return url?.startsWith("/media/") ?? false;
}

const NARROWEST = 480;

/** The narrowest file of a stored picture; a smaller picture has one file. */
export function smallest(url: string): string {
  return url.replace(/-(\d+)\.webp$/, (end, width) =>
    Number(width) > NARROWEST ? `-${NARROWEST}.webp` : end,
  );
}
