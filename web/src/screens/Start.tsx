import "../look/forms.css";
import "../look/components/start.css";

import { type FormEvent, useEffect, useRef, useState } from "react";

import type { InitialSections } from "../api/generated";
import { Link } from "../app/Link";
import { navigate, paths } from "../app/router";
import { Icon } from "../look/Icon";
import { Bar } from "../parts/Bar";
import { useTexts } from "../texts";
import { begin, copiedSections, exampleSections } from "./start/beginnings";
import { EarlierEvents } from "./start/EarlierEvents";
import { Way } from "./start/Way";

/** As the API takes a title. */
const LONGEST_TITLE = 150;

/** Begins an event: with a title, empty, with an example, or as a copy. */
export default function Start() {
  const { start, common } = useTexts();
  const [title, setTitle] = useState("");
  const [progress, setProgress] = useState<"idle" | "beginning" | "failed">("idle");
  const attempt = useRef({ body: "", key: "" });
  const isBegun = useRef(false);
  const field = useRef<HTMLTextAreaElement>(null);

  useEffect(() => {
    // On a phone, the keyboard would cover the other ways.
    if (matchMedia("(hover: hover)").matches) field.current?.focus();
  }, []);

  async function beginWith(read: () => Promise<InitialSections> | InitialSections) {
    if (isBegun.current) return;
    isBegun.current = true;
    setProgress("beginning");
    try {
      const sections = await read();
      // A repeat with the same data has the same key, and so begins one event.
      const body = JSON.stringify(sections);
      if (body !== attempt.current.body) attempt.current = { body, key: crypto.randomUUID() };
      const session = await begin(sections, attempt.current.key);
      navigate(paths.stage(session.session_id, session.current_stage), { replace: true });
    } catch {
      isBegun.current = false;
      setProgress("failed");
    }
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    void beginWith(() => (title.trim() === "" ? {} : { event: { title: title.trim() } }));
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
          <h1 className="heading-1">
            <label htmlFor="title">{start.heading}</label>
          </h1>
          <textarea
            id="title"
            ref={field}
            className="input title big"
            rows={1}
            maxLength={LONGEST_TITLE}
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
              {progress === "beginning" ? start.beginning : start.begin}
            </button>
            <div role="alert">
              {progress === "failed" && <p className="field-error">{start.failed}</p>}
            </div>
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
