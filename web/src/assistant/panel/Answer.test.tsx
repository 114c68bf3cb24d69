import { render, screen, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { Answer } from "./Answer";

const leave = vi.fn();

function show(text: string): HTMLElement {
  return render(<Answer text={text} onLeave={leave} />).container;
}

test("paragraphs, lists and bold words are shown as such", () => {
  const answer = show("This is **new**:\n\n- one\n- two\n\nThen:\n1. first\n2. second\n\nDone.");

  expect([...answer.querySelectorAll("p")].map((paragraph) => paragraph.textContent)).toEqual([
    "This is new:",
    "Then:",
    "Done.",
  ]);
  const lists = screen.getAllByRole("list");
  expect(lists.map((list) => list.tagName)).toEqual(["UL", "OL"]);
  const entries = lists.map((list) =>
    within(list)
      .getAllByRole("listitem")
      .map((item) => item.textContent),
  );
  expect(entries).toEqual([
    ["one", "two"],
    ["first", "second"],
  ]);
  expect(answer.querySelector("b")?.textContent).toBe("new");
});

test("a list that begins with another number keeps it", () => {
  show("3. third\n4. fourth");

  expect(screen.getByRole("list").getAttribute("start")).toBe("3");
});

test("a line below an entry of a list belongs to it", () => {
  show("- one\nand more\n- two");

  expect(screen.getAllByRole("listitem").map((item) => item.textContent)).toEqual([
    "one\nand more",
    "two",
  ]);
});

test("a link to a page of the wizard stays in it", () => {
  show("See [the price](/s/1/ticketSetup#field-tiers-0-unit_amount).");
  const link = screen.getByRole("link", { name: "the price" });

  link.click();

  expect(location.pathname + location.hash).toBe("/s/1/ticketSetup#field-tiers-0-unit_amount");
  expect(leave).toHaveBeenCalledOnce();
});

test("a link elsewhere opens beside the wizard, which it cannot reach", () => {
  show("See [Stripe](https://stripe.com/docs).");
  const link = screen.getByRole("link", { name: "Stripe" });

  expect(link.getAttribute("target")).toBe("_blank");
  expect(link.getAttribute("rel")).toContain("noopener");
});

test.each([
  "[a](javascript:alert(1))",
  "[a](javascript:alert`1`)",
  "[a](http://example.com)",
  "[a](//example.com)",
  "[a](/v1/sessions)",
  "[a](data:text/html,x)",
  "<img src=x onerror=alert(1)>",
  "<script>alert(1)</script>",
  "**[a](b)",
  "![a](https://example.com/a.png",
])("%s is plain text", (text) => {
  const answer = show(text);

  expect(answer.textContent).toBe(text);
  expect(answer.querySelector("a, img, script, b")).toBeNull();
});
