/** The event's picture, or the basted square where one will stand. */
export function Thumbnail({ url }: { url: string | null | undefined }) {
  // Pictures of other hosts are not loaded by the wizard; they show on the public page.
  if (!url?.startsWith("/media/")) return <span className="thumbnail empty" />;
  const small = url.replace(/-\d+\.webp$/, "-480.webp");
  return <img className="thumbnail" src={small} alt="" loading="lazy" />;
}
