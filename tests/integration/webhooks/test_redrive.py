"""Stored events are redriven until they are processed, and not after that."""

import asyncio
from collections.abc import Callable

import httpx
import pytest
from temporalio.client import WorkflowExecutionStatus, WorkflowHandle
from temporalio.exceptions import ApplicationError

from domain import ids
from tests.integration.webhooks.connected_accounts import connected, payments_with_status
from tests.integration.webhooks.stripe_inbox import (
    failed,
    make_old,
    processed,
    redrive,
    row_of,
    rows_of,
    signals_to,
    store,
)
from tests.support.activity_faults import Fault
from tests.support.postgres import PostgresServer
from tests.support.problem_documents import assert_problem
from tests.support.session_rows import complete_session_rows
from tests.support.stand_in import StandIn
from tests.support.stripe_events import deliver, signed, take, thin
from tests.support.system import System, running_worker
from tests.support.waiting import eventually


def first_time_only(strike: Callable[[], None]) -> Callable[[], None]:
    """Fails the first attempt only."""
    pending = [strike]

    def strike_at_first() -> None:
        if pending:
            pending.pop()()

    return strike_at_first


def refuse() -> None:
    raise ApplicationError("disk full", type="simulated", non_retryable=True)


def workflow_of(system: System, event_id: str) -> WorkflowHandle[object, object]:
    return system.temporal.client.get_workflow_handle(ids.stripe_event_workflow_id(event_id))


async def ended(system: System, event_id: str) -> WorkflowExecutionStatus | None:
    async def closed() -> WorkflowExecutionStatus | None:
        described = await workflow_of(system, event_id).describe()
        return described.status if described.close_time else None

    return await eventually(closed, what="the end of the event's workflow")


@pytest.mark.parametrize("activity", ["fetch_account", "hand_account_on", "stamp_stripe_event"])
async def test_a_failed_event_is_redriven(
    api: System,
    stripe: httpx.AsyncClient,
    stand_in: StandIn,
    ada: httpx.AsyncClient,
    activity: str,
) -> None:
    event_id = "evt_that_fails_" + activity
    fault = Fault(
        ids.stripe_event_workflow_id(event_id), activity, "before", first_time_only(refuse)
    )
    async with running_worker(api, stripe_url=stand_in.url, interceptors=[fault]):
        wizard, account = await connected(ada)
        await stand_in.move(account, "ready")
        await take(stripe, thin(account, id=event_id))
        assert await ended(api, event_id) is WorkflowExecutionStatus.FAILED
        row = await row_of(api.database, event_id)
        assert row.processed_at is None
        assert row.outcome is None
        signals_before = await signals_to(api, wizard.session_id)
        await make_old(api.database)

        assert await redrive(api) == 1

        rows = await processed(api.database, 1)
        assert rows[event_id].outcome == "notified 1 session"
        await payments_with_status(wizard, "ready")
        assert await signals_to(api, wizard.session_id) == signals_before + 1
        records = await complete_session_rows(api.database, api.temporal.client, wizard.session_id)
        assert records.names == ["check_payments"] * 2


async def test_the_event_has_the_error_of_the_last_attempt(
    api: System, stripe: httpx.AsyncClient
) -> None:
    event_id = "evt_with_an_error"
    workflow_id = ids.stripe_event_workflow_id(event_id)
    fault = Fault(workflow_id, "fetch_account", "before", refuse)
    async with running_worker(api, interceptors=[fault]):
        await take(stripe, thin("acct_1", id=event_id))

        row = await failed(api.database, event_id)

        assert row.error == "routing: simulated: disk full"
        assert row.processed_at is None


async def test_an_event_survives_a_postgres_outage(
    api: System,
    stripe: httpx.AsyncClient,
    stand_in: StandIn,
    ada: httpx.AsyncClient,
) -> None:
    event_id = "evt_without_postgres"
    server: PostgresServer = api.database.server
    fault = Fault(
        ids.stripe_event_workflow_id(event_id),
        "load_stripe_event",
        "before",
        first_time_only(server.stop),
    )
    async with running_worker(api, stripe_url=stand_in.url, interceptors=[fault]):
        wizard, account = await connected(ada)
        await stand_in.move(account, "ready")
        await take(stripe, thin(account, id=event_id))

        async def is_retried() -> bool:
            described = await workflow_of(api, event_id).describe()
            pending = described.raw_description.pending_activities
            return bool(pending and pending[0].attempt > 1)

        await eventually(is_retried, what="another attempt")
        server.start()

        rows = await processed(api.database, 1)
        assert rows[event_id].outcome == "notified 1 session"
        await payments_with_status(wizard, "ready")
        assert await signals_to(api, wizard.session_id) == 1


async def test_an_event_refused_without_postgres_is_redelivered(
    system: System, stripe: httpx.AsyncClient
) -> None:
    event = thin("acct_1")
    system.database.server.stop()
    assert_problem(await deliver(stripe, signed(event)), 503, "unavailable")
    system.database.server.start()
    assert await rows_of(system.database) == []

    again = await deliver(stripe, signed(event))

    assert again.json() == {"received": True, "new": True}
    await processed(system.database, 1)


async def test_concurrent_and_repeated_redrives_have_one_effect(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    """The events of an API process that dies after storing them."""
    wizard, account = await connected(ada)
    await stand_in.move(account, "ready")
    events = [thin(account) for _ in range(3)]
    await store(system.database, *events)
    await make_old(system.database)

    await asyncio.gather(*(redrive(system, f"run-{number}") for number in range(3)))

    rows = await processed(system.database, len(events))
    await payments_with_status(wizard, "ready")
    assert await redrive(system, "later") == 0
    assert {row.id: row for row in await rows_of(system.database)} == rows
    assert await signals_to(system, wizard.session_id) == len(events)
    records = await complete_session_rows(
        system.database, system.temporal.client, wizard.session_id
    )
    assert records.names == ["check_payments"] * 2


async def test_a_new_event_is_not_redriven(system: System) -> None:
    await store(system.database, thin("acct_1"))

    assert await redrive(system) == 0

    (row,) = await rows_of(system.database)
    assert row.processed_at is None


async def test_a_processed_event_is_unchanged_by_another_run(
    system: System, stripe: httpx.AsyncClient, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    """As if Temporal's retention had deleted the first run."""
    wizard, account = await connected(ada)
    event = thin(account)
    await take(stripe, event)
    before = await processed(system.database, 1)

    outcome = await system.temporal.client.execute_workflow(
        ids.WIZARD_STRIPE_EVENT,
        event["id"],
        id="another-run-of-the-event",
        task_queue=ids.TASK_QUEUE,
    )

    assert outcome == "nothing to do"
    assert {row.id: row for row in await rows_of(system.database)} == before
    assert await signals_to(system, wizard.session_id) == 1
