import { type ClipboardEvent, type DragEvent, useEffect, useRef, useState } from "react";

import type { StoredPicture } from "../api/generated";
import { Icon } from "../look/Icon";
import { useTexts } from "../texts";
import { usePictureUpload } from "./usePictureUpload";

interface PictureDropProps {
  label: string;
  disabled: boolean;
  onStored: (picture: StoredPicture) => void;
  /** `low`: across the form. `link`: a button in words, in place of another picture. */
  look?: "square" | "low" | "link";
  /** How many pictures can be chosen at once. */
  most?: number;
}

/** Where pictures are chosen, dropped or pasted. */
export function PictureDrop(props: PictureDropProps) {
  const { label, disabled, onStored, look = "square", most = 1 } = props;
  const { media } = useTexts();
  const { isUploading, failure, upload } = usePictureUpload(onStored);
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  useNoStrayDrop();

  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    void upload(picturesOf(event.dataTransfer.files, most));
  }

  function paste(event: ClipboardEvent) {
    const files = picturesOf(event.clipboardData.files, most);
    if (files.length === 0) return;
    event.preventDefault();
    void upload(files);
  }

  return (
    <>
      <button
        type="button"
        className={classOf(look, isOver)}
        disabled={disabled}
        onClick={() => input.current?.click()}
        onDrop={drop}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onPaste={paste}
      >
        {look !== "link" && <Icon name="plus" />}
        <span className="small">{isUploading ? media.uploading : label}</span>
        {look !== "link" && !isUploading && (
          <span className="fine-print secondary">{media.drop}</span>
        )}
      </button>
      <input
        ref={input}
        type="file"
        accept="image/*"
        multiple={most > 1}
        hidden
        onChange={(event) => {
          void upload(picturesOf(event.target.files, most));
          event.target.value = "";
        }}
      />
      <span className="visually-hidden" role="status">
        {isUploading && media.uploading}
      </span>
      {failure !== null && (
        <p className="field-error" role="alert">
          <Icon name="alert" small />
          <span>{media[failure]}</span>
        </p>
      )}
    </>
  );
}

function classOf(look: PictureDropProps["look"], isOver: boolean): string {
  if (look === "link") return "text-button small";
  return `add-picture ${look === "low" ? "low" : ""} ${isOver ? "dropping" : ""}`;
}

function picturesOf(files: FileList | null, most: number): readonly File[] {
  return [...(files ?? [])].slice(0, most);
}

/** A picture that is dropped beside its place would replace the page, and what was typed with it. */
function useNoStrayDrop(): void {
  useEffect(() => {
    const keep = (event: Event) => event.preventDefault();
    addEventListener("dragover", keep);
    addEventListener("drop", keep);
    return () => {
      removeEventListener("dragover", keep);
      removeEventListener("drop", keep);
    };
  }, []);
}
