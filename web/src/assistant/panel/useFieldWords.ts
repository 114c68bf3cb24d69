import { isAbsent, type Json, type JsonObject } from "../../session/json";
import { isOrder, type Path, partsOf } from "../../session/paths";
import { useSession } from "../../session/SessionContext";
import type { Stage } from "../../stages/stages";
import { useTexts } from "../../texts";
import { placeName, valueWords } from "../../texts/places";

interface FieldWords {
  /** How the field is called, such as "Ends" or "Early bird: price". */
  name: string;
  /** A value of it; null if it is empty, or if words cannot say it. */
  wordsOf(value: Json | undefined): string | null;
}

/** How fields are called and what they hold, in words. Elements of lists are named by their `id`. */
export function useFieldWords(): (stage: Stage, path: Path) => FieldWords {
  const texts = useTexts();
  const { data, session } = useSession();
  const currency = data("ticketSetup").currency || "usd";

  return (stage, path) => {
    const saved = (session?.stages[stage].data ?? {}) as JsonObject;
    const { field, owner, isOfElement } = placeName(
      texts,
      stage,
      path,
      data(stage) as JsonObject,
      saved,
    );
    // The value of a whole ticket begins with its name.
    const isTicket = partsOf(path)[0] === "tiers" && partsOf(path).length === 2 && !isOrder(path);
    const name = isOfElement
      ? texts.history.fieldsOf(owner, texts.history.withinSentence(field))
      : field;
    return {
      name: isTicket ? (texts.fieldNames["tiers"] ?? name) : name,
      wordsOf: (value) =>
        isAbsent(value) || isOrder(path) ? null : valueWords(texts, stage, path, value, currency),
    };
  };
}
