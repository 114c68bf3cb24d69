import { useCallback, useEffect, useState } from "react";

/** The address of the page is `/?session=…#token`. */
export const SESSION = new URLSearchParams(location.search).get("session") ?? "";
export const HEADERS = { Authorization: `Bearer ${location.hash.slice(1)}` };

const JSON_BODY = { "Content-Type": "application/json" };

export interface SessionView {
  current_stage: string;
  publication: { state: string };
  completed_stages: string[];
  revision: number;
  stages: Record<string, { data: Record<string, unknown> }>;
}

/** The body of the response: of a refusal, the problem document, which the assistant reads. */
export async function send(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<unknown> {
  const response = await fetch(`/v1/sessions/${SESSION}${path}`, {
    method,
    headers: { ...HEADERS, ...(body === undefined ? {} : JSON_BODY), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return response.json();
}

/** The session as it is at the API, and a function that reads it again. */
export function useSession() {
  const [view, setView] = useState<SessionView>();
  const refresh = useCallback(async () => {
    setView((await send("GET", "?consistent=true")) as SessionView);
  }, []);
  useEffect(() => void refresh(), [refresh]);
  return { view, refresh };
}

/** The conversation of this session, which a reload shows again: a UUID. */
export function threadId(): string {
  const key = `thread-${SESSION}`;
  const kept = localStorage.getItem(key) ?? crypto.randomUUID();
  localStorage.setItem(key, kept);
  return kept;
}
