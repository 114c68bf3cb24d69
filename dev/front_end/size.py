"""Checks how many bytes of scripts and styles a browser loads before it shows the first page.

These are the files of the shell, and those of the page that it shows first. Fonts and pictures come
afterwards.
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

_ENTRY: Final = "index.html"

Manifest = Mapping[str, Mapping[str, Any]]


def main(web: Path) -> int:
    """Prints the size of each first page. Returns 1 if one is too large."""
    path = web / MANIFEST
    if not path.exists():
        print("Skipped, because the front end is not built: the size of its first load.")
        return 0
    manifest: Manifest = json.loads(path.read_text())
    sizes = {page: first_load(manifest, page, web / "dist") for page in FIRST_PAGES}
    for page, size in sizes.items():
        print(f"{page}: {size / 1000:.1f} kB of {MAX_BYTES / 1000:g} kB")
    return int(any(size > MAX_BYTES for size in sizes.values()))


def first_load(manifest: Manifest, page: str, dist: Path) -> int:
    """Bytes of the shell and of the chunk ``page``, compressed."""
    files = files_of(manifest, _ENTRY) | files_of(manifest, page)
    return sum((dist / f"{file}.gz").stat().st_size for file in files)


def files_of(manifest: Manifest, chunk: str) -> set[str]:
    """The script and styles of a chunk, and those of the chunks that it imports at once."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [chunk]
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
