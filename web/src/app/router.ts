import { useSyncExternalStore } from "react";

import { isStage, type Stage } from "../stages/stages";

/** The pages of one session. */
export type SessionRoute = Extract<Route, { sessionId: string }>;

export type Route =
  | { name: "myEvents" }
  | { name: "start" }
  | { name: "signedIn" }
  | { name: "stage"; sessionId: string; stage: Stage }
  | { name: "session"; sessionId: string }
  | { name: "history"; sessionId: string }
  | { name: "preview"; sessionId: string }
  | { name: "notFound" };

const SESSION = /^\/s\/([0-9a-fA-F-]{36})(?:\/(\w+))?\/?$/;

export function routeOf(pathname: string): Route {
  if (pathname === "/") return { name: "myEvents" };
  if (pathname === "/start") return { name: "start" };
  if (pathname === "/signed-in") return { name: "signedIn" };
  const match = SESSION.exec(pathname);
  if (match === null) return { name: "notFound" };
  const sessionId = (match[1] ?? "").toLowerCase();
  const page = match[2];
  if (page === undefined) return { name: "session", sessionId };
  if (page === "history" || page === "preview") return { name: page, sessionId };
  return isStage(page) ? { name: "stage", sessionId, stage: page } : { name: "notFound" };
}

export const paths = {
  myEvents: "/",
  start: "/start",
  session: (sessionId: string) => `/s/${sessionId}`,
  stage: (sessionId: string, stage: Stage) => `/s/${sessionId}/${stage}`,
  history: (sessionId: string) => `/s/${sessionId}/history`,
  /** The fragment is the stage that the way back leads to. */
  preview: (sessionId: string, stage: Stage) => `/s/${sessionId}/preview#${stage}`,
};

const NAVIGATED = "navigated";

/** Goes to another page of the wizard. `to` is a path with an optional query and fragment. */
export function navigate(to: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  dispatchEvent(new Event(NAVIGATED));
  if (!to.includes("#")) scrollTo(0, 0);
}

/** Calls `changed` whenever the address changes. Returns the function that ends this. */
export function onNavigation(changed: () => void): () => void {
  addEventListener(NAVIGATED, changed);
  addEventListener("popstate", changed);
  return () => {
    removeEventListener(NAVIGATED, changed);
    removeEventListener("popstate", changed);
  };
}

/** The current path; renders again when it changes. */
export function usePathname(): string {
  return useSyncExternalStore(onNavigation, () => location.pathname);
}

/** The fragment of the address, without "#"; also of links that the browser follows by itself. */
export function useFragment(): string {
  return useSyncExternalStore(onFragment, () => location.hash.slice(1));
}

function onFragment(changed: () => void): () => void {
  const stop = onNavigation(changed);
  addEventListener("hashchange", changed);
  return () => {
    stop();
    removeEventListener("hashchange", changed);
  };
}
