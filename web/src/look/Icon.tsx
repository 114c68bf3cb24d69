import type { ReactNode } from "react";

/** Strokes of 1.5 px on a grid of 20, drawn in the colour of the text. */
const DRAWINGS = {
  tick: <path d="M3.5 10.5 8 15 16.5 5.5" />,
  cross: <path d="M5 5l10 10M15 5 5 15" />,
  alert: (
    <>
      <path d="M10 3 18 17H2Z" />
      <path d="M10 8v4.5M10 14v1.2" />
    </>
  ),
  right: <path d="M3 10h13M11 5l5 5-5 5" />,
  left: <path d="M17 10H4M9 5l-5 5 5 5" />,
  up: <path d="M10 17V4M5 9l5-5 5 5" />,
  down: <path d="M10 3v13M5 11l5 5 5-5" />,
  plus: <path d="M10 4v12M4 10h12" />,
  more: <path d="M4 9h2v2H4zM9 9h2v2H9zM14 9h2v2h-2z" fill="currentColor" stroke="none" />,
  copy: <path d="M7 7h9.5v9.5H7zM4 13H3.5V3.5H13V4" />,
  share: <path d="M10 13V3M6 6.5 10 3l4 3.5M4 10.5v6h12v-6" />,
  calendar: <path d="M3.5 5h13v11.5h-13zM3.5 9h13M7 2.5v4M13 2.5v4" />,
  qr: (
    <path d="M3.5 3.5h5v5h-5zM11.5 3.5h5v5h-5zM3.5 11.5h5v5h-5zM11.5 11.5h2v2h-2zM14.5 14.5h2v2h-2z" />
  ),
  clock: <path d="M3.4 6.5A7.2 7.2 0 1 1 2.8 10M3 2.5v4.3h4.3M10 6v4.3l3 1.7" />,
  eye: (
    <>
      <path d="M1.8 10S5 4.8 10 4.8 18.2 10 18.2 10 15 15.2 10 15.2 1.8 10 1.8 10Z" />
      <circle cx="10" cy="10" r="2.3" />
    </>
  ),
  needle: (
    <>
      <path d="M2.5 17.5 14.3 5.7" />
      <path d="M13.2 4.6 16.7 2.8l.5.5-1.8 3.5a1.55 1.55 0 0 1-2.2-2.2Z" />
      <path d="M16.3 5.6c2.5 3.4-1 5.2-3.5 5.8s-4.3 2.3-2.3 4.1 4.8.9 6.2 2" />
    </>
  ),
  pause: <path d="M7 4v12M13 4v12" />,
  play: <path d="M6 4l10 6-10 6z" />,
  offline: <path d="M2 10h5M13 10h5M7 6.5v7M13 6.5v7M10 8.5v3" />,
  undo: <path d="M6.5 4 3 7.5 6.5 11M3 7.5h9a4.25 4.25 0 0 1 0 8.5H8" />,
  out: <path d="M8 4H4v12h12v-4M11 4h5v5M16 4l-7.5 7.5" />,
  chevron: <path d="M4 7l6 6 6-6" />,
  people: (
    <>
      <circle cx="10" cy="6.5" r="3" />
      <path d="M3.5 17c.6-3.6 3.2-5.5 6.5-5.5s5.9 1.9 6.5 5.5" />
    </>
  ),
  aim: (
    <>
      <circle cx="10" cy="10" r="4" />
      <path d="M10 1.5v5M10 13.5v5M1.5 10h5M13.5 10h5" />
    </>
  ),
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof DRAWINGS;

/** An icon beside a word. It is hidden from screen readers: the word, or the button's name, says it. */
export function Icon({ name, small = false }: { name: IconName; small?: boolean }) {
  return (
    <svg className={small ? "icon icon-small" : "icon"} viewBox="0 0 20 20" aria-hidden="true">
      {DRAWINGS[name]}
    </svg>
  );
}
