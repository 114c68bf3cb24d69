import type { StageErrorView } from "../../api/generated";

type ErrorText = Pick<StageErrorView, "code" | "params" | "message" | "pointer">;

/** The sentence of a field error. The API's own English sentence serves for codes without one here. */
export function error({ message }: ErrorText): string {
  return message;
}
