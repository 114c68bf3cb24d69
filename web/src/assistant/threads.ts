/** The conversation of a person about a session, which each browser knows by an id of its own. */

function nameOf(person: string, sessionId: string): string {
  return `assistant thread ${person} ${sessionId}`;
}

export function threadOf(person: string, sessionId: string): string {
  return localStorage.getItem(nameOf(person, sessionId)) ?? newThread(person, sessionId);
}

export function newThread(person: string, sessionId: string): string {
  const id = crypto.randomUUID();
  try {
    localStorage.setItem(nameOf(person, sessionId), id);
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
    if (key === nameOf(person, sessionId) && newValue !== null) changed(newValue);
  };
  addEventListener("storage", listener);
  return () => removeEventListener("storage", listener);
}
