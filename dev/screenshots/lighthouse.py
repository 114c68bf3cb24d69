"""Measures pages with Lighthouse: as on a phone, each five times, by the median of the scores.

Lighthouse controls a Chromium in which a person is signed in.
"""

import json
import socket
import statistics
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import httpx
from playwright.sync_api import sync_playwright

from dev import node
from dev.screenshots import wizard
from dev.screenshots.browser import OPTIONS, find_chromium, is_sandboxed
from dev.stack.state import Stack, StackError

PACKAGE: Final = node.ROOT / "web" / "lighthouse"

LEAST: Final[Mapping[str, float]] = {"performance": 95, "accessibility": 100, "best-practices": 95}
"""The least score of each category, of 100."""

RUNS: Final = 5

_LIGHTHOUSE: Final = Path("node_modules", "lighthouse", "cli", "index.js")

_OPTIONS: Final = (
    "--quiet",
    "--no-enable-error-reporting",
    "--output=json",
    "--disable-storage-reset",  # which would sign the person out
    f"--only-categories={','.join(LEAST)}",
)

_SECONDS: Final = 120.0

Scores = Mapping[str, float]


def measure(stack: Stack) -> int:
    """Prints the scores of each page. Returns 1 if one is too low, else 0.

    Raises:
        StackError: there is no Chromium, or Lighthouse fails.
    """
    try:
        found = node.node_on_path() or node.node_of_wheel()
        node.install_packages(found, PACKAGE)
    except node.RegistryUnavailable:
        print("Skipped, because a package registry cannot be reached: lighthouse.")
        return 0
    pages = wizard.measured_pages(stack)
    with _signed_in_chromium(stack) as port:
        medians = {
            name: median([_run(found, url, port) for _ in range(RUNS)])
            for name, url in pages.items()
        }
    for name, scores in medians.items():
        print(f"{name}: " + ", ".join(f"{key} {score:g}" for key, score in scores.items()))
    return int(not all(is_enough(scores) for scores in medians.values()))


def median(runs: Sequence[Scores]) -> Scores:
    return {name: statistics.median(scores[name] for scores in runs) for name in LEAST}


def is_enough(scores: Scores) -> bool:
    return all(scores[name] >= least for name, least in LEAST.items())


def scores_of(report: Mapping[str, Any]) -> Scores:
    """The scores of a report, of 100. A category that was not measured has none."""
    categories = report["categories"]
    return {name: round(100 * (categories[name]["score"] or 0)) for name in LEAST}


def _run(found: node.Node, url: str, port: int) -> Scores:
    """
    Raises:
        StackError: Lighthouse fails.
    """
    command = [str(found.binary), str(PACKAGE / _LIGHTHOUSE), url, f"--port={port}", *_OPTIONS]
    done = subprocess.run(
        command,
        cwd=PACKAGE,
        env=found.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=_SECONDS,
    )
    if done.returncode:
        raise StackError(f"Lighthouse failed at {url}:\n{done.stderr}")
    return scores_of(json.loads(done.stdout))


@contextmanager
def _signed_in_chromium(stack: Stack) -> Iterator[int]:
    """The port at which Lighthouse reaches it."""
    port = _free_port()
    with TemporaryDirectory() as profile, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=find_chromium(),
            args=[*OPTIONS, f"--remote-debugging-port={port}"],
            chromium_sandbox=is_sandboxed(),
        )
        page = context.new_page()
        page.goto(stack.api_url)
        wizard.sign_in(page, stack)
        httpx.get(f"http://127.0.0.1:{port}/json/version").raise_for_status()
        yield port
        context.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
