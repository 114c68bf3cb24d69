"""The README's tour of the API works as pasted."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.shell import ROOT, free_base

TOUR = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="the tour needs curl")


def tour() -> str:
    section = (ROOT / "README.md").read_text().partition("## A tour of the API")[2]
    return "\n".join(TOUR.findall(section.partition("\n## ")[0]))


@pytest.fixture
def stack(state_directory: Path) -> Iterator[dict[str, str]]:
    environment = {
        **os.environ,
        "DEV_DIR": str(state_directory),
        "PORT_BASE": str(free_base()),
        "VENV": str(Path(sys.prefix)),
        "WEB_ROOT": "",  # the front end is built by no test
    }
    try:
        subprocess.run(["make", "-s", "up"], cwd=ROOT, env=environment, check=True, timeout=120)
        yield environment
    finally:
        subprocess.run(["make", "-s", "down"], cwd=ROOT, env=environment, check=True, timeout=120)


def json_values(text: str) -> Iterator[Any]:
    """The values that are printed one after the other."""
    while text := text.strip():
        value, end = json.JSONDecoder().raw_decode(text)
        yield value
        text = text[end:]


@pytest.mark.parametrize(
    ("names", "response", "shown"),
    [
        ("", '{"a": {"b": 1}}', '{\n  "a": {\n    "b": 1\n  }\n}'),
        ("a b", '{"a": {"b": "é"}}', '"é"'),
        ("a b", '{"code": "x"}', '{\n  "code": "x"\n}'),
        ("a", "<h1>Bad Gateway</h1>", "<h1>Bad Gateway</h1>"),
        ("", "", ""),
    ],
)
def test_show_prints_json_and_anything_else(names: str, response: str, shown: str) -> None:
    printed = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", f"{show_function()}\nshow {names}"],
        check=True,
        input=response,
        capture_output=True,
        text=True,
    ).stdout

    assert printed.strip() == shown


def show_function() -> str:
    found = re.search(r"^show\(\) \{.*?^'.*?\}$", tour(), re.MULTILINE | re.DOTALL)
    assert found
    return found[0]


def test_the_tour_runs_as_pasted(stack: dict[str, str]) -> None:
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", tour()],
        cwd=ROOT,
        env=stack,
        check=True,
        timeout=120,
        capture_output=True,
        text=True,
    )
    started, saved, refused, *rest = json_values(ran.stdout)
    *rest, created, slug = rest
    *stages, checks, published, again, status, publication, actions, events = rest
    assert started["revision"] == 0
    assert saved["data"]["date"] == "next Friday"
    assert "/date" in [error["pointer"] for error in saved["errors"]]
    assert refused["errors"][0]["pointer"] == "/titel"
    assert stages == [
        "eventSetup",
        "venueSetup",
        "ticketSetup",
        "sponsorsMedia",
        "reviewPublish",
        "reviewPublish",
    ]
    assert checks["ready"]
    assert published["event_id"] == again
    assert status == "completed"
    assert publication["state"] == "published"
    assert len(actions["items"]) == 3
    assert [event["event_id"] for event in events["items"]] == [published["event_id"]]
    assert created == 1
    assert slug == "summer-show"
