"""The median of the scores decides, each category has its least, and failed audits are named."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from dev import node
from dev.screenshots import lighthouse
from dev.screenshots.reports import LEAST, PageReport, is_enough, median, report_of, rows_of

PERFECT = dict.fromkeys(LEAST, 100.0)
FOUND = node.Node(Path("node"), Path("npm"))


def reports_with(category: str, *scores: float) -> list[PageReport]:
    return [PageReport({**PERFECT, category: score}, dict.fromkeys(LEAST, ())) for score in scores]


def document_with(score: float | None, /, **audit: Any) -> dict[str, Any]:
    """A report of Lighthouse with one audit in each category."""
    category = {"score": score, "auditRefs": [{"id": "speed", "weight": 10}]}
    described = {"id": "speed", "title": "Page is fast", "scoreDisplayMode": "numeric", **audit}
    return {"categories": dict.fromkeys(LEAST, category), "audits": {"speed": described}}


def test_one_slow_run_of_three_does_not_count() -> None:
    assert median(reports_with("performance", 60, 96, 97), "performance") == 96


@pytest.mark.parametrize("category", LEAST)
def test_one_category_below_its_least_is_not_enough(category: str) -> None:
    assert is_enough(reports_with(category, LEAST[category]))
    assert not is_enough(reports_with(category, LEAST[category] - 1))


@pytest.mark.parametrize(("score", "shown"), [(0.955, 96), (1, 100), (0, 0), (None, 0)])
def test_scores_are_of_a_hundred(score: float | None, shown: float) -> None:
    assert report_of(document_with(score, score=1)).scores == dict.fromkeys(LEAST, shown)


def test_low_category_names_its_audits_once() -> None:
    slow = report_of(document_with(0.5, score=0.4, displayValue="4.1 s"))

    rows = list(rows_of("a page", [slow, slow]))

    assert rows[0].split() == [
        *("a", "page", "performance", "50", "of", "at", "least", "95", "(50", "50)"),
        *("too", "low"),
    ]
    assert rows[1].strip() == "speed: Page is fast (4.1 s)"
    assert len(rows) == 2 * len(LEAST)


@pytest.mark.parametrize(
    "audit",
    [
        {"score": 1},
        {"score": None, "scoreDisplayMode": "informative"},
        {"score": None, "scoreDisplayMode": "notApplicable"},
    ],
)
def test_audit_that_costs_nothing_is_not_named(audit: dict[str, Any]) -> None:
    assert report_of(document_with(1, **audit)).failed == dict.fromkeys(LEAST, ())


def test_run_that_fails_twice_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[object] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        runs.append(command)
        return subprocess.CompletedProcess(command, 1, "", "no page")

    monkeypatch.setattr(subprocess, "run", run)

    with pytest.raises(lighthouse.LighthouseFailed, match="no page"):
        lighthouse._measured(FOUND, "http://127.0.0.1:1/", 1)
    assert len(runs) == 2
