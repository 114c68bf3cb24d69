import { type ClipboardEvent, type DragEvent, useRef, useState } from "react";

import type { StoredPicture } from "../api/generated";
import { Icon } from "../look/Icon";
import { useTexts } from "../texts";
import { usePictureUpload } from "./usePictureUpload";

interface PictureDropProps {
  label: string;
  disabled: boolean;
  onStored: (picture: StoredPicture) => void;
}

/** Where a picture is chosen, dropped or pasted. */
export function PictureDrop({ label, disabled, onStored }: PictureDropProps) {
  const { media } = useTexts();
  const { isUploading, failure, upload } = usePictureUpload(onStored);
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);

  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    void upload(event.dataTransfer.files[0]);
  }

  function paste(event: ClipboardEvent) {
    const file = [...event.clipboardData.files].find(({ type }) => type.startsWith("image/"));
    if (file === undefined) return;
    event.preventDefault();
    void upload(file);
  }

  return (
    <>
      <button
        type="button"
        className={isOver ? "add-picture dropping" : "add-picture"}
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
        <Icon name="plus" />
        <span className="small">{isUploading ? media.uploading : label}</span>
        {!isUploading && <span className="fine-print secondary">{media.drop}</span>}
      </button>
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        onChange={(event) => {
          void upload(event.target.files?.[0]);
          event.target.value = "";
        }}
      />
      {failure !== null && (
        <p className="field-error" role="alert">
          <Icon name="alert" small />
          <span>{media[failure]}</span>
        </p>
      )}
    </>
  );
}
