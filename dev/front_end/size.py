"""Checks how many bytes of scripts and styles a browser loads.

Before the first page is shown, these are the files of the shell, and those of that page. Fonts and
pictures come afterwards. The assistant is loaded when a person opens it.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

MANIFEST: Final = Path("dist", ".vite", "manifest.json")

MAX_BYTES: Final = 100_000
"""Compressed with gzip."""

FIRST_PAGES: Final = (
    "src/screens/SignIn.tsx",
    "src/screens/MyEvents.tsx",
    "src/screens/Start.tsx",
)

MAX_ASSISTANT_BYTES: Final = 175_000
"""Compressed with gzip."""

ASSISTANT: Final = ("src/assistant/Assistant.tsx", "src/texts/en/assistant.ts")

_ENTRY: Final = "index.html"
_SESSION_PAGES: Final = "src/screens/SessionPages.tsx"

Manifest = Mapping[str, Mapping[str, Any]]


def main(web: Path) -> int:
    """Prints the size of each first page and of the assistant. Returns 1 if one is too large."""
    path = web / MANIFEST
    if not path.exists():
        print("Skipped, because the front end is not built: the size of what a browser loads.")
        return 0
    manifest: Manifest = json.loads(path.read_text())
    dist = web / "dist"
    sizes = [(page, first_load(manifest, page, dist), MAX_BYTES) for page in FIRST_PAGES]
    sizes.append((ASSISTANT[0], on_demand(manifest, dist), MAX_ASSISTANT_BYTES))
    for name, size, limit in sizes:
        print(f"{name}: {size / 1000:.1f} kB of {limit / 1000:g} kB")
    return int(any(size > limit for _, size, limit in sizes))


def first_load(manifest: Manifest, page: str, dist: Path) -> int:
    """Bytes of the shell and of the chunk ``page``, compressed."""
    return _bytes_of(files_of(manifest, _ENTRY, page), dist)


def on_demand(manifest: Manifest, dist: Path) -> int:
    """Bytes that the page of a session loads for the assistant, compressed."""
    before = files_of(manifest, _ENTRY, _SESSION_PAGES)
    return _bytes_of(files_of(manifest, *ASSISTANT) - before, dist)


def _bytes_of(files: set[str], dist: Path) -> int:
    return sum((dist / f"{file}.gz").stat().st_size for file in files)


def files_of(manifest: Manifest, *chunks: str) -> set[str]:
    """The scripts and styles of chunks, and those of the chunks that they import at once."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = list(chunks)
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        entry = manifest[name]
        found.add(entry["file"])
        found.update(entry.get("css", ()))
        waiting.extend(entry.get("imports", ()))
    return found
