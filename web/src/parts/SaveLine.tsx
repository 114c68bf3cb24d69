import { Icon } from "../look/Icon";
import type { SaveState } from "../session/types";
import { useTexts } from "../texts";

/** Where the person's text is: one place, always there, politely announced. */
export function SaveLine({ state }: { state: SaveState }) {
  const { common, language } = useTexts();
  const texts = common.save;
  const isProvisional = state.kind === "kept" || state.kind === "choose";
  return (
    <span className={isProvisional ? "save offline" : "save"} role="status">
      {state.kind === "saved" && (
        <>
          {state.at !== null && <Icon name="tick" small />}
          {state.at !== null && texts.savedAt(clock(state.at, language))}
        </>
      )}
      {state.kind === "saving" && texts.saving}
      {state.kind === "kept" && texts.kept}
      {state.kind === "choose" && texts.choose(state.conflicts)}
      {state.kind === "closed" && texts.closed}
    </span>
  );
}

function clock(time: Date, language: string): string {
  return new Intl.DateTimeFormat(language, { timeStyle: "short" }).format(time);
}
