"""The statements in ``db/queries``, by name.

A file has the statements of one subject. Each is a block that begins with its name, which is unique
over all files. Comments may follow the name::

    -- name: session_get
    -- The first parameter is the tenant.
    SELECT …
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import dropwhile
from pathlib import Path
from typing import Final

QUERIES: Final = Path(__file__).parent / "queries"

_HEADING: Final = re.compile(r"^-- name:(.*)$", re.MULTILINE)
_NAME: Final = re.compile(r"[a-z][a-z_]*")


class InvalidQueryFile(Exception):
    """The message names the file and the error."""


def sql(name: str) -> str:
    """
    Raises:
        KeyError: no file has a statement of this name.
        InvalidQueryFile: as :func:`load_statements`, at the first call.
    """
    return statements()[name]


@cache
def statements() -> dict[str, str]:
    return load_statements(QUERIES)


def load_statements(directory: Path) -> dict[str, str]:
    """Statements by name, each without the comments above it: traces use the first word of a
    statement as its operation.

    Raises:
        InvalidQueryFile: a block has no name or no statement, or two have the same name.
    """
    found: dict[str, str] = {}
    for path in sorted(directory.glob("*.sql")):
        for name, statement in _blocks(path):
            if name in found:
                raise InvalidQueryFile(f"{path.name}: a second statement is named {name}")
            found[name] = statement
    return found


def _blocks(path: Path) -> Iterator[tuple[str, str]]:
    before, *parts = _HEADING.split(path.read_text(encoding="utf-8"))
    if before.strip():
        raise InvalidQueryFile(f"{path.name}: a statement above the first name")
    for written_name, block in zip(parts[::2], parts[1::2], strict=True):
        name, statement = written_name.strip(), _without_leading_comments(block)
        if not _NAME.fullmatch(name):
            raise InvalidQueryFile(f"{path.name}: {name!r} is not a name")
        if not statement:
            raise InvalidQueryFile(f"{path.name}: {name} has no statement")
        yield name, statement


def _without_leading_comments(block: str) -> str:
    lines = block.strip().splitlines(keepends=True)
    return "".join(dropwhile(lambda line: line.startswith("--"), lines)).strip()
