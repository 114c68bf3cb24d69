import { useId, useState } from "react";
import { renderSVG } from "uqr";

import type { Event } from "../../api/generated";
import { Icon } from "../../look/Icon";
import { Dialog } from "../../parts/Dialog";
import { useTexts } from "../../texts";

/** Milliseconds that the button says "Copied". */
const COPIED_FOR = 2_000;

export function ShareRow({ event }: { event: Event }) {
  const { published } = useTexts();
  const [isCopied, setCopied] = useState(false);
  const [showsCode, setShowsCode] = useState(false);
  const path = `/e/${event.slug}`;
  const url = new URL(path, location.origin).href;

  async function copy() {
    await navigator.clipboard.writeText(url);
    setCopied(true);
    setTimeout(() => setCopied(false), COPIED_FOR);
  }

  return (
    <>
      <div className="link-row">
        <a className="url" href={path}>
          {url.replace(/^https?:\/\//, "")}
        </a>
        <button type="button" className="button" onClick={copy} aria-live="polite">
          <Icon name={isCopied ? "tick" : "copy"} />
          {isCopied ? published.copied : published.copy}
        </button>
      </div>
      <ul className="share-row">
        {"share" in navigator && (
          <li>
            <button
              type="button"
              className="text-button"
              // The person may close the browser's own sheet.
              onClick={() => navigator.share({ title: event.title, url }).catch(() => undefined)}
            >
              <Icon name="share" />
              {published.share}
            </button>
          </li>
        )}
        <li>
          <button type="button" className="text-button" onClick={() => setShowsCode(true)}>
            <Icon name="qr" />
            {published.qr}
          </button>
        </li>
        <li>
          <a className="text-button" href={`/v1/public/events/${event.slug}.ics`} download>
            <Icon name="calendar" />
            {published.calendar}
          </a>
        </li>
        <li>
          <a className="text-button" href={path}>
            <Icon name="out" />
            {published.openPage}
          </a>
        </li>
      </ul>
      <CodeDialog open={showsCode} url={url} onClose={() => setShowsCode(false)} />
    </>
  );
}

interface CodeDialogProps {
  open: boolean;
  url: string;
  onClose: () => void;
}

/** Always black on white, so that every camera reads it. */
function CodeDialog({ open, url, onClose }: CodeDialogProps) {
  const { published } = useTexts();
  const heading = useId();
  const image = `data:image/svg+xml;utf8,${encodeURIComponent(renderSVG(url))}`;
  return (
    <Dialog open={open} onClose={onClose} labelledBy={heading} className="dialog">
      <h2 className="heading-2" id={heading}>
        {published.qr}
      </h2>
      <img className="w-full" src={image} alt={published.qrLabel(url)} />
      <div className="acts">
        <button type="button" className="button" onClick={onClose}>
          {published.closeDialog}
        </button>
      </div>
    </Dialog>
  );
}
