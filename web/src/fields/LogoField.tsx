import "../look/components/pictures.css";

import type { Logo } from "../api/generated";
import { useTexts } from "../texts";
import { FieldError, FieldGroup } from "./Field";
import type { FieldState } from "./field";
import { PictureDrop } from "./PictureDrop";
import { isStoredHere } from "./pictureAddress";
import { TextField } from "./TextField";
import { useAskAtOnce } from "./useAskAtOnce";

interface LogoFieldProps {
  label: string;
  /** The state of the logo, and of its fields. */
  field: (name: "" | "/url" | "/alt") => FieldState;
  value: Logo | null | undefined;
  /** Null removes the logo. */
  onChange: (value: Logo | null) => void;
}

/** A small picture that is never cut, with its words. */
export default function LogoField({ label, field, value, onChange }: LogoFieldProps) {
  const { media } = useTexts();
  const askWords = useAskAtOnce(field("/alt").id);
  const { disabled } = field("");
  const change = (patch: Logo) => onChange({ ...value, ...patch });

  function store({ url }: { url: string }) {
    change({ url });
    askWords();
  }

  return (
    <FieldGroup field={field("")} label={label} optional>
      <div className="logo">
        {isStoredHere(value?.url) ? (
          <div className="logo-picture" id={field("/url").id} tabIndex={-1}>
            <img src={value.url} alt="" />
            <FieldError field={field("/url")} />
          </div>
        ) : (
          <div>
            <PictureDrop label={media.chooseLogo} disabled={disabled} onStored={store} />
          </div>
        )}
        <div className="logo-words">
          {!isStoredHere(value?.url) && (
            <TextField
              field={field("/url")}
              label={media.address}
              hint={media.logoHint}
              optional
              type="url"
              value={value?.url}
              onChange={(url) => change({ url })}
            />
          )}
          {value?.url && (
            <>
              <TextField
                field={field("/alt")}
                label={media.alt}
                hint={media.logoAltHint}
                optional
                value={value.alt}
                onChange={(alt) => change({ alt })}
              />
              <div className="acts">
                {isStoredHere(value.url) && (
                  <PictureDrop
                    label={media.replace}
                    look="link"
                    disabled={disabled}
                    onStored={store}
                  />
                )}
                <button
                  type="button"
                  className="text-button small wrong"
                  disabled={disabled}
                  onClick={() => onChange(null)}
                >
                  {media.removeLogo}
                </button>
              </div>
            </>
          )}
        </div>
      </div>
    </FieldGroup>
  );
}
