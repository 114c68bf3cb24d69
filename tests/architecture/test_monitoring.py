"""The profile ``monitoring``: Prometheus finds all processes, and Grafana its sources."""

import json
import re
import shutil
import subprocess
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
import yaml

from tests.support.containers import ROOT, demanded_variables, services

RULE_TESTS: Final = ROOT / "tests" / "architecture" / "alert_rules.yml"
PROMETHEUS: Final = ROOT / "ops" / "prometheus"
GRAFANA: Final = ROOT / "ops" / "grafana"
SERVICES: Final = services()
SCRAPED: Final = {
    job["job_name"]: job
    for job in yaml.safe_load((PROMETHEUS / "compose.yml").read_text())["scrape_configs"]
}
SOURCES: Final = yaml.safe_load((GRAFANA / "datasources.yml").read_text())["datasources"]
PORTS: Final = {"prometheus": 9090, "postgres": 5432}

needs_promtool = pytest.mark.skipif(
    shutil.which("promtool") is None,
    reason="promtool is not installed (Debian's package prometheus)",
)


def promtool(*arguments: str) -> str:
    """Its output, if it succeeds."""
    finished = subprocess.run(["promtool", *arguments], capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def mounted(service: str) -> dict[str, str]:
    """The files and folders of the repository in a container, by their path there."""
    volumes = (volume.split(":") for volume in SERVICES[service].definition["volumes"])
    return {volume[1]: volume[0] for volume in volumes if volume[0].startswith("./")}


@needs_promtool
@pytest.mark.parametrize("name", ["prometheus.yml", "compose.yml"])
def test_prometheus_accepts_the_configuration(name: str) -> None:
    promtool("check", "config", str(PROMETHEUS / name))


@needs_promtool
def test_alerts_fire_when_they_should() -> None:
    promtool("test", "rules", str(RULE_TESTS))


def test_every_critical_alert_has_a_rule_test() -> None:
    tested = {
        case["alertname"]
        for test in yaml.safe_load(RULE_TESTS.read_text())["tests"]
        for case in test["alert_rule_test"]
        if "exp_alerts" in case
    }
    (group,) = yaml.safe_load((PROMETHEUS / "alerts.yml").read_text())["groups"]

    critical = {
        rule["alert"] for rule in group["rules"] if rule["labels"]["severity"] == "critical"
    }
    assert critical <= tested


def test_compose_has_the_jobs_of_the_example_and_temporal() -> None:
    example = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text())["scrape_configs"]

    assert set(SCRAPED) == {job["job_name"] for job in example} | {"temporal"}


@pytest.mark.parametrize(
    ("job", "service", "variable"),
    [
        ("wizard-api", "api", "API_PORT"),
        ("wizard-api-sdk", "api", "METRICS_ADDRESS"),
        ("wizard-worker", "worker", "METRICS_ADDRESS"),
    ],
)
def test_all_replicas_are_scraped_at_their_port(job: str, service: str, variable: str) -> None:
    (discovery,) = SCRAPED[job]["dns_sd_configs"]
    listens_on = SERVICES[service].environment(demanded_variables())[variable]

    assert discovery["names"] == [service]
    assert discovery["type"] == "A"
    assert str(discovery["port"]) == listens_on.rpartition(":")[2]


def test_temporal_is_scraped_at_its_metrics_port() -> None:
    listens_on = SERVICES["temporal"].definition["environment"]["PROMETHEUS_ENDPOINT"]
    (targets,) = SCRAPED["temporal"]["static_configs"]

    assert targets == {"targets": [f"temporal:{listens_on.rpartition(':')[2]}"]}


def test_sdk_metrics_of_temporal_itself_are_dropped() -> None:
    (rule,) = SCRAPED["temporal"]["metric_relabel_configs"]

    assert (rule["source_labels"], rule["action"]) == (["__name__"], "drop")
    assert re.fullmatch(rule["regex"], "temporal_worker_task_slots_available")
    assert not re.fullmatch(rule["regex"], "service_requests")


@pytest.mark.parametrize("service", ["prometheus", "grafana"])
def test_monitoring_starts_with_its_profile_only(service: str) -> None:
    assert SERVICES[service].definition["profiles"] == ["monitoring"]


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_mounted_files_exist(service: str) -> None:
    if "volumes" in SERVICES[service].definition:
        for source in mounted(service).values():
            assert (ROOT / source).exists(), source


def test_prometheus_starts_with_a_mounted_configuration() -> None:
    options = dict(option.split("=") for option in SERVICES["prometheus"].command)
    path = PurePosixPath(options["--config.file"])

    assert mounted("prometheus")[str(path.parent)] == "./ops/prometheus"
    assert (PROMETHEUS / path.name).exists()
    assert (
        f"prometheus:{options['--storage.tsdb.path']}"
        in (SERVICES["prometheus"].definition["volumes"])
    )


def test_sources_are_of_the_kinds_that_the_dashboard_asks_for() -> None:
    dashboard = json.loads((GRAFANA / "dashboard.json").read_text())
    asked_for = {variable["query"] for variable in dashboard["templating"]["list"]}

    assert {source["type"] for source in SOURCES} == asked_for


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source["name"])
def test_a_source_is_a_service_that_grafana_reaches(source: dict[str, Any]) -> None:
    url = source["url"]
    address = urlsplit(url if "://" in url else f"//{url}")
    assert address.hostname is not None
    networks = SERVICES[address.hostname].definition["networks"]

    assert address.port == PORTS[address.hostname]
    assert set(networks) & set(SERVICES["grafana"].definition["networks"])


def test_grafana_finds_its_files() -> None:
    files = mounted("grafana")
    (provider,) = yaml.safe_load((GRAFANA / "providers.yml").read_text())["providers"]

    assert files["/etc/grafana/provisioning/datasources/event-wizard.yml"] == (
        "./ops/grafana/datasources.yml"
    )
    assert files["/etc/grafana/provisioning/dashboards/event-wizard.yml"] == (
        "./ops/grafana/providers.yml"
    )
    home = SERVICES["grafana"].definition["environment"][
        "GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"
    ]
    assert files[home] == "./ops/grafana/dashboard.json"
    assert str(PurePosixPath(home).parent) == provider["options"]["path"]


def test_variables_of_the_sources_reach_grafana() -> None:
    used = set(re.findall(r"\$\{?(\w+)", (GRAFANA / "datasources.yml").read_text()))

    assert used
    assert used <= SERVICES["grafana"].names


@pytest.mark.parametrize(("password", "started"), [("", False), ("secret", True)])
def test_grafana_does_not_start_without_a_password(password: str, started: bool) -> None:
    """Its own default is ``admin``."""
    shell, option, script = SERVICES["grafana"].definition["entrypoint"]
    start = script.replace("$$", "$").replace("/run.sh", "echo started")

    finished = subprocess.run(
        [shell, option, start],
        env=SERVICES["grafana"].environment({"GRAFANA_PASSWORD": password}),
        capture_output=True,
        text=True,
        check=False,
    )

    assert (finished.stdout == "started\n") == started
    assert (finished.returncode == 0) == started
    assert started or "set GRAFANA_PASSWORD in .env" in finished.stderr
