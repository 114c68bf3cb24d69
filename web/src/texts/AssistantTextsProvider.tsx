import { type ReactNode, use } from "react";

import { loadAssistantTexts, TextsContext, useTexts } from ".";

/** Adds the texts of the assistant; suspends until they are there. */
export function AssistantTextsProvider({ children }: { children: ReactNode }) {
  const others = useTexts();
  const assistant = loadAssistantTexts.now() ?? use(loadAssistantTexts());
  return <TextsContext value={{ ...others, assistant }}>{children}</TextsContext>;
}
