import { useEffect, useRef, useState } from "react";

import type { Tier } from "../../api/generated";
import { FieldError } from "../../fields/Field";
import { useFocusOfMoved } from "../../fields/MoveButtons";
import { useElementOfFragment } from "../../fields/useElementOfFragment";
import { useRowFocus } from "../../fields/useRowFocus";
import { Icon } from "../../look/Icon";
import { useSession } from "../../session/SessionContext";
import { useTexts } from "../../texts";
import type { TicketStage } from "../useStageTicketSetup";
import { TicketForm } from "./TicketForm";
import { TicketRow } from "./TicketRow";

/** The kinds of tickets, in the order in which guests see them. One is open at a time. */
export function TicketList(stage: TicketStage) {
  const { form, tiers, mostTiers } = stage;
  const { tickets, fields } = useTexts();
  const { keyOf } = useSession();
  const [open, setOpen] = useState<string | null>(null);
  useElementOfFragment("field-tiers", (index) => setOpen(tiers[index]?.id ?? null));
  const said = useRef<HTMLParagraphElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const add = useRef<HTMLButtonElement>(null);
  const keepFocus = useFocusOfMoved(list);
  const openKey = open === null ? null : keyOf(open);
  const openIndex = tiers.findIndex(({ id }) => keyOf(id) === openKey);
  useRowFocus(list, openIndex === -1 ? null : openIndex);
  useFirstWrongRow(stage, setOpen);

  function move(from: number, to: number) {
    keepFocus(from, to);
    stage.move(from, to);
    const name = tiers[from]?.name || tickets.newTicket;
    if (said.current !== null) said.current.textContent = fields.moved(name, to + 1, tiers.length);
  }

  function remove(id: string) {
    stage.remove(id);
    setOpen(null);
    add.current?.focus();
  }

  return (
    <>
      {tiers.length === 0 && <p className="display text-d30 py-4">{tickets.empty}</p>}
      <ul className="list tickets" id="field-tiers" tabIndex={-1} ref={list}>
        {tiers.map((tier, index) =>
          openKey === keyOf(tier.id) ? (
            <TicketForm
              key={keyOf(tier.id)}
              stage={stage}
              tier={tier}
              index={index}
              onDone={() => setOpen(null)}
              onMove={move}
              onRemove={() => remove(tier.id)}
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
      <FieldError field={form.field("/tiers")} />
      {!form.disabled && tiers.length < (mostTiers ?? Number.POSITIVE_INFINITY) && (
        <div className="acts mt-4">
          <button
            type="button"
            className="button line"
            ref={add}
            onClick={() => setOpen(stage.add(nextTier(tiers)))}
          >
            <Icon name="plus" small />
            {tickets.add}
          </button>
          {tiers.length === 0 && (
            <button
              type="button"
              className="text-button"
              onClick={() => {
                stage.addAll(usualSet(tickets.usual));
                list.current?.focus();
              }}
            >
              {tickets.usualSet}
            </button>
          )}
        </div>
      )}
    </>
  );
}

/** On Continue, the first row with an error opens: an error of a closed row cannot be corrected. */
function useFirstWrongRow({ form, tiers }: TicketStage, open: (id: string) => void): void {
  const { isSubmitted, errors } = form;
  // biome-ignore lint/correctness/useExhaustiveDependencies: later errors do not move the person
  useEffect(() => {
    if (!isSubmitted) return;
    const wrong = tiers.find((_tier, place) =>
      errors.some(({ pointer }) => pointer.startsWith(`/tiers/${place}/`)),
    );
    if (wrong !== undefined) open(wrong.id);
  }, [isSubmitted]);
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
