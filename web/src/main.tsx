import "@fontsource-variable/instrument-sans/wght.css";
import "@fontsource-variable/imbue/opsz.css";
import "./look/theme.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { configureClient } from "./api/client";
import { App } from "./app/App";
import { prepareSignIn } from "./app/Gate";
import { preparePage } from "./app/Screen";
import { BrowserIdentity } from "./identity/BrowserIdentity";
import { IdentityContext } from "./identity/IdentityContext";

const identity = new BrowserIdentity();
configureClient(identity);
const isSignedIn = identity.state.kind === "signedIn";
// A token that has ended is renewed while the page is loaded. Requests tell if that fails.
if (isSignedIn) identity.accessToken().catch(() => undefined);
const prepared = isSignedIn ? preparePage(location.pathname) : prepareSignIn();

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <IdentityContext value={identity}>
      <App prepared={prepared} />
    </IdentityContext>
  </StrictMode>,
);

// It loads the shell once more, and so comes after what the page itself loads.
if (import.meta.env.PROD)
  addEventListener("load", () => void navigator.serviceWorker?.register("/service-worker.js"));
