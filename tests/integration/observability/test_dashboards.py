"""The dashboard and the alerts use only metrics that the processes have."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.observability.conftest import Observed
from tests.integration.observability.test_paid_orders import OF_PAID_ORDERS
from tests.support.postgres import Database, as_owner
from tests.support.waiting import eventually

ROOT = Path(__file__).parents[3]
DASHBOARD = json.loads((ROOT / "ops" / "grafana" / "dashboard.json").read_text())
ALERTS = yaml.safe_load((ROOT / "ops" / "prometheus" / "alerts.yml").read_text())
PROMETHEUS = yaml.safe_load((ROOT / "ops" / "prometheus" / "prometheus.yml").read_text())
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()

RULES = [rule for group in ALERTS["groups"] for rule in group["rules"]]
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
TARGETS = [(panel, target) for panel in PANELS for target in panel["targets"]]
EXPRESSIONS = {
    **{f"alert {rule['alert']}": rule["expr"] for rule in RULES},
    **{
        f"panel {panel['title']} {target['refId']}": target["expr"]
        for panel, target in TARGETS
        if "expr" in target
    },
}

OF_PROMETHEUS = {"up"}
LABELS_OF_PROMETHEUS = {"job", "instance"}
OPERATORS = {"or", "and", "unless"}

STRING = re.compile(r'"[^"]*"')
GROUPING = re.compile(r"\b(?:by|without|on|ignoring)\s*\(([^)]*)\)")
SELECTOR = re.compile(r"\b([a-z_:]+)\b(?!\s*\()(?:\{([^}]*)\})?")
WINDOW = re.compile(r"\[[^\]]*\]|\boffset\s+\w+")


def selectors_of(expression: str) -> Iterator[tuple[str, set[str]]]:
    """Each metric of an expression, with the labels it is selected by."""
    bare = WINDOW.sub("", GROUPING.sub("", STRING.sub("", expression)))
    for name, matchers in SELECTOR.findall(bare):
        if name not in OPERATORS:
            yield name, set(re.findall(r"\w+", matchers))


def grouped_by(expression: str) -> set[str]:
    return {
        label for labels in GROUPING.findall(expression) for label in re.findall(r"\w+", labels)
    }


def test_the_parts_of_an_expression_are_found() -> None:
    expression = 'sum by (le, path) (rate(a_total{b="{c}", d!="e"}[5m])) / (f or vector(0)) > 1'

    assert list(selectors_of(expression)) == [("a_total", {"b", "d"}), ("f", set())]
    assert grouped_by(expression) == {"le", "path"}


async def test_every_metric_and_label_exists(observed: Observed) -> None:
    metric_names = {
        name for expression in EXPRESSIONS.values() for name, _ in selectors_of(expression)
    }

    async def labels_of_all() -> dict[str, set[str]] | None:
        labels = defaultdict(set, OF_PAID_ORDERS)
        for sample in await observed.samples():
            labels[sample.name] |= sample.labels.keys()
        return labels if metric_names - labels.keys() == OF_PROMETHEUS else None

    labels_by_metric = await eventually(
        labels_of_all, what=f"a sample of each of {sorted(metric_names)}"
    )
    for source, expression in EXPRESSIONS.items():
        metrics = list(selectors_of(expression))
        for name, labels in metrics:
            assert labels <= labels_by_metric[name] | LABELS_OF_PROMETHEUS, source
        available = set().union(*(labels_by_metric[name] for name, _ in metrics))
        assert grouped_by(expression) <= available | LABELS_OF_PROMETHEUS, source


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_has_severity_summary_and_runbook(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert rule["annotations"]["summary"]
    assert rule["annotations"]["runbook"] == f"docs/operations.md#{rule['alert'].lower()}"
    assert f"\n### {rule['alert']}\n" in OPERATIONS


def test_every_documented_alert_exists() -> None:
    block = OPERATIONS.partition("\n## Alerts\n")[2].partition("\n## ")[0]

    assert re.findall(r"^### (\w+)$", block, re.MULTILINE) == [rule["alert"] for rule in RULES]


def test_used_job_names_are_scraped() -> None:
    jobs = {job["job_name"] for job in PROMETHEUS["scrape_configs"]}

    used_jobs = {
        job
        for expression in EXPRESSIONS.values()
        for job in re.findall(r'job="([^"]+)"', expression)
    }
    assert used_jobs <= jobs
    assert PROMETHEUS["rule_files"] == ["alerts.yml"]


def test_panels_have_title_description_and_source() -> None:
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(ids)) == len(ids)
    for panel, target in TARGETS:
        assert panel["title"]
        assert panel["description"].endswith("."), panel["title"]
        assert target["datasource"]["uid"] in {"${prometheus}", "${postgres}"}


async def test_the_funnel_panel_works_for_an_operator(database: Database) -> None:
    (statement,) = [target["rawSql"] for _, target in TARGETS if "rawSql" in target]
    async with as_owner(database) as connection:
        await connection.execute("SET SESSION AUTHORIZATION wizard_operator")
        await connection.execute(statement)
