"""The README's tour of the API works as pasted."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOUR = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="the tour needs curl")


def free_ports(count: int) -> int:
    """The first of ``count`` consecutive free ports."""
    for base in range(21_000, 30_000, count):
        sockets = [socket.socket() for _ in range(count)]
        try:
            for offset, probe in enumerate(sockets):
                probe.bind(("127.0.0.1", base + offset))
        except OSError:
            continue
        else:
            return base
        finally:
            for probe in sockets:
                probe.close()
    raise AssertionError("no free ports")


@pytest.fixture
def stack(state_directory: Path) -> Iterator[dict[str, str]]:
    environment = {
        **os.environ,
        "DEV_DIR": str(state_directory),
        "PORT_BASE": str(free_ports(10)),
        "VENV": str(Path(sys.prefix)),
    }
    try:
        subprocess.run(["make", "-s", "up"], cwd=ROOT, env=environment, check=True, timeout=120)
        yield environment
    finally:
        subprocess.run(["make", "-s", "down"], cwd=ROOT, env=environment, check=True, timeout=120)


def test_the_tour_runs_as_pasted(stack: dict[str, str]) -> None:
    section = (ROOT / "README.md").read_text().partition("## A tour of the API")[2]
    script = "\n".join(TOUR.findall(section.partition("\n## ")[0]))
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=ROOT,
        env=stack,
        check=True,
        timeout=120,
        capture_output=True,
        text=True,
    )
    answers = [json.loads(line) for line in ran.stdout.splitlines() if line.strip()]
    started, saved, refused, *completed, checks, published, again, session, actions, events = (
        answers
    )
    assert started["revision"] == 0
    assert saved["stages"]["eventSetup"]["data"]["date"] == "next Friday"
    assert refused["errors"][0]["pointer"] == "/titel"
    assert [answer["current_stage"] for answer in completed] == [
        "eventSetup",
        "venueSetup",
        "ticketSetup",
        "sponsorsMedia",
        "reviewPublish",
        "reviewPublish",
    ]
    assert checks["ready"]
    assert published["event_id"] == again["event_id"]
    assert session["status"] == "completed"
    assert len(actions["items"]) == 3
    assert [event["event_id"] for event in events["items"]] == [published["event_id"]]
