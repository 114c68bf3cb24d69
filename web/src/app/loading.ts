import { type ComponentType, lazy } from "react";

/** A file of the front end did not load: the network is away, or a newer release has replaced it. */
export class LoadFailure extends Error {
  override readonly name = "LoadFailure";
}

const RELOADED = "reloaded";
/** Milliseconds within which a second reload would not help either. */
const PAUSE = 10_000;

/**
 * What `load` brings, which is to import a file. If a newer release has replaced the file, the page is
 * reloaded once. It is left in the usual way, so typed text is sent or kept. Rejects with a
 * `LoadFailure`.
 */
export async function loaded<Value>(load: () => Promise<Value>): Promise<Value> {
  try {
    return await load();
  } catch (cause) {
    if (!(await canReload()))
      throw new LoadFailure("A file of the front end did not load.", { cause });
    sessionStorage.setItem(RELOADED, String(Date.now()));
    location.reload();
    return await new Promise<never>(() => undefined);
  }
}

/** While the server is away, the browser would show an error page of its own. */
async function canReload(): Promise<boolean> {
  if (Date.now() - Number(sessionStorage.getItem(RELOADED)) < PAUSE) return false;
  const response = await fetch("/", { method: "HEAD", cache: "no-store" }).catch(() => null);
  return response?.ok ?? false;
}

/** Imports a file; `now` is what it has brought already. */
type Load<Value> = (() => Promise<Value>) & { now?: () => Value | undefined };

/** As React's `lazy`. An `ErrorBoundary` can tell that it did not load from a fault of the page. */
export function lazyPart<Props extends object>(load: Load<{ default: ComponentType<Props> }>) {
  return lazy(() => {
    const part = load.now?.();
    return part === undefined ? loaded(load) : present(part);
  });
}

/** Imports a file at most once. A part of it is rendered at once if the file is there. */
export function once<Value>(load: () => Promise<Value>) {
  let value: Value | undefined;
  let loading: Promise<Value> | undefined;
  async function begin() {
    value = await load();
    return value;
  }
  return Object.assign(
    () => {
      loading ??= begin();
      return loading;
    },
    { now: () => value },
  );
}

/** React takes the value of a promise later, and shows for 0.3 s at least what is in its place. */
function present<Value>(value: Value): Promise<Value> {
  // biome-ignore lint/suspicious/noThenProperty: `lazy` takes any thenable
  return { then: (take: (value: Value) => void) => take(value) } as unknown as Promise<Value>;
}
