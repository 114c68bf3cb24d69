import { useState } from "react";

import type { Image } from "../../api/generated";
import { PictureDrop } from "../../fields/PictureDrop";
import { PictureField } from "../../fields/PictureField";
import { useTexts } from "../../texts";
import type { MediaStage } from "../useStageSponsorsMedia";

/** Pictures below the text of the page. One is open at a time. */
export function Gallery({ form, gallery, changeGallery, limits }: MediaStage) {
  const { media } = useTexts();
  const [open, setOpen] = useState<number | null>(null);
  const most = limits?.gallery ?? 20;
  const opened = open === null ? undefined : gallery[open];

  function change(index: number, picture: Image | null) {
    if (picture === null) setOpen(null);
    changeGallery(gallery.flatMap((other, place) => (place === index ? (picture ?? []) : other)));
  }

  return (
    <section id="field-media-gallery" tabIndex={-1}>
      <div className="section-heading mt-4 mb-3.5">
        <h2 className="heading-2">{media.gallery}</h2>
        <span className="small secondary numeric">{media.galleryCount(gallery.length, most)}</span>
      </div>
      <ul className="gallery">
        {gallery.map((picture, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: pictures have no ids
          <li key={index}>
            <Picture
              picture={picture}
              isOpen={open === index}
              onClick={() => setOpen(open === index ? null : index)}
            />
          </li>
        ))}
        {gallery.length < most && (
          <li>
            <PictureDrop
              label={media.add}
              disabled={form.disabled}
              onStored={({ url }) => {
                changeGallery([...gallery, { url }]);
                // What it shows is asked at once.
                setOpen(gallery.length);
              }}
            />
          </li>
        )}
      </ul>
      {open !== null && opened !== undefined && (
        <div className="form mt-6 gap-5">
          <PictureField
            field={(name) => form.field(`/media/gallery/${open}/${name}`)}
            value={opened}
            onChange={(picture) => change(open, picture)}
            disabled={form.disabled}
          />
          <button
            type="button"
            className="button line justify-self-start"
            onClick={() => setOpen(null)}
          >
            {media.done}
          </button>
        </div>
      )}
    </section>
  );
}

interface PictureProps {
  picture: Image;
  isOpen: boolean;
  onClick: () => void;
}

function Picture({ picture, isOpen, onClick }: PictureProps) {
  const { media } = useTexts();
  const isDescribed = Boolean(picture.alt) || picture.decorative === true;
  const words = isDescribed ? picture.alt || media.decorative : media.altMissing;
  return (
    <button type="button" className="gallery-picture" aria-expanded={isOpen} onClick={onClick}>
      {picture.url?.startsWith("/media/") ? (
        <img src={picture.url.replace(/-\d+\.webp$/, "-480.webp")} alt="" />
      ) : (
        <span className="add-picture fine-print">{media.elsewhere}</span>
      )}
      <span className={isDescribed ? "fine-print secondary" : "fine-print wrong"}>{words}</span>
    </button>
  );
}
