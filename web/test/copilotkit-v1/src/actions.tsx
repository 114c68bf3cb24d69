import { useCopilotAction } from "@copilotkit/react-core";
import { useCopilotKit } from "@copilotkit/react-core/v2";
import { useEffect, useRef } from "react";

import { send } from "./session";

/** What the assistant has had the page do. */
export interface Call {
  id: string;
  tool: string;
}

export type Sent = (
  tool: string,
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<unknown>;

interface Field {
  name: string;
  type: "string" | "number" | "object";
}

/** Of each stage, the section in the names of its tools, and the fields that people say. */
export const STAGES: Record<string, { section: string; fields: Field[] }> = {
  organizerSetup: { section: "Organizer", fields: texts("name", "organization", "email") },
  eventSetup: {
    section: "Event",
    fields: texts("title", "type", "date", "startTime", "endTime", "timezone", "summary"),
  },
  venueSetup: {
    section: "Venue",
    fields: [
      ...texts("mode", "name", "doorsTime"),
      { name: "address", type: "object" },
      { name: "capacity", type: "number" },
    ],
  },
  ticketSetup: { section: "Ticket", fields: texts("currency") },
  sponsorsMedia: { section: "Sponsor", fields: texts("hashtag", "videoUrl") },
  reviewPublish: { section: "Review", fields: [] },
};

function texts(...names: string[]): Field[] {
  return names.map((name) => ({ name, type: "string" }));
}

/**
 * Sends a change for a call, with its id as the key of the change. The hooks of v1 do not hand
 * the id to a handler; CopilotKit announces it just before, one call after the other.
 */
export function useSending(onDone: (call: Call) => void): Sent {
  const { copilotkit } = useCopilotKit();
  const id = useRef("");
  useEffect(() => {
    const subscription = copilotkit.subscribe({
      onToolExecutionStart: ({ toolCallId }) => {
        id.current = toolCallId;
      },
    });
    return () => subscription.unsubscribe();
  }, [copilotkit]);

  return async (tool, method, path, body, headers) => {
    const call = { id: id.current, tool };
    const answer = await send(method, path, body, { ...headers, "Idempotency-Key": call.id });
    onDone(call);
    return answer;
  };
}

/** The tools of a stage: their names and parameters are those of the server's table. */
export function StageActions({ stage, sent }: { stage: string; sent: Sent }) {
  const { section = "", fields = [] } = STAGES[stage] ?? {};
  const complete = `complete${stage.charAt(0).toUpperCase()}${stage.slice(1)}`;
  const autosave = `autosave${section}Data`;

  useCopilotAction({
    name: complete,
    description: `Completes the stage ${stage}, and opens the next`,
    parameters: [],
    handler: () => sent(complete, "POST", `/stages/${stage}/complete`, {}),
  });
  useCopilotAction({
    name: autosave,
    description: `Saves fields of the stage ${stage}`,
    parameters: fields.map((field) => ({ ...field, required: false })),
    handler: (patch) => sent(autosave, "PATCH", `/stages/${stage}`, patch),
  });
  useCopilotAction({
    name: `suggest${section}Details`,
    description: `Suggests values for the stage ${stage}`,
    parameters: [],
    handler: () => ({}), // The assistant suggests with its next answer.
  });
  return null;
}

/** The tools that belong to no stage. */
export function GeneralActions({ stage: current, sent }: { stage: string; sent: Sent }) {
  useCopilotAction({
    name: "goToStage",
    description: "Opens a stage",
    parameters: [{ name: "stage", type: "string", enum: Object.keys(STAGES), required: true }],
    handler: ({ stage }) =>
      sent("goToStage", "POST", "/transition", { from_stage: current, to_stage: stage }),
  });
  useCopilotAction({
    name: "runChecks",
    description: "Runs the publish checks",
    parameters: [],
    handler: () => sent("runChecks", "GET", "/checks"),
  });
  useCopilotAction({
    name: "whatIsMissing",
    description: "Lists what is missing",
    parameters: [],
    handler: () => ({}),
  });
  return null;
}
