import { Link } from "../app/Link";
import { paths, usePathname } from "../app/router";
import { AssistantButton } from "../assistant/AssistantHost";
import { Icon } from "../look/Icon";
import { useSession } from "../session/SessionContext";
import type { PresentPerson } from "../session/types";
import { useTexts } from "../texts";
import { Bar } from "./Bar";
import { SaveLine } from "./SaveLine";

/** The bar of a page of one session: its title, save line, people, history, and the assistant. */
export function SessionBar({ isPublished = false }: { isPublished?: boolean }) {
  const { common, published, states } = useTexts();
  const state = useSession();
  const pathname = usePathname();
  const isRunning = state.session?.publication.state === "running";
  const isRead = state.session !== null;
  const { title } = state.data("eventSetup");
  return (
    <Bar {...(isRead && { title: title || common.untitled })}>
      {isRunning ? (
        <span className="save long" role="status">
          {states.publishing}
        </span>
      ) : (
        isRead && !isPublished && <SaveLine state={state.saveState} />
      )}
      <People people={state.people} />
      <Link
        className="tool"
        href={paths.history(state.sessionId)}
        aria-current={pathname === paths.history(state.sessionId) ? "page" : undefined}
      >
        <Icon name="clock" />
        <span className="tool-label">{common.history}</span>
      </Link>
      {isRead && !isPublished && <AssistantButton />}
      {isPublished && (
        <Link className="tool" href={paths.myEvents}>
          <span className="long">{common.myEvents}</span>
          <span className="short">{published.all}</span>
        </Link>
      )}
    </Bar>
  );
}

function People({ people }: { people: readonly PresentPerson[] }) {
  const { common } = useTexts();
  if (people.length < 2) return null;
  return (
    <span
      className="people-here"
      role="img"
      aria-label={common.people(people.map((person) => person.name))}
    >
      {people.map((person) => (
        <b key={person.userId}>{initials(person.name)}</b>
      ))}
    </span>
  );
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("")
    .toUpperCase();
}
