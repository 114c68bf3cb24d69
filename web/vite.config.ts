import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin, Rolldown } from "vite";
import { defineConfig } from "vitest/config";

const API = process.env["API_URL"] ?? "http://127.0.0.1:8000";
const TEXT = /\.(?:css|html|js|json|svg|webmanifest)$/;

/** Tells the service worker the files of the finished build, which it keeps. */
async function nameFiles(dir: string, files: readonly string[]): Promise<void> {
  const own = files
    .filter((name) => /^assets\/.*\.(?:css|js)$/.test(name))
    .map((name) => `/${name}`)
    .sort();
  const name = createHash("sha256").update(own.join()).digest("hex").slice(0, 16);
  const worker = join(dir, "service-worker.js");
  const source = await readFile(worker, "utf8");
  await writeFile(worker, `const __BUILD__=${JSON.stringify({ name, files: own })};\n${source}`);
}

/** Writes `.br` and `.gz` beside each text file of the finished build, for the API to serve. */
function precompress(): Plugin {
  const brotli = promisify(brotliCompress);
  const zip = promisify(gzip);
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  return {
    name: "precompress",
    apply: "build",
    enforce: "post",
    async writeBundle({ dir = "dist" }) {
      const files = await readdir(dir, { recursive: true });
      await nameFiles(dir, files);
      for (const file of files.filter((name) => TEXT.test(name))) {
        const path = join(dir, file);
        const source = await readFile(path);
        await writeFile(`${path}.br`, await brotli(source, { params }));
        await writeFile(`${path}.gz`, await zip(source, { level: 9 }));
      }
    },
  };
}

/** Begins to load the text face with the page: its address is only known once it is built. */
function preloadTextFace(): Plugin {
  return {
    name: "preload-text-face",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle }) {
        const face = Object.keys(bundle ?? {}).find((name) =>
          /instrument-sans-latin-wght-normal-[\w-]+\.woff2$/.test(name),
        );
        if (face === undefined) return [];
        const attrs = {
          rel: "preload",
          href: `/${face}`,
          as: "font",
          type: "font/woff2",
          crossorigin: true,
        };
        return [{ tag: "link", attrs, injectTo: "head" }];
      },
    },
  };
}

/** The module of each kind of page whose files are worth loading with the shell, by the first part of
 * its path. */
const PAGES = { s: "src/screens/SessionPages.tsx", start: "src/screens/Start.tsx" };

/** The modules with the texts of the pages of `s`, by language. The first language is the usual one. */
const TEXTS = { en: "src/texts/en/session.ts", de: "src/texts/de/session.ts" };

interface Chunk {
  file: string;
  css?: string[];
  imports?: string[];
}

/**
 * Writes `pages.json`: the files of each kind of page, those of the shell first, and those of its texts
 * by language, for the API to announce with the shell. A browser asks for them in this order, and has
 * six connections over HTTP/1.1: without the shell's files, the largest one would wait for small ones.
 */
function listPages(): Plugin {
  return {
    name: "list-pages",
    apply: "build",
    async writeBundle({ dir = "dist" }) {
      const manifest: Record<string, Chunk> = JSON.parse(
        await readFile(join(dir, ".vite", "manifest.json"), "utf8"),
      );
      const filesByName = (modules: Record<string, string>) =>
        Object.fromEntries(
          Object.entries(modules).map(([name, module]) => {
            const files = filesOf(manifest, module, filesOf(manifest, "index.html"));
            return [name, [...files].map((file) => `/${file}`)];
          }),
        );
      const list = { pages: filesByName(PAGES), texts: { s: filesByName(TEXTS) } };
      await writeFile(join(dir, "pages.json"), JSON.stringify(list));
    },
  };
}

