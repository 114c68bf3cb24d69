import { useEffect, useRef } from "react";

import type { Sponsor, SponsorTier } from "../../api/generated";
import { SelectField } from "../../fields/ChoiceField";
import LogoField from "../../fields/LogoField";
import { TextField } from "../../fields/TextField";
import { useEscape } from "../../fields/useEscape";
import { useTexts } from "../../texts";
import type { MediaStage } from "../useStageSponsorsMedia";

const LEVELS: readonly SponsorTier[] = ["title", "platinum", "gold", "silver", "media", "partner"];

interface SponsorFormProps {
  stage: MediaStage;
  sponsor: Sponsor;
  index: number;
  onDone: () => void;
  onRemove: () => void;
}

/** One sponsor, open in its place. */
export function SponsorForm({ stage, sponsor, index, onDone, onRemove }: SponsorFormProps) {
  const { media } = useTexts();
  const { form, sponsors, changeSponsors } = stage;
  const isNew = useRef(!sponsor.name);
  const area = useRef<HTMLDivElement>(null);
  useEscape(area, onDone);
  const nameId = `field-sponsors-${index}-name`;
  // A new sponsor begins with its name.
  useEffect(() => {
    if (isNew.current) document.getElementById(nameId)?.focus();
  }, [nameId]);

  const field = (name: string) => form.field(`/sponsors/${index}/${name}`);

  function change(patch: Sponsor) {
    changeSponsors(
      sponsors.map((other, place) => (place === index ? { ...other, ...patch } : other)),
    );
  }

  return (
    <div className="form gap-5 py-4" ref={area}>
      <div className="row">
        <TextField
          field={field("name")}
          label={media.name}
          value={sponsor.name}
          onChange={(name) => change({ name })}
        />
        <SelectField
          field={field("tier")}
          label={media.level}
          options={LEVELS.map((value) => ({ value, label: media.levels[value] }))}
          value={sponsor.tier}
          onChange={(tier) => change({ tier })}
        />
      </div>
      <TextField
        field={field("url")}
        label={media.link}
        optional
        type="url"
        value={sponsor.url}
        onChange={(url) => change({ url })}
      />
      <LogoField
        label={media.logo}
        field={(name) => field(`logo${name}`)}
        value={sponsor.logo}
        onChange={(logo) => change({ logo })}
      />
      <div className="acts">
        <button type="button" className="button line" onClick={onDone}>
          {media.done}
        </button>
        <button
          type="button"
          className="text-button small wrong ml-auto"
          disabled={form.disabled}
          onClick={onRemove}
        >
          {media.remove}
        </button>
      </div>
    </div>
  );
}
