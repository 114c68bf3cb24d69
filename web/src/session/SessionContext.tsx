import { createContext, type ReactNode, use } from "react";

import type { Stage } from "../stages/stages";
import type { JsonObject } from "./json";
import type { WizardState } from "./types";
import { useWizardState } from "./useWizardState";

const SessionContext = createContext<WizardState | null>(null);

/** Opens one session for everything below it. */
export function SessionProvider({
  sessionId,
  children,
}: {
  sessionId: string;
  children: ReactNode;
}) {
  return <SessionContext value={useWizardState(sessionId)}>{children}</SessionContext>;
}

/** Everything below it shows the data that the session had. */
export function EarlierData({
  stages,
  children,
}: {
  stages: Readonly<Record<Stage, JsonObject>>;
  children: ReactNode;
}) {
  const data = ((stage: Stage) => stages[stage]) as WizardState["data"];
  return <SessionContext value={{ ...useSession(), data }}>{children}</SessionContext>;
}

/** The session of the page. */
export function useSession(): WizardState {
  const session = use(SessionContext);
  if (session === null) throw new Error("useSession() outside of a SessionProvider");
  return session;
}
