import { type KeyboardEvent, type PointerEvent, useRef } from "react";

import { Icon } from "../look/Icon";
import { useTexts } from "../texts";

export interface Focal {
  x?: number | null;
  y?: number | null;
}

interface FocalPointProps {
  url: string;
  /** Shares of width and height, 0 to 1. */
  focal: Focal | null | undefined;
  disabled: boolean;
  onChange: (focal: { x: number; y: number }) => void;
}

const STEP = 0.01;
const LEAP = 0.1;

/** What must stay in the picture: by click, by drag, or by the arrow keys. */
export function FocalPoint({ url, focal, disabled, onChange }: FocalPointProps) {
  const { media } = useTexts();
  const frame = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [x, y] = [focal?.x ?? 0.5, focal?.y ?? 0.5];

  function aim(event: PointerEvent) {
    const box = frame.current?.getBoundingClientRect();
    if (box === undefined || event.buttons !== 1 || disabled) return;
    move((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  }

  /** A drag goes on beyond the edge of the picture, and the arrow keys go on from there. */
  function take(event: PointerEvent) {
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    button.current?.focus({ preventScroll: true });
    aim(event);
  }

  function move(nextX: number, nextY: number) {
    onChange({ x: share(nextX), y: share(nextY) });
  }

  function press(event: KeyboardEvent) {
    const step = event.shiftKey ? LEAP : STEP;
    const moves: Record<string, [number, number]> = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, -step],
      ArrowDown: [0, step],
    };
    const by = moves[event.key];
    if (by === undefined) return;
    event.preventDefault();
    move(x + by[0], y + by[1]);
  }

  const position = { objectPosition: `${100 * x}% ${100 * y}%` };
  return (
    <>
      <div className="picture">
        <div className="focal-point" ref={frame} onPointerDown={take} onPointerMove={aim}>
          <img src={url} alt="" draggable={false} />
          <button
            type="button"
            className="focal-aim"
            ref={button}
            disabled={disabled}
            style={{ left: `${100 * x}%`, top: `${100 * y}%` }}
            aria-label={media.aim(Math.round(100 * x), Math.round(100 * y))}
            onKeyDown={press}
          >
            <Icon name="aim" />
          </button>
        </div>
        <div className="picture-crops" aria-hidden="true">
          <img src={url} alt="" className="square" style={position} />
          <img src={url} alt="" className="wide" style={position} />
          <p className="fine-print secondary">{media.crops}</p>
        </div>
      </div>
      <p className="hint">{media.aimHint}</p>
    </>
  );
}

function share(value: number): number {
  return Math.round(100 * Math.min(1, Math.max(0, value))) / 100;
}
