import type { ReactNode } from "react";
import type { Tier } from "../api/generated";
import { useWizard } from "../api/wizard";
import { isStoredHere } from "../fields/pictureAddress";
import { useSession } from "../session/SessionContext";
import { useTexts } from "../texts";
import { longDate, money, timeOfDay } from "../texts/format";
import { cityOf, localDateTime } from "../texts/zones";
import { displaySize } from "./displaySize";
import { useWash } from "./useWash";

interface ProofProps {
  /** The picture gets low where the stage is about tickets. */
  low?: boolean;
  /** Published: the sheet is cut, and the marks are gone. */
  cut?: boolean;
  children?: ReactNode;
}

/** The public page on a phone-wide sheet, with everything that is typed, sent or not. */
export function Proof({ low = false, cut = false, children }: ProofProps) {
  const { proof } = useTexts();
  const { data } = useSession();
  const { summary } = data("eventSetup");
  const { media } = data("sponsorsMedia");
  return (
    <div className={cut ? "crop-marks without-marks" : "crop-marks"}>
      <article className={low ? "proof low" : "proof"} aria-label={proof.label}>
        <Cover url={media?.cover?.url} alt={media?.cover?.alt} focal={media?.cover?.focal} />
        <div className="body">
          <Organizer />
          <Title />
          <dl>
            <When />
            <Where />
          </dl>
          {(summary || !cut) && (
            <p className="sum">
              <Value of={summary} missing={proof.summary} />
            </p>
          )}
          <Tiers />
        </div>
      </article>
      {children}
    </div>
  );
}

interface CoverProps {
  url: string | null | undefined;
  alt: string | null | undefined;
  focal: { x?: number | null; y?: number | null } | null | undefined;
}

function Cover({ url, alt, focal }: CoverProps) {
  // Pictures of other hosts are not loaded by the wizard; they show on the public page.
  if (!isStoredHere(url)) return null;
  const position = `${100 * (focal?.x ?? 0.5)}% ${100 * (focal?.y ?? 0.4)}%`;
  return <img className="cover" src={url} alt={alt ?? ""} style={{ objectPosition: position }} />;
}

function Organizer() {
  const { proof } = useTexts();
  const { name, organization } = useSession().data("organizerSetup");
  return (
    <p className="by">
      <Value of={organization || name} missing={proof.organizer} />
    </p>
  );
}

function Title() {
  const { proof } = useTexts();
  const { title, language } = useSession().data("eventSetup");
  return (
    <h2
      className="display hyphens"
      lang={language ?? undefined}
      style={{ fontSize: displaySize(title ?? "", "var(--d-42)") }}
    >
      <Value of={title} missing={proof.title} />
    </h2>
  );
}

/** A part that is not said yet, with its name. */
function Missing({ name }: { name: string }) {
  return <span className="basted">{name}</span>;
}

interface ValueProps {
  of: string | null | undefined;
  /** The name of the part. */
  missing: string;
  /** What the words are made of, if they may also change for another reason. */
  by?: unknown;
}

/** A part of the page, washed for a moment when it has changed; basted while it is missing. */
function Value({ of: value, missing, by = value ?? "" }: ValueProps) {
  const wash = useWash(by);
  return value ? <span className={wash}>{value}</span> : <Missing name={missing} />;
}

function When() {
  const { proof, language } = useTexts();
  const { date, endDate, startTime, endTime, timezone } = useSession().data("eventSetup");
  const zone = timezone ? `, ${cityOf(timezone)}` : "";

  function days(first: string): string {
    const named = longDate(first, language);
    return endDate && endDate > first ? proof.fromTo(named, longDate(endDate, language)) : named;
  }

  function hours(start: string): string {
    const first = timeOfDay(start, language);
    const named = endTime ? proof.fromTo(first, timeOfDay(endTime, language)) : first;
    return `${named}${zone}`;
  }

  return (
    <>
      <dt>{proof.when}</dt>
      <dd>
        <b>
          <Value of={date && days(date)} missing={proof.date} />
        </b>
        <span className="block">
          <Value of={startTime && hours(startTime)} missing={proof.hours} />
        </span>
      </dd>
    </>
  );
}

function Where() {
  const { proof } = useTexts();
  const { mode, name, address, platform } = useSession().data("venueSetup");
  const street = [address?.line1, address?.city].filter(Boolean).join(", ");
  return (
    <>
      <dt>{proof.where}</dt>
      <dd>
        {mode === "virtual" ? (
          <b>
            <Value of={platform || proof.online} missing={proof.online} />
          </b>
        ) : (
          <>
            <b>
              <Value of={name} missing={proof.place} />
            </b>
            <span className="block">
              <Value of={street} missing={proof.address} />
            </span>
          </>
        )}
      </dd>
    </>
  );
}

function Tiers() {
  const { proof, language } = useTexts();
  const { data, keyOf } = useSession();
  useWizard(); // for the decimals of currencies
  const { tiers, currency } = data("ticketSetup");
  const shown = (tiers ?? []).filter(
    ({ visibility, quantity }) => visibility !== "hidden" && quantity !== 0,
  );
  const isFree = shown.length > 0 && shown.every(({ kind }) => kind === "free");

  function price({ kind, unit_amount }: Tier): string | null {
    if (kind === "free" || unit_amount === 0) return proof.free;
    if (typeof unit_amount === "number") return money(unit_amount, currency || "usd", language);
    return kind === "donation" ? proof.donation : null;
  }

  function window({ saleStart, saleEnd }: Tier): string | null {
    if (saleStart && Date.parse(saleStart) > Date.now())
      return proof.from(localDateTime(saleStart, language));
    return saleEnd ? proof.until(localDateTime(saleEnd, language)) : null;
  }

  return (
    <>
      <ul className="tiers">
        {shown.map((tier, index) => (
          <li key={tier.id ? keyOf(tier.id) : index}>
            <span>
              <Value of={tier.name} missing={proof.ticket} />
              <span className="secondary small block">{window(tier)}</span>
            </span>
            <span className="numeric">
              <Value
                of={price(tier)}
                missing={proof.price}
                by={`${tier.kind} ${tier.unit_amount} ${currency}`}
              />
            </span>
          </li>
        ))}
        {shown.length === 0 && (
          <li>
            <Missing name={proof.tickets} />
            <Missing name={proof.price} />
          </li>
        )}
      </ul>
      <span className="button full-width">{isFree ? proof.freeEntry : proof.choose}</span>
    </>
  );
}
