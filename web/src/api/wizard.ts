import { useSyncExternalStore } from "react";

import type { Stage } from "../stages/stages";
import { learnCurrencies } from "../texts/format";
import { unwrap } from "./client";
import { getWizard, type WizardDescription } from "./generated";

/** What the API says of limits, choices, currencies and countries. It is read once. */

let known: WizardDescription | null = null;
let isReading = false;
const listeners = new Set<() => void>();

/** Begins to read it, for pages that will need it. */
export function readWizard(): void {
  if (isReading || known !== null) return;
  isReading = true;
  unwrap(getWizard()).then(
    (description) => {
      known = description;
      learnCurrencies(description.currencies);
      for (const listener of listeners) listener();
    },
    () => {
      // Fields have no counts and no lists until it is tried again.
      isReading = false;
    },
  );
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  readWizard();
  return () => listeners.delete(listener);
}

/** Null until it is there. */
export function useWizard(): WizardDescription | null {
  return useSyncExternalStore(subscribe, () => known);
}

interface Schema {
  properties?: Record<string, Schema>;
  items?: Schema;
  $ref?: string;
  $defs?: Record<string, Schema>;
  maxLength?: number;
}

/**
 * The most characters of a field, such as `/title` or `/tiers/0/name`; undefined if it has no limit,
 * or if it is not known yet.
 */
export function limitOf(
  wizard: WizardDescription | null,
  stage: Stage,
  pointer: string,
): number | undefined {
  const root = wizard?.stages.find((described) => described.stage === stage)?.schema as
    | Schema
    | undefined;
  const found = pointer
    .split("/")
    .slice(1)
    .reduce<Schema | undefined>((schema, name) => childOf(schema, name, root), root);
  return resolved(found, root)?.maxLength;
}

function childOf(schema: Schema | undefined, name: string, root: Schema | undefined) {
  const here = resolved(schema, root);
  return here?.items ?? here?.properties?.[name];
}

function resolved(schema: Schema | undefined, root: Schema | undefined): Schema | undefined {
  const name = schema?.$ref?.split("/").at(-1);
  return name === undefined ? schema : root?.$defs?.[name];
}
