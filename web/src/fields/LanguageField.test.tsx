import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { fieldState } from "../test/fields";
import { LanguageField } from "./LanguageField";

function show(value: string | null) {
  const onChange = vi.fn();
  render(
    <LanguageField
      field={fieldState("/language")}
      label="Language"
      value={value}
      onChange={onChange}
    />,
  );
  return { onChange, field: screen.getByLabelText<HTMLSelectElement>("Language") };
}

const shown = ({ selectedOptions }: HTMLSelectElement) => selectedOptions[0]?.textContent;

test("the chosen language is named before anyone comes to the field", () => {
  const { field } = show("ja");
  expect(shown(field)).toBe("Japanese");
});

test("no language is chosen at first", () => {
  const { field } = show(null);
  expect(field.value).toBe("");
});

test.each(["focus", "pointerDown"] as const)("all languages can be chosen after %s", (event) => {
  const { field, onChange } = show("ja");
  fireEvent[event](field);
  expect(field.options.length).toBeGreaterThan(40);
  expect(shown(field)).toBe("Japanese");
  fireEvent.change(field, { target: { value: "fr" } });
  expect(onChange).toHaveBeenLastCalledWith("fr");
  fireEvent.change(field, { target: { value: "" } });
  expect(onChange).toHaveBeenLastCalledWith(null);
});

test("text that is no language is kept, and can be chosen again", () => {
  const { field } = show("not a tag");
  expect(shown(field)).toBe("not a tag");
  fireEvent.focus(field);
  expect(shown(field)).toBe("not a tag");
});
