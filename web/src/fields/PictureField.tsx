import "../look/components/pictures.css";

import type { Image } from "../api/generated";
import { useTexts } from "../texts";
import { Checkbox } from "./ChoiceField";
import { FieldError } from "./Field";
import { FocalPoint } from "./FocalPoint";
import type { FieldState } from "./field";
import { PictureDrop } from "./PictureDrop";
import { isStoredHere } from "./pictureAddress";
import { LongTextField, TextField } from "./TextField";
import { useAskAtOnce } from "./useAskAtOnce";

interface PictureFieldProps {
  /** The state of each of its fields, such as `url`. */
  field: (name: keyof Image) => FieldState;
  value: Image | null | undefined;
  /** Null removes the picture. */
  onChange: (value: Image | null) => void;
  disabled: boolean;
}

/** A picture with its focal point, its words, and where it is from. */
export function PictureField({ field, value, onChange, disabled }: PictureFieldProps) {
  const { media } = useTexts();
  const askWords = useAskAtOnce(field("alt").id);
  const change = (patch: Image) => onChange({ ...value, ...patch });
  const isOurs = isStoredHere(value?.url);

  function store({ url }: { url: string }) {
    change({ url, focal: null });
    askWords();
  }

  return (
    <>
      {isStoredHere(value?.url) ? (
        <div id={field("url").id} tabIndex={-1} className="grid gap-3">
          <FocalPoint
            url={value.url}
            focal={value.focal}
            disabled={disabled}
            onChange={(focal) => change({ focal })}
          />
          <FieldError field={field("url")} />
          <FieldError field={field("focal")} />
        </div>
      ) : (
        <div>
          <PictureDrop label={media.choose} look="low" disabled={disabled} onStored={store} />
        </div>
      )}
      {value?.url && (
        <div>
          <LongTextField
            field={field("alt")}
            label={media.alt}
            hint={media.altHint}
            rows={1}
            optional={value.decorative === true}
            value={value.alt}
            onChange={(alt) => change({ alt })}
          />
          <Checkbox
            field={field("decorative")}
            checked={value.decorative ?? false}
            onChange={(decorative) => change({ decorative })}
          >
            {media.decorative}
          </Checkbox>
        </div>
      )}
      <div className="row">
        {value?.url && (
          <TextField
            field={field("credit")}
            label={media.credit}
            optional
            value={value.credit}
            onChange={(credit) => change({ credit })}
          />
        )}
        {!isOurs && (
          <TextField
            field={field("url")}
            label={media.address}
            hint={media.addressHint}
            optional
            type="url"
            value={value?.url}
            onChange={(url) => change({ url })}
          />
        )}
      </div>
      {value?.url && (
        <div className="acts">
          {isOurs && (
            <PictureDrop label={media.replace} look="link" disabled={disabled} onStored={store} />
          )}
          <button
            type="button"
            className="text-button small wrong"
            disabled={disabled}
            onClick={() => onChange(null)}
          >
            {media.removePicture}
          </button>
        </div>
      )}
    </>
  );
}
