import { useState } from "react";

import type { Sponsor } from "../../api/generated";
import { Icon } from "../../look/Icon";
import { useTexts } from "../../texts";
import type { MediaStage } from "../useStageSponsorsMedia";
import { SponsorForm } from "./SponsorForm";

/** Who supports the event. One is open at a time. */
export function Sponsors(stage: MediaStage) {
  const { media } = useTexts();
  const { form, sponsors, changeSponsors, limits } = stage;
  const [open, setOpen] = useState<number | null>(null);
  const canAdd = !form.disabled && sponsors.length < (limits?.sponsors ?? 50);
  return (
    <section id="field-sponsors" tabIndex={-1}>
      <div className="section-heading mt-4 mb-1">
        <h2 className="heading-2">{media.sponsors}</h2>
        {canAdd && (
          <button
            type="button"
            className="text-button tight small end"
            onClick={() => {
              changeSponsors([...sponsors, { tier: "partner" }]);
              setOpen(sponsors.length);
            }}
          >
            <Icon name="plus" small />
            {media.addSponsor}
          </button>
        )}
      </div>
      <ul className="list sponsors">
        {sponsors.map((sponsor, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: sponsors have no ids
          <li key={index} className={open === index ? "open" : ""}>
            {open === index ? (
              <SponsorForm
                stage={stage}
                index={index}
                sponsor={sponsor}
                onDone={() => setOpen(null)}
              />
            ) : (
              <SponsorRow sponsor={sponsor} onChange={() => setOpen(index)} />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function SponsorRow({ sponsor, onChange }: { sponsor: Sponsor; onChange: () => void }) {
  const { media } = useTexts();
  return (
    <>
      <b>{sponsor.name ? sponsor.name : <span className="basted">{media.newSponsor}</span>}</b>
      <span className="secondary small">{sponsor.tier && media.levels[sponsor.tier]}</span>
      <button type="button" className="text-button small" onClick={onChange}>
        {media.change}
        <span className="visually-hidden"> {sponsor.name}</span>
      </button>
    </>
  );
}
