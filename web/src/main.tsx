import "@fontsource-variable/instrument-sans/wght.css";
import "@fontsource-variable/imbue/opsz.css";
import "./look/theme.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { configureClient } from "./api/client";
import { App } from "./app/App";
import { BrowserIdentity } from "./identity/BrowserIdentity";
import { IdentityContext } from "./identity/IdentityContext";

const identity = new BrowserIdentity();
configureClient(identity);

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <IdentityContext value={identity}>
      <App />
    </IdentityContext>
  </StrictMode>,
);

if (import.meta.env.PROD) void navigator.serviceWorker?.register("/service-worker.js");
