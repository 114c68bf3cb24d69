import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The API serves the build, as `WEB_ROOT`; `vite` alone sends requests on to `API_URL`. */
export default defineConfig({
  plugins: [react()],
  build: {
    assetsInlineLimit: 0,
    // Nearly all of it is CopilotKit's, whose renderers of code and formulas are large.
    chunkSizeWarningLimit: 10_000,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/v1": process.env["API_URL"] ?? "http://127.0.0.1:8000" } },
});
