"""Builds ``web/dist``, if a source is newer than the last build.

The stack needs no front end: if it cannot be built, a line says so, and the stack starts without it
or with the previous build.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from dev import node

BUILT: Final = "dist/index.html"

_SOURCES: Final = ("index.html", "package-lock.json", "tsconfig.json", "vite.config.ts")
_FOLDERS: Final = ("public", "src")


def main(web: Path) -> int:
    """Builds if it is necessary. Returns 0 in any case."""
    if "WEB_ROOT" in os.environ or is_built(web):
        return 0
    print(
        "Building the front end into web/dist (the first time, also installs its packages) …",
        flush=True,
    )
    if node.main(web, ["build"]) != 0:
        print("The front end was not built, for the reason above. The stack starts without it.")
    return 0


def is_built(web: Path) -> bool:
    built = web / BUILT
    if not built.exists():
        return False
    time = built.stat().st_mtime
    return all(source.stat().st_mtime <= time for source in _sources(web))


def _sources(web: Path) -> Iterator[Path]:
    """Folders as well, because a removed file changes only its folder."""
    yield from (web / name for name in _SOURCES)
    for folder in _FOLDERS:
        yield web / folder
        yield from (web / folder).rglob("*")
