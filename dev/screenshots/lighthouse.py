"""Measures pages with Lighthouse: as on a phone, each five times, by the median of the scores.

Lighthouse controls a Chromium in which a person is signed in. Each run is a first visit, because
Lighthouse removes what the browser keeps of the front end (``web/lighthouse/config.json``).
"""

import json
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import httpx
from playwright.sync_api import sync_playwright

from dev import node
from dev.screenshots import wizard
from dev.screenshots.browser import OPTIONS, find_chromium, is_sandboxed
from dev.screenshots.reports import PageReport, is_enough, report_of, rows_of
from dev.stack.state import Stack, StackError

PACKAGE: Final = node.ROOT / "web" / "lighthouse"

RUNS: Final = 5

_LIGHTHOUSE: Final = Path("node_modules", "lighthouse", "cli", "index.js")

_OPTIONS: Final = (
    "--quiet",
    "--no-enable-error-reporting",
    "--output=json",
    "--config-path=config.json",
)

_SECONDS: Final = 120.0

_ATTEMPTS: Final = 2
"""Of each run: on a busy machine, Chromium may not respond in time."""


class LighthouseFailed(StackError):
    """A page cannot be measured."""


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
    results = []
    with _signed_in_chromium(stack) as port:
        for page, url in pages.items():
            reports = [_measured(found, url, port) for _ in range(RUNS)]
            print(*rows_of(page, reports), sep="\n", flush=True)
            results.append(is_enough(reports))
    return int(not all(results))


def _measured(found: node.Node, url: str, port: int) -> PageReport:
    """
    Raises:
        LighthouseFailed: at each attempt.
    """
    for _ in range(_ATTEMPTS - 1):
        try:
            return _run(found, url, port)
        except LighthouseFailed as failure:
            print(failure, flush=True)
    return _run(found, url, port)


def _run(found: node.Node, url: str, port: int) -> PageReport:
    """
    Raises:
        LighthouseFailed: it fails, or takes too long.
    """
    command = [str(found.binary), str(PACKAGE / _LIGHTHOUSE), url, f"--port={port}", *_OPTIONS]
    try:
        done = subprocess.run(
            command,
            cwd=PACKAGE,
            env=found.environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise LighthouseFailed(f"Lighthouse took more than {_SECONDS:g} s at {url}") from error
    if done.returncode:
        raise LighthouseFailed(f"Lighthouse failed at {url}:\n{done.stderr}")
    return report_of(json.loads(done.stdout))


@contextmanager
def _signed_in_chromium(stack: Stack) -> Iterator[int]:
    """The port at which Lighthouse reaches it. It ends with the block."""
    port = _free_port()
    with (
        TemporaryDirectory(ignore_cleanup_errors=True) as profile,
        sync_playwright() as playwright,
        playwright.chromium.launch_persistent_context(
            profile,
            executable_path=find_chromium(),
            args=[*OPTIONS, f"--remote-debugging-port={port}"],
            chromium_sandbox=is_sandboxed(),
        ) as context,
    ):
        page = context.new_page()
        page.goto(stack.api_url)
        wizard.sign_in(page, stack)
        httpx.get(f"http://127.0.0.1:{port}/json/version").raise_for_status()
        yield port


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
