/** Whether the panel of a session is open in this tab: a reload opens it again. */

function nameOf(sessionId: string): string {
  return `assistant open ${sessionId}`;
}

export function wasOpen(sessionId: string): boolean {
  return sessionStorage.getItem(nameOf(sessionId)) !== null;
}

export function keepOpen(sessionId: string, isOpen: boolean): void {
  if (isOpen) sessionStorage.setItem(nameOf(sessionId), "yes");
  else sessionStorage.removeItem(nameOf(sessionId));
}
