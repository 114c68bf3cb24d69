import { useFrontendTools } from "@copilotkit/react-core/v2/headless";

import type { Stage } from "../stages/stages";
import type { ToolCall } from "./messages";
import { GENERAL_TOOLS, stageTools, type ToolName } from "./tools";

/** Runs a call, and returns its result. */
export type RunTool = (call: ToolCall) => Promise<object>;

/**
 * Offers tools to the assistant. The API's table of tools defines, by name, their purposes and
 * arguments.
 */
function useTools(names: readonly ToolName[], run: RunTool): void {
  useFrontendTools(
    names.map((name) => ({
      name,
      handler: (_arguments, { toolCall }) => run(toolCall as ToolCall),
    })),
    [run],
  );
}

/** Offers to complete a stage, to save its fields, and to suggest values for them. */
export function useStageTools(stage: Stage, run: RunTool): void {
  const { complete, autosave, suggest } = stageTools(stage);
  useTools([complete, autosave, suggest], run);
}

export function StageTools({ stage, run }: { stage: Stage; run: RunTool }) {
  useStageTools(stage, run);
  return null;
}

/** Offers the tools that belong to no stage, and those of a stage that others do not have. */
export function GeneralTools({ run }: { run: RunTool }) {
  useTools(GENERAL_TOOLS, run);
  return null;
}
