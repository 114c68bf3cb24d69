"""A person's sessions through the public API, over a connection of their own."""

import asyncio
import itertools
import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, Self
from uuid import uuid4

from benchmarks.http import Connection
from benchmarks.measuring import Operation, Subject
from benchmarks.stack import OwnStack
from benchmarks.subjects import ASYNC_SAVE, CONSISTENT_READ, READ, SAVE
from benchmarks.waiting import until
from domain import ids
from tests.support.session_histories import at_rest

Json = dict[str, Any]

EVENT: Final = "eventSetup"


class Wizard:
    """The methods raise UnexpectedStatus where the answer is not the expected one."""

    def __init__(self, http: Connection, token: str) -> None:
        self._http = http
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    @classmethod
    async def open(cls, own: OwnStack, user: str = "bench") -> Self:
        return cls(await Connection.open(own.stack.api_url), own.token(user))

    def close(self) -> None:
        self._http.close()

    async def request(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        expect: HTTPStatus = HTTPStatus.OK,
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        sent = json.dumps(body).encode() if body is not None else b""
        return await self._http.request(
            method, path, headers={**self._headers, **(headers or {})}, body=sent, expect=expect
        )

    def session(self, session_id: str) -> "BenchmarkSession":
        """One that is there, over this connection."""
        return BenchmarkSession(self, session_id)

    async def create(self) -> "BenchmarkSession":
        session_id = str(uuid4())
        await self.request(
            "POST", "/v1/sessions", {"session_id": session_id}, expect=HTTPStatus.CREATED
        )
        return self.session(session_id)


class BenchmarkSession:
    """One session. Each save is of a title that never was: what changes nothing is no change."""

    _numbers = itertools.count(1)

    def __init__(self, wizard: Wizard, session_id: str) -> None:
        self.id = session_id
        self._wizard = wizard
        self._path = f"/v1/sessions/{session_id}"
        self._stage_path = f"{self._path}/stages/{EVENT}"
        self._title = ""

    async def save(self) -> bytes:
        """Waits until it is kept; the session as it is then."""
        return await self._wizard.request("PATCH", self._stage_path, self._next_title())

    async def save_later(self) -> None:
        """Is answered as soon as it is sure to be kept."""
        await self._save_later(self._next_title())

    async def save_field(self, field: str, text: str, *, later: bool = False) -> None:
        """Any field takes any text: what is not valid is a draft all the same."""
        if later:
            await self._save_later({field: text})
        else:
            await self._wizard.request("PATCH", self._stage_path, {field: text})

    async def save_stage(self, stage: str, data: Json) -> None:
        await self._wizard.request("PATCH", f"{self._path}/stages/{stage}", data)

    async def complete(self, stage: str) -> None:
        await self._wizard.request("POST", f"{self._path}/stages/{stage}/complete")

    async def connect_payments(self, way_back: str) -> str:
        """A link to the onboarding."""
        body = {"return_url": way_back, "refresh_url": way_back}
        answer = await self._wizard.request("POST", f"{self._path}/payments/connect", body)
        return str(json.loads(answer)["onboarding_url"])

    async def abandon(self) -> None:
        await self._wizard.request("POST", f"{self._path}/abandon")

    async def publish(self) -> None:
        """Waits until the event is out."""
        await self._wizard.request("POST", f"{self._path}/publish")

    async def read_unchanged(self, revision: int) -> None:
        await self._wizard.request(
            "GET",
            self._path,
            expect=HTTPStatus.NOT_MODIFIED,
            headers={"If-None-Match": f'"{revision}"'},
        )

    async def read_view(self) -> Json:
        view: Json = json.loads(await self._wizard.request("GET", self._path))
        return view

    async def read_consistently(self) -> Json:
        answer = await self._wizard.request("GET", f"{self._path}?consistent=true")
        view: Json = json.loads(answer)
        return view

    async def settle(self) -> None:
        """Until the last save has arrived."""
        await until(self._is_settled)

    async def _is_settled(self) -> bool:
        view = await self.read_consistently()
        return bool(view["stages"][EVENT]["data"]["title"] == self._title)

    async def _save_later(self, patch: Json) -> None:
        await self._wizard.request(
            "PATCH",
            self._stage_path,
            patch,
            expect=HTTPStatus.ACCEPTED,
            headers={"Prefer": "respond-async"},
        )

    def _next_title(self) -> Json:
        self._title = f"Spring Show {next(self._numbers)}"
        return {"title": self._title}


async def new_sessions(own: OwnStack, clients: int) -> list[BenchmarkSession]:
    """One for each client, each with its own connection, and one save old."""
    sessions = [await (await Wizard.open(own)).create() for _ in range(clients)]
    await asyncio.gather(*(each.save() for each in sessions))
    return sessions


async def http_saves(own: OwnStack, clients: int) -> Subject:
    sessions = await new_sessions(own, clients)
    return Subject(SAVE, [each.save for each in sessions], rest=await _resting(own, sessions))


async def async_saves(own: OwnStack, clients: int) -> Subject:
    sessions = await new_sessions(own, clients)

    return Subject(
        ASYNC_SAVE,
        [each.save_later for each in sessions],
        settle=lambda: asyncio.gather(*(each.settle() for each in sessions)),
        rest=await _resting(own, sessions),
    )


async def _resting(own: OwnStack, sessions: Sequence[BenchmarkSession]) -> Operation:
    """What ends a burst comes at once: the write of the read model, and a new run."""
    temporal = await own.temporal()

    async def rest(session: BenchmarkSession) -> None:
        workflow = temporal.get_workflow_handle(ids.session_workflow_id(session.id))
        await workflow.signal(ids.SIGNAL_REFRESH_READ_MODEL)
        await at_rest(temporal, session.id)

    return lambda: asyncio.gather(*map(rest, sessions))


async def http_reads(own: OwnStack, clients: int) -> Subject:
    sessions = await new_sessions(own, clients)
    return Subject(READ, [each.read_view for each in sessions])


async def http_consistent_reads(own: OwnStack, clients: int) -> Subject:
    sessions = await new_sessions(own, clients)
    return Subject(CONSISTENT_READ, [each.read_consistently for each in sessions])
