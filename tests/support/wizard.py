"""A client of one session: the requests of a front end."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from domain.json_values import JsonObject
from tests.support.stage_data import free_event
from tests.support.waiting import eventually


@dataclass
class Wizard:
    """Headers are keywords: ``if_match="…"`` is the header ``If-Match``."""

    http: httpx.AsyncClient
    session_id: str

    def path(self, suffix: str = "") -> str:
        return f"/v1/sessions/{self.session_id}{suffix}"

    async def get(self, suffix: str = "", **parameters: Any) -> httpx.Response:
        return await self.http.get(self.path(suffix), params=parameters)

    async def view(self, **parameters: Any) -> JsonObject:
        response = await self.get(**parameters)
        response.raise_for_status()
        shown: JsonObject = response.json()
        return shown

    async def save(self, stage: str, data: Any, **headers: str) -> httpx.Response:
        return await self.http.patch(
            self.path(f"/stages/{stage}"), json=data, headers=_headers(headers)
        )

    async def complete(self, stage: str, data: Any = None, **headers: str) -> httpx.Response:
        body = {} if data is None else {"data": data}
        return await self.http.post(
            self.path(f"/stages/{stage}/complete"), json=body, headers=_headers(headers)
        )

    async def post(self, suffix: str, body: Any = None, **headers: str) -> httpx.Response:
        return await self.http.post(self.path(suffix), json=body, headers=_headers(headers))

    async def delete(self, suffix: str = "", **headers: str) -> httpx.Response:
        return await self.http.delete(self.path(suffix), headers=_headers(headers))


def _headers(named: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in named.items()}


async def start(
    http: httpx.AsyncClient, sections: Mapping[str, JsonObject] | None = None
) -> Wizard:
    """A new session, which may begin with data by section."""
    body = {"session_id": str(uuid4()), **({"sections": sections} if sections else {})}
    response = await http.post("/v1/sessions", json=body)
    assert response.status_code == 201, response.text
    return Wizard(http, response.json()["session_id"])


async def publish(wizard: Wizard) -> None:
    """Publishes it, and waits until its workflow has ended the publication, which the response does
    not wait for."""
    response = await wizard.post("/publish", Prefer="wait=30")
    assert response.status_code in {200, 202}, response.text

    async def is_published() -> bool:
        return await publication_of(wizard) == "published"

    await eventually(is_published, within=60, what="the publication")


async def published_event(wizard: Wizard) -> JsonObject:
    """Publishes, and returns the event: the request is repeated while it is not answered with it,
    since a slow machine takes longer than a request waits."""

    async def answered() -> JsonObject | None:
        response = await wizard.post("/publish", prefer="wait=20")
        assert response.status_code in {200, 202, 503}, response.text
        event: JsonObject = response.json()
        return event if response.status_code == 200 else None

    return await eventually(answered, what="the publication")


async def publication_of(wizard: Wizard) -> str | None:
    """The state of its publication; None while its task waits for a worker that is dead."""
    response = await wizard.get(consistent="true")
    assert response.status_code in {200, 503}, response.text
    return response.json()["publication"]["state"] if response.status_code == 200 else None


async def becomes_at_risk(wizard: Wizard, *, expected: bool) -> None:
    """Waits until a check of its scheduled publication has this outcome."""

    async def holds() -> bool:
        publication = (await wizard.view(consistent="true"))["publication"]
        return (publication["error"] is not None) is expected

    await eventually(holds, within=60, what="the outcome of the check")


@asynccontextmanager
async def untouched(wizard: Wizard) -> AsyncIterator[None]:
    """Asserts that the block does not change the session."""
    before = await wizard.view(consistent="true")
    yield
    assert await wizard.view(consistent="true") == before


async def fill_in(wizard: Wizard, stages: Mapping[str, JsonObject]) -> JsonObject:
    """Completes the stages one after the other, and returns the last view."""
    for stage, data in stages.items():
        response = await wizard.complete(stage, data)
        assert response.status_code == 200, response.text
    shown: JsonObject = response.json()
    return shown


async def start_filled(http: httpx.AsyncClient, **event: Any) -> Wizard:
    """Starts a session that can be published; keywords go into ``eventSetup``."""
    wizard = await start(http)
    await fill_in(wizard, free_event(**event))
    return wizard
