/**
 * Keeps the shell and its hashed files, so that a reload works while the API cannot be reached.
 * Nothing else is cached: data comes from the API, or from the outbox.
 *
 * Each build has its own worker, because the build writes the names of its files into it, and its own
 * cache. The worker of a new build waits until no page of the last one is open, so that such a page
 * finds all its parts, also after a deployment has deleted them on the server.
 */

/** Scripts and styles of this build, and a name for them. The build writes them here. */
declare const __BUILD__: { name: string; files: readonly string[] };

const PREFIX = "shell-";
const CACHE = PREFIX + __BUILD__.name;
const SHELL = "/";
/** Responses vary by headers, such as `Accept-Encoding`, that do not matter to the page. */
const WHATEVER_VARIES = { ignoreVary: true };

interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface InstallEvent extends ExtendableEvent {
  /** Browsers without it bring all requests to the worker. */
  addRoutes?(route: { condition: { urlPattern: string }; source: "network" }): void;
}

interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

interface Scope {
  addEventListener(type: "install", listener: (event: InstallEvent) => void): void;
  addEventListener(type: "activate", listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: "fetch", listener: (event: FetchEvent) => void): void;
  readonly clients: { claim(): Promise<void> };
  readonly location: Location;
}

const scope = globalThis as unknown as Scope;

/** Pages that the API itself renders; the shell does not replace them. */
const OTHER_PAGES = /^\/(?:e|v1|docs|media|metrics|mcp|functions|healthz|readyz)(?:\/|$)/;

/** The newest shell, or that of this build, all of whose files are kept. */
async function shell(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (failure) {
    const kept = await (await caches.open(CACHE)).match(SHELL, WHATEVER_VARIES);
    if (kept === undefined) throw failure;
    return kept;
  }
}

/** A page may be of a newer build than its worker: its files are in the cache of the next one. */
async function asset(request: Request): Promise<Response> {
  const kept = await caches.match(request, WHATEVER_VARIES);
  if (kept !== undefined) return kept;
  const response = await fetch(request);
  if (response.ok) {
    const cache = await caches.open(CACHE);
    // Without room, it is loaded again the next time.
    await cache.put(request, response.clone()).catch(() => undefined);
  }
  return response;
}

/**
 * @throws if a file is missing, or if the shell is of another build, as in the middle of a
 * deployment: this worker is not used then, and the browser tries again with the next page.
 */
async function keepBuild(): Promise<void> {
  const response = await fetch(SHELL, { cache: "no-cache" });
  const html = await response.clone().text();
  const named = [...html.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, file = SHELL]) => file);
  const scripts = named.filter((file) => /\.(?:js|css)$/.test(file));
  if (!response.ok || !scripts.every((file) => __BUILD__.files.includes(file)))
    throw new Error("The shell is of another build.");
  const cache = await caches.open(CACHE);
  await cache.addAll([...new Set([...named, ...__BUILD__.files])]);
  await cache.put(SHELL, response);
}

async function deleteOtherBuilds(): Promise<void> {
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(others.map((name) => caches.delete(name)));
}

scope.addEventListener("install", (event) => {
  // The last save of a page that is left would be lost while the worker starts, or is busy.
  event.addRoutes?.({ condition: { urlPattern: "/v1/*" }, source: "network" });
  event.waitUntil(keepBuild());
});

scope.addEventListener("activate", (event) =>
  event.waitUntil(deleteOtherBuilds().then(() => scope.clients.claim())),
);

scope.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== scope.location.origin) return;
  if (url.pathname.startsWith("/assets/")) event.respondWith(asset(request));
  else if (request.mode === "navigate" && !OTHER_PAGES.test(url.pathname))
    event.respondWith(shell(request));
});
