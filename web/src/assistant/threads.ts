/** The conversation of a person about a session, which each browser knows by an id of its own. */

function keyOf(person: string, sessionId: string): string {
  return `assistant thread ${person} ${sessionId}`;
}

/** What a browser calls a conversation: for its locks, its tabs, and what it keeps of it. */
export function nameOf(person: string, sessionId: string, threadId: string): string {
  return `assistant ${person} ${sessionId} ${threadId}`;
}

export function threadOf(person: string, sessionId: string): string {
  return localStorage.getItem(keyOf(person, sessionId)) ?? newThread(person, sessionId);
}

export function newThread(person: string, sessionId: string): string {
  const id = crypto.randomUUID();
  try {
    localStorage.setItem(keyOf(person, sessionId), id);
  } catch {
    // Without room, a reload begins another conversation.
  }
  return id;
}

/** Calls `changed` if another tab has begun a new conversation. Returns the function that ends this. */
export function onNewThread(
  person: string,
  sessionId: string,
  changed: (threadId: string) => void,
): () => void {
  const listener = ({ key, newValue }: StorageEvent) => {
    if (key === keyOf(person, sessionId) && newValue !== null) changed(newValue);
  };
  addEventListener("storage", listener);
  return () => removeEventListener("storage", listener);
}

/** Deletes from this browser what it keeps of the conversations about a session. */
export function forgetConversations(sessionId: string): void {
  forget(sessionStorage, (key) => key.includes(sessionId));
  forget(localStorage, (key) => key.includes(sessionId));
}

/** Deletes from this browser what it keeps of a person's conversations. A tab has those of one. */
export function forgetConversationsOf(person: string): void {
  forget(sessionStorage, () => true);
  forget(localStorage, (key) => key.includes(person));
}

function forget(storage: Storage, isForgotten: (key: string) => boolean): void {
  for (const key of Object.keys(storage))
    if (/^assistant\b/.test(key) && isForgotten(key)) storage.removeItem(key);
}
