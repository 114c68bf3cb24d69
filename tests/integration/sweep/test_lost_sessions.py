"""A session that Temporal ended: the API says so, and the sweep recovers it from its histories."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from api.sessions import known_lost
from domain import ids
from domain.session.run_rules import CHANGES_PER_RUN
from tests.support.activity_faults import Fault, fail_for_good
from tests.support.api import SignIn
from tests.support.erasures import erase, rows_with
from tests.support.postgres import as_owner
from tests.support.problem_documents import assert_problem
from tests.support.session_rows import SessionRows, session_rows_of
from tests.support.session_workflow import reset_session, session_handle
from tests.support.stage_data import free_event
from tests.support.sweeping import NO_HOUR, execute, sweep, sweep_until
from tests.support.system import System, running_worker
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, publish, start, start_filled

SIZE_LIMIT = "Workflow history size exceeds limit."
ENDED_AS = f"terminated: {SIZE_LIMIT}"

BEHIND = """
UPDATE wizard_sessions
SET revision = 0, organizer_data = '{}', created_at = now() - interval '3 days'
WHERE session_id = $1
"""
WITHOUT_TRAIL = "DELETE FROM wizard_actions WHERE session_id = $1"
WITHOUT_ROW = "DELETE FROM wizard_sessions WHERE session_id = $1"
TRAIL = """
SELECT to_jsonb(a) - 'id' - 'execution_time_ms'
FROM wizard_actions AS a WHERE session_id = $1 ORDER BY revision, part
"""


@asynccontextmanager
async def without_durable_writes(system: System, wizard: Wizard) -> AsyncIterator[None]:
    """With a worker that never brings this session to Postgres."""
    workflow_id = ids.session_workflow_id(wizard.session_id)
    fault = Fault(workflow_id, ids.ACTIVITY_PROJECT_SESSION, "before", fail_for_good)
    async with running_worker(system, interceptors=[fault]):
        yield


async def terminate(system: System, wizard: Wizard, reason: str = SIZE_LIMIT) -> None:
    await session_handle(system.temporal.client, wizard.session_id).terminate(reason=reason)


async def trail_of(system: System, wizard: Wizard) -> list[dict[str, Any]]:
    async with as_owner(system.database) as connection:
        return [json.loads(row[0]) for row in await connection.fetch(TRAIL, wizard.session_id)]


async def live_trail_of(system: System, wizard: Wizard, revision: int) -> list[dict[str, Any]]:
    """Once the API has written all of it."""

    async def is_written() -> list[dict[str, Any]] | None:
        trail = await trail_of(system, wizard)
        row = await session_rows_of(system.database, wizard.session_id)
        return trail if len(trail) == row.revision == revision else None

    return await eventually(is_written, what="the live projection")


async def lose(system: System, wizard: Wizard, *damage: str) -> None:
    for statement in damage:
        await execute(system, statement, wizard.session_id)


async def swept_up(system: System, wizard: Wizard) -> SessionRows:
    async def is_closed() -> SessionRows | None:
        rows = await session_rows_of(system.database, wizard.session_id)
        return rows if rows.status == "abandoned" else None

    return await sweep_until(system, is_closed, what="the end of the row")


async def last_action(wizard: Wizard) -> tuple[str, str | None, str]:
    newest = (await wizard.get("/actions")).json()["items"][0]
    return newest["name"], newest["actor_id"], newest["detail"]


@pytest.mark.parametrize("api", ["plain", "encrypted"], indirect=True)
@pytest.mark.parametrize(
    "damage", [(BEHIND, WITHOUT_TRAIL), (WITHOUT_ROW,)], ids=["behind", "without a row"]
)
async def test_a_sweep_recovers_view_and_trail_of_a_lost_session(
    api: System, ada: httpx.AsyncClient, damage: tuple[str, ...]
) -> None:
    """Over several runs, of which Postgres has nothing."""
    wizard = await start(ada)
    async with without_durable_writes(api, wizard):
        for number in range(CHANGES_PER_RUN + 3):
            await wizard.save(
                "organizerSetup", {"name": f"Ada {number}"}, idempotency_key=f"{number}"
            )
        await wizard.complete("organizerSetup", free_event()["organizerSetup"])
        before = await wizard.view(consistent="true")
    trail = await live_trail_of(api, wizard, before["revision"])
    await terminate(api, wizard)
    await lose(api, wizard, *damage)

    async with running_worker(api):
        assert_problem(await wizard.save("organizerSetup", {"bio": "Bio"}), 409, "session_lost")
        for parameters in ({}, {"consistent": "true"}):
            assert_problem(await wizard.get(**parameters), 409, "session_lost")
        rows = await swept_up(api, wizard)

        assert rows.revision == before["revision"] + 1
        recovered = await trail_of(api, wizard)
        assert recovered[:-1] == trail
        assert await last_action(wizard) == ("session_lost", None, ENDED_AS)
        for parameters in ({}, {"consistent": "true"}):
            view = await wizard.view(**parameters)
            assert (view["status"], view["is_active"]) == ("abandoned", False)
            assert (view["stages"], view["completion_percentage"]) == (
                before["stages"],
                before["completion_percentage"],
            )
        closed = assert_problem(await wizard.save("organizerSetup", {}), 409, "session_closed")
        assert closed["session_status"] == "abandoned"
        again = await sweep(api)
        assert (again.rows.lost, again.workflows.lost) == (0, 0)
        assert await trail_of(api, wizard) == recovered


async def test_saves_that_no_worker_has_taken_are_recovered(
    api: System, ada: httpx.AsyncClient
) -> None:
    wizard = await start(ada)
    async with without_durable_writes(api, wizard):
        await wizard.save("organizerSetup", {"name": "Ada"})
    for field in ("bio", "organization"):
        response = await wizard.save("organizerSetup", {field: "Text"}, prefer="respond-async")
        assert response.status_code == 202
    await live_trail_of(api, wizard, 1)
    await terminate(api, wizard)
    await lose(api, wizard, BEHIND)

    async with running_worker(api):
        rows = await swept_up(api, wizard)

    assert rows.names == ["save_stage"] * 3 + ["session_lost"]
    assert rows.stages["organizerSetup"] == {"name": "Ada", "bio": "Text", "organization": "Text"}


async def test_every_change_of_a_lost_session_says_so(api: System, ada: httpx.AsyncClient) -> None:
    wizard = await start(ada)
    async with running_worker(api):
        await wizard.complete("organizerSetup", free_event()["organizerSetup"])
        await live_trail_of(api, wizard, 2)
    await terminate(api, wizard)
    way_back = {"return_url": "https://a.example", "refresh_url": "https://a.example"}
    move = {"from_stage": "eventSetup", "to_stage": "organizerSetup"}
    edge = {"sessionId": wizard.session_id}

    answers = [
        await wizard.save("organizerSetup", {"bio": "Bio"}),
        await wizard.save("organizerSetup", {"bio": "Bio"}, prefer="respond-async"),
        await wizard.complete("organizerSetup"),
        await wizard.post("/transition", move),
        await wizard.post("/payments/connect", way_back),
        await wizard.post("/publish"),
        await wizard.post("/restore", {"revision": 1}),
        await wizard.post("/abandon"),
        await ada.post("/v1/sessions", json={"session_id": wizard.session_id}),
        await wizard.get(),
        await wizard.get("/checks"),
        await wizard.get("/actions"),
    ]

    for answer in answers:
        assert_problem(answer, 409, "session_lost")
    for operation in (
        {"op": "update_stage_data", "data": {"stage": "organizer", "stageData": {"bio": "Bio"}}},
        {"op": "transition", "data": {"fromStage": "eventSetup", "toStage": "organizerSetup"}},
        {"op": "publish"},
    ):
        answer = await ada.post("/functions/v1/wizard-session", json={**edge, **operation})
        assert (answer.status_code, answer.json()["ok"]) == (409, False)
        assert answer.json()["code"] == "session_lost"
    created = await ada.post("/functions/v1/wizard-session", json={"op": "create", **edge})
    assert created.json()["session"]["id"] != wizard.session_id
    assert created.json()["session"]["is_active"]


@pytest.mark.parametrize("revision", [1, 5])
async def test_a_restore_finds_the_session_lost_first(
    api: System, ada: httpx.AsyncClient, revision: int
) -> None:
    """Its audit trail has a gap, or the revision is missing from it."""
    wizard = await start(ada)
    async with running_worker(api):
        await wizard.complete("organizerSetup", free_event()["organizerSetup"])
        await live_trail_of(api, wizard, 2)
    await terminate(api, wizard)
    await lose(api, wizard, WITHOUT_TRAIL)

    restored = await wizard.post("/restore", {"revision": revision})

    assert_problem(restored, 409, "session_lost")


async def test_another_tenant_does_not_learn_that_a_session_is_lost(
    api: System, ada: httpx.AsyncClient, sign_in: SignIn
) -> None:
    wizard = await start(ada)
    await terminate(api, wizard)
    assert_problem(await wizard.save("organizerSetup", {}), 409, "session_lost")

    foreign = Wizard(sign_in("grace"), wizard.session_id)

    for parameters in ({}, {"consistent": "true"}):
        assert_problem(await foreign.get(**parameters), 404, "session_not_found")
    assert_problem(await foreign.save("organizerSetup", {}), 404, "session_not_found")


@pytest.mark.parametrize("is_known", [True, False])
async def test_a_lost_session_can_be_erased(
    api: System, ada: httpx.AsyncClient, *, is_known: bool
) -> None:
    wizard = await start(ada)
    async with running_worker(api):
        await wizard.save("organizerSetup", {"name": "Ada Lovelace"})
        await live_trail_of(api, wizard, 1)
        await terminate(api, wizard)
        if is_known:
            assert_problem(await wizard.save("organizerSetup", {}), 409, "session_lost")

        await erase(ada, wizard.session_id)
        await sweep(api)

    assert await rows_with(api.database, "Ada Lovelace") == {}
    assert (await session_rows_of(api.database, wizard.session_id)).status is None
    assert_problem(await wizard.get(), 404, "session_not_found")


FIRST_TASK = 4
"""The event of its completion. Temporal sends the messages that came later again."""


async def test_a_session_that_an_operator_resets_is_not_lost(
    api: System, ada: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_lost, "LOST_FOR", 0.0)
    wizard = await start(ada)
    async with running_worker(api):
        await wizard.save("organizerSetup", {"name": "Ada"})
        await live_trail_of(api, wizard, 1)
        await terminate(api, wizard, "by an operator")
        assert_problem(await wizard.save("organizerSetup", {}), 409, "session_lost")

        await reset_session(api.temporal.client, wizard.session_id, FIRST_TASK)

        assert (await wizard.view())["status"] == "in_progress"
        assert (await wizard.save("organizerSetup", {"bio": "Bio"})).status_code == 200
        await sweep(api, hour=NO_HOUR)
    assert (await session_rows_of(api.database, wizard.session_id)).status == "in_progress"


async def test_a_lost_publication_releases_its_slug(api: System, ada: httpx.AsyncClient) -> None:
    async with running_worker(api):
        wizard = await start_filled(ada, slug="spring-show")
    workflow_id = ids.session_workflow_id(wizard.session_id)
    fault = Fault(workflow_id, ids.ACTIVITY_PUBLISH_EVENT, "before", _fail)
    async with running_worker(api, interceptors=[fault]):
        assert (await wizard.post("/publish", prefer="wait=0")).status_code == 202

        async def is_reserved() -> bool:
            return bool((await session_rows_of(api.database, wizard.session_id)).events)

        await eventually(is_reserved, what="the draft of the event")
        await terminate(api, wizard)
        await lose(
            api,
            wizard,
            "UPDATE wizard_sessions SET created_at = created_at - interval "
            "'3 days' WHERE session_id = $1",
        )
        rows = await swept_up(api, wizard)

        assert rows.events == []
        publication = (await wizard.view())["publication"]
        assert (publication["state"], publication["error"]["code"]) == ("failed", "session_lost")
        states = {step["name"]: step["state"] for step in publication["steps"]}
        assert states == {"revalidate": "done", "reserve": "done", "publish": "failed"}
        other = await start_filled(ada, slug="spring-show")
        await publish(other)


def _fail() -> None:
    raise RuntimeError("simulated")
