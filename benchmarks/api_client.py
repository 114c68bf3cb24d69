"""Sessions through the public API, each client over a connection of its own."""

import asyncio
import itertools
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final, Self
from uuid import uuid4

from benchmarks.connection import Connection
from benchmarks.measuring import wait_until
from benchmarks.stack import BenchStack
from dev.demo.client import submit_page

Json = dict[str, Any]

EDITED_STAGE: Final = "eventSetup"
RETURN_URL: Final = "https://front-end.example/payments"


class ApiClient:
    """One user of the API.

    Requests raise UnexpectedStatus if the response does not have the expected status.
    """

    def __init__(self, http: Connection, token: str) -> None:
        self._http = http
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    @classmethod
    async def open(cls, bench: BenchStack, user: str = "bench") -> Self:
        return cls(await Connection.open(bench.stack.api_url), bench.token(user))

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
        content = json.dumps(body).encode() if body is not None else b""
        return await self._http.request(
            method, path, headers={**self._headers, **(headers or {})}, body=content, expect=expect
        )

    def session(self, session_id: str) -> "ApiSession":
        """An existing session, over this connection."""
        return ApiSession(self, session_id)

    async def create(self) -> "ApiSession":
        session_id = str(uuid4())
        await self.request(
            "POST", "/v1/sessions", {"session_id": session_id}, expect=HTTPStatus.CREATED
        )
        return self.session(session_id)


class ApiSession:
    """One session. Each save sets a new title, because a save without a change is not recorded."""

    _numbers = itertools.count(1)

    def __init__(self, client: ApiClient, session_id: str) -> None:
        self.id = session_id
        self._client = client
        self._path = f"/v1/sessions/{session_id}"
        self._stage_path = f"{self._path}/stages/{EDITED_STAGE}"
        self._title = ""

    async def save(self) -> bytes:
        """Returns the session once the save is durable."""
        return await self._client.request("PATCH", self._stage_path, self._next_title())

    async def save_later(self) -> None:
        """Returns as soon as the save is accepted (``Prefer: respond-async``)."""
        await self._save_later(self._next_title())

    async def save_field(
        self, field: str, text: str, *, later: bool = False, minimal: bool = False
    ) -> None:
        """Any field accepts any text: a draft need not be valid.

        The response to a ``minimal`` save has no data (``Prefer: return=minimal``).
        """
        if later:
            await self._save_later({field: text})
        else:
            headers = {"Prefer": "return=minimal"} if minimal else {}
            await self._client.request("PATCH", self._stage_path, {field: text}, headers=headers)

    async def save_stage(self, stage: str, data: Json) -> None:
        await self._client.request("PATCH", f"{self._path}/stages/{stage}", data)

    async def complete(self, stage: str) -> None:
        await self._client.request("POST", f"{self._path}/stages/{stage}/complete")

    async def pass_onboarding(self) -> None:
        """Connects an account, and completes its onboarding at the stand-in for Stripe, whose
        webhook informs the session."""
        body = {"return_url": RETURN_URL, "refresh_url": RETURN_URL}
        answer = await self._client.request("POST", f"{self._path}/payments/connect", body)
        onboarding_url = str(json.loads(answer)["onboarding_url"])
        await asyncio.to_thread(submit_page, onboarding_url, choice="complete")

    async def abandon(self) -> None:
        await self._client.request("POST", f"{self._path}/abandon")

    async def publish(self, *, patience: int = 10) -> None:
        """Returns when the event is published, within ``patience`` seconds."""
        headers = {"Prefer": f"wait={patience}"}
        await self._client.request("POST", f"{self._path}/publish", headers=headers)

    async def begin_publication(self) -> None:
        """Returns as soon as the event is being published."""
        await self._client.request(
            "POST",
            f"{self._path}/publish",
            expect=HTTPStatus.ACCEPTED,
            headers={"Prefer": "wait=0"},
        )

    async def read_unchanged(self, revision: int) -> None:
        await self._client.request(
            "GET",
            self._path,
            expect=HTTPStatus.NOT_MODIFIED,
            headers={"If-None-Match": f'"{revision}"'},
        )

    async def read_view(self) -> Json:
        view: Json = json.loads(await self._client.request("GET", self._path))
        return view

    async def read_consistently(self) -> Json:
        answer = await self._client.request("GET", f"{self._path}?consistent=true")
        view: Json = json.loads(answer)
        return view

    async def wait_for_last_save(self) -> None:
        """Returns when the session has the title of the last save."""
        await wait_until(self._has_last_title)

    async def _has_last_title(self) -> bool:
        view = await self.read_consistently()
        return bool(view["stages"][EDITED_STAGE]["data"]["title"] == self._title)

    async def _save_later(self, patch: Json) -> None:
        await self._client.request(
            "PATCH",
            self._stage_path,
            patch,
            expect=HTTPStatus.ACCEPTED,
            headers={"Prefer": "respond-async"},
        )

    def _next_title(self) -> Json:
        self._title = f"Spring Show {next(self._numbers)}"
        return {"title": self._title}


async def new_sessions(bench: BenchStack, clients: int) -> list[ApiSession]:
    """A session for each client, with its own connection and one save."""
    sessions = [await (await ApiClient.open(bench)).create() for _ in range(clients)]
    await asyncio.gather(*(session.save() for session in sessions))
    return sessions
