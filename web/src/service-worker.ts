/**
 * Keeps the shell and its hashed files, so that a reload works while the API cannot be reached.
 * Nothing else is cached: data comes from the API, or from the outbox.
 */

const CACHE = "shell-1";
const SHELL = "/";

interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

interface Scope {
  addEventListener(type: "install" | "activate", listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: "fetch", listener: (event: FetchEvent) => void): void;
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
  readonly location: Location;
}

const scope = globalThis as unknown as Scope;

/** Pages that the API itself renders; the shell does not replace them. */
const OTHER_PAGES = /^\/(?:e|v1|docs|media|metrics|mcp|functions|healthz|readyz)(?:\/|$)/;

async function shell(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  try {
    const response = await fetch(request);
    if (response.ok) await cache.put(SHELL, response.clone());
    return response;
  } catch (failure) {
    const kept = await cache.match(SHELL);
    if (kept === undefined) throw failure;
    return kept;
  }
}

async function asset(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept !== undefined) return kept;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone());
  return response;
}

/** Files of the shell that was loaded before this worker was there. */
async function keepShell(): Promise<void> {
  const cache = await caches.open(CACHE);
  const response = await fetch(SHELL);
  if (!response.ok) return;
  const html = await response.clone().text();
  await cache.put(SHELL, response);
  const files = [...html.matchAll(/"(\/assets\/[^"]+)"/g)].map((match) => match[1] ?? SHELL);
  await cache.addAll([...new Set(files)]);
}

scope.addEventListener("install", (event) => {
  event.waitUntil(keepShell().then(() => scope.skipWaiting()));
});

scope.addEventListener("activate", (event) => {
  const drop = (names: string[]) =>
    Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
  event.waitUntil(
    caches
      .keys()
      .then(drop)
      .then(() => scope.clients.claim()),
  );
});

scope.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== scope.location.origin) return;
  if (url.pathname.startsWith("/assets/")) event.respondWith(asset(request));
  else if (request.mode === "navigate" && !OTHER_PAGES.test(url.pathname))
    event.respondWith(shell(request));
});
