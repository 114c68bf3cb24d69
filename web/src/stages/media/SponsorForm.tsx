import type { Sponsor, SponsorTier } from "../../api/generated";
import { SelectField } from "../../fields/ChoiceField";
import { PictureDrop } from "../../fields/PictureDrop";
import { TextField } from "../../fields/TextField";
import { useTexts } from "../../texts";
import type { MediaStage } from "../useStageSponsorsMedia";

const LEVELS: readonly SponsorTier[] = ["title", "platinum", "gold", "silver", "media", "partner"];

interface SponsorFormProps {
  stage: MediaStage;
  sponsor: Sponsor;
  index: number;
  onDone: () => void;
}

/** One sponsor, open in its place. */
export function SponsorForm({ stage, sponsor, index, onDone }: SponsorFormProps) {
  const { media } = useTexts();
  const { form, sponsors, changeSponsors } = stage;
  const field = (name: string) => form.field(`/sponsors/${index}/${name}`);

  function change(patch: Sponsor) {
    changeSponsors(
      sponsors.map((other, place) => (place === index ? { ...other, ...patch } : other)),
    );
  }

  function remove() {
    changeSponsors(sponsors.filter((_other, place) => place !== index));
    onDone();
  }

  return (
    <div className="form gap-5 py-4">
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
      <div className="row">
        {sponsor.logo?.url?.startsWith("/media/") ? (
          <img className="max-h-20 w-auto" src={sponsor.logo.url} alt={sponsor.logo.alt ?? ""} />
        ) : (
          <div>
            <PictureDrop
              label={media.logo}
              disabled={form.disabled}
              onStored={({ url }) => change({ logo: { ...sponsor.logo, url } })}
            />
          </div>
        )}
        <TextField
          field={field("logo/alt")}
          label={media.alt}
          optional
          value={sponsor.logo?.alt}
          onChange={(alt) => change({ logo: { ...sponsor.logo, alt } })}
        />
      </div>
      <div className="acts">
        <button type="button" className="button line" onClick={onDone}>
          {media.done}
        </button>
        <button type="button" className="text-button small wrong ml-auto" onClick={remove}>
          {media.remove}
        </button>
      </div>
    </div>
  );
}
