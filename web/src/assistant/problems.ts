/** Refusals, as the result of a call has them. */

import { ApiProblem } from "../api/client";
import type { ErrorCode, Problem } from "../api/generated";

/** The problem as the API sent it, without the session. */
export type Refusal = Omit<Partial<Problem>, "status" | "code" | "session"> & {
  status: number;
  code: string;
};

export function refusalOf({ status, code, problem }: ApiProblem): Refusal {
  if (status === 0) return STOPPED;
  const { session: _, ...rest } = problem;
  return { ...rest, status, code };
}

/** The call is not possible with an argument. */
export function invalidArgument(pointer: string, code: ErrorCode): ApiProblem {
  const errors = [{ pointer, code, message: `${pointer} is not valid.` }];
  return new ApiProblem(422, "invalid_request", { errors });
}

/** The session has changed, and what the assistant has read is not known any more. */
export const CHANGED_SINCE: Refusal = { status: 412, code: "revision_conflict" };
/** The page stopped before there was an answer. */
export const STOPPED: Refusal = { status: 503, code: "unavailable" };
export const NOTHING_TO_UNDO: Refusal = { status: 404, code: "revision_not_found" };
