import type { CSSProperties } from "react";

import { Link } from "../../app/Link";
import { paths } from "../../app/router";
import { Icon } from "../../look/Icon";
import { useSession } from "../../session/SessionContext";
import { useTexts } from "../../texts";
import { wholeNumber } from "../../texts/format";
import type { ShownTier, TicketStage } from "../useStageTicketSetup";
import { ticketsOf } from "./tiers";

/** How many tickets there are, beside how many people there is room for. Nothing without tickets. */
export function Capacity({ tiers, room, venueName }: TicketStage) {
  const { tickets, language } = useTexts();
  const { sessionId } = useSession();
  const counted = partsOf(room?.tiers ?? tiers);
  const sum = ticketsOf(counted);
  const elsewhere = ticketsOf(tiers) - sum;
  const places = room?.places ?? null;
  const number = (value: number) => wholeNumber(value, language);
  const over = places === null ? 0 : sum - places;
  if (sum + elsewhere === 0) return null;
  return (
    <section id="capacity" tabIndex={-1}>
      <div className="section-heading mt-0 mb-2.5">
        <h2 className="heading-2">
          {places === null
            ? tickets.ticketsOnly(number(sum))
            : tickets.places(number(sum), number(places))}
        </h2>
        {venueName !== null && room?.isOfVenue !== false && (
          <Link
            className="text-button tight small end"
            href={`${paths.stage(sessionId, "venueSetup")}#field-capacity`}
          >
            {tickets.atVenue(venueName)}
          </Link>
        )}
      </div>
      {places !== null && (
        <CapacityBar
          parts={counted}
          sum={sum}
          places={places}
          label={tickets.bar(
            counted
              .map(({ name, quantity }) => `${name || tickets.newTicket} ${number(quantity)}`)
              .join(", "),
            number(places),
          )}
        />
      )}
      {elsewhere > 0 && (
        <p className="small secondary mt-2">{tickets.onlineToo(number(elsewhere))}</p>
      )}
      {over > 0 && (
        <p className="field-error mt-3">
          <Icon name="alert" small />
          <span>{(room?.isOfVenue ? tickets.overBy : tickets.overInAll)(number(over))}</span>
        </p>
      )}
    </section>
  );
}

interface Part {
  id: string;
  name: string | null | undefined;
  quantity: number;
}

function partsOf(tiers: readonly ShownTier[]): Part[] {
  return tiers.flatMap(({ id, name, quantity }) =>
    typeof quantity === "number" && quantity > 0 ? [{ id, name, quantity }] : [],
  );
}

interface CapacityBarProps {
  parts: readonly Part[];
  sum: number;
  places: number;
  label: string;
}

/** The kinds in order, a mark where the room ends, and what is over hatched. */
function CapacityBar({ parts, sum, places, label }: CapacityBarProps) {
  const { language } = useTexts();
  const number = (value: number) => wholeNumber(value, language);
  const all = Math.max(sum, places);
  let before = 0;
  const inside = parts.map(({ id, quantity }) => {
    const count = Math.max(0, Math.min(quantity, places - before));
    before += quantity;
    return { key: id, count, isOver: false };
  });
  const segments = [...inside, { key: "over", count: sum - places, isOver: true }].filter(
    ({ count }) => count > 0,
  );
  return (
    <div
      className="capacity-bar"
      style={{ "--all": all } as CSSProperties}
      role="img"
      aria-label={label}
    >
      {segments.map(({ key, count, isOver }) => (
        <i key={key} className={isOver ? "over" : ""} style={{ "--q": count } as CSSProperties}>
          {count / all > 0.09 && !isOver ? number(count) : ""}
        </i>
      ))}
      {places < all && <em style={{ left: `${(100 * places) / all}%` }} />}
    </div>
  );
}
