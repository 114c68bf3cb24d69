import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { fieldState } from "../../test/fields";
import type { TicketStage } from "../useStageTicketSetup";
import { CurrencySelect } from "./CurrencySelect";

function show(currency: string) {
  const changeCurrency = vi.fn();
  const currencies = ["chf", "eur", "jpy"].map((code) => ({ code }));
  const stage = { form: { field: fieldState }, currency, currencies, changeCurrency };
  render(<CurrencySelect {...(stage as unknown as TicketStage)} />);
  return { changeCurrency, field: screen.getByLabelText<HTMLSelectElement>("Currency") };
}

const names = ({ options }: HTMLSelectElement) => [...options].map(({ text }) => text);

test("the currency of the tickets is named before anyone comes to the field", () => {
  const { field } = show("eur");
  expect(names(field)).toEqual(["Euro, EUR"]);
});

test.each(["focus", "pointerDown"] as const)("all currencies can be chosen after %s", (event) => {
  const { field, changeCurrency } = show("eur");
  fireEvent[event](field);
  expect(names(field)).toEqual(["Swiss Franc, CHF", "Euro, EUR", "Japanese Yen, JPY"]);
  expect(field.value).toBe("eur");
  fireEvent.change(field, { target: { value: "jpy" } });
  expect(changeCurrency).toHaveBeenLastCalledWith("jpy");
});

test("text that is no currency is kept beside them", () => {
  const { field } = show("doubloons");
  fireEvent.focus(field);
  expect(field.value).toBe("doubloons");
  expect(names(field)[0]).toBe("doubloons, DOUBLOONS");
});
