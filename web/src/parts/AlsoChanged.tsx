import type { ListedAction } from "../api/generated";
import { usePerson } from "../identity/IdentityContext";
import type { JsonObject } from "../session/json";
import { useSession } from "../session/SessionContext";
import type { Conflict } from "../session/types";
import { useTexts } from "../texts";
import { clockTime } from "../texts/format";
import { placeName } from "../texts/places";
import { firstName } from "./authors";
import { otherChanges } from "./otherChanges";

/** More fields than these are counted instead of named. */
const MOST_NAMED = 3;

interface AlsoChangedProps {
  /** Those of one stage. */
  conflicts: readonly Conflict[];
  actions: readonly ListedAction[];
}

/** What others changed that the person had not touched: it is there already. */
export function AlsoChanged({ conflicts, actions }: AlsoChangedProps) {
  const texts = useTexts();
  const { states, history, language } = texts;
  const { userId } = usePerson();
  const { session } = useSession();
  const [first] = conflicts;
  if (session === null || first === undefined) return null;
  const { stage } = first;
  const saved = session.stages[stage].data as JsonObject;
  const changes = otherChanges(conflicts, actions, saved, userId);
  if (changes.length === 0) return null;

  const named = changes.map(({ path }) => {
    const { field, owner, isOfElement } = placeName(texts, stage, path, saved);
    const name = history.withinSentence(field);
    return isOfElement ? history.fieldsOf(owner, name) : name;
  });
  const fields = [...new Set(named)];
  const words = fields.length > MOST_NAMED ? history.fieldCount(fields.length) : fields.join(", ");
  const people = new Set(changes.map(({ author }) => firstName(author.name)));
  const who = [...people].filter((name) => name !== null).join(", ") || null;
  const last = new Date(Math.max(...changes.map(({ author }) => author.at.getTime())));
  return (
    <p className="small secondary">
      {states.alsoChanged(who, clockTime(last, language), words)} {states.notTouched(fields.length)}
    </p>
  );
}
