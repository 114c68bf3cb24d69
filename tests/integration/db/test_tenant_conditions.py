"""Each read of the API compares the tenant itself: asked as a superuser, who has no policies."""

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

import pytest

from db.erasures import Erasures
from db.order_reads import OrderReads
from db.orders import Orders
from db.pool import Pool, create_pool
from db.presence import MemberReads, Members, PresenceReads, PresenceRows
from db.projection import LiveProjection
from db.publications import Publications
from db.reads import EventReads, Page, SessionReads
from domain.actors import Actor
from domain.session.erasure import erasure
from domain.session.view import Status
from tests.integration.db.read_model_factories import (
    ADA,
    ADA_AT_ACME,
    BOB,
    EVE_AT_ACME,
    EVE_AT_OTHER,
    MOMENT,
    NAMED_LIKE_ORGANIZATION,
    action,
    event,
    projection_of,
    session_view,
)
from tests.support.order_rows import paid_tier, wants
from tests.support.postgres import Database


@dataclass(frozen=True)
class Asked:
    """The reads as a superuser, and the ids of what ``ADA_AT_ACME`` has."""

    sessions: SessionReads
    events: EventReads
    orders: OrderReads
    members: MemberReads
    presence: PresenceReads
    session_id: str
    event_id: str
    erased_id: str


READS: Final[dict[str, Callable[[Asked, Actor], Awaitable[Any]]]] = {
    "SessionReads.get": lambda asked, actor: asked.sessions.get(actor, asked.session_id),
    "SessionReads.list": lambda asked, actor: asked.sessions.list(
        actor, status=None, limit=9, cursor=None
    ),
    "SessionReads.list by status": lambda asked, actor: asked.sessions.list(
        actor, status=Status.IN_PROGRESS, limit=9, cursor=None
    ),
    "SessionReads.summaries": lambda asked, actor: asked.sessions.summaries(
        actor, status=None, limit=9, cursor=None
    ),
    "SessionReads.summaries by status": lambda asked, actor: asked.sessions.summaries(
        actor, status=Status.IN_PROGRESS, limit=9, cursor=None
    ),
    "SessionReads.count_open": lambda asked, actor: asked.sessions.count_open(actor, at_most=9),
    "SessionReads.actions": lambda asked, actor: asked.sessions.actions(
        actor, asked.session_id, limit=9, cursor=None
    ),
    "SessionReads.action_summaries": lambda asked, actor: asked.sessions.action_summaries(
        actor, asked.session_id, limit=9, cursor=None
    ),
    "SessionReads.sections_at": lambda asked, actor: asked.sessions.sections_at(
        actor, asked.session_id, 3
    ),
    "SessionReads.was_erased": lambda asked, actor: asked.sessions.was_erased(
        actor, asked.erased_id
    ),
    "EventReads.get": lambda asked, actor: asked.events.get(actor, asked.event_id),
    "EventReads.list": lambda asked, actor: asked.events.list(actor, 9, None),
    "EventReads.summaries": lambda asked, actor: asked.events.summaries(actor, 9, None),
    "OrderReads.stocks": lambda asked, actor: asked.orders.stocks(actor, asked.event_id),
    "OrderReads.orders": lambda asked, actor: asked.orders.orders(
        actor, asked.event_id, limit=9, cursor=None
    ),
    "MemberReads.names": lambda asked, actor: asked.members.names(actor, ["ada"]),
    "PresenceReads.viewers": lambda asked, actor: asked.presence.viewers(actor, asked.session_id),
}

STRANGERS: Final = {
    "the same user": ADA,
    "another user": BOB,
    "another organization": EVE_AT_OTHER,
    "a user with the organization's id": NAMED_LIKE_ORGANIZATION,
}


@pytest.fixture
async def asked(database: Database, worker: Pool) -> AsyncIterator[Asked]:
    superuser = await create_pool(database.admin_dsn, application_name="test-superuser")
    view = session_view(ADA_AT_ACME)
    projected = projection_of(view, tuple(action(revision) for revision in (1, 2, 3)))
    await LiveProjection(superuser).write([projected])
    draft = event(ADA_AT_ACME, session_id=view.session_id, ticket_tiers=[paid_tier("floor", 20)])
    await Publications(worker).reserve(draft)
    published = await Publications(worker).publish(view.session_id, at=MOMENT, projected=projected)
    tier = published.ticket_tiers[0]["id"]
    await Orders(worker).hold(wants(published, {tier: 1}), at=MOMENT)
    gone = session_view(ADA_AT_ACME)
    await LiveProjection(superuser).write([projection_of(gone, ())])
    await Erasures(worker).erase(erasure(gone.session_id, ADA_AT_ACME.tenant, "ada"))
    await Members(superuser).put(ADA_AT_ACME, "Ada Lovelace")
    await PresenceRows(superuser, uuid4()).enter(ADA_AT_ACME, view.session_id, MOMENT)
    yield Asked(
        SessionReads(superuser),
        EventReads(superuser),
        OrderReads(superuser),
        MemberReads(superuser),
        PresenceReads(superuser),
        view.session_id,
        published.event_id,
        gone.session_id,
    )
    await superuser.close()


def found(answer: Any) -> object:
    return answer.items if isinstance(answer, Page) else answer


@pytest.mark.parametrize("stranger", STRANGERS.values(), ids=STRANGERS.keys())
async def test_a_read_finds_no_row_of_another_tenant(asked: Asked, stranger: Actor) -> None:
    for name, read in READS.items():
        assert not found(await read(asked, stranger)), name


@pytest.mark.parametrize("member", [ADA_AT_ACME, EVE_AT_ACME])
async def test_a_read_finds_the_tenants_own_row(asked: Asked, member: Actor) -> None:
    for name, read in READS.items():
        assert found(await read(asked, member)), name


def test_every_read_for_an_actor_is_listed() -> None:
    taking_actors = {
        f"{kind.__name__}.{name}"
        for kind in (SessionReads, EventReads, OrderReads, MemberReads, PresenceReads)
        for name, method in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_") and "actor" in inspect.signature(method).parameters
    }
    assert taking_actors == {name.split()[0] for name in READS}
