"""A headless Chromium, driven by its DevTools protocol over a pipe."""

import base64
import json
import os
import selectors
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from dev.stack.state import StackError

PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

_ANSWER_SECONDS: Final = 30.0
_SHOWN_SECONDS: Final = 60.0
_POLL_SECONDS: Final = 0.1
_CHUNK: Final = 65_536

_SCALE: Final = 0.8
"""Still sharp, and well under 200 KB."""

# Where Chromium expects the pipe.
_TO_CHROMIUM: Final = 3
_FROM_CHROMIUM: Final = 4


class BrowserFailed(StackError):
    """There is no Chromium, it does not answer, or a page does not show what it should."""


class Page:
    """The one page of a browser. Each method raises BrowserFailed."""

    def __init__(self, pipe: "_Pipe", session: str) -> None:
        self._pipe = pipe
        self._session = session

    def open(self, url: str, *, width: int, height: int) -> None:
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self._call("Emulation.setDeviceMetricsOverride", **size)
        self._call("Emulation.setTimezoneOverride", timezoneId="UTC")
        self._call("Page.navigate", url=url)

    def run(self, script: str) -> Any:
        """The value of a JavaScript expression."""
        answer = self._call("Runtime.evaluate", expression=script, returnByValue=True)
        return answer["result"].get("value")

    def wait_for(self, script: str) -> None:
        """Until a JavaScript expression is true."""
        deadline = time.monotonic() + _SHOWN_SECONDS
        while not self.run(script):
            if time.monotonic() > deadline:
                raise BrowserFailed(f"the page does not come to show: {script}")
            time.sleep(_POLL_SECONDS)

    def save(self, path: Path, *, element: str) -> None:
        """What is seen of an element now, as PNG."""
        box = self.run(
            f"(({{x, y, width}}) => ({{x, y, width, height: innerHeight - y, scale: {_SCALE}}}))"
            f"(document.querySelector({json.dumps(element)}).getBoundingClientRect())"
        )
        shot = self._call("Page.captureScreenshot", clip=box)
        path.write_bytes(base64.b64decode(shot["data"]))

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        return self._pipe.call(method, parameters, self._session)


def program() -> str:
    """
    Raises:
        BrowserFailed: none is installed.
    """
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        raise BrowserFailed(f"Chromium is needed, as one of: {', '.join(PROGRAMS)}")
    return found


@contextmanager
def chromium() -> Iterator[Page]:
    """
    Raises:
        BrowserFailed: none is installed, or it does not start.
    """
    with tempfile.TemporaryDirectory() as profile, _started(program(), profile) as pipe:
        target = pipe.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        attached = pipe.call("Target.attachToTarget", {"targetId": target, "flatten": True})
        yield Page(pipe, attached["sessionId"])


@contextmanager
def _started(executable: str, profile: str) -> Iterator["_Pipe"]:
    read_by_it, written_by_us = os.pipe()
    read_by_us, written_by_it = os.pipe()
    # Chromium takes the pipe at two fixed numbers, which the shell puts it at.
    at_fixed_numbers = f'exec "$@" {_TO_CHROMIUM}<&{read_by_it} {_FROM_CHROMIUM}>&{written_by_it}'
    process = subprocess.Popen(
        ["sh", "-c", at_fixed_numbers, "sh", executable, *_options(profile)],
        pass_fds=(read_by_it, written_by_it),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(read_by_it)
    os.close(written_by_it)
    pipe = _Pipe(read_by_us, written_by_us)
    try:
        yield pipe
        pipe.call("Browser.close", {})
    finally:
        process.terminate()
        process.wait()
        os.close(read_by_us)
        os.close(written_by_us)


def _options(profile: str) -> list[str]:
    return [
        "--headless=new",
        "--remote-debugging-pipe",
        f"--user-data-dir={profile}",
        # Containers have neither what the sandbox needs nor a GPU; the only page is our own.
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-sync",
        "--disable-background-networking",
        "--disable-component-update",
        "--no-first-run",
        "--hide-scrollbars",
        "--lang=en-US",
    ]


class _Pipe:
    """JSON messages, each ended by a zero byte."""

    def __init__(self, readable: int, writable: int) -> None:
        self._readable = readable
        self._writable = writable
        self._received = b""
        self._calls = 0
        self._selector = selectors.DefaultSelector()
        self._selector.register(readable, selectors.EVENT_READ)

    def call(
        self, method: str, parameters: dict[str, Any], session: str | None = None
    ) -> dict[str, Any]:
        self._calls += 1
        message = {"id": self._calls, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        os.write(self._writable, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + _ANSWER_SECONDS
        while True:
            answer = self._next(deadline)
            if answer.get("id") != self._calls:
                continue
            if "error" in answer:
                raise BrowserFailed(f"{method}: {answer['error']['message']}")
            return dict(answer["result"])

    def _next(self, deadline: float) -> dict[str, Any]:
        while b"\0" not in self._received:
            if not self._selector.select(max(0.0, deadline - time.monotonic())):
                raise BrowserFailed("Chromium does not answer")
            chunk = os.read(self._readable, _CHUNK)
            if not chunk:
                raise BrowserFailed("Chromium has ended")
            self._received += chunk
        message, _, self._received = self._received.partition(b"\0")
        return dict(json.loads(message))
