"""The statements in ``db/queries``, by name."""

from functools import cache
from itertools import dropwhile
from pathlib import Path
from typing import Final

QUERIES: Final = Path(__file__).parent / "queries"


@cache
def sql(name: str) -> str:
    """The text of ``db/queries/{name}.sql``, from its first word on: what observes statements takes
    that for the operation."""
    lines = (QUERIES / f"{name}.sql").read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(dropwhile(lambda line: line.startswith("--"), lines))
