import { CopilotKit, useCopilotReadable } from "@copilotkit/react-core";
import { CopilotSidebar } from "@copilotkit/react-ui";
import "@copilotkit/react-ui/styles.css";
import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";

import { type Call, GeneralActions, STAGES, StageActions, useSending } from "./actions";
import "./page.css";
import { PublishActions } from "./publishing";
import { HEADERS, SESSION, threadId, useSession } from "./session";

const LABELS = {
  title: "The assistant",
  initial: "Say what your event is, or ask what is missing.",
};

// CopilotKit connects anew when these objects are others.
const PROPERTIES = {
  session_id: SESSION,
  locale: navigator.language,
  timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
};
const THREAD = threadId();

function Page() {
  const { view, refresh } = useSession();
  const [calls, setCalls] = useState<Call[]>([]);
  const sent = useSending((call) => {
    setCalls((before) => [...before, call]);
    void refresh();
  });
  // The API ignores it, and reads the session itself.
  useCopilotReadable({ description: "The session on screen", value: view ?? null });

  return (
    <main>
      {Object.keys(STAGES).map((stage) => (
        <StageActions key={stage} stage={stage} sent={sent} />
      ))}
      <GeneralActions stage={view?.current_stage ?? ""} sent={sent} />
      <PublishActions sent={sent} />
      <h1>A page in the earlier style</h1>
      <p>
        useCopilotAction and useCopilotReadable of CopilotKit 1.74 at <code>/v1/copilot</code>
      </p>
      <h2>
        Session at revision {view?.revision ?? "…"}: {view?.publication.state ?? "…"}
      </h2>
      <table>
        <tbody>
          {Object.entries(view?.stages ?? {}).map(([stage, { data }]) => (
            <tr key={stage} data-stage={stage}>
              <th scope="row">
                {stage}
                {view?.completed_stages.includes(stage) ? " ✓" : ""}
              </th>
              <td>
                {Object.entries(data).map(([name, value]) => (
                  <div key={name}>
                    {name}: {typeof value === "string" ? value : JSON.stringify(value)}
                  </div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <h2>Actions that the assistant called</h2>
      <ol>
        {calls.map(({ id, tool }) => (
          <li key={id} data-call={id}>
            {tool} <code>{id}</code>
          </li>
        ))}
      </ol>
    </main>
  );
}

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no root.");
createRoot(root).render(
  <StrictMode>
    {/* At localhost, the console and, in development, the inspector would reach other hosts. */}
    <CopilotKit
      runtimeUrl="/v1/copilot"
      agent="default"
      threadId={THREAD}
      headers={HEADERS}
      properties={PROPERTIES}
      showDevConsole={false}
      enableInspector={false}
    >
      <CopilotSidebar defaultOpen clickOutsideToClose={false} labels={LABELS}>
        <Page />
      </CopilotSidebar>
    </CopilotKit>
  </StrictMode>,
);
