import { isStoredHere, smallest } from "../../fields/pictureAddress";

/** The event's picture, or the basted square where one will stand. */
export function Thumbnail({ url }: { url: string | null | undefined }) {
  if (!isStoredHere(url)) return <span className="thumbnail empty" />;
  return <img className="thumbnail" src={smallest(url)} alt="" loading="lazy" />;
}
