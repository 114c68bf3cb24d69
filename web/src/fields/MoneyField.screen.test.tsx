import { fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { beforeAll, expect, test, vi } from "vitest";

import { fieldState } from "../test/fields";
import { learnCurrencies } from "../texts/format";
import { MoneyField } from "./MoneyField";

beforeAll(() => learnCurrencies([{ code: "idr", decimals: 2 }]));

function Price({ currency, onAmount }: { currency: string; onAmount: (value: unknown) => void }) {
  const [amount, setAmount] = useState<number | null>(4800);
  return (
    <MoneyField
      field={fieldState("/price")}
      label="Price"
      currency={currency}
      amount={amount}
      onChange={(value) => {
        setAmount(value);
        onAmount(value);
      }}
    />
  );
}

test("what is typed stays while it is typed, and gets its decimals on leaving", () => {
  const onAmount = vi.fn();
  render(<Price currency="eur" onAmount={onAmount} />);
  const input = screen.getByLabelText<HTMLInputElement>("Price");
  expect(input.value).toBe("48.00");
  fireEvent.change(input, { target: { value: "12,5" } });
  expect(input.value).toBe("12,5");
  expect(onAmount).toHaveBeenLastCalledWith(1250);
  fireEvent.blur(input);
  expect(input.value).toBe("12.50");
});

test("an amount follows the decimals of another currency", () => {
  const { rerender } = render(<Price currency="eur" onAmount={() => undefined} />);
  rerender(<Price currency="jpy" onAmount={() => undefined} />);
  expect(screen.getByLabelText<HTMLInputElement>("Price").value).toBe("4,800");
});

test("a long amount of rupiah is kept to the last digit", () => {
  const onAmount = vi.fn();
  render(<Price currency="idr" onAmount={onAmount} />);
  const input = screen.getByLabelText<HTMLInputElement>("Price");
  fireEvent.change(input, { target: { value: "9.999.999.999,00" } });
  expect(onAmount).toHaveBeenLastCalledWith(999999999900);
  fireEvent.blur(input);
  expect(input.value).toBe("9,999,999,999.00");
});
