import { fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { expect, test } from "vitest";

import { ListField } from "./ListField";

interface Entry {
  name?: string;
}

function List({ names, most = 10 }: { names: readonly string[]; most?: number }) {
  const [items, setItems] = useState<Entry[]>(names.map((name) => ({ name })));
  return (
    <ListField<Entry>
      label="Performers"
      items={items}
      onChange={setItems}
      empty={() => ({})}
      addLabel="Add a performer"
      nameOf={(item, index) => item.name ?? `entry ${index + 1}`}
      most={most}
      disabled={false}
    >
      {(item, index, change) => (
        <input
          aria-label={`name ${index + 1}`}
          value={item.name ?? ""}
          onChange={(event) => change({ name: event.target.value })}
        />
      )}
    </ListField>
  );
}

const names = () => screen.getAllByRole<HTMLInputElement>("textbox").map(({ value }) => value);
const focused = () => document.activeElement?.getAttribute("aria-label");

test("an entry that moves keeps the focus on its own button, and its place is said", () => {
  render(<List names={["Ada", "Noor", "Ines"]} />);
  const button = screen.getByRole("button", { name: "Move Ines up" });
  button.focus();
  fireEvent.click(button);
  expect(names()).toEqual(["Ada", "Ines", "Noor"]);
  expect(focused()).toBe("Move Ines up");
  expect(screen.getByRole("status").textContent).toBe("Ines, now 2 of 3");
});

test("an entry that reaches the end has the focus on its other button", () => {
  render(<List names={["Ada", "Noor"]} />);
  fireEvent.click(screen.getByRole("button", { name: "Move Noor up" }));
  expect(focused()).toBe("Move Noor down");
});

test("an only entry has no buttons to move it", () => {
  render(<List names={["Ada"]} />);
  expect(screen.queryAllByRole("button", { name: /Move/ })).toEqual([]);
  fireEvent.click(screen.getByRole("button", { name: "Add a performer" }));
  expect(screen.getAllByRole("button", { name: /Move/ })).toHaveLength(4);
});

test("an entry is changed, added and removed alone", () => {
  render(<List names={["Ada", "Noor"]} />);
  fireEvent.change(screen.getByLabelText("name 2"), { target: { value: "Nour" } });
  fireEvent.click(screen.getByRole("button", { name: "Add a performer" }));
  expect(names()).toEqual(["Ada", "Nour", ""]);
  fireEvent.click(screen.getByRole("button", { name: "Remove Ada" }));
  expect(names()).toEqual(["Nour", ""]);
});

test("a full list has no button to add", () => {
  render(<List names={["Ada", "Noor"]} most={2} />);
  expect(screen.queryByRole("button", { name: "Add a performer" })).toBeNull();
});
