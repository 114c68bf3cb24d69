import { Icon } from "../look/Icon";
import type { SaveState } from "../session/types";
import { useTexts } from "../texts";
import { clockTime } from "../texts/format";

/** Where the person's text is: one place, always there, politely announced. */
export function SaveLine({ state }: { state: SaveState }) {
  const { common, language } = useTexts();
  const texts = common.save;
  const isProvisional = ["kept", "unkept", "choose", "refused"].includes(state.kind);
  return (
    <span className={isProvisional ? "save offline" : "save"} role="status">
      {state.kind === "saved" && (
        <>
          <Icon name="tick" small />
          {isToday(state.at) ? texts.savedAt(clockTime(state.at, language)) : texts.saved}
        </>
      )}
      {state.kind === "saving" && texts.saving}
      {state.kind === "kept" && texts.kept}
      {state.kind === "unkept" && texts.unkept}
      {state.kind === "choose" && (
        <>
          <span className="md:hidden">{texts.choose(state.conflicts)}</span>
          <span className="hidden md:inline">{texts.keptUntilChosen}</span>
        </>
      )}
      {state.kind === "refused" && texts.refused(state.count)}
      {state.kind === "closed" && texts.closed}
    </span>
  );
}

/** A clock time alone is that of today. */
function isToday(moment: Date | null): moment is Date {
  return moment?.toDateString() === new Date().toDateString();
}
