"""An erased session leaves a stub without personal data."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest
from temporalio.service import RPCError, RPCStatusCode

from activities.erasure import start_erasure
from db.pool import create_pool
from db.projection import DurableProjection, LiveProjection
from domain.actors import tenant
from domain.session.actions import Action, ActionName
from domain.session.erasure import erasure
from domain.session.projection import Projected
from domain.session.view import SessionView
from tests.support.api import client_for, token
from tests.support.erasures import erase, runs_of, stub_of
from tests.support.paid_sessions import start_seller
from tests.support.postgres import as_owner
from tests.support.problem_documents import assert_problem
from tests.support.session_rows import SessionRows, session_rows_of
from tests.support.session_workflow import session_handle
from tests.support.stage_data import free_event
from tests.support.stand_in import StandIn
from tests.support.system import System, running_worker
from tests.support.temporal import listed
from tests.support.ticket_orders import open_sale
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, fill_in, published_event, start

GONE = SessionRows(None, None, {}, [], [], [])


async def test_an_open_session_is_erased(system: System, wizard: Wizard) -> None:
    for number in range(30):  # into a second run
        await wizard.save("organizerSetup", {"name": f"Ada Lovelace {number}"})
    client = system.temporal.client

    async def continued() -> bool:
        return len(await runs_of(client, wizard.session_id)) > 1

    await eventually(continued, what="a second run")

    assert await erase(wizard.http, wizard.session_id) == 204

    assert await session_rows_of(system.database, wizard.session_id) == GONE
    assert await runs_of(client, wizard.session_id) == []
    assert_problem(await wizard.get(), 404, "session_not_found")
    assert_problem(await wizard.get(consistent="true"), 404, "session_not_found")
    assert_problem(await wizard.save("organizerSetup", {"name": "Ada"}), 404, "session_not_found")
    stub = await stub_of(system.database, wizard.session_id)
    assert sorted(stub) == ["actor_hash", "erased_at", "session_id", "tenant_hash"]
    assert "ada" not in str(stub)


async def test_erasing_again_has_the_same_answer(system: System, wizard: Wizard) -> None:
    path = wizard.session_id
    first = await asyncio.gather(*(erase(wizard.http, path) for _ in range(3)))

    assert first == [204, 204, 204]
    stub = await stub_of(system.database, path)
    assert await erase(wizard.http, path.upper()) == 204
    assert await stub_of(system.database, path) == stub


async def test_a_session_whose_erasure_is_unfinished_is_gone(
    api: System, ada: httpx.AsyncClient
) -> None:
    """Its workflow has been terminated, and its records are not erased yet."""
    client = api.temporal.client
    wizard = await start(ada)
    async with running_worker(api):
        await wizard.save("organizerSetup", {"name": "Ada Lovelace"})
    await session_handle(client, wizard.session_id).terminate("erased")
    await start_erasure(client, erasure(wizard.session_id, tenant("ada", None), "ada"))

    for answer in (
        await wizard.save("organizerSetup", {"bio": "Bio"}),
        await wizard.save("organizerSetup", {"bio": "Bio"}, prefer="respond-async"),
        await wizard.complete("organizerSetup"),
        await wizard.post("/publish"),
        await wizard.post("/abandon"),
        await wizard.get(consistent="true"),
        await wizard.http.post("/v1/sessions", json={"session_id": wizard.session_id}),
    ):
        assert_problem(answer, 404, "session_not_found")
    assert (await wizard.delete()).status_code == 202
    async with client_for(api.address, token("eve")) as stranger:
        assert_problem(await stranger.delete(wizard.path()), 404, "session_not_found")
    async with running_worker(api):
        assert await erase(wizard.http, wizard.session_id) == 204


async def test_the_id_of_an_erased_session_is_not_reusable(system: System, wizard: Wizard) -> None:
    await erase(wizard.http, wizard.session_id)

    for user in ("ada", "eve"):
        async with client_for(system.address, token(user)) as http:
            answer = await http.post("/v1/sessions", json={"session_id": wizard.session_id})
        assert_problem(answer, 404, "session_not_found")


@pytest.mark.parametrize("org", [None, "acme"])
async def test_another_tenants_session_cannot_be_erased(
    system: System, wizard: Wizard, org: str | None
) -> None:
    async with client_for(system.address, token("ada" if org else "eve", org)) as stranger:
        before = await stranger.delete(wizard.path())
        assert (await wizard.get(consistent="true")).status_code == 200
        await erase(wizard.http, wizard.session_id)
        after = await stranger.delete(wizard.path())
        unknown = await stranger.delete(f"/v1/sessions/{uuid4()}")
        nonsense = await stranger.delete("/v1/sessions/nonsense")
    for session_id in (before, after, unknown, nonsense):
        assert_problem(session_id, 404, "session_not_found")


async def test_late_writes_do_not_restore_an_erased_session(system: System, wizard: Wizard) -> None:
    await wizard.save("organizerSetup", {"name": "Ada Lovelace"})
    view = SessionView.model_validate(await wizard.view(consistent="true"))

    async def trail() -> list[Any] | None:
        found: list[Any] = (await wizard.get("/actions")).json()["items"]
        return found or None

    actions = await eventually(trail, what="the action, which the API writes after its response")
    late_write = Projected(
        view=view, actions=tuple(Action.model_validate(action) for action in actions)
    )
    await erase(wizard.http, wizard.session_id)

    for dsn, kind in (
        (system.database.api_dsn, LiveProjection),
        (system.database.worker_dsn, DurableProjection),
    ):
        pool = await create_pool(dsn, application_name="tests")
        await kind(pool).write([late_write])
        await pool.close()

    assert await session_rows_of(system.database, wizard.session_id) == GONE


async def test_every_action_of_one_change_is_erased(system: System, ada: httpx.AsyncClient) -> None:
    sections = {"event": {"title": "Show"}, "venue": {"mode": "virtual"}}
    created = await ada.post("/v1/sessions", json={"sections": sections})
    wizard = Wizard(ada, created.json()["session_id"])
    view = SessionView.model_validate(created.json())
    late = tuple(
        Action(
            revision=1, part=part, name=ActionName.SAVE_STAGE, actor_id="ada", at=view.created_at
        )
        for part in range(2)
    )
    await erase(ada, wizard.session_id)

    pool = await create_pool(system.database.api_dsn, application_name="tests")
    await LiveProjection(pool).write([Projected(view=view, actions=late)])
    await pool.close()

    async with as_owner(system.database) as connection:
        left = await connection.fetchval(
            "SELECT count(*) FROM wizard_actions WHERE session_id = $1", wizard.session_id
        )
    assert left == 0


async def test_a_published_event_is_kept_without_private_contacts(
    system: System, wizard: Wizard
) -> None:
    stages = free_event()
    stages["organizerSetup"] |= {"email": "desk@example.com", "phone": "+12125550100"}
    stages["sponsorsMedia"] |= {"pressContact": "press@example.com"}
    await fill_in(wizard, stages)
    event = await published_event(wizard)

    assert await erase(wizard.http, wizard.session_id) == 204

    records = await session_rows_of(system.database, wizard.session_id)
    assert (records.status, records.revisions) == (None, [])
    assert records.events == [(event["event_id"], "published")]
    shown = await wizard.http.get(f"/v1/events/{event['event_id']}")
    assert shown.json()["title"] == event["title"]
    for private in ("desk@example.com", "+12125550100", "press@example.com"):
        assert private in str(event)
        assert private not in shown.text
    async with client_for(system.address, None) as anyone:
        assert (await anyone.get(f"/v1/public/events/{event['slug']}")).status_code == 200


async def test_a_running_publication_ends_before_the_erasure(
    system: System, wizard: Wizard
) -> None:
    await fill_in(wizard, free_event())
    async with as_owner(system.database) as admin, admin.transaction():
        await admin.execute("LOCK TABLE events IN SHARE MODE")  # nothing can be reserved
        running = await wizard.post("/publish", Prefer="wait=0")
        assert running.status_code == 202, running.text

        refused = await wizard.http.delete(wizard.path())

        assert_problem(refused, 409, "publishing")

    async def published() -> bool:
        return bool((await wizard.view(consistent=True))["status"] == "completed")

    await eventually(published, within=60, what="the publication")
    assert await erase(wizard.http, wizard.session_id) == 204


async def test_histories_of_ended_orders_are_deleted(
    api: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    """The orders stay, as they contain no personal data. An open one can be paid."""
    async with running_worker(api, stripe_url=stand_in.url):
        seller = await start_seller(ada, stand_in)
        sale = await open_sale(api, stand_in, seller)
        ended, still_open = await sale.place(1), await sale.place(1)
        await ended.cancel()
        await ended.result()
        await listed(
            sale.client, f'WorkflowId = "{ended.handle.id}" AND ExecutionStatus = "Completed"'
        )
        before = await sale.orders()

        assert await erase(ada, seller.wizard.session_id) == 204

        async def is_deleted() -> bool:
            try:
                await ended.handle.describe()
            except RPCError as error:
                return error.status is RPCStatusCode.NOT_FOUND
            return False

        await eventually(is_deleted, what="the deletion of the history")
        assert await sale.orders() == before
        await still_open.pay()
        await still_open.webhook()
        assert (await still_open.result()).state == "paid"
