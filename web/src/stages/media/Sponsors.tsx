import { useRef, useState } from "react";

import type { Sponsor } from "../../api/generated";
import { FieldError } from "../../fields/Field";
import { useElementOfFragment } from "../../fields/useElementOfFragment";
import { useRowFocus } from "../../fields/useRowFocus";
import { Icon } from "../../look/Icon";
import { useTexts } from "../../texts";
import type { MediaStage } from "../useStageSponsorsMedia";
import { SponsorForm } from "./SponsorForm";

/** Who supports the event. One is open at a time. */
export function Sponsors(stage: MediaStage) {
  const { media } = useTexts();
  const { form, sponsors, changeSponsors, limits } = stage;
  const [open, setOpen] = useState<number | null>(null);
  useElementOfFragment("field-sponsors", setOpen);
  const heading = useRef<HTMLElement>(null);
  const list = useRef<HTMLUListElement>(null);
  useRowFocus(list, open);
  const canAdd = !form.disabled && sponsors.length < (limits?.sponsors ?? 50);

  /** How many fields of a row are wrong; what is still to come is no error yet. */
  function wrongIn(index: number): number {
    return form.errors.filter(
      ({ pointer, code }) =>
        pointer.startsWith(`/sponsors/${index}/`) && (form.isSubmitted || code !== "missing"),
    ).length;
  }

  function remove(index: number) {
    setOpen(null);
    changeSponsors(sponsors.filter((_other, place) => place !== index));
    heading.current?.focus();
  }

  return (
    <section id="field-sponsors" tabIndex={-1} ref={heading}>
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
      <ul className="list sponsors" ref={list}>
        {sponsors.map((sponsor, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: sponsors have no ids
          <li key={index} className={open === index ? "open" : ""} tabIndex={-1}>
            {open === index ? (
              <SponsorForm
                stage={stage}
                index={index}
                sponsor={sponsor}
                onDone={() => setOpen(null)}
                onRemove={() => remove(index)}
              />
            ) : (
              <SponsorRow
                sponsor={sponsor}
                wrong={wrongIn(index)}
                onChange={() => setOpen(index)}
              />
            )}
          </li>
        ))}
      </ul>
      <FieldError field={form.field("/sponsors")} />
    </section>
  );
}

interface SponsorRowProps {
  sponsor: Sponsor;
  wrong: number;
  onChange: () => void;
}

function SponsorRow({ sponsor, wrong, onChange }: SponsorRowProps) {
  const { media, tickets } = useTexts();
  return (
    <>
      <b>{sponsor.name ? sponsor.name : <span className="basted">{media.newSponsor}</span>}</b>
      <span className="secondary small">{sponsor.tier && media.levels[sponsor.tier]}</span>
      <button type="button" className="text-button small" onClick={onChange}>
        {media.change}
        <span className="visually-hidden"> {sponsor.name || media.newSponsor}</span>
      </button>
      {wrong > 0 && (
        <p className="field-error">
          <Icon name="alert" small />
          <span>{tickets.toCorrect(wrong)}</span>
        </p>
      )}
    </>
  );
}
