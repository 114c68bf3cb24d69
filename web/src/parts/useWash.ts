import { useEffect, useRef, useState } from "react";

/** Milliseconds that a value that has just changed is washed. */
const WASHED_FOR = 1_200;

/** The class of an element whose value has just changed; not when it is shown first. */
export function useWash(value: unknown): "washed" | undefined {
  const shown = useRef(value);
  const [isWashed, setWashed] = useState(false);
  useEffect(() => {
    if (shown.current === value) return;
    shown.current = value;
    setWashed(true);
    const timer = setTimeout(() => setWashed(false), WASHED_FOR);
    return () => clearTimeout(timer);
  }, [value]);
  return isWashed ? "washed" : undefined;
}
