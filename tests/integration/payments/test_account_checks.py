"""When a session fetches its account: for a publication at once, after an outage with pauses."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NoReturn
from uuid import uuid4

import httpx
from temporalio.api.enums.v1 import EventType
from temporalio.exceptions import ApplicationError

from activities.payments import PaymentActivities
from dev.session_histories import events_by_type, histories_of
from dev.stripe_stand_in.protocol.faults import FaultKind
from domain import ids
from tests.support.activity_faults import Fault, fail_for_good
from tests.support.paid_sessions import connect, paid_event, start_seller
from tests.support.postgres import Database, as_owner
from tests.support.problem_documents import assert_problem
from tests.support.session_workflow import session_handle
from tests.support.stand_in import StandIn
from tests.support.system import System, pass_time, running_worker
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, becomes_at_risk, fill_in, publish, start

ACCOUNTS = "/v2/core/accounts"
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


async def test_publishing_at_once_fetches_an_unknown_account_first(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    account = (await start_seller(ada, stand_in)).account
    await forget_statuses(system.database)
    await stand_in.fail(FaultKind.SLOW, method="GET", path=ACCOUNTS, seconds=3, times=None)
    wizard = await start(ada)
    await fill_in(wizard, paid_event())
    assert await payments_check(wizard) == ("warn", {"reason": "unknown"})

    accepted = await wizard.post("/publish", prefer="wait=0")

    assert accepted.status_code == 202, accepted.text
    await publish(wizard)
    assert (await wizard.view(consistent="true"))["payments"]["account_id"] == account


async def test_a_stored_status_needs_no_turn_in_stripes_task_queue(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    """Its rate is limited: otherwise every session with paid tickets takes a share of it, and
    publications wait."""
    account = (await start_seller(ada, stand_in)).account
    wizard = await start(ada)
    saved = await wizard.save("ticketSetup", paid_event()["ticketSetup"])
    assert saved.status_code == 200, saved.text

    async def knows_its_account() -> bool:
        payments = (await wizard.view(consistent="true"))["payments"]
        return bool(payments["account_id"] == account)

    await eventually(knows_its_account, what="the account of the session")

    assert await queued_for_stripe(system, wizard) == []


async def test_disconnecting_needs_no_turn_in_stripes_task_queue(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    """It changes nothing at Stripe."""
    wizard = await start(ada)
    await connect(wizard)
    before = await queued_for_stripe(system, wizard)

    disconnected = await wizard.post("/payments/disconnect")

    assert disconnected.status_code == 200, disconnected.text
    assert await queued_for_stripe(system, wizard) == before


async def queued_for_stripe(system: System, wizard: Wizard) -> list[str]:
    """The session's activities that were scheduled on Stripe's task queue."""
    scheduled = [
        event.activity_task_scheduled_event_attributes
        for history in await histories_of(system.temporal.client, wizard.session_id)
        for event in history.events
    ]
    return [
        activity.activity_type.name
        for activity in scheduled
        if activity.task_queue.name == ids.STRIPE_TASK_QUEUE
    ]


async def test_publishing_at_once_without_an_account_fails_with_the_check(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    wizard = await start(ada)
    await fill_in(wizard, paid_event())

    blocked = assert_problem(await wizard.post("/publish"), 422, "publish_blocked")

    (error,) = blocked["errors"]
    assert (error["code"], error["params"]) == ("payments_not_ready", {"reason": "not_connected"})

    async def blocks() -> bool:
        return await payments_check(wizard) == ("block", {"reason": "not_connected"})

    await eventually(blocks, what="the check of the read model")


async def test_a_lost_account_puts_a_scheduled_publication_at_risk(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    """No webhook says so: the check of the publication fetches the account."""
    seller = await start_seller(ada, stand_in)
    wizard = seller.wizard
    at = datetime.fromisoformat((await wizard.view())["created_at"]) + timedelta(days=3)
    assert (await wizard.post("/publish", {"publish_at": at.isoformat()})).status_code == 202
    await stand_in.post(f"/accounts/{seller.account}/disconnect")

    await pass_time(system, wizard, timedelta(days=2, seconds=1))

    await becomes_at_risk(wizard, expected=True)
    publication = (await wizard.view(consistent="true"))["publication"]
    assert publication["state"] == "scheduled"
    assert "payments_not_ready" in [error["code"] for error in publication["error"]["errors"]]


async def forget_statuses(database: Database) -> None:
    """As if no account had been fetched since the release that stores their statuses."""
    async with as_owner(database) as connection:
        await connection.execute("UPDATE stripe_accounts SET payments = NULL")


async def payments_check(wizard: Wizard) -> tuple[str, dict[str, str]]:
    response = await wizard.get("/checks")
    (found,) = [
        check for check in response.json()["checks"] if check["code"] == "payments_not_ready"
    ]
    return found["severity"], found["params"]


async def test_a_signal_with_an_older_status_is_ignored(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    """Also if the newer one was equal to what the session had."""
    wizard = await start(ada)
    account = (await connect(wizard))["account_id"]
    known = (await wizard.view(consistent="true"))["payments"]
    handle = session_handle(system.temporal.client, wizard.session_id)
    now = datetime.now(UTC)
    for status, age in (("onboarding", 0), ("ready", 1), ("restricted", 2), ("ready", 1)):
        payments = {**known, "status": status, "checked_at": str(now - age * SECOND)}
        await handle.signal(
            ids.SIGNAL_PAYMENT_ACCOUNT_CHANGED, {"account_id": account, "payments": payments}
        )

    payments = (await wizard.view(consistent="true"))["payments"]

    assert payments["status"] == "onboarding"
    assert datetime.fromisoformat(payments["checked_at"]) == now


async def start_unfetched(system: System, stand_in: StandIn, http: httpx.AsyncClient) -> Wizard:
    """A session of a tenant whose account was never fetched, so that it asks Stripe."""
    async with running_worker(system, stripe_url=stand_in.url):
        await connect(await start(http))
    await forget_statuses(system.database)
    return await start(http)


def decline() -> NoReturn:
    raise ApplicationError("declined", type="payments_refused", non_retryable=True)


def failing(wizard: Wizard, strike: Callable[[], NoReturn]) -> Fault:
    workflow_id = ids.session_workflow_id(wizard.session_id)
    return Fault(workflow_id, ids.ACTIVITY_CHECK_ACCOUNT, "before", strike)


async def failed_checks(system: System, wizard: Wizard, number: int) -> None:
    """Waits until this many checks have failed, and the session knows it."""

    async def have_failed() -> bool:
        counted = events_by_type(*await histories_of(system.temporal.client, wizard.session_id))
        return counted[EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED] == number

    await eventually(have_failed, what=f"{number} failed checks")
    await touch(wizard)


async def touch(wizard: Wizard) -> None:
    saved = await wizard.save("organizerSetup", {"bio": str(uuid4())})
    assert saved.status_code == 200, saved.text


async def checks_after(system: System, wizard: Wizard, pause: timedelta) -> int:
    """How many checks the session has begun, once this time has passed. Each of them first looks
    for a stored status."""
    client = system.temporal.client
    await system.temporal.fast_forward(session_handle(client, wizard.session_id), pause)
    await touch(wizard)
    names = [
        event.activity_task_scheduled_event_attributes.activity_type.name
        for history in await histories_of(client, wizard.session_id)
        for event in history.events
    ]
    return names.count(PaymentActivities.stored_status.__name__)


async def test_checks_of_the_account_pause_longer_after_each_failure(
    api: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    wizard = await start_unfetched(api, stand_in, ada)
    fault = failing(wizard, fail_for_good)
    async with running_worker(api, stripe_url=stand_in.url, interceptors=[fault]):
        await fill_in(wizard, paid_event())

        for failures, pause in enumerate((MINUTE, 2 * MINUTE, 4 * MINUTE), start=1):
            await failed_checks(api, wizard, failures)
            assert await checks_after(api, wizard, pause / 2) == failures
            assert await checks_after(api, wizard, pause / 2 + SECOND) == failures + 1


async def test_a_declined_check_of_the_account_is_not_repeated(
    api: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    wizard = await start_unfetched(api, stand_in, ada)
    async with running_worker(
        api, stripe_url=stand_in.url, interceptors=[failing(wizard, decline)]
    ):
        await fill_in(wizard, paid_event())
        await failed_checks(api, wizard, 1)

        assert await checks_after(api, wizard, 120 * MINUTE) == 1
