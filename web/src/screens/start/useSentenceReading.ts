import { useCallback, useEffect, useRef, useState } from "react";

import { useTexts } from "../../texts";
import { ownZone } from "../../texts/zones";
import { readSentence, type SentenceReading } from "./understanding";

/** Milliseconds after the last keystroke. */
const PAUSE = 600;

interface Running {
  sentence: string;
  result: Promise<SentenceReading | null>;
  cancel: () => void;
}

/** What the sentence says, read again once the person pauses. At most one request is on its way. */
export function useSentenceReading(sentence: string) {
  const { language } = useTexts();
  const [reading, setReading] = useState<SentenceReading | null>(null);
  const running = useRef<Running | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const isFirst = useRef(true);

  /** Reads the sentence at once. Null if another one was typed meanwhile. */
  const read = useCallback((): Promise<SentenceReading | null> => {
    clearTimeout(timer.current);
    if (running.current?.sentence === sentence) return running.current.result;
    running.current?.cancel();
    const controller = new AbortController();
    const finish = async () => {
      const reader = { language, timezone: ownZone() };
      const next = await readSentence(sentence, reader, controller.signal);
      if (controller.signal.aborted) return null;
      running.current = null;
      setReading(next);
      return next;
    };
    running.current = { sentence, result: finish(), cancel: () => controller.abort() };
    return running.current.result;
  }, [sentence, language]);

  useEffect(() => {
    const cancel = () => {
      running.current?.cancel();
      running.current = null;
    };
    // A sentence that was kept on this device is read at once.
    const pause = isFirst.current ? 0 : PAUSE;
    isFirst.current = false;
    if (sentence === "") {
      setReading(null);
      return;
    }
    timer.current = setTimeout(read, pause);
    return () => {
      clearTimeout(timer.current);
      cancel();
    };
  }, [sentence, read]);

  return { reading, isCurrent: reading?.sentence === sentence, read };
}
