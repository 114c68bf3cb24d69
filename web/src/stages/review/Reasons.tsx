import type { FieldError } from "../../api/generated";
import { Link } from "../../app/Link";
import { useSession } from "../../session/SessionContext";
import { useTexts } from "../../texts";
import { pathToCheck } from "./CheckLists";

interface ReasonsProps {
  /** The code of the problem, and the API's own sentence. */
  code: string;
  message: string;
  /** What the publish checks found, if it was they who refused. */
  errors: readonly FieldError[];
}

/** Why an event is not published: each finding with a link to its field, or one sentence. */
export function Reasons({ code, message, errors }: ReasonsProps) {
  const { review, check } = useTexts();
  const state = useSession();
  if (errors.length === 0)
    return (
      <>
        <p>{review.problems[code] ?? review.otherProblem}</p>
        {/* Only Stripe's own words say what it declined. */}
        {code === "payments_refused" && (
          <p className="small secondary" lang="en">
            {message}
          </p>
        )}
      </>
    );
  return (
    <ul>
      {errors.map((error) => {
        const { code: found, stage, pointer } = error;
        const sentence = check(error);
        return (
          <li key={`${found} ${stage}${pointer}`}>
            {stage ? (
              <Link href={pathToCheck(state, { code: found, stage, pointer })}>{sentence}</Link>
            ) : (
              sentence
            )}
          </li>
        );
      })}
    </ul>
  );
}
