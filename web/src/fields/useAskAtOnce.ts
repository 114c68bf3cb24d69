import { useEffect, useState } from "react";

/**
 * Focuses a control that appears with the next rendering, such as the words of a picture that was
 * just added. The returned function asks for it.
 */
export function useAskAtOnce(id: string): () => void {
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    if (asked > 0) document.getElementById(id)?.focus();
  }, [asked, id]);
  return () => setAsked((count) => count + 1);
}
