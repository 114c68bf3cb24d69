"""The outbox: written by the worker only, with the change; the outcome of a message is final."""

from datetime import timedelta

import asyncpg
import pytest

from db.outbox import Outbox
from db.pool import Connection, Pool
from db.projection import DurableProjection, LiveProjection
from db.publications import Publications
from domain.session.actions import ActionName
from domain.session.erasure import erasure
from domain.session.notifications import Notification, notifications_of
from domain.session.projection import Projected
from tests.integration.db.read_model_factories import (
    MOMENT,
    action,
    event,
    projection_of,
    session_view,
)


def expired() -> Projected:
    expiry = action(3, name=ActionName.EXPIRE, stage=None, sections=None)
    return projection_of(session_view(), (action(2), expiry))


async def announce(worker: Pool, *projected: Projected) -> list[Notification]:
    for projection in projected:
        await DurableProjection(worker, announces=True).write([projection])
    return notifications_of(projected)


async def ids_of(admin: Connection) -> list[str]:
    return [row["id"] for row in await admin.fetch("SELECT id FROM outbox ORDER BY id")]


async def make_older(admin: Connection, message_id: str, by: timedelta) -> None:
    await admin.execute(
        "UPDATE outbox SET redrive_at = redrive_at - $2::interval,"
        " delivered_at = delivered_at - $2::interval, given_up_at = given_up_at - $2::interval"
        " WHERE id = $1",
        message_id,
        by,
    )


async def test_a_message_commits_with_its_change(worker: Pool, admin: Connection) -> None:
    (message,) = await announce(worker, expired())
    assert await Outbox(worker).pending(message.id) == message.payload

    draft = event()
    published = action(1, name=ActionName.PUBLISH_EVENT, stage=None, detail=draft.event_id)
    projected = projection_of(session_view(session_id=draft.session_id), (published,))
    publications = Publications(worker, announces=True)
    with pytest.raises(Exception, match="neither a draft nor published"):
        await publications.publish(draft.session_id, at=MOMENT, projected=projected)
    assert await ids_of(admin) == [message.id]

    await publications.reserve(draft)
    for _ in range(2):
        await publications.publish(draft.session_id, at=MOMENT, projected=projected)
    (publication_message,) = notifications_of([projected])
    assert await ids_of(admin) == sorted([message.id, publication_message.id])


async def test_the_live_projection_writes_no_message(
    api: Pool, worker: Pool, admin: Connection
) -> None:
    projected = expired()
    await LiveProjection(api).write([projected])
    assert await ids_of(admin) == []

    await announce(worker, projected)

    assert len(await ids_of(admin)) == 1


@pytest.mark.parametrize("end", ["delivered", "given_up"])
async def test_the_outcome_of_a_message_is_final(worker: Pool, admin: Connection, end: str) -> None:
    outbox = Outbox(worker)
    (message,) = await announce(worker, expired())
    await outbox.failed(message.id, "http_500")
    await getattr(outbox, end)(message.id)
    before = await admin.fetchrow("SELECT * FROM outbox")

    for again in (outbox.delivered, outbox.given_up):
        await again(message.id)
    await outbox.failed(message.id, "http_503")

    assert await admin.fetchrow("SELECT * FROM outbox") == before
    assert before is not None
    assert (before["delivered_at"] is None) == (end == "given_up")
    assert await outbox.pending(message.id) is None


async def test_stranded_messages_are_claimed_once_oldest_first(
    worker: Pool, admin: Connection
) -> None:
    outbox = Outbox(worker)
    messages = await announce(worker, *(expired() for _ in range(4)))
    for number, message in enumerate(messages):
        await make_older(admin, message.id, timedelta(minutes=2 * number))
    await outbox.given_up(messages[3].id)

    assert await outbox.claim_stranded(limit=1) == [messages[2].id]
    assert await outbox.claim_stranded(limit=9) == [messages[1].id]
    assert await outbox.claim_stranded(limit=9) == []
    await make_older(admin, messages[2].id, timedelta(hours=2))
    assert await outbox.claim_stranded(limit=9) == [messages[2].id]


async def test_only_ended_messages_are_deleted(worker: Pool, admin: Connection) -> None:
    outbox = Outbox(worker)
    delivered, given_up, new, waiting = await announce(worker, *(expired() for _ in range(4)))
    await outbox.delivered(delivered.id)
    await outbox.delivered(new.id)
    await outbox.given_up(given_up.id)
    for message in (delivered, given_up, waiting):
        await make_older(admin, message.id, timedelta(days=2))

    day = 24 * 60 * 60
    assert await outbox.forget(ended_for_seconds=day, at_most=1) == 1
    assert await outbox.forget(ended_for_seconds=day, at_most=9) == 1
    assert await outbox.forget(ended_for_seconds=day, at_most=9) == 0

    assert await ids_of(admin) == sorted([new.id, waiting.id])
    assert await worker.execute("DELETE FROM outbox WHERE id = $1", waiting.id) == "DELETE 0"


async def test_messages_are_erased_with_their_session(worker: Pool, admin: Connection) -> None:
    projected = expired()
    await announce(worker, projected)
    request = erasure(projected.view.session_id, "user:ada", "ada")
    await admin.fetch(
        "SELECT wizard_erase_session($1, $2, $3)",
        request.session_id,
        request.tenant_hash,
        request.actor_hash,
    )
    assert await ids_of(admin) == []

    await announce(worker, projected)

    assert await ids_of(admin) == []


async def test_a_message_without_its_session_is_refused(admin: Connection) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await admin.execute(
            "INSERT INTO outbox (id, session_id, user_id, kind, payload)"
            " VALUES ('msg_1', gen_random_uuid(), 'ada', 'session.expired', '{}')"
        )
