import { type ComponentType, lazy } from "react";

/** A file of the front end did not load: the network is away, or a newer release has replaced it. */
export class LoadFailure extends Error {
  override readonly name = "LoadFailure";
}

/** What `load` brings, which is to import a file. Rejects with a `LoadFailure`. */
export function loaded<Value>(load: () => Promise<Value>): Promise<Value> {
  return load().catch((cause: unknown) => {
    throw new LoadFailure("A file of the front end did not load.", { cause });
  });
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
