import { type ReactNode, useRef, useState } from "react";

import type { Image } from "../../api/generated";
import { FieldError } from "../../fields/Field";
import { MoveButtons, moved } from "../../fields/MoveButtons";
import { PictureDrop } from "../../fields/PictureDrop";
import { PictureField } from "../../fields/PictureField";
import { isStoredHere, smallest } from "../../fields/pictureAddress";
import { useAskAtOnce } from "../../fields/useAskAtOnce";
import { useElementOfFragment } from "../../fields/useElementOfFragment";
import { useEscape } from "../../fields/useEscape";
import { useTexts } from "../../texts";
import type { MediaStage } from "../useStageSponsorsMedia";

/** Pictures below the text of the page. One is open at a time. */
export function Gallery({ form, gallery, changeGallery, limits }: MediaStage) {
  const { media, fields } = useTexts();
  const [open, setOpen] = useState<number | null>(null);
  useElementOfFragment("field-media-gallery", setOpen);
  const said = useRef<HTMLParagraphElement>(null);
  const most = limits?.gallery ?? 20;
  const opened = open === null ? undefined : gallery[open];
  const field = (index: number, name: string) => form.field(`/media/gallery/${index}/${name}`);
  const askWords = useAskAtOnce(field(open ?? 0, "alt").id);

  function openOf(index: number) {
    setOpen(index);
    askWords();
  }

  function add({ url }: { url: string }) {
    changeGallery([...gallery, { url }]);
    // What it shows is asked at once.
    openOf(gallery.length);
  }

  function change(index: number, picture: Image | null) {
    if (picture === null) close(Math.max(0, index - 1));
    changeGallery(gallery.flatMap((other, place) => (place === index ? (picture ?? []) : other)));
  }

  function move(from: number, to: number) {
    changeGallery(moved(gallery, from, to));
    setOpen(to);
    if (said.current !== null)
      said.current.textContent = fields.moved(media.picture(from + 1), to + 1, gallery.length);
  }

  function close(index: number) {
    setOpen(null);
    document.getElementById(pictureId(index))?.focus();
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
              index={index}
              isOpen={open === index}
              isWrong={form.errors.some(({ pointer, code }) => {
                const isHere = pointer.startsWith(`/media/gallery/${index}/`);
                return isHere && code !== "missing";
              })}
              onClick={() => (open === index ? setOpen(null) : openOf(index))}
            />
          </li>
        ))}
        {gallery.length < most && (
          <li>
            <PictureDrop
              label={media.add}
              disabled={form.disabled}
              most={most - gallery.length}
              onStored={add}
            />
          </li>
        )}
      </ul>
      <p className="visually-hidden" role="status" ref={said} />
      <FieldError field={form.field("/media/gallery")} />
      {open !== null && opened !== undefined && (
        <OpenPicture onClose={() => close(open)}>
          <PictureField
            key={open}
            field={(name) => field(open, name)}
            value={opened}
            onChange={(picture) => change(open, picture)}
            disabled={form.disabled}
          />
          <div className="acts">
            <button type="button" className="button line" onClick={() => close(open)}>
              {media.done}
            </button>
            <MoveButtons
              name={media.picture(open + 1)}
              index={open}
              count={gallery.length}
              disabled={form.disabled}
              onMove={move}
            />
          </div>
        </OpenPicture>
      )}
    </section>
  );
}

function OpenPicture({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  const area = useRef<HTMLDivElement>(null);
  useEscape(area, onClose);
  return (
    <div className="form mt-6 gap-5" ref={area}>
      {children}
    </div>
  );
}

function pictureId(index: number): string {
  return `gallery-${index}`;
}

interface PictureProps {
  picture: Image;
  index: number;
  isOpen: boolean;
  isWrong: boolean;
  onClick: () => void;
}

function Picture({ picture, index, isOpen, isWrong, onClick }: PictureProps) {
  const { media } = useTexts();
  const isDescribed = Boolean(picture.alt) || picture.decorative === true;
  const words = isDescribed ? picture.alt || media.decorative : media.altMissing;
  return (
    <button
      type="button"
      className="gallery-picture"
      id={pictureId(index)}
      aria-expanded={isOpen}
      onClick={onClick}
    >
      {isStoredHere(picture.url) ? (
        <img src={smallest(picture.url)} alt="" />
      ) : (
        <span className="add-picture fine-print">{media.elsewhere}</span>
      )}
      <span className="visually-hidden">{media.picture(index + 1)}. </span>
      <span className={isDescribed && !isWrong ? "fine-print secondary" : "fine-print wrong"}>
        {isWrong ? media.toCorrect : words}
      </span>
    </button>
  );
}
