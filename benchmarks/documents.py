"""Tables of docs/performance.md and docs/scale.md, from the recorded run.

    python -m benchmarks.documents

A table stands between ``<!-- table: TITLE -->`` and ``<!-- end -->``.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from benchmarks import report, scale
from benchmarks.figures import Figures, markdown
from dev.stack.state import ROOT

RECORDED: Final = scale.RECORDED

DOCUMENTS: Final = (ROOT / "docs" / "performance.md", ROOT / "docs" / "scale.md")

_TABLE: Final = re.compile(r"(<!-- table: (.+?) -->\n).*?(<!-- end -->)", re.DOTALL)


def recorded() -> dict[str, Any]:
    """The results of the run that the documents speak of."""
    results: dict[str, Any] = json.loads(RECORDED.read_text())
    return results


def record(results: Mapping[str, Any]) -> None:
    """Parts that were not run stay as they were."""
    known = recorded() if RECORDED.exists() else {}
    RECORDED.write_text(json.dumps({**known, **results}, indent=1) + "\n")
    for path in DOCUMENTS:
        path.write_text(renewed(path.read_text(), recorded()))


def renewed(text: str, results: Mapping[str, Any]) -> str:
    """The document with the tables of these results.

    Raises:
        KeyError: it has a table that nothing makes.
    """
    made = {each.title: markdown(each) for each in _all_tables(results)}
    return _TABLE.sub(lambda found: f"{found[1]}\n{made[found[2]]}\n\n{found[3]}", text)


def _all_tables(results: Mapping[str, Any]) -> Iterator[Figures]:
    yield from report.tables(results)
    yield from scale.tables(results)


if __name__ == "__main__":
    record({})
