import { useId } from "react";

import { Icon } from "../../look/Icon";
import { useTexts } from "../../texts";
import { dateAndTime } from "../../texts/format";
import { cityOf, offsetAt, offsetName, ownZone } from "../../texts/zones";

interface WhenPublicProps {
  /** A local time of the person; null for "now". */
  value: string | null;
  onChange: (value: string | null) => void;
  /** Why the time cannot be taken. */
  error: string | null;
}

export const WHEN_ID = "field-publish_at";

/** Now, or at a time in the person's own zone. */
export function WhenPublic({ value, onChange, error }: WhenPublicProps) {
  const { review, language } = useTexts();
  const about = useId();
  const zone = ownZone();
  const moment = value ? new Date(value) : null;
  return (
    <fieldset className="field publish-form">
      <legend className="field-label mb-0.5">{review.when}</legend>
      <label className="checkbox">
        <input
          type="radio"
          name="when-public"
          checked={value === null}
          onChange={() => onChange(null)}
        />
        <span>{review.now}</span>
      </label>
      <label className="checkbox">
        <input
          type="radio"
          name="when-public"
          checked={value !== null}
          onChange={() => onChange("")}
        />
        <span>{review.later}</span>
      </label>
      {value !== null && (
        <div className="field">
          <label className="field-label" htmlFor={WHEN_ID}>
            {review.at}
          </label>
          <input
            className="input"
            type="datetime-local"
            id={WHEN_ID}
            value={value}
            aria-invalid={error !== null || undefined}
            aria-describedby={about}
            onChange={(event) => onChange(event.target.value)}
          />
          {error === null ? (
            <p className="hint" id={about}>
              {review.inYourZone(cityOf(zone), offsetName(offsetAt(zone, moment ?? new Date())))}
              {moment !== null && ` ${review.thatIs(dateAndTime(moment, language))}`}
            </p>
          ) : (
            <p className="field-error" id={about}>
              <Icon name="alert" small />
              <span>{error}</span>
            </p>
          )}
        </div>
      )}
    </fieldset>
  );
}
