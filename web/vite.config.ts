import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const API = process.env["API_URL"] ?? "http://127.0.0.1:8000";
const TEXT = /\.(?:css|html|js|json|svg|webmanifest)$/;

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

export default defineConfig({
  plugins: [react(), tailwindcss(), preloadTextFace(), precompress()],
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
