import "../../look/components/assistant.css";

import { type KeyboardEvent, useEffect, useLayoutEffect, useRef } from "react";

import { onNavigation, routeOf, usePathname } from "../../app/router";
import { Icon } from "../../look/Icon";
import { LoadingLines } from "../../parts/LoadingLines";
import { Menu } from "../../parts/Menu";
import { useMedia } from "../../parts/useMedia";
import { useSession } from "../../session/SessionContext";
import type { Stage } from "../../stages/stages";
import { useTexts } from "../../texts";
import type { Conversation } from "../types";
import { AskBox } from "./AskBox";
import { ConnectQuestion } from "./ConnectQuestion";
import { PublishQuestion } from "./PublishQuestion";
import { Turns } from "./Turns";
import { useDragToClose } from "./useDragToClose";
import { PANEL_ID, usePanelDialog } from "./usePanelDialog";

interface AssistantPanelProps {
  conversation: Conversation;
  /** How the assistant works: by rules, or with which model. */
  how: string;
  onClose: () => void;
  /** It was open before a reload: the focus stays where it is. */
  isRestored?: boolean;
}

/** The conversation with the assistant: beside the form on wide screens, else a sheet from below. */
export function AssistantPanel(props: AssistantPanelProps) {
  const { conversation, how, onClose, isRestored = false } = props;
  const { assistant } = useTexts();
  const isBeside = useMedia("(min-width: 1280px)");
  const panel = useRef<HTMLDialogElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const drag = useDragToClose(panel, onClose);
  const stage = useShownStage();
  // On a phone, the field would bring up the keyboard, which covers the conversation.
  usePanelDialog({ panel, first: isBeside ? field : heading, isBeside, isRestored });
  useRoomForStripe(onClose);
  const { question } = conversation;

  function closeOnEscape(event: KeyboardEvent) {
    const hasMenu = panel.current?.querySelector("[popover]:popover-open") ?? null;
    if (isBeside && event.key === "Escape" && hasMenu === null) onClose();
  }

  return (
    <>
      <dialog
        id={PANEL_ID}
        ref={panel}
        className="assistant"
        aria-label={assistant.heading}
        onKeyDown={closeOnEscape}
        // It also closes as it changes between the two kinds of a dialog, and is open again by then.
        onClose={() => panel.current?.open === false && onClose()}
        onClick={(event) => {
          if (event.target === panel.current && !isBeside) onClose();
        }}
      >
        <div className="head" {...(isBeside ? {} : drag)}>
          <div className="grab" aria-hidden="true" />
          <div className="name">
            <h2 className="heading-2" ref={heading} tabIndex={-1}>
              {assistant.heading}
            </h2>
            <span className="small secondary">{how}</span>
          </div>
          <Menu label={assistant.menu}>
            <button type="button" onClick={conversation.startOver}>
              {assistant.startOver}
            </button>
          </Menu>
          <button type="button" className="tool" aria-label={assistant.close} onClick={onClose}>
            <Icon name="cross" />
          </button>
        </div>
        <Talk conversation={conversation} onLeave={() => !isBeside && onClose()} />
        <AskBox conversation={conversation} stage={stage} field={field} />
      </dialog>
      {question?.kind === "publish" && (
        // Opened anew when the panel becomes modal, so that it stays above it.
        <PublishQuestion
          key={`${question.callId} ${isBeside}`}
          question={question}
          answer={conversation.answer}
          onLeave={() => !isBeside && onClose()}
        />
      )}
    </>
  );
}

/** The stage whose page is open; on the other pages that of the session. */
function useShownStage(): Stage {
  const { session } = useSession();
  const route = routeOf(usePathname());
  return route.name === "stage" ? route.stage : (session?.current_stage ?? "organizerSetup");
}

/** Stripe's slip lies where the panel is. */
function useRoomForStripe(onClose: () => void): void {
  useEffect(
    () =>
      onNavigation(() => {
        if (location.hash === "#stripe") onClose();
      }),
    [onClose],
  );
}

interface TalkProps {
  conversation: Conversation;
  onLeave: () => void;
}

function Talk({ conversation, onLeave }: TalkProps) {
  const { assistant } = useTexts();
  const { turns, isConnected, question, answer } = conversation;
  const [log, noteScroll] = useNewestInView(turns.findLast(({ from }) => from === "person")?.id);
  return (
    <div
      className="talk"
      role="log"
      aria-live="polite"
      aria-label={assistant.talk}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls by keys
      tabIndex={0}
      ref={log}
      onScroll={noteScroll}
    >
      <div>
        {turns.length > 0 && <Turns conversation={conversation} onLeave={onLeave} />}
        {turns.length === 0 && isConnected && (
          <div className="beginning">
            <p>{assistant.empty}</p>
          </div>
        )}
        {!isConnected && turns.length === 0 && <LoadingLines label={assistant.loading} />}
        {question?.kind === "connectPayments" && (
          <ConnectQuestion question={question} answer={answer} />
        )}
      </div>
    </div>
  );
}

/** Pixels from the end within which the reader follows what is said. */
const NEAR_END = 48;

/** Keeps the newest words in view, unless the person has scrolled up and said nothing since. */
function useNewestInView(lastSaid: string | undefined) {
  const log = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const said = useRef(lastSaid);
  const lastTop = useRef(0);

  function follow() {
    if (isAtEnd.current && log.current !== null) log.current.scrollTop = log.current.scrollHeight;
  }

  useLayoutEffect(() => {
    if (said.current !== lastSaid) isAtEnd.current = true;
    said.current = lastSaid;
    follow();
  });

  // What is shown later, such as suggestions that are read, makes it longer, and the field lower.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `follow` reads what is current
  useEffect(() => {
    const element = log.current;
    if (element === null) return;
    const observer = new ResizeObserver(follow);
    for (const part of [element, ...element.children]) observer.observe(part);
    return () => observer.disconnect();
  }, []);

  function noteScroll() {
    if (log.current === null) return;
    const { scrollHeight, scrollTop, clientHeight } = log.current;
    // What is shown meanwhile moves the end away, but nothing up.
    if (scrollHeight - scrollTop - clientHeight < NEAR_END) isAtEnd.current = true;
    else if (scrollTop < lastTop.current) isAtEnd.current = false;
    lastTop.current = scrollTop;
  }
  return [log, noteScroll] as const;
}
