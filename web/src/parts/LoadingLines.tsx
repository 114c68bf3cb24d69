import { useEffect, useState } from "react";

import { useTexts } from "../texts";

/** Milliseconds in which nothing is said. */
const SHORT = 200;
const WIDTHS = ["44%", "72%", "58%"];

/** Basted lines where text will stand, if it takes longer than a moment. */
export function LoadingLines({ label }: { label?: string }) {
  const { common } = useTexts();
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), SHORT);
    return () => clearTimeout(timer);
  }, []);
  if (!isShown) return null;
  return (
    <div className="loading-lines" role="status">
      <span className="visually-hidden">{label ?? common.loading}</span>
      {WIDTHS.map((width) => (
        <i key={width} style={{ width }} />
      ))}
    </div>
  );
}
