import { onNavigation } from "../app/router";
import { personKey } from "../identity/IdentityContext";
import type { Identity } from "../identity/types";
import { addLeaving } from "./leaving";
import { outboxStorage } from "./outboxStorage";
import { SessionStore } from "./SessionStore";
import { sessionApi } from "./sessionApi";
import { followSession } from "./stream";
import type { TabMessage } from "./tabMessages";
import { openTabs } from "./tabs";

/** The API's answers if the person may no longer, or can no longer, change the session. */
const NO_WAY = new Set([401, 403, 404]);

export interface OpenSession {
  readonly store: SessionStore;
  /** Keeps it up to date until the returned function is called. */
  hold(identity: Identity): () => void;
}

const sessions = new Map<string, OpenSession>();

/** A session of a person; the same one for all who ask in this tab. */
export function sessionOf(person: string, sessionId: string): OpenSession {
  const name = `session ${person} ${sessionId}`;
  const known = sessions.get(name);
  if (known !== undefined) return known;
  const opened = openSession(name, person, sessionId);
  sessions.set(name, opened);
  return opened;
}

/** A session that is left stays open until its text is sent, or cannot be sent now. */
function openSession(name: string, person: string, sessionId: string): OpenSession {
  const tabs = openTabs<TabMessage>(name);
  let identity: Identity | null = null;
  const api = sessionApi(sessionId, () => identity?.currentToken() ?? null);
  const store = new SessionStore(api, outboxStorage(person, sessionId), tabs);
  let users = 0;
  let leads = false;
  let isOpening = false;
  let stop: (() => void) | null = null;
  let stream: AbortController | null = null;

  const session: OpenSession = {
    store,
    hold(holder) {
      identity = holder;
      users += 1;
      start();
      follow();
      return () => {
        users -= 1;
        // React may mount the page again at once.
        setTimeout(left);
      };
    },
  };
  store.subscribe(() => {
    if (users > 0) return;
    // Such as a picture, whose upload ends after its page was left.
    if (stop === null && store.isDue && !isHopeless()) start();
    stopIfDone();
  });
  return session;

  function start(): void {
    if (stop !== null || identity === null || !isSignedIn()) return;
    sessions.set(name, session);
    stop = listen(store, identity, stopIfDone);
    isOpening = true;
    void store.open().finally(() => {
      isOpening = false;
      stopIfDone();
    });
    tabs.onLeader(() => {
      leads = true;
      void store.lead().then(stopIfDone);
      follow();
    });
  }

  function follow(): void {
    if (!leads || users === 0 || stream !== null || identity === null) return;
    const holder = identity;
    stream = new AbortController();
    const listener = {
      onView: store.receive,
      onPresence: store.setPeople,
      onConnection: store.setConnection,
    };
    void followSession(sessionId, () => holder.accessToken(), listener, stream.signal);
  }

  function left(): void {
    if (users > 0) return;
    if (stream !== null) store.setConnection(false);
    stream?.abort();
    stream = null;
    if (store.isDue && stop !== null) addLeaving(store.flush());
    stopIfDone();
  }

  function stopIfDone(): void {
    if (users > 0 || stop === null) return;
    if ((isOpening || store.isDue) && isSignedIn() && !isHopeless()) return;
    stop();
    stop = null;
    leads = false;
    store.close();
    if (sessions.get(name) === session) sessions.delete(name);
  }

  function isHopeless(): boolean {
    const { error, isLost } = store.snapshot();
    return isLost || (error !== null && NO_WAY.has(error.status));
  }

  function isSignedIn(): boolean {
    const state = identity?.state;
    return state?.kind === "signedIn" && personKey(state.person) === person;
  }
}

/** Tells a store what happens to the page. Returns the function that ends this. */
function listen(store: SessionStore, identity: Identity, identityChanged: () => void): () => void {
  const ended = new AbortController();
  const options = { signal: ended.signal };
  addEventListener("pagehide", () => store.leave(), options);
  addEventListener("pageshow", store.comeBack, options);
  addEventListener("online", store.comeBack, options);
  addEventListener(
    "beforeunload",
    (event) => {
      const { isStored, outbox } = store.snapshot();
      if (!isStored && outbox.entries.length > 0) event.preventDefault();
    },
    options,
  );
  document.addEventListener(
    "visibilitychange",
    () => {
      if (document.visibilityState === "hidden") store.hide();
    },
    options,
  );
  // The page that follows may be another one, and the tab may be closed there.
  const endNavigation = onNavigation(() => {
    if (store.isDue) void store.flush();
  });
  const endIdentity = identity.subscribe(identityChanged);
  return () => {
    ended.abort();
    endNavigation();
    endIdentity();
  };
}
