"""Reports of Lighthouse: the scores of a page, and the audits that cost it points."""

import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

LEAST: Final[Mapping[str, float]] = {"performance": 95, "accessibility": 100, "best-practices": 95}
"""The least score of each category, of 100."""

_NO_PROBLEM: Final = frozenset({"informative", "manual", "notApplicable"})
"""Modes of audits that cost no points."""


class PageReport(NamedTuple):
    """One run of Lighthouse, by category."""

    scores: Mapping[str, float]
    """Of 100."""
    failed: Mapping[str, Sequence[str]]
    """The audits below the best score, in words."""


def report_of(document: Mapping[str, Any]) -> PageReport:
    """A category that was not measured has the score 0."""
    categories, audits = document["categories"], document["audits"]
    return PageReport(
        {name: round(100 * (categories[name]["score"] or 0)) for name in LEAST},
        {name: tuple(_failed(categories[name], audits)) for name in LEAST},
    )


def median(reports: Sequence[PageReport], category: str) -> float:
    return statistics.median(report.scores[category] for report in reports)


def is_enough(reports: Sequence[PageReport]) -> bool:
    return all(median(reports, category) >= least for category, least in LEAST.items())


def rows_of(page: str, reports: Sequence[PageReport]) -> Iterator[str]:
    """A line for each category: the median of the scores, the target, and each score. Below it, the
    audits that failed in any run, with the value of the first one."""
    for category, least in LEAST.items():
        reached = median(reports, category)
        verdict = "" if reached >= least else "  too low"
        scores = " ".join(f"{report.scores[category]:g}" for report in reports)
        yield f"{page:<16} {category:<15} {reached:>5g}  of at least {least:g}  ({scores}){verdict}"
        yield from (f"    {line}" for line in _once(report.failed[category] for report in reports))


def _failed(category: Mapping[str, Any], audits: Mapping[str, Any]) -> Iterator[str]:
    for reference in category["auditRefs"]:
        audit = audits[reference["id"]]
        if not reference["weight"] or audit["scoreDisplayMode"] in _NO_PROBLEM:
            continue
        if (audit["score"] or 0) < 1:
            value = audit.get("displayValue")
            yield f"{audit['id']}: {audit['title']}" + (f" ({value})" if value else "")


def _once(lists: Iterable[Sequence[str]]) -> Iterable[str]:
    """Each audit once: what is before the colon is its id."""
    lines: dict[str, str] = {}
    for line in (line for lines_of_run in lists for line in lines_of_run):
        lines.setdefault(line.partition(":")[0], line)
    return lines.values()
