import { type ReactNode, use } from "react";

import { loadSessionTexts, TextsContext, useTexts } from ".";

/** Adds the texts of a session's pages; suspends until they are there. */
export function SessionTextsProvider({ children }: { children: ReactNode }) {
  const first = useTexts();
  const session = loadSessionTexts.now() ?? use(loadSessionTexts());
  return <TextsContext value={{ ...first, ...session }}>{children}</TextsContext>;
}
