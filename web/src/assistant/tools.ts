import type { CopilotToolName } from "../api/generated";
import { SECTIONS, type Section, STAGES, type Stage } from "../stages/stages";

/** What the API does itself: these are not offered to it. */
type OwnTool = "explainField" | "whatIsMissing" | "fillFromText";

/** The tools that the page runs, of the server's table. */
export type ToolName = Exclude<CopilotToolName, OwnTool>;

type SectionOf<S extends Stage> = {
  [Name in Section]: (typeof SECTIONS)[Name] extends S ? Name : never;
}[Section];

/** The names of a stage's own tools. A name that is not in the server's table does not compile. */
export interface StageToolNames<S extends Stage> {
  complete: `complete${Capitalize<S>}` & ToolName;
  autosave: `autosave${Capitalize<SectionOf<S>>}Data` & ToolName;
  suggest: `suggest${Capitalize<SectionOf<S>>}Details` & ToolName;
}

export function stageTools<S extends Stage>(stage: S): StageToolNames<S> {
  const section = Object.entries(SECTIONS).find(([, other]) => other === stage)?.[0] ?? "";
  return {
    complete: `complete${capital(stage)}`,
    autosave: `autosave${capital(section)}Data`,
    suggest: `suggest${capital(section)}Details`,
  } as StageToolNames<S>;
}

/** The stage that a tool suggests values for; null for other tools. */
export function stageOfSuggestions(tool: string): Stage | null {
  return STAGES.find((stage) => stageTools(stage).suggest === tool) ?? null;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

type ToolOfStage = { [S in Stage]: StageToolNames<S>[keyof StageToolNames<S>] }[Stage];

/** All other tools: one that is missing, or that is not in the server's table, does not compile. */
const GENERAL: Record<Exclude<ToolName, ToolOfStage>, true> = {
  addTier: true,
  changeTier: true,
  removeTier: true,
  connectPayments: true,
  publishEvent: true,
  confirmPublish: true,
  createSession: true,
  goToStage: true,
  undoLast: true,
  runChecks: true,
};
export const GENERAL_TOOLS = Object.keys(GENERAL) as ToolName[];
