"""One Idempotency-Key in two requests at once, through two API processes, on each route that takes
one: the same request has one effect, and another request with its key is refused."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from uuid import uuid4

import httpx
import pytest

from api.app import describe_app
from domain.json_values import JsonObject
from tests.races.arena import Arena
from tests.support.full_size import IS_FULL
from tests.support.paid_sessions import WAY_BACK
from tests.support.pictures import encoded, quarters
from tests.support.problem_documents import assert_problem
from tests.support.stage_data import STAGES, days_ahead, free_sections
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, start

Pair: TypeAlias = Sequence[httpx.AsyncClient]
"""One person's clients, one at each API process."""

RACES: Final = 30 if IS_FULL else 1
REUSED: Final = (409, "idempotency_key_reused")

LINKS: Final = {"onboarding_url", "expires_at"}
"""A repeated connect makes another link, because each works only once."""


@dataclass(frozen=True)
class Keyed:
    """A request of a session that can be published. ``other`` is another body for its key.

    ``before`` are requests that make it possible.
    """

    operation_id: str
    method: str
    path: str
    body: JsonObject | None = None
    other: JsonObject | None = None
    before: tuple[tuple[str, str, JsonObject | None], ...] = ()

    def __str__(self) -> str:
        return self.operation_id


def earlier_save(bio: str) -> JsonObject:
    return {
        "op": "update_stage_data",
        "sessionId": "{session_id}",
        "data": {"stage": "organizer", "stageData": {"bio": bio}},
    }


SESSION: Final = "/v1/sessions/{session_id}"
SAVE: Final = ("PATCH", f"{SESSION}/stages/organizerSetup", {"bio": "Before"})
SCHEDULE: Final = {"publish_at": f"{days_ahead(2)}T12:00:00Z"}
LATER: Final = {"publish_at": f"{days_ahead(3)}T12:00:00Z"}

OF_A_SESSION: Final = (
    Keyed(
        "save_stage",
        "PATCH",
        f"{SESSION}/stages/organizerSetup",
        {"bio": "One"},
        {"bio": "Two"},
    ),
    Keyed(
        "complete_stage",
        "POST",
        f"{SESSION}/stages/organizerSetup/complete",
        {"data": {"bio": "One"}},
        {"data": {"bio": "Two"}},
    ),
    Keyed(
        "move_to_stage",
        "POST",
        f"{SESSION}/transition",
        {"from_stage": STAGES[0], "to_stage": STAGES[1]},
        {"from_stage": STAGES[0], "to_stage": STAGES[2]},
    ),
    Keyed(
        "restore",
        "POST",
        f"{SESSION}/restore",
        {"revision": 0},
        {"revision": 1},
        before=(SAVE,),
    ),
    Keyed("publish", "POST", f"{SESSION}/publish", SCHEDULE, LATER),
    Keyed("publish", "POST", f"{SESSION}/publish"),
    Keyed(
        "cancel_publication",
        "DELETE",
        f"{SESSION}/publication",
        before=(("POST", f"{SESSION}/publish", SCHEDULE),),
    ),
    Keyed("abandon_session", "POST", f"{SESSION}/abandon"),
    Keyed("erase_session", "DELETE", SESSION),
    Keyed(
        "connect_payments",
        "POST",
        f"{SESSION}/payments/connect",
        WAY_BACK,
        {**WAY_BACK, "return_url": "https://app.example/elsewhere"},
    ),
    Keyed(
        "disconnect_payments",
        "POST",
        f"{SESSION}/payments/disconnect",
        before=(("POST", f"{SESSION}/payments/connect", dict(WAY_BACK)),),
    ),
    Keyed(
        "wizard_session",
        "POST",
        "/functions/v1/wizard-session",
        earlier_save("One"),
        earlier_save("Two"),
    ),
)

WITH_OWN_TESTS: Final = {
    "create_session",
    "upload_media",
    "order_tickets",
    "cancel_order",
    "pause_sales",
    "resume_sales",
    "close_sales",
}
"""Here, and in the tests of tickets."""


@pytest.fixture
async def pair(selling_arena: Arena) -> AsyncIterator[Pair]:
    async with selling_arena.one_person() as pair:
        yield pair


def test_each_route_that_takes_a_key_is_raced() -> None:
    documented = {
        operation["operationId"]
        for path in describe_app().openapi()["paths"].values()
        for operation in path.values()
        if any(
            parameter["name"].lower() == "idempotency-key"
            for parameter in operation.get("parameters", ())
        )
    }

    assert documented == {keyed.operation_id for keyed in OF_A_SESSION} | WITH_OWN_TESTS


@pytest.mark.parametrize("keyed", OF_A_SESSION, ids=str)
async def test_a_request_twice_at_once_has_one_effect(pair: Pair, keyed: Keyed) -> None:
    once, key = await session_before(pair, keyed), uuid4().hex
    expected = await send(pair[0], once, keyed, keyed.body, key)
    assert expected.is_success, expected.text
    effect = await effect_on(pair[0], once)
    for _ in range(RACES):
        twice = await session_before(pair, keyed)

        answers = await asyncio.gather(
            *(send(client, twice, keyed, keyed.body, key) for client in pair)
        )

        assert [answer.status_code for answer in answers] == [expected.status_code] * 2
        assert shown_in(answers[0]) == shown_in(answers[1])
        assert await effect_on(pair[0], twice) == effect
    assert len((await pair[0].get("/v1/events?limit=100")).json()["items"]) in {0, 1 + RACES}


