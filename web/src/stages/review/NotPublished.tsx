import type { Publication } from "../../api/generated";
import { Note } from "../../parts/Note";
import { useTexts } from "../../texts";
import { Reasons } from "./Reasons";
import { Seam } from "./Seam";

/** Why the last publication failed, and what was taken back. */
export function NotPublished({ publication: { error, steps = [] } }: { publication: Publication }) {
  const { review } = useTexts();
  const isUndone = steps.some(({ state }) => state === "undone");
  return (
    <Note kind="wrong" icon="cross" title={review.failed}>
      <div className="grid gap-1.5">
        {error && <Reasons {...error} errors={error.errors ?? []} />}
        <p>{isUndone ? review.undone : review.nothingDone}</p>
      </div>
      <Seam steps={steps} names={steps.map(({ name }) => name)} />
    </Note>
  );
}
