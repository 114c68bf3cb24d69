import type { ApiProblem } from "../api/client";
import type { Check, Event, Onboarding, SessionView, StageErrorView } from "../api/generated";
import type { Drafts, Section, Stage } from "../stages/stages";
import type { Clash } from "./clashes";

/** What the save line says. */
export type SaveState =
  /** `at`: when something was saved last; null until the session is loaded. */
  | { kind: "saved"; at: Date | null }
  | { kind: "saving" }
  /** The API cannot be reached: unsent edits are kept on this device. */
  | { kind: "kept" }
  /** Neither the API nor this device has what was typed: the page has to stay open. */
  | { kind: "unkept" }
  | { kind: "choose"; conflicts: number }
  /** The API does not take what was typed in these fields: it is kept until it is changed. */
  | { kind: "refused"; count: number }
  /** The session takes no changes: it is being published, it is closed, or it is lost. */
  | { kind: "closed" };

/** Another person changed a field that this person changed, too. Nothing is sent before the choice. */
export interface Conflict {
  stage: Stage;
  /**
   * A JSON pointer into the stage's data. An element of a list that another person removed is named
   * by its `id`, and `theirs` is undefined.
   */
  pointer: string;
  /** When this person changed it last. */
  changedAt: Date;
  /** The revision that this person had seen when they began. */
  baseRevision: number;
  base: unknown;
  mine: unknown;
  theirs: unknown;
  /** What `resolve` needs of it. */
  clash: Clash;
}

export interface PresentPerson {
  userId: string;
  name: string;
  since: Date;
}

/** One session of the wizard, as `useWizardState` returns it. */
export interface WizardState {
  sessionId: string;
  /** The newest acknowledged view; null until it is loaded. */
  session: SessionView | null;
  /** Overall progress in percent, 0 to 100. */
  progress: number;
  loading: boolean;
  /** Why the session cannot be shown, or why the last request failed; null if neither. */
  error: ApiProblem | null;
  isAuthenticated: boolean;
  /** Whether Temporal has ended the session. What was saved can be read, and nothing be changed. */
  isLost: boolean;

  saveState: SaveState;
  /** Since when the API cannot be reached; null if it can. */
  unreachableSince: Date | null;
  /** How many fields have changes that are not acknowledged yet. */
  unsent: number;
  conflicts: readonly Conflict[];
  people: readonly PresentPerson[];
  /** Whether the stream of the session is open: each change, of anyone, arrives by itself. */
  isLive: boolean;

  /** A stage's data as the person sees it: the newest view with what is not sent yet laid over it. */
  data<S extends Stage>(stage: S): Drafts[S];
  /**
   * Changes fields of a stage, at once on screen, and after a second of quiet at the API. A list is
   * given whole; it is compared by the `id` of its elements. `null` or `""` empties a field.
   */
  change<S extends Stage>(stage: S, patch: Partial<Drafts[S]>): void;
  /** Sends what is not sent yet. Resolves once it is acknowledged, or cannot be sent now. */
  flush(): Promise<void>;
  /** Errors of a stage, by the newest view; those of fields with unsent edits are left out. */
  errors(stage: Stage): readonly StageErrorView[];
  /** Whether a field reached the API in the last two seconds. */
  wasSaved(stage: Stage, pointer: string): boolean;
  /** Whether another person or the assistant wrote a field in the last eight seconds. */
  isFresh(stage: Stage, pointer: string): boolean;
  /** A name for an element's row that stays the same when the API gives the element its id. */
  keyOf(id: string): string;
  resolve(conflict: Conflict, choice: "mine" | "theirs"): void;

  /** Sends what is not sent yet, and completes the stage. Throws `stage_incomplete` with errors. */
  completeStage(stage: Stage): Promise<SessionView>;
  moveToStage(stage: Stage): Promise<SessionView>;
  checks(): Promise<readonly Check[]>;
  connectPayments(): Promise<Onboarding>;
  disconnectPayments(): Promise<SessionView>;
  /** Publishes now, or at a time. Resolves with the event, or null while it is scheduled or running. */
  publish(at?: Date): Promise<Event | null>;
  cancelPublication(): Promise<SessionView>;
  abandon(): Promise<SessionView>;
  restore(revision: number): Promise<SessionView>;
  /** Reads the session again, from its workflow. */
  refresh(): Promise<SessionView>;

  /** As in the earlier front end: saves a section's fields. */
  updateStageData(section: Section | Stage, data: object): Promise<void>;
  /** As in the earlier front end. */
  transitionStage(from: Stage, to: Stage): Promise<void>;
  /** As in the earlier front end: publishes now, and resolves with the event. */
  publishEvent(): Promise<Event | null>;
}
