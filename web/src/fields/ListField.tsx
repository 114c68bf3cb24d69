import { type ReactNode, useRef } from "react";

import { Icon } from "../look/Icon";
import { useTexts } from "../texts";
import { MoveButtons, moved, useFocusOfMoved } from "./MoveButtons";

interface ListFieldProps<Item> {
  /** The question, a heading of its own. */
  label: string;
  hint?: string;
  items: readonly Item[];
  onChange: (items: Item[]) => void;
  /** What "Add" adds. */
  empty: () => Item;
  addLabel: string;
  /** The name of an element, for the buttons beside it. */
  nameOf: (item: Item, index: number) => string;
  /** The most elements; undefined if it is not known yet. */
  most: number | undefined;
  disabled: boolean;
  children: (item: Item, index: number, change: (patch: Partial<Item>) => void) => ReactNode;
}

/** Elements in an order that people set with buttons. */
export function ListField<Item extends object>(props: ListFieldProps<Item>) {
  const { label, hint, items, onChange, empty, addLabel, nameOf, most, disabled, children } = props;
  const { fields } = useTexts();
  const said = useRef<HTMLParagraphElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const keepFocus = useFocusOfMoved(list);

  function move(from: number, to: number) {
    const item = items[from];
    if (item === undefined) return;
    keepFocus(from, to);
    onChange(moved(items, from, to));
    if (said.current !== null)
      said.current.textContent = fields.moved(nameOf(item, from), to + 1, items.length);
  }

  return (
    <fieldset className="field">
      <legend className="field-label mb-1.5">
        {label}
        <span className="optional">{fields.optional}</span>
      </legend>
      {hint !== undefined && <p className="hint">{hint}</p>}
      <ul className="list entries" ref={list}>
        {items.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: these elements have no ids
          <li key={index}>
            <div className="row">
              {children(item, index, (patch) => {
                const changed = items.map((other) =>
                  other === item ? { ...item, ...patch } : other,
                );
                onChange(changed);
              })}
            </div>
            <div className="entry-tools">
              <MoveButtons
                name={nameOf(item, index)}
                index={index}
                count={items.length}
                disabled={disabled}
                onMove={move}
              />
              <button
                type="button"
                className="tool"
                disabled={disabled}
                aria-label={fields.remove(nameOf(item, index))}
                onClick={() => onChange(items.filter((other) => other !== item))}
              >
                <Icon name="cross" />
              </button>
            </div>
          </li>
        ))}
      </ul>
      <p className="visually-hidden" role="status" ref={said} />
      {items.length < (most ?? Number.POSITIVE_INFINITY) && !disabled && (
        <button
          type="button"
          className="text-button justify-self-start"
          onClick={() => onChange([...items, empty()])}
        >
          <Icon name="plus" small />
          {addLabel}
        </button>
      )}
    </fieldset>
  );
}
