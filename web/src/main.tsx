import "@fontsource-variable/instrument-sans/wght.css";
import "@fontsource-variable/imbue/opsz.css";
import "./look/theme.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { configureClient } from "./api/client";
import { App } from "./app/App";

configureClient(() => Promise.resolve(null));

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

if (import.meta.env.PROD) void navigator.serviceWorker?.register("/service-worker.js");
