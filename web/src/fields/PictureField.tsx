import "../look/components/pictures.css";

import type { Image } from "../api/generated";
import { useTexts } from "../texts";
import { Checkbox } from "./ChoiceField";
import { FocalPoint } from "./FocalPoint";
import type { FieldState } from "./field";
import { PictureDrop } from "./PictureDrop";
import { LongTextField, TextField } from "./TextField";

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
  const change = (patch: Image) => onChange({ ...value, ...patch });
  const isOurs = value?.url?.startsWith("/media/") ?? false;
  return (
    <>
      {isOurs && value?.url ? (
        <FocalPoint url={value.url} focal={value.focal} onChange={(focal) => change({ focal })} />
      ) : (
        <div id={field("url").id} tabIndex={-1}>
          <PictureDrop
            label={media.choose}
            disabled={disabled}
            onStored={({ url }) => change({ url, focal: null })}
          />
        </div>
      )}
      {value?.url && (
        <>
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
        </>
      )}
      <div className="row">
        <TextField
          field={field("credit")}
          label={media.credit}
          optional
          value={value?.credit}
          onChange={(credit) => change({ credit })}
        />
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
        <button
          type="button"
          className="text-button wrong justify-self-start"
          disabled={disabled}
          onClick={() => onChange(null)}
        >
          {media.remove}
        </button>
      )}
    </>
  );
}
