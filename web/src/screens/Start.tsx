import "../look/forms.css";
import "../look/components/start.css";

import { type FormEvent, Suspense, useEffect, useRef, useState } from "react";

import type { InitialSections } from "../api/generated";
import { whenIdle } from "../app/idle";
import { Link } from "../app/Link";
import { lazyPart, once } from "../app/loading";
import { navigate, paths } from "../app/router";
import { personKey, usePerson } from "../identity/IdentityContext";
import { Icon } from "../look/Icon";
import { Bar } from "../parts/Bar";
import { useHeadingFocus } from "../parts/useHeadingFocus";
import { useTexts } from "../texts";
import { forgetKey, keyOf } from "./start/attempt";
import { begin, copiedSections, exampleSections } from "./start/beginnings";
import { EarlierEvents } from "./start/EarlierEvents";
import { forgetDraft, useStartDraft } from "./start/startDraft";
import type { UnderstoodHandle } from "./start/Understood";
import { Way } from "./start/Way";

const loadUnderstood = once(() => import("./start/Understood"));
const Understood = lazyPart(loadUnderstood);

/** As the API takes a sentence. */
const LONGEST_SENTENCE = 4_000;

/** How the event is being begun, if it is. */
interface Beginning {
  by: "sentence" | "otherWay";
  hasFailed: boolean;
}

/** Begins an event: with a sentence, empty, with an example, or as a copy. */
export default function Start() {
  const { start, common } = useTexts();
  const person = personKey(usePerson());
  const [draft, setDraft] = useStartDraft(person);
  const [beginning, setBeginning] = useState<Beginning | null>(null);
  const isBegun = useRef(false);
  const heading = useHeadingFocus();
  const field = useRef<HTMLTextAreaElement>(null);
  const understood = useRef<UnderstoodHandle>(null);
  const sentence = draft.sentence.trim();
  // What was understood stays while the sentence is written anew.
  const [wasWritten, setWritten] = useState(sentence !== "");
  if (sentence !== "" && !wasWritten) setWritten(true);

  useEffect(() => {
    // On a phone, the keyboard would cover the other ways.
    if (matchMedia("(hover: hover)").matches) field.current?.focus();
    // The list says so if it does not load.
    return whenIdle(() => void loadUnderstood().catch(() => undefined));
  }, []);

  async function beginWith(
    read: () => Promise<InitialSections> | InitialSections,
    by: Beginning["by"] = "otherWay",
  ) {
    if (isBegun.current) return;
    isBegun.current = true;
    setBeginning({ by, hasFailed: false });
    try {
      const sections = await read();
      const session = await begin(sections, keyOf(person, sections));
      forgetKey(person);
      if (by === "sentence") forgetDraft(person);
      navigate(paths.stage(session.session_id, session.current_stage), { replace: true });
    } catch {
      isBegun.current = false;
      setBeginning({ by, hasFailed: true });
    }
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    understood.current?.enter();
  }

  return (
    <>
      <title>{`${start.title} · ${common.product}`}</title>
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
          <h1 className="heading-1" ref={heading} tabIndex={-1}>
            <label htmlFor="sentence">{start.heading}</label>
          </h1>
          <textarea
            id="sentence"
            ref={field}
            className="input title big"
            rows={1}
            maxLength={LONGEST_SENTENCE}
            value={draft.sentence}
            aria-describedby="sentence-hint"
            onChange={(event) => {
              const sentence = event.target.value.replace(/\s*\n\s*/g, " ");
              setDraft((kept) => ({ ...kept, sentence }));
            }}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
              event.preventDefault();
              event.currentTarget.form?.requestSubmit();
            }}
          />
          <p className="hint" id="sentence-hint">
            {start.hint}
          </p>
        </form>
        {wasWritten && (
          <Suspense>
            <Understood
              ref={understood}
              sentence={sentence}
              corrections={draft.corrections}
              onCorrect={(change) =>
                setDraft((kept) => ({ ...kept, corrections: change(kept.corrections) }))
              }
              beginning={beginning?.by === "sentence" ? beginning : null}
              onBegin={(sections) => beginWith(() => sections, "sentence")}
            />
          </Suspense>
        )}
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
          <div role="alert">
            {beginning?.by === "otherWay" && beginning.hasFailed && (
              <p className="field-error mt-3">{start.failed}</p>
            )}
          </div>
        </section>
      </main>
    </>
  );
}
