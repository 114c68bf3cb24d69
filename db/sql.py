"""The statements in ``db/queries``, by name."""

from functools import cache
from pathlib import Path
from typing import Final

QUERIES: Final = Path(__file__).parent / "queries"


@cache
def sql(name: str) -> str:
    """The text of ``db/queries/{name}.sql``."""
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8")
