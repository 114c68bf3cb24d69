import { useSession } from "../session/SessionContext";
import { useIsOnline } from "../session/useIsOnline";
import { useTexts } from "../texts";
import { clockTime } from "../texts/format";
import { Note } from "./Note";

/** What happens with what is typed while the API cannot be reached. */
export function OfflineNote() {
  const { states, language } = useTexts();
  const { unreachableSince, unsent } = useSession();
  const isOnline = useIsOnline();
  if (unreachableSince === null && isOnline) return null;
  const title =
    unreachableSince === null
      ? states.offline
      : states.offlineSince(clockTime(unreachableSince, language));
  return (
    <Note kind="offline" icon="offline" title={title}>
      <p className="secondary">
        {unsent === 0 ? states.offlineNothing : states.offlineUnsent(unsent)}
      </p>
    </Note>
  );
}
