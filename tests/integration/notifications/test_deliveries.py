"""Delivery to a receiver that is unavailable, slow, refusing, or redirects."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from starlette.responses import RedirectResponse, Response, StreamingResponse
from temporalio.client import WorkflowExecutionStatus
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.notifications import DeliveryActivities, Notifying, Pauses
from db.outbox import Outbox
from db.pool import create_pool
from domain import ids
from tests.integration.notifications.outbox import (
    SHORT,
    an_expired_session,
    delivered,
    delivery_of,
    ended,
    execute,
    given_up,
    make_due,
    put,
    redrive,
    rows_of,
)
from tests.support.notification_receiver import (
    SECRET,
    NotificationReceiver,
    running_receiver,
    running_sender,
)
from tests.support.ports import free_port
from tests.support.system import System, running_worker
from tests.support.waiting import eventually


async def stranded(system: System, number: int = 1) -> None:
    """Old messages in the outbox, for which no delivery was started."""
    await put(system.database, *(an_expired_session() for _ in range(number)))
    await make_due(system.database)


async def test_a_committed_message_is_redriven(
    system: System, receiver: NotificationReceiver
) -> None:
    """Concurrent redrives send each message once."""
    await stranded(system, 3)

    started = await asyncio.gather(*(redrive(system) for _ in range(3)))

    assert sum(started) == 3
    rows = await delivered(system.database, 3)
    assert {message.id for message in await receiver.gets(3)} == {row.id for row in rows}
    await make_due(system.database)
    assert await redrive(system) == 0


async def test_a_new_message_is_not_redriven(
    system: System, receiver: NotificationReceiver
) -> None:
    await put(system.database, an_expired_session())

    assert await redrive(system) == 0

    assert receiver.received == []


async def test_a_worker_without_notifications_leaves_the_outbox(api: System) -> None:
    await stranded(api)
    before = await rows_of(api.database)
    async with running_worker(api):
        assert await redrive(api) == 0

    assert await rows_of(api.database) == before


async def test_a_repeated_projection_writes_one_message(
    system: System, receiver: NotificationReceiver
) -> None:
    expired = an_expired_session()
    await put(system.database, expired, expired)
    await make_due(system.database)
    await redrive(system)
    (row,) = await delivered(system.database, 1)

    await put(system.database, expired)

    assert await rows_of(system.database) == [row]
    await receiver.gets(1)


async def test_a_receiver_that_recovers_gets_the_message(api: System) -> None:
    """All attempts have the same id, and each has its own signature."""
    port = free_port()
    async with (
        running_sender(f"http://127.0.0.1:{port}/hook") as sender,
        running_worker(api, notifying=Notifying(sender, pauses=SHORT)),
    ):
        await stranded(api)
        await redrive(api)

        async def failed() -> bool:
            (row,) = await rows_of(api.database)
            return row.last_error == "ConnectError"

        await eventually(failed, what="an attempt at a receiver that is down")
        async with running_receiver(port) as receiver:
            receiver.answers = [Response(status_code=500)]

            messages = await receiver.gets(2)

            (row,) = await delivered(api.database, 1)
    assert {message.id for message in messages} == {row.id}
    assert {message.body for message in messages} == {messages[0].body}
    assert row.attempts >= 3


async def test_a_message_to_a_receiver_with_410_is_given_up(
    system: System, receiver: NotificationReceiver
) -> None:
    receiver.answers = [Response(status_code=410)]
    await stranded(system)
    await redrive(system)

    row = await given_up(system.database)

    assert (row.attempts, row.last_error, row.delivered_at) == (1, "http_410", None)
    assert await ended(system, row.id) is WorkflowExecutionStatus.FAILED
    await make_due(system.database)
    assert await redrive(system) == 0
    await receiver.gets(1)


async def test_a_message_given_up_can_be_repeated_by_an_operator(
    api: System, receiver: NotificationReceiver
) -> None:
    """The message is given up because its next attempt would be too late."""
    receiver.answers = [Response("not now", status_code=500)]
    async with running_sender(receiver.url) as sender:
        days = Pauses(first=timedelta(days=4), longest=timedelta(days=4))
        async with running_worker(api, notifying=Notifying(sender, pauses=days)):
            await stranded(api)
            await redrive(api)
            row = await given_up(api.database)
            assert (row.attempts, row.last_error) == (1, "http_500")
            assert await ended(api, row.id) is WorkflowExecutionStatus.FAILED

            await execute(api.database, "UPDATE outbox SET given_up_at = NULL")
            await make_due(api.database)
            assert await redrive(api) == 1

            (again,) = await delivered(api.database, 1)
            first, second = await receiver.gets(2)
    assert again.attempts == 2
    assert first.id == second.id == row.id


async def test_a_redirect_is_not_followed(system: System, receiver: NotificationReceiver) -> None:
    async with running_receiver() as redirect_target:
        receiver.answers = [RedirectResponse(redirect_target.url, status_code=307)]
        await stranded(system)
        await redrive(system)

        await receiver.gets(2)

        await delivered(system.database, 1)
        assert redirect_target.received == []


async def endless() -> AsyncIterator[bytes]:
    while True:
        yield b"x" * 65_536
        await asyncio.sleep(0)


async def test_the_body_of_an_answer_is_not_read(
    system: System, receiver: NotificationReceiver
) -> None:
    receiver.answers = [StreamingResponse(endless())]
    await stranded(system)
    await redrive(system)

    await delivered(system.database, 1)

    await receiver.gets(1)


async def test_a_rotation_signs_with_both_secrets(api: System) -> None:
    next_secret = "whsec_" + SECRET.removeprefix("whsec_").swapcase()
    async with (
        running_receiver() as receiver,
        running_sender(receiver.url, next_secret, SECRET) as sender,
        running_worker(api, notifying=Notifying(sender)),
    ):
        await stranded(api)
        await redrive(api)

        (message,) = await receiver.gets(1)

        await delivered(api.database, 1)
    assert message.verified(SECRET) == message.verified(next_secret) == message.content
    assert len(message.headers["webhook-signature"].split(" ")) == 2


async def test_the_pause_after_a_failure_follows_retry_after(
    api: System, receiver: NotificationReceiver
) -> None:
    """At least the requested time, plus jitter, so that retries do not come at once."""
    await put(api.database, an_expired_session())
    (row,) = await rows_of(api.database)
    pool = await create_pool(api.database.worker_dsn, application_name="tests")
    async with running_sender(receiver.url) as sender:
        activities = DeliveryActivities(Outbox(pool), Notifying(sender))
        for status, retry_after, least in (
            (503, "120", 120),
            (429, "9999999", 24 * 60 * 60),
            (503, "0", 5),
            (500, "120", 5),
            (404, None, 5),
        ):
            headers = {"retry-after": retry_after} if retry_after else {}
            receiver.answers = [Response(status_code=status, headers=headers)]
            with pytest.raises(ApplicationError) as failure:
                await ActivityEnvironment().run(activities.deliver_notification, row.id)
            delay = failure.value.next_retry_delay
            assert delay is not None
            assert least <= delay.total_seconds() <= 1.25 * least, (status, retry_after)
            assert (failure.value.type, failure.value.non_retryable) == (f"http_{status}", False)
    await pool.close()


async def test_a_delivered_message_is_not_sent_again(
    system: System, receiver: NotificationReceiver
) -> None:
    """As if Temporal's retention had deleted the first run."""
    await stranded(system)
    await redrive(system)
    (row,) = await delivered(system.database, 1)

    sent = await system.temporal.client.execute_workflow(
        ids.WIZARD_DELIVER_NOTIFICATION,
        row.id,
        id="another-run-of-the-delivery",
        task_queue=ids.TASK_QUEUE,
    )

    assert sent is False
    await receiver.gets(1)


async def test_the_delivery_of_an_erased_session_ends_without_error(
    system: System, receiver: NotificationReceiver
) -> None:
    receiver.answers = [Response(status_code=500)] * 1000
    await stranded(system)
    await redrive(system)
    (row,) = await rows_of(system.database)
    await execute(
        system.database,
        f"SELECT wizard_erase_session('{row.session_id}', repeat('0', 64), repeat('0', 64))",
    )

    assert await ended(system, row.id) is WorkflowExecutionStatus.COMPLETED

    assert await delivery_of(system, row.id).result() is False
    assert await rows_of(system.database) == []
