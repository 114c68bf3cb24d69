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

/** As React's `lazy`. An `ErrorBoundary` can tell that it did not load from a fault of the page. */
export function lazyPart<Props extends object>(
  load: () => Promise<{ default: ComponentType<Props> }>,
) {
  return lazy(() => loaded(load));
}
