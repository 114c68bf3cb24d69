"""The tables of docs/performance.md and docs/scale.md, from the recorded run.

    python -m benchmarks.documents

rewrites them. A table is between ``<!-- table: TITLE -->`` and ``<!-- end -->``.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from benchmarks import report, scale
from benchmarks.report import Table, markdown
from dev.stack.state import ROOT

RECORDED: Final = scale.RECORDED

DOCUMENTS: Final = (ROOT / "docs" / "performance.md", ROOT / "docs" / "scale.md")

_TABLE: Final = re.compile(r"(<!-- table: (.+?) -->\n).*?(<!-- end -->)", re.DOTALL)


def recorded() -> dict[str, Any]:
    """The results of the run that the documents describe."""
    results: dict[str, Any] = json.loads(RECORDED.read_text())
    return results


def record(results: Mapping[str, Any]) -> None:
    """Renew the recorded results of the parts that were run, and the tables of the documents."""
    before = recorded() if RECORDED.exists() else {}
    RECORDED.write_text(json.dumps({**before, **results}, indent=1) + "\n")
    for path in DOCUMENTS:
        path.write_text(renewed(path.read_text(), recorded()))


def renewed(text: str, results: Mapping[str, Any]) -> str:
    """The document with the tables of these results.

    Raises:
        KeyError: there is no table of that title.
    """
    contents = {table.title: markdown(table) for table in _all_tables(results)}
    return _TABLE.sub(lambda match: f"{match[1]}\n{contents[match[2]]}\n\n{match[3]}", text)


def _all_tables(results: Mapping[str, Any]) -> Iterator[Table]:
    yield from report.tables(results)
    yield from scale.tables(results)


if __name__ == "__main__":
    record({})