@pytest.mark.parametrize("keyed", [keyed for keyed in OF_A_SESSION if keyed.other], ids=str)
async def test_a_key_in_two_requests_at_once_belongs_to_one(pair: Pair, keyed: Keyed) -> None:
    for _ in range(RACES):
        session_id, key = await session_before(pair, keyed), uuid4().hex

        async def both(session_id: str = session_id, key: str = key) -> list[httpx.Response]:
            bodies = zip(pair, (keyed.body, keyed.other), strict=True)
            return await asyncio.gather(
                *(send(client, session_id, keyed, body, key) for client, body in bodies)
            )

        raced = await both()
        after = await effect_on(pair[0], session_id)
        repeated = await both()

        assert sorted(answer.is_success for answer in raced) == [False, True]
        for first, again in zip(raced, repeated, strict=True):
            assert first.is_success == again.is_success
            if not first.is_success:
                assert (first.status_code, first.json()["code"]) == REUSED
                assert (again.status_code, again.json()["code"]) == REUSED
        assert await effect_on(pair[0], session_id) == after


async def test_a_create_twice_at_once_starts_one_session(pair: Pair) -> None:
    """Of two requests with different data, one begins the session, and the other finds it."""
    key = uuid4().hex
    bodies = [{"sections": {"organizer": {"name": name}}} for name in ("Ada", "Grace")]

    raced = await asyncio.gather(
        *(
            client.post("/v1/sessions", json=body, headers={"Idempotency-Key": key})
            for body in bodies
            for client in pair
        )
    )

    assert sorted(answer.status_code for answer in raced) == [200, 200, 200, 201]
    (new,) = (answer.json() for answer in raced if answer.status_code == 201)
    for answer in raced:
        assert answer.json()["session_id"] == new["session_id"]
        assert ("Idempotent-Replayed" in answer.headers) is (answer.status_code == 200)
    view = await Wizard(pair[0], new["session_id"]).view(consistent="true")
    assert view["revision"] == 1
    assert view["stages"] == new["stages"]


async def test_an_upload_twice_at_once_is_one_picture(pair: Pair) -> None:
    """Its address is its content's, so that another picture with the key is another one."""
    key = uuid4().hex
    pictures = [encoded(quarters(width, 40)) for width in (40, 60)]

    def uploads(picture: bytes) -> list[Any]:
        headers = {"Idempotency-Key": key, "Content-Type": "image/jpeg"}
        return [client.post("/v1/media", content=picture, headers=headers) for client in pair]

    first, again, other, last = await asyncio.gather(*uploads(pictures[0]), *uploads(pictures[1]))

    assert {answer.status_code for answer in (first, again, other, last)} == {201}
    assert first.json() == again.json()
    assert other.json() == last.json()
    assert first.json()["url"] != other.json()["url"]


async def session_before(pair: Pair, keyed: Keyed) -> str:
    """A session that can be published, after the requests that come before."""
    wizard = await start(pair[0], free_sections(title=f"Show {uuid4().hex[:12]}"))
    for method, path, body in keyed.before:
        request = Keyed("", method, path)
        made = await send(pair[0], wizard.session_id, request, body, uuid4().hex)
        assert made.is_success, made.text
    return wizard.session_id


async def send(
    client: httpx.AsyncClient, session_id: str, keyed: Keyed, body: JsonObject | None, key: str
) -> httpx.Response:
    """Repeats the request until it is over, as a client does."""
    content: Mapping[str, Any] = {} if body is None else {"json": addressed(body, session_id)}
    path = keyed.path.format(session_id=session_id)
    unfinished = (
        {202, 503} if body is None else {503}
    )  # with a body, 202 is a scheduled publication

    async def answered() -> httpx.Response | None:
        headers = {"Idempotency-Key": key, "Prefer": "wait=30"}
        response = await client.request(keyed.method, path, headers=headers, **content)
        return None if response.status_code in unfinished else response

    return await eventually(answered, what=f"an answer of {path}")


def addressed(body: JsonObject, session_id: str) -> JsonObject:
    return {**body, "sessionId": session_id} if "sessionId" in body else body


def shown_in(answer: httpx.Response) -> JsonObject:
    content: JsonObject = answer.json() if answer.content else {}
    if "onboarding_url" in content:
        return {name: value for name, value in content.items() if name not in LINKS}
    return content


async def effect_on(client: httpx.AsyncClient, session_id: str) -> JsonObject:
    """What the session's requests have made of it; nothing if it is erased."""
    response = await Wizard(client, session_id).get(consistent="true")
    if response.status_code == 404:
        assert_problem(response, 404, "session_not_found")
        return {}
    view = response.json()
    publication = view["publication"]
    return {
        "revision": view["revision"],
        "status": view["status"],
        "stage": view["current_stage"],
        "bio": view["stages"]["organizerSetup"]["data"].get("bio"),
        "payments": view["payments"]["status"],
        "publication": (publication["state"], publication.get("publish_at")),
    }
