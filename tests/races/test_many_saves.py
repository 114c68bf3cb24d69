"""Saves of one session in flight at once, and the session's deadline during its publication."""

import asyncio
from datetime import timedelta
from itertools import cycle, islice
from uuid import uuid4

from domain.json_values import JsonObject
from tests.races.arena import Arena
from tests.support.full_size import IS_FULL
from tests.support.postgres import as_owner
from tests.support.session_rows import complete_session_rows
from tests.support.stage_data import free_sections
from tests.support.system import pass_time
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, start

IN_FLIGHT = 50
ROUNDS = 20 if IS_FULL else 2
DEADLINES = 50 if IS_FULL else 3
REFUSALS = {429, 503}
LIFE = timedelta(days=7)


async def keys_in_audit_trail(arena: Arena, session_id: str) -> list[str]:
    """Of all changes, in their order."""
    async with as_owner(arena.system.database) as connection:
        rows = await connection.fetch(
            "SELECT idempotency_key FROM wizard_actions WHERE session_id = $1 ORDER BY revision",
            session_id,
        )
    return [row["idempotency_key"] for row in rows]


async def test_saves_in_flight_are_all_kept_or_refused(arena: Arena) -> None:
    session_id = (await start(arena.clients[0])).session_id
    acknowledged: dict[int, str] = {}
    sent: set[str] = set()
    for _ in range(ROUNDS):
        keys = [uuid4().hex for _ in range(IN_FLIGHT)]
        sent |= set(keys)

        answers = await asyncio.gather(
            *(
                Wizard(client, session_id).save("organizerSetup", {"bio": key}, idempotency_key=key)
                for client, key in zip(islice(cycle(arena.clients), IN_FLIGHT), keys, strict=True)
            )
        )

        for key, answer in zip(keys, answers, strict=True):
            if answer.status_code in REFUSALS:
                assert int(answer.headers["Retry-After"]) > 0
                continue
            assert answer.status_code == 200, answer.text
            view = answer.json()
            assert view["revision"] not in acknowledged
            assert view["stages"]["organizerSetup"]["data"] == {"bio": key}
            acknowledged[view["revision"]] = key

    await complete_session_rows(arena.system.database, arena.system.temporal.client, session_id)
    recorded = await keys_in_audit_trail(arena, session_id)
    assert len(recorded) == len(set(recorded))
    assert set(recorded) <= sent  # a request without an answer may have taken effect
    assert {revision: recorded[revision - 1] for revision in acknowledged} == acknowledged
    assert acknowledged


async def test_a_deadline_during_a_publication_has_one_outcome(arena: Arena) -> None:
    """The session expires or is published, and the response says which."""
    for _ in range(DEADLINES):
        sections = free_sections(title=f"Show {uuid4().hex[:12]}")
        wizard = await start(arena.clients[0], sections)

        published, _passed = await asyncio.gather(
            wizard.post("/publish", prefer="wait=30"),
            pass_time(arena.system, wizard, LIFE + timedelta(hours=1)),
        )

        view = await closed_view(wizard)
        if view["status"] == "expired":
            assert published.status_code in {409, 503}, published.text
        else:
            assert view["status"] == "completed"
            assert published.status_code in {200, 202, 503}, published.text
        await complete_session_rows(
            arena.system.database, arena.system.temporal.client, wizard.session_id
        )


async def closed_view(wizard: Wizard) -> JsonObject:
    async def closed() -> JsonObject | None:
        response = await wizard.get(consistent="true")
        view: JsonObject = response.json()
        return None if response.status_code != 200 or view["is_active"] else view

    return await eventually(closed, what="the end of the session")