/** The script and styles of a chunk, and those of the chunks that it imports at once. */
function filesOf(manifest: Record<string, Chunk>, name: string, seen = new Set<string>()) {
  const chunk = manifest[name];
  if (chunk === undefined) throw new Error(`The build has no chunk ${name}.`);
  for (const file of [chunk.file, ...(chunk.css ?? [])]) seen.add(file);
  for (const imported of chunk.imports ?? []) {
    const { file } = manifest[imported] ?? {};
    if (file !== undefined && !seen.has(file)) filesOf(manifest, imported, seen);
  }
  return seen;
}

const MAIN = "src/main.tsx";
const FIRST_PAGES = ["MyEvents", "Start", "SignIn"].map((name) => `src/screens/${name}.tsx`);

type ModuleGraph = Pick<Rolldown.PluginContext, "getModuleInfo">;

/**
 * The file that a module is put into. The modules that the first pages share, and those of a
 * session's page, are in one file each: over HTTP/1.1 each file costs a journey, and left to itself
 * the builder makes one for each set of pages that share a module.
 */
function chunkNames(): (id: string, graph: ModuleGraph) => string | null {
  const known = new Map<string, Set<string>>();

  function reached(module: string, graph: ModuleGraph): Set<string> {
    const found = known.get(module) ?? new Set([join(import.meta.dirname, module)]);
    if (!known.has(module))
      for (const id of found)
        for (const imported of graph.getModuleInfo(id)?.importedIds ?? []) found.add(imported);
    known.set(module, found);
    return found;
  }

  /** What the texts of a session are made with, in any language. */
  function isOfAllTexts(id: string, graph: ModuleGraph): boolean {
    const isOfAll = Object.values(TEXTS).every((module) => reached(module, graph).has(id));
    return isOfAll && !id.includes("/src/texts/en/");
  }

  return (id, graph) => {
    // Entries keep their names in the manifest.
    if (id.endsWith(MAIN) || id.endsWith(PAGES.s)) return null;
    if (reached(MAIN, graph).has(id)) return "app";
    if (isOfAllTexts(id, graph)) return "pages";
    const isOfSession = reached(PAGES.s, graph).has(id);
    const pages = FIRST_PAGES.filter((page) => reached(page, graph).has(id)).length;
    if (pages > 1 || (pages === 1 && isOfSession)) return "pages";
    return isOfSession ? "session" : null;
  };
}

/** Leaves out the generated client's reader of events: `session/stream.ts` reads the one stream. */
function withoutGeneratedEventReader(): Plugin {
  const empty = "\0without-event-reader";
  return {
    name: "without-generated-event-reader",
    apply: "build",
    enforce: "pre",
    resolveId: (id) => (id.endsWith("/core/serverSentEvents.gen") ? empty : null),
    load: (id) => (id === empty ? "export const createSseClient = undefined;" : null),
  };
}

export default defineConfig({
  plugins: [
    react(),
    tailwindcss(),
    withoutGeneratedEventReader(),
    preloadTextFace(),
    listPages(),
    precompress(),
  ],
  build: {
    target: "es2022",
    // The browsers that Tailwind needs; styles for older ones would be half of some files.
    cssTarget: ["chrome111", "firefox128", "safari16.4"],
    // The content-security policy admits files of this origin only: nothing becomes a data: URL.
    assetsInlineLimit: 0,
    // For `make web-size`. The API serves no files whose path has a part with a dot in front.
    manifest: true,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // Compression takes most of the time, as it should.
      checks: { pluginTimings: false },
      input: { index: "index.html", "service-worker": "src/service-worker.ts" },
      output: {
        codeSplitting: { groups: [{ name: chunkNames() }] },
        entryFileNames: ({ name }) =>
          name === "service-worker" ? "service-worker.js" : "assets/[name]-[hash].js",
      },
    },
  },
  server: { proxy: Object.fromEntries(["/v1", "/e", "/media"].map((path) => [path, API])) },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    exclude: ["src/api/typing.test.ts"],
    setupFiles: ["src/test/setup.ts"],
  },
});
