"""Sends the requests of one client over its own connection, and notes the answers."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

from benchmarks.connection import Connection, RawAnswer
from benchmarks.stream_client import LONGEST_LINE, OpenStream
from tests.load.answers import Answer, Kind, Ledger, Outcome, outcome_of
from tests.load.pacing import Pacer, Stop

HANGING_SECONDS: Final = 60.0
"""Without an answer, a request hangs: the API itself waits for less than half of that."""

ATTEMPTS: Final = 10
"""After which a client gives up a request that is answered with 429 or 503 each time."""

_NO_ANSWER: Final = (OSError, EOFError, TimeoutError)


Attempt = Callable[[], Awaitable[RawAnswer]]


class GivenUp(Exception):
    """The request has no answer that the client can go on with."""


class Caller:
    """``pacer`` returns the current one, because it changes with the phase."""

    def __init__(
        self, address: str, token: str, ledger: Ledger, pacer: Callable[[], Pacer], stop: Stop
    ) -> None:
        self._address = address
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._ledger = ledger
        self._pacer = pacer
        self._stop = stop
        self._http: Connection | None = None

    def close(self) -> None:
        if self._http is not None:
            self._http.close()
            self._http = None

    async def ask(
        self,
        kind: Kind,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """The JSON of the answer. Until there is one, the request is repeated with its key.

        Raises:
            GivenUp: it is an error, or there is none.
            Stopped: before there was one.
        """
        content = json.dumps(body).encode() if body is not None else b""
        key = {"Idempotency-Key": uuid4().hex} if method != "GET" else {}
        sent = {**self._headers, **key, **(headers or {})}

        async def attempt() -> RawAnswer:
            if self._http is None:
                self._http = await Connection.open(self._address)
            return await self._http.answer(method, path, sent, content)

        answer = await self._answered(kind, attempt)
        return json.loads(answer.content) if answer.content else None

    async def stream(self, session_id: str) -> OpenStream:
        """
        Raises:
            GivenUp, Stopped: as :meth:`ask` does.
        """
        parts = urlsplit(self._address)
        lines = [f"GET /v1/sessions/{session_id}/stream HTTP/1.1", f"Host: {parts.netloc}"]
        lines += [f"{name}: {value}" for name, value in self._headers.items()]
        opened: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

        async def attempt() -> RawAnswer:
            nonlocal opened
            if opened is not None:
                opened[1].close()
            opened = await asyncio.open_connection(parts.hostname, parts.port, limit=LONGEST_LINE)
            opened[1].write("\r\n".join([*lines, "", ""]).encode())
            return RawAnswer.with_head(await opened[0].readuntil(b"\r\n\r\n"))

        try:
            await self._answered(Kind.STREAM, attempt)
        except BaseException:
            if opened is not None:
                opened[1].close()
            raise
        assert opened is not None
        return OpenStream(*opened)

    async def shown(self, stream: OpenStream, revision: int) -> None:
        """Waits until the stream shows the revision, which was acknowledged a moment ago."""
        began = time.perf_counter()
        try:
            async with asyncio.timeout(HANGING_SECONDS):
                received = await stream.received(revision)
        except TimeoutError:
            self._note(Kind.SHOWN, Outcome.HANGING, began, f"revision {revision} is not shown")
        else:
            self._note(Kind.SHOWN, Outcome.DONE, began, ended=max(began, received))

    async def _answered(self, kind: Kind, attempt: Attempt) -> RawAnswer:
        for _ in range(ATTEMPTS):
            await self._pacer().turn()
            self._stop.check()
            answer, outcome = await self._noted(kind, attempt)
            if answer is not None and outcome is Outcome.DONE:
                return answer
            if outcome is not Outcome.BUSY or answer is None:
                break
            await self._stop.pause(float(answer.header("retry-after") or 1))
        raise GivenUp

    async def _noted(self, kind: Kind, attempt: Attempt) -> tuple[RawAnswer | None, Outcome]:
        began = time.perf_counter()
        try:
            async with asyncio.timeout(HANGING_SECONDS):
                answer = await attempt()
        except _NO_ANSWER as error:
            self.close()
            outcome = Outcome.HANGING if isinstance(error, TimeoutError) else Outcome.DROPPED
            self._note(kind, outcome, began, repr(error))
            return None, outcome
        outcome = outcome_of(answer.status, answer.header("retry-after"))
        detail = "" if outcome is Outcome.DONE else f"{answer.status} {answer.content[:300]!r}"
        self._note(kind, outcome, began, detail)
        return answer, outcome

    def _note(
        self,
        kind: Kind,
        outcome: Outcome,
        began: float,
        detail: str = "",
        *,
        ended: float | None = None,
    ) -> None:
        ended = ended or time.perf_counter()
        self._ledger.add(Answer(kind, outcome, ended, ended - began, detail))
