import { afterEach, beforeEach, expect, test, vi } from "vitest";

const ORIGIN = location.origin;

/** A server with the files of one build, by path. */
let server: Map<string, string>;
let isAway = false;
/** The caches of the browser, by name and path. */
let kept: Map<string, Map<string, Response>>;

function pathOf(request: RequestInfo | URL): string {
  const url = request instanceof Request ? request.url : String(request);
  return new URL(url, ORIGIN).pathname;
}

async function fetched(request: RequestInfo | URL): Promise<Response> {
  if (isAway) throw new TypeError("Failed to fetch");
  const path = pathOf(request);
  const body = server.get(path) ?? (path.startsWith("/assets/") ? undefined : server.get("/"));
  return new Response(body ?? "", { status: body === undefined ? 404 : 200 });
}

function cacheOf(files: Map<string, Response>) {
  return {
    match: async (request: RequestInfo) => files.get(pathOf(request))?.clone(),
    put: async (request: RequestInfo, response: Response) => {
      files.set(pathOf(request), response);
    },
    addAll: async (paths: string[]) => {
      const responses = await Promise.all(paths.map(fetched));
      if (responses.some(({ ok }) => !ok)) throw new TypeError("Request failed");
      paths.forEach((path, index) => {
        files.set(path, responses[index] as Response);
      });
    },
  };
}

const caches = {
  open: async (name: string) => {
    const files = kept.get(name) ?? new Map<string, Response>();
    kept.set(name, files);
    return cacheOf(files);
  },
  keys: async () => [...kept.keys()],
  delete: async (name: string) => kept.delete(name),
  match: async (request: RequestInfo) => {
    for (const files of kept.values())
      if (files.has(pathOf(request))) return files.get(pathOf(request))?.clone();
    return undefined;
  },
};

/** Puts a build on the server in place of the last one. */
function deploy(name: string): void {
  server = new Map([
    ["/", `<script src="/assets/app-${name}.js"></script>`],
    [`/assets/app-${name}.js`, `app ${name}`],
    [`/assets/part-${name}.js`, `part ${name}`],
  ]);
}

type Listener = (event: object) => void;

/** The worker of a build, as the browser loads it. */
class Worker {
  readonly routes: object[] = [];
  readonly #listeners = new Map<string, Listener>();

  static async of(name: string): Promise<Worker> {
    const worker = new Worker();
    vi.stubGlobal("addEventListener", (type: string, listener: Listener) =>
      worker.#listeners.set(type, listener),
    );
    const files = ["app", "part"].map((file) => `/assets/${file}-${name}.js`);
    vi.stubGlobal("__BUILD__", { name, files });
    vi.resetModules();
    await import("./service-worker");
    return worker;
  }

  async run(type: "install" | "activate"): Promise<void> {
    let work: Promise<unknown> = Promise.resolve();
    this.#listeners.get(type)?.({
      waitUntil: (given: Promise<unknown>) => (work = given),
      addRoutes: (route: object) => this.routes.push(route),
    });
    await work;
  }

  /** The text that a page gets; null if the worker leaves the request alone. */
  async answer(path: string, mode = "cors"): Promise<string | null> {
    let answer: Promise<Response> | null = null;
    const request = new Request(ORIGIN + path);
    Object.defineProperty(request, "mode", { value: mode });
    const respondWith = (given: Promise<Response>) => {
      answer = given;
    };
    this.#listeners.get("fetch")?.({ request, respondWith });
    if (answer === null) return null;
    return (await (answer as Promise<Response>)).text();
  }
}

beforeEach(() => {
  isAway = false;
  kept = new Map();
  deploy("one");
  vi.stubGlobal("caches", caches);
  vi.stubGlobal("fetch", fetched);
  vi.stubGlobal("clients", { claim: async () => undefined });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

async function installed(name: string): Promise<Worker> {
  const worker = await Worker.of(name);
  await worker.run("install");
  return worker;
}

test("the shell and all parts of the page are there while the server is away", async () => {
  const worker = await installed("one");
  await worker.run("activate");
  isAway = true;
  expect(await worker.answer("/s/1/eventSetup", "navigate")).toContain("app-one");
  expect(await worker.answer("/assets/app-one.js")).toBe("app one");
  expect(await worker.answer("/assets/part-one.js")).toBe("part one");
});

test("requests to the API do not pass through the worker", async () => {
  const { routes } = await installed("one");
  expect(routes).toEqual([{ condition: { urlPattern: "/v1/*" }, source: "network" }]);
});

test("requests to the API and its own pages are left alone", async () => {
  const worker = await installed("one");
  expect(await worker.answer("/v1/sessions")).toBeNull();
  expect(await worker.answer("/e/nachtschicht", "navigate")).toBeNull();
});

test("a page of the last build finds its parts after a deployment", async () => {
  const old = await installed("one");
  await old.run("activate");
  deploy("two");
  await installed("two");
  expect(await old.answer("/assets/part-one.js")).toBe("part one");
});

test("a page of the new build that the last worker serves is whole", async () => {
  const old = await installed("one");
  await old.run("activate");
  deploy("two");
  await installed("two");
  expect(await old.answer("/", "navigate")).toContain("app-two");
  isAway = true;
  expect(await old.answer("/assets/app-two.js")).toBe("app two");
  // Without the server, it is the last build, and all of it.
  expect(await old.answer("/", "navigate")).toContain("app-one");
  expect(await old.answer("/assets/app-one.js")).toBe("app one");
});

test("files of the last build are deleted once no page uses them", async () => {
  const old = await installed("one");
  await old.run("activate");
  deploy("two");
  const next = await installed("two");
  expect([...kept.keys()]).toEqual(["shell-one", "shell-two"]);
  // The browser waits with this until all pages of the last build are closed.
  await next.run("activate");
  expect([...kept.keys()]).toEqual(["shell-two"]);
  isAway = true;
  expect(await next.answer("/", "navigate")).toContain("app-two");
  expect(await next.answer("/assets/part-two.js")).toBe("part two");
});

test("a worker whose build is not whole is not used, and the last one stays", async () => {
  const old = await installed("one");
  await old.run("activate");
  const next = await Worker.of("two");
  // The worker is there before its files, and then a part is missing.
  await expect(next.run("install")).rejects.toThrow("another build");
  deploy("two");
  server.delete("/assets/part-two.js");
  await expect(next.run("install")).rejects.toThrow();
  isAway = true;
  expect(await old.answer("/", "navigate")).toContain("app-one");
  expect(await old.answer("/assets/part-one.js")).toBe("part one");
});
