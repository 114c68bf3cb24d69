/**
 * The few signs of Markdown that the assistant's answers have. Everything else is plain text, so that
 * no text of an event can become anything but text.
 */

export type Inline =
  | { kind: "text"; text: string }
  | { kind: "bold"; text: string }
  | { kind: "link"; text: string; href: string };

export type Block =
  | { kind: "paragraph"; content: readonly Inline[] }
  | { kind: "list"; items: readonly (readonly Inline[])[]; start: number | null };

const ENTRY = /^(?:- |(\d{1,3})\. )/;
const INLINE = /\*\*([^*\n]+)\*\*|\[([^[\]\n]+)\]\(([^()\s]+)\)/g;
/** A page of the wizard, or a page elsewhere. */
const TARGET = /^(?:\/s\/|https:\/\/)/;

/** The blocks of an answer: paragraphs and lists, with an empty line between them. */
export function blocksOf(text: string): Block[] {
  return text
    .split(/\n\s*\n/)
    .flatMap((part) => runsOf(part.split("\n").filter((line) => line.trim() !== "")))
    .map(blockOf);
}

/** Lines that belong together. A line below an entry of a list belongs to it. */
function runsOf(lines: readonly string[]): string[][] {
  const first = lines.findIndex((line) => ENTRY.test(line));
  const runs = first < 0 ? [lines] : [lines.slice(0, first), lines.slice(first)];
  return runs.filter((run) => run.length > 0).map((run) => [...run]);
}

function blockOf(lines: readonly string[]): Block {
  const start = ENTRY.exec(lines[0] ?? "");
  if (start === null) return { kind: "paragraph", content: inlineOf(lines.join("\n")) };
  const items: string[] = [];
  for (const line of lines) {
    if (ENTRY.test(line)) items.push(line.replace(ENTRY, ""));
    else items.push(`${items.pop()}\n${line}`);
  }
  return {
    kind: "list",
    items: items.map(inlineOf),
    start: start[1] === undefined ? null : Number(start[1]),
  };
}

function inlineOf(text: string): Inline[] {
  const found: Inline[] = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, bold, label, href] = match;
    if (href !== undefined && !TARGET.test(href)) continue;
    if (match.index > end) found.push({ kind: "text", text: text.slice(end, match.index) });
    if (bold !== undefined) found.push({ kind: "bold", text: bold });
    else found.push({ kind: "link", text: label ?? "", href: href ?? "" });
    end = match.index + whole.length;
  }
  if (end < text.length) found.push({ kind: "text", text: text.slice(end) });
  return found;
}
