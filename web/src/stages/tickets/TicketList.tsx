import { useEffect, useRef, useState } from "react";

import type { Tier } from "../../api/generated";
import { useFragment } from "../../app/router";
import { Icon } from "../../look/Icon";
import { useSession } from "../../session/SessionContext";
import { useTexts } from "../../texts";
import type { TicketStage } from "../useStageTicketSetup";
import { TicketForm } from "./TicketForm";
import { TicketRow } from "./TicketRow";

/** The kinds of tickets, in the order in which guests see them. One is open at a time. */
export function TicketList(stage: TicketStage) {
  const { form, tiers, mostTiers } = stage;
  const { tickets } = useTexts();
  const { keyOf } = useSession();
  const [open, setOpen] = useState<string | null>(null);
  useRowOfFragment(tiers, setOpen);
  const said = useRef<HTMLParagraphElement>(null);
  const openKey = open === null ? null : keyOf(open);
  // An error of a row that is closed cannot be seen: the first one opens its row.
  const wrong = form.isSubmitted
    ? tiers.findIndex((_tier, index) =>
        form.shownErrors.some(({ pointer }) => pointer.startsWith(`/tiers/${index}/`)),
      )
    : -1;

  function move(from: number, to: number) {
    stage.move(from, to);
    const name = tiers[from]?.name ?? tickets.newTicket;
    if (said.current !== null) said.current.textContent = tickets.moved(name, to + 1, tiers.length);
  }

  return (
    <>
      {tiers.length === 0 && <p className="display text-d30 py-4">{tickets.empty}</p>}
      <ul className="list tickets" id="field-tiers" tabIndex={-1}>
        {tiers.map((tier, index) =>
          openKey === keyOf(tier.id) || wrong === index ? (
            <TicketForm
              key={keyOf(tier.id)}
              stage={stage}
              tier={tier}
              index={index}
              onDone={() => setOpen(null)}
            />
          ) : (
            <TicketRow
              key={keyOf(tier.id)}
              stage={stage}
              tier={tier}
              index={index}
              onChange={() => setOpen(tier.id)}
              onMove={move}
            />
          ),
        )}
      </ul>
      <p className="visually-hidden" role="status" ref={said} />
      {!form.disabled && tiers.length < (mostTiers ?? Number.POSITIVE_INFINITY) && (
        <div className="acts mt-4">
          <button
            type="button"
            className="button line"
            onClick={() => setOpen(stage.add(nextTier(tiers)))}
          >
            <Icon name="plus" />
            {tickets.add}
          </button>
          {tiers.length === 0 && (
            <button
              type="button"
              className="text-button"
              onClick={() => stage.addAll(usualSet(tickets.usual))}
            >
              {tickets.usualSet}
            </button>
          )}
        </div>
      )}
    </>
  );
}

/** A link into a field of a ticket, such as `#field-tiers-2-quantity`, opens its row. */
function useRowOfFragment(tiers: TicketStage["tiers"], open: (id: string) => void): void {
  const fragment = useFragment();
  const latest = useRef(tiers);
  latest.current = tiers;
  useEffect(() => {
    const index = /^field-tiers-(\d+)-/.exec(fragment)?.[1];
    const tier = latest.current[Number(index)];
    if (tier !== undefined) open(tier.id);
  }, [fragment, open]);
}

/** A new kind is like the last one, but for its name and price. */
function nextTier(tiers: readonly Tier[]): Tier {
  const { kind, access } = tiers.at(-1) ?? {};
  return { ...(kind && { kind }), ...(access && { access }) };
}

function usualSet(names: { early: string; standard: string; press: string }): Tier[] {
  return [
    { name: names.early, kind: "paid" },
    { name: names.standard, kind: "paid" },
    { name: names.press, kind: "free", unit_amount: 0, visibility: "hidden" },
  ];
}
