import "../look/components/start.css";

import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { unwrap } from "../api/client";
import { type Event, type InitialSections, listEvents } from "../api/generated";
import { Link } from "../app/Link";
import { navigate, paths } from "../app/router";
import { Icon } from "../look/Icon";
import { Bar } from "../parts/Bar";
import { useTexts } from "../texts";
import { begin, copiedSections, exampleSections } from "./start/beginnings";

/** Begins an event: with a title, empty, with an example, or as a copy. */
export default function Start() {
  const { start, common } = useTexts();
  const [title, setTitle] = useState("");
  const [hasFailed, setFailed] = useState(false);
  const key = useRef(crypto.randomUUID());
  const isBegun = useRef(false);

  async function beginWith(read: () => Promise<InitialSections> | InitialSections) {
    if (isBegun.current) return;
    isBegun.current = true;
    setFailed(false);
    try {
      const session = await begin(await read(), key.current);
      navigate(paths.stage(session.session_id, session.current_stage), { replace: true });
    } catch {
      isBegun.current = false;
      setFailed(true);
    }
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    void beginWith(() => (title.trim() === "" ? {} : { event: { title: title.trim() } }));
  }

  return (
    <>
      <a className="skip" href="#main">
        {common.toContent}
      </a>
      <Bar title={start.title}>
        <Link className="tool" href={paths.myEvents}>
          {common.close}
          <Icon name="cross" small />
        </Link>
      </Bar>
      <main className="page start-page" id="main">
        <form className="sentence" onSubmit={submit}>
          <h1 className="heading-1">
            <label htmlFor="title">{start.heading}</label>
          </h1>
          <textarea
            id="title"
            className="input title big"
            rows={1}
            value={title}
            aria-describedby="title-hint"
            onChange={(event) => setTitle(event.target.value.replace(/\s*\n\s*/g, " "))}
            onKeyDown={(event) => {
              if (event.key !== "Enter") return;
              event.preventDefault();
              event.currentTarget.form?.requestSubmit();
            }}
          />
          <p className="hint" id="title-hint">
            {start.hint}
          </p>
          <div className="acts mt-6">
            <button type="submit" className="button">
              {start.begin}
            </button>
            {hasFailed && (
              <p className="field-error" role="alert">
                {start.failed}
              </p>
            )}
          </div>
        </form>
        <section className="other-ways" aria-labelledby="other-ways">
          <h2 className="heading-2" id="other-ways">
            {start.otherWays}
          </h2>
          <ul className="list ways">
            <Way
              name={start.empty}
              sentence={start.emptySentence}
              onClick={() => beginWith(() => ({}))}
            />
            <EarlierEvents onChoose={(id) => beginWith(() => copiedSections(id))} />
            <Way
              name={start.example}
              sentence={start.exampleSentence}
              onClick={() => beginWith(exampleSections)}
            />
          </ul>
        </section>
      </main>
    </>
  );
}

interface WayProps {
  name: string;
  sentence: string;
  onClick: () => void;
  isOpen?: boolean;
  children?: ReactNode;
}

function Way({ name, sentence, onClick, isOpen, children }: WayProps) {
  return (
    <li>
      <button type="button" onClick={onClick} aria-expanded={isOpen}>
        <b>{name}</b>
        <span>{sentence}</span>
        <Icon name={isOpen === undefined ? "right" : "chevron"} />
      </button>
      {children}
    </li>
  );
}

function EarlierEvents({ onChoose }: { onChoose: (sessionId: string) => void }) {
  const { start } = useTexts();
  const [isOpen, setOpen] = useState(false);
  const [events, setEvents] = useState<Event[] | null>(null);

  function toggle() {
    setOpen(!isOpen);
    if (events !== null) return;
    const read = unwrap(listEvents({ query: { limit: 20 } }));
    read.then(
      (page) => setEvents(page.items as Event[]),
      () => setEvents([]),
    );
  }

  return (
    <Way name={start.earlier} sentence={start.earlierSentence} onClick={toggle} isOpen={isOpen}>
      {isOpen && events?.length === 0 && <p className="hint">{start.noEarlier}</p>}
      {isOpen && events !== null && (
        <ul>
          {events.map((event) => (
            <li key={event.event_id}>
              <button
                type="button"
                className="text-button"
                onClick={() => onChoose(event.session_id)}
              >
                {event.title}
              </button>
            </li>
          ))}
        </ul>
      )}
    </Way>
  );
}
