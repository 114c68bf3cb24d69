"""A table, before it is known where it will stand."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figures:
    """``headings`` and each of the ``rows`` have as many cells."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


def markdown(figures: Figures) -> str:
    rule = ["---", *["---:"] * (len(figures.headings) - 1)]
    lines = [figures.headings, rule, *figures.rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
