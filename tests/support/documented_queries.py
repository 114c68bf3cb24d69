"""The visibility queries in the documentation, and what each of them should find."""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]

_BLOCK: Final = re.compile(r"^ *```.*?^ *```", re.DOTALL | re.MULTILINE)
_INLINE: Final = re.compile(r"`([^`\n]+)`")
_OPTION: Final = re.compile(r"--query '([^']+)'")
_CONDITION: Final = re.compile(
    r"(?P<name>(?:Wizard|Workflow|Execution|Temporal|Task|Start|Close)[A-Z]\w*)"
    r" ?(?P<operator>!=|<=|>=|=|<|>|IN|IS) ?(?P<value>.+)"
)
_TIME: Final = re.compile(r'"\d{4}-\d\d-\d\dT[\d:]+Z"')
_TEXT: Final = re.compile(r'"([^"]*)"')

_COMPARISONS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

Attributes = Mapping[str, str | int | datetime | None]


def documented_queries() -> dict[str, str]:
    """Each query, and the file that has it."""
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "ops").rglob("*.md")]
    return {
        query: str(path.relative_to(ROOT))
        for path in sorted(documents)
        for query in queries_in(path.read_text())
    }


def queries_in(markdown: str) -> Iterator[str]:
    """In inline code and in lines of code blocks: the whole code, or the option ``--query``."""
    blocks = _BLOCK.findall(markdown)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    for code in (*lines, *_INLINE.findall(_BLOCK.sub("", markdown))):
        options = _OPTION.findall(code)
        if options or _CONDITION.match(code):
            yield from options or [code]


def with_time(query: str, time: datetime) -> str:
    """``time`` instead of the one in the query: documented times are examples."""
    return _TIME.sub(f'"{time.isoformat()}"', query)


def is_true_of(query: str, attributes: Attributes) -> bool:
    """Whether a session with these attributes meets all conditions.

    Raises:
        AssertionError: the query has something else than conditions joined by AND.
    """
    return all(_is_met(condition, attributes) for condition in query.split(" AND "))


def _is_met(condition: str, attributes: Attributes) -> bool:
    matched = _CONDITION.fullmatch(condition)
    assert matched, f"not a simple condition: {condition}"
    stored, sign = attributes.get(matched["name"]), matched["operator"]
    if sign == "IS":
        assert matched["value"] == "NULL", condition
        return stored is None
    if sign == "IN":
        return stored in _TEXT.findall(matched["value"])
    return stored is not None and bool(_COMPARISONS[sign](stored, _value(matched["value"])))


def _value(text: str) -> Any:
    quoted = _TEXT.fullmatch(text)
    if quoted is None:
        return int(text)
    try:
        return datetime.fromisoformat(quoted[1])
    except ValueError:
        return quoted[1]
