import { defineConfig } from "@hey-api/openapi-ts";

// Typed requests and responses of every operation. CLIENT_OUTPUT is set by the check that the
// committed client is the one that the document generates.
export default defineConfig({
  input: "../../docs/openapi.json",
  output: process.env["CLIENT_OUTPUT"] ?? "../src/api/generated",
  plugins: ["@hey-api/typescript", "@hey-api/sdk", "@hey-api/client-fetch"],
});
