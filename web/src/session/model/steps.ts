/** Random steps of the people of a `World`. */

import fc from "fast-check";

import { PERSONS, type Step } from "./World";

export const person = fc.nat({ max: PERSONS - 1 });
export const tab = fc.nat({ max: 1 });
const tier = fc.nat({ max: 3 });
const where = { person, tab };
const of = <Kind extends Step["kind"]>(kind: Kind) => ({ kind: fc.constant(kind) });

const typing = fc.oneof(
  fc.record({ ...of("type"), ...where, field: fc.nat({ max: 4 }), form: fc.nat({ max: 2 }) }),
  fc.record({
    ...of("typeInTier"),
    ...where,
    tier,
    field: fc.nat({ max: 2 }),
    form: fc.nat({ max: 2 }),
  }),
  fc.record({ ...of("addTier"), ...where, index: tier }),
  fc.record({ ...of("removeTier"), ...where, tier }),
  fc.record({ ...of("moveTier"), ...where, tier }),
  fc.record({ ...of("takeBack"), ...where, field: fc.nat({ max: 4 }) }),
);
const trouble = fc.oneof(
  fc.record({ kind: fc.constantFrom("crash", "flush", "leave"), ...where }),
  fc.record({ ...of("openTab"), person }),
  fc.record({ ...of("online"), person, isOnline: fc.boolean() }),
  fc.record({ ...of("lose"), person, loss: fc.constantFrom("request", "answer") }),
  fc.record({ ...of("stream"), person, age: fc.nat({ max: 2 }) }),
  fc.record({ ...of("publishing"), isPublishing: fc.boolean() }),
  fc.record({ ...of("choose"), ...where, choice: fc.constantFrom("mine", "theirs") }),
);
const wait = fc.record({
  ...of("wait"),
  milliseconds: fc.constantFrom(5, 50, 300, 1_100, 1_100, 5_000, 3_600_000),
});
const step = fc.oneof(
  { arbitrary: typing, weight: 4 },
  { arbitrary: trouble, weight: 2 },
  { arbitrary: wait, weight: 3 },
) as fc.Arbitrary<Step>;

/** A save whose answer is lost, and both people go on in its field before it is repeated. */
const crossing = fc
  .record({ ...where, other: person, field: fc.nat({ max: 4 }), form: fc.nat({ max: 2 }) })
  .map(({ person, tab, other, field, form }): Step[] => [
    { kind: "lose", person, loss: "answer" },
    { kind: "type", person, tab, field, form },
    { kind: "flush", person, tab },
    { kind: "wait", milliseconds: 350 },
    { kind: "stream", person: other, age: 0 },
    { kind: "type", person: other, tab: 0, field, form },
    { kind: "flush", person: other, tab: 0 },
    { kind: "type", person, tab, field, form },
    { kind: "wait", milliseconds: 300 },
  ]);

/** A page that is left while its text is being sent, or before; the next one is left as soon. */
const leaving = fc
  .record({ ...where, field: fc.nat({ max: 4 }), form: fc.nat({ max: 2 }), after: fc.nat(900) })
  .map(({ person, tab, field, form, after }): Step[] => [
    { kind: "type", person, tab, field, form },
    { kind: "wait", milliseconds: after },
    { kind: "flush", person, tab },
    { kind: "type", person, tab, field, form },
    { kind: "leave", person, tab },
    { kind: "wait", milliseconds: after % 100 },
    { kind: "type", person, tab, field: field + 1, form },
    { kind: "leave", person, tab },
  ]);

/** What people do, and what happens to them. */
export const steps = fc
  .array(
    fc.oneof(
      { arbitrary: step.map((one) => [one]), weight: 30 },
      { arbitrary: crossing, weight: 1 },
      { arbitrary: leaving, weight: 2 },
    ),
    { minLength: 10, maxLength: 70 },
  )
  .map((parts) => parts.flat());
