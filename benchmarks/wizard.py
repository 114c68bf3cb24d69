"""A person's sessions through the public API, over a connection of their own."""

import asyncio
import json
from http import HTTPStatus
from typing import Any, Final, Self
from uuid import uuid4

from benchmarks.http import Connection
from benchmarks.measuring import Subject
from benchmarks.stack import OwnStack
from benchmarks.waiting import until

Json = dict[str, Any]

EVENT: Final = "eventSetup"


class Wizard:
    """The methods raise RuntimeError where the answer is not the expected one."""

    def __init__(self, http: Connection, token: str) -> None:
        self._http = http
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    @classmethod
    async def open(cls, own: OwnStack) -> Self:
        return cls(await Connection.open(own.stack.api_url), own.token)

    def close(self) -> None:
        self._http.close()

    async def request(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        expect: HTTPStatus = HTTPStatus.OK,
        **headers: str,
    ) -> bytes:
        sent = json.dumps(body).encode() if body is not None else b""
        status, answer = await self._http.request(method, path, {**self._headers, **headers}, sent)
        if status != expect:
            raise RuntimeError(f"{method} {path}: {status} {answer.decode()}")
        return answer

    async def create(self) -> "WizardSession":
        session_id = str(uuid4())
        await self.request(
            "POST", "/v1/sessions", {"session_id": session_id}, expect=HTTPStatus.CREATED
        )
        return WizardSession(self, session_id)


class WizardSession:
    """One session. Each save is of another title: what changes nothing is no change."""

    def __init__(self, wizard: Wizard, session_id: str) -> None:
        self.id = session_id
        self._wizard = wizard
        self._path = f"/v1/sessions/{session_id}"
        self._stage_path = f"{self._path}/stages/{EVENT}"
        self._saved = 0

    async def save(self) -> None:
        """Waits until it is kept, and for the session as it is then."""
        await self._wizard.request("PATCH", self._stage_path, self._next_title())

    async def save_later(self) -> None:
        await self._wizard.request(
            "PATCH",
            self._stage_path,
            self._next_title(),
            expect=HTTPStatus.ACCEPTED,
            Prefer="respond-async",
        )

    async def save_stage(self, stage: str, data: Json) -> None:
        await self._wizard.request("PATCH", f"{self._path}/stages/{stage}", data)

    async def read(self) -> None:
        await self._wizard.request("GET", self._path)

    async def read_consistently(self) -> Json:
        answer = await self._wizard.request("GET", f"{self._path}?consistent=true")
        view: Json = json.loads(answer)
        return view

    async def settle(self) -> None:
        """Until the last save has arrived."""
        await until(self._is_settled)

    async def _is_settled(self) -> bool:
        view = await self.read_consistently()
        return bool(view["stages"][EVENT]["data"]["title"] == _title(self._saved))

    def _next_title(self) -> Json:
        self._saved += 1
        return {"title": _title(self._saved)}


def _title(number: int) -> str:
    return f"Spring Show {number}"


async def new_sessions(own: OwnStack, clients: int) -> list[WizardSession]:
    """One for each client, each with its own connection, and one save old."""
    sessions = [await (await Wizard.open(own)).create() for _ in range(clients)]
    await asyncio.gather(*(each.save() for each in sessions))
    return sessions


async def http_saves(own: OwnStack, clients: int) -> Subject:
    sessions = await new_sessions(own, clients)
    return Subject("HTTP save", [each.save for each in sessions])


async def async_saves(own: OwnStack, clients: int) -> Subject:
    sessions = await new_sessions(own, clients)

    return Subject(
        "HTTP save, respond-async",
        [each.save_later for each in sessions],
        settle=lambda: asyncio.gather(*(each.settle() for each in sessions)),
    )
