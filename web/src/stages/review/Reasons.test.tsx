import { render, screen } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";

import type { FieldError } from "../../api/generated";
import { sessionWith } from "../../test/sessions";
import { TextsContext } from "../../texts";
import { assistant } from "../../texts/de/assistant";
import { first } from "../../texts/de/first";
import { session as german } from "../../texts/de/session";
import { Reasons } from "./Reasons";

vi.mock("../../session/SessionContext", () => ({ useSession: () => sessionWith({}) }));

const API = "The API’s own sentence.";

function show(code: string, errors: readonly FieldError[] = []) {
  render(
    <TextsContext value={{ ...first, ...german, assistant }}>
      <Reasons code={code} message={API} errors={errors} />
    </TextsContext>,
  );
}

beforeEach(() => {
  document.body.innerHTML = "";
});

test("a finding is said in the person's language, with the way to its field", () => {
  const error = {
    code: "slug_taken",
    stage: "eventSetup",
    pointer: "/slug",
    message: API,
  } as const;
  show("publish_blocked", [error]);

  const link = screen.getByRole("link");
  expect(link.textContent).toBe("Eine andere Veranstaltung hat diese Adresse. Wähle eine andere.");
  expect(link.getAttribute("href")).toBe("/s/s/eventSetup#field-slug");
});

test("an error of the request has no field of the session", () => {
  const params = { value: "moment" };
  show("invalid_request", [
    { code: "not_in_future", pointer: "/publish_at", params, message: API },
  ]);

  expect(screen.getByRole("listitem").textContent).toBe(
    "Diese Zeit ist vorbei. Wähle eine spätere.",
  );
  expect(screen.queryByRole("link")).toBeNull();
});

test.each([
  ["publish_failed", "Ein Schritt wurde nicht rechtzeitig fertig."],
  ["permission_missing", /^Du darfst für diese Organisation nicht veröffentlichen\./],
  ["internal_error", "Der Wizard hat es nicht angenommen. Versuch es gleich noch einmal."],
])("%s is said without the API's sentence", (code, sentence) => {
  show(code);

  expect(screen.getByText(sentence)).toBeTruthy();
  expect(screen.queryByText(API)).toBeNull();
});

test("what Stripe declined is in its own words, marked as English", () => {
  show("payments_refused");

  expect(screen.getByText("Stripe hat es abgelehnt.")).toBeTruthy();
  expect(screen.getByText(API).lang).toBe("en");
});
