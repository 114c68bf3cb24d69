import type { Identity } from "../identity/types";
import { outboxStorage } from "./outboxStorage";
import { SessionStore, type TabMessage } from "./SessionStore";
import { sessionApi } from "./sessionApi";
import { followSession } from "./stream";
import { openTabs } from "./tabs";

interface OpenSession {
  store: SessionStore;
  /** How many pages show it. */
  users: number;
  start(identity: Identity): void;
  stop(): void;
}

const sessions = new Map<string, OpenSession>();

/** The store of a session for a person; the same one for all who ask in this tab. */
export function storeOf(person: string, sessionId: string): SessionStore {
  return sessionOf(person, sessionId).store;
}

/** Keeps a session up to date until the returned function is called. */
export function hold(person: string, sessionId: string, identity: Identity): () => void {
  const session = sessionOf(person, sessionId);
  session.users += 1;
  if (session.users === 1) session.start(identity);
  return () => {
    session.users -= 1;
    // React may mount the page again at once.
    setTimeout(() => {
      if (session.users > 0) return;
      sessions.delete(nameOf(person, sessionId));
      session.stop();
    });
  };
}

function nameOf(person: string, sessionId: string): string {
  return `session ${person} ${sessionId}`;
}

function sessionOf(person: string, sessionId: string): OpenSession {
  const name = nameOf(person, sessionId);
  const known = sessions.get(name);
  if (known !== undefined) return known;
  const opened = openSession(name, person, sessionId);
  sessions.set(name, opened);
  return opened;
}

function openSession(name: string, person: string, sessionId: string): OpenSession {
  const tabs = openTabs<TabMessage>(name);
  const store = new SessionStore(sessionApi(sessionId), outboxStorage(person, sessionId), tabs);
  const ended = new AbortController();
  const leave = () => store.leave();
  const hide = () => {
    // A phone may end a page that is not seen without another word.
    if (document.visibilityState === "hidden") void store.flush();
  };
  let isStarted = false;
  return {
    store,
    users: 0,
    start(identity) {
      if (isStarted) return;
      isStarted = true;
      addEventListener("pagehide", leave);
      addEventListener("pageshow", store.comeBack);
      addEventListener("online", store.comeBack);
      document.addEventListener("visibilitychange", hide);
      void store.open();
      tabs.onLeader(() => {
        void store.lead();
        const listener = {
          onView: store.receive,
          onPresence: store.setPeople,
          onConnection: store.setConnection,
        };
        void followSession(sessionId, () => identity.accessToken(), listener, ended.signal);
      });
    },
    stop() {
      removeEventListener("pagehide", leave);
      removeEventListener("pageshow", store.comeBack);
      removeEventListener("online", store.comeBack);
      document.removeEventListener("visibilitychange", hide);
      ended.abort();
      store.close();
    },
  };
}
