"""Reserving, publishing and releasing events: repeated, concurrent, and in public."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from db.errors import NotReserved
from db.pool import Pool
from db.publications import Publications
from db.reads import EventReads, SessionReads
from domain.actors import Actor
from domain.errors import SlugTaken
from domain.publishing.event import Event, EventStatus
from domain.session.projection import Projected
from tests.integration.db.read_model_factories import (
    ADA,
    ADA_AT_ACME,
    BOB,
    MOMENT,
    action,
    event,
    projection_of,
    session_view,
)
from tests.unit.domain.filled_sections import FILLED_SECTIONS


def projected(session_id: str, owner: Actor = ADA) -> Projected:
    return projection_of(session_view(owner, session_id=session_id), (action(3),))


async def publish(worker: Pool, draft: Event, owner: Actor = ADA, *, minutes: int = 0) -> Event:
    publications = Publications(worker)
    await publications.reserve(draft)
    return await publications.publish(
        draft.session_id,
        at=MOMENT + timedelta(minutes=minutes),
        projected=projected(draft.session_id, owner),
    )


def as_published(draft: Event, **changed: object) -> Event:
    return draft.model_copy(
        update={"status": EventStatus.PUBLISHED, "published_at": MOMENT, **changed}
    )


@pytest.mark.parametrize(
    "draft",
    [
        event(),
        event(ADA_AT_ACME, visibility="private", description="Zeile\n\tübrig 🎪", tags=[]),
        event(
            summary=None,
            end_time=None,
            ends_at=None,
            language=None,
            total_capacity=2**40,
            refund_policy={"kind": "none"},
            tags=['a"b', "c,d", "{}", "NULL"],
            stripe_account_id="acct_1",
        ),
        event(sections=FILLED_SECTIONS),
    ],
    ids=["plain", "organization", "odd", "filled"],
)
async def test_an_event_is_read_as_it_was_written(api: Pool, worker: Pool, draft: Event) -> None:
    owner = Actor(user_id=draft.user_id, organization_id=draft.organization_id)

    assert await Publications(worker).reserve(draft) == draft
    assert await publish(worker, draft, owner) == as_published(draft)
    assert await EventReads(api).get(owner, draft.event_id) == as_published(draft)


async def test_reserving_again_updates_the_draft(worker: Pool) -> None:
    draft = event()
    await Publications(worker).reserve(draft)
    edited = draft.model_copy(update={"title": "Spring Show II", "tags": ["new"]})

    assert await Publications(worker).reserve(edited) == edited
    assert await Publications(worker).reserve(edited) == edited


async def test_a_derived_slug_follows_the_title_of_a_draft(worker: Pool) -> None:
    draft = event()
    await Publications(worker).reserve(draft)
    renamed = draft.model_copy(update={"slug": "autumn-show"})

    assert (await Publications(worker).reserve(renamed)).slug == "autumn-show"
    assert (await Publications(worker).reserve(event())).slug == "spring-show"


async def test_derived_slugs_are_numbered_and_kept(worker: Pool) -> None:
    publications = Publications(worker)
    first, second, third = event(), event(), event()

    slugs = [(await publications.reserve(draft)).slug for draft in (first, second, third)]
    assert slugs == ["spring-show", "spring-show-2", "spring-show-3"]

    await publications.release(second.session_id)
    assert (await publications.reserve(third)).slug == "spring-show-3"
    assert (await publications.reserve(event())).slug == "spring-show-2"


async def test_a_numbered_slug_keeps_to_the_length_limit(worker: Pool) -> None:
    longest = "a" * 46 + "-bcd"
    await Publications(worker).reserve(event(slug=longest))

    numbered = await Publications(worker).reserve(event(slug=longest))
    assert numbered.slug == "a" * 46 + "-b-2"

    trimmed = "a" * 47 + "-bc"
    await Publications(worker).reserve(event(slug=trimmed))
    assert (await Publications(worker).reserve(event(slug=trimmed))).slug == "a" * 47 + "-2"


async def test_the_hundredth_slug_of_a_title_has_the_session_id(worker: Pool) -> None:
    taken_slugs = ["spring-show", *(f"spring-show-{number}" for number in range(2, 100))]
    for slug in taken_slugs:
        await Publications(worker).reserve(event(slug=slug, slug_is_derived=False))

    draft = event()
    slug = (await Publications(worker).reserve(draft)).slug

    assert slug == f"spring-show-{draft.session_id.replace('-', '')[:12]}"


async def test_a_chosen_slug_that_is_taken_is_refused(worker: Pool) -> None:
    await Publications(worker).reserve(event(BOB, slug="gala"))
    chosen = event(slug="gala", slug_is_derived=False)

    with pytest.raises(SlugTaken):
        await Publications(worker).reserve(chosen)


async def test_a_refused_change_of_slug_keeps_the_draft(worker: Pool) -> None:
    publications = Publications(worker)
    await publications.reserve(event(slug="gala"))
    draft = event(slug="mine", slug_is_derived=False)
    await publications.reserve(draft)

    with pytest.raises(SlugTaken):
        await publications.reserve(draft.model_copy(update={"slug": "gala", "title": "Other"}))

    published = await publications.publish(
        draft.session_id, at=MOMENT, projected=projected(draft.session_id)
    )
    assert published == as_published(draft)


async def test_twenty_concurrent_reservations_get_twenty_slugs(worker: Pool) -> None:
    drafts = await asyncio.gather(*(Publications(worker).reserve(event()) for _ in range(20)))

    numbered = {"spring-show", *(f"spring-show-{number}" for number in range(2, 21))}
    assert {draft.slug for draft in drafts} == numbered


async def test_titles_with_equal_numbered_slugs_do_not_collide(worker: Pool) -> None:
    slugs = ["show", "show-2", "show", "show-2", "show", "show-2-2"] * 3

    drafts = await asyncio.gather(
        *(Publications(worker).reserve(event(slug=slug)) for slug in slugs)
    )

    assert len({draft.slug for draft in drafts}) == len(slugs)


async def test_concurrent_reservations_of_a_session_are_one(worker: Pool) -> None:
    draft = event()

    slugs = await asyncio.gather(*(Publications(worker).reserve(draft) for _ in range(10)))

    assert slugs == [draft] * 10


async def test_releasing_frees_the_slug_and_may_be_repeated(worker: Pool) -> None:
    publications = Publications(worker)
    draft = await publications.reserve(event())

    assert await publications.release(draft.session_id)
    assert await publications.release(draft.session_id)
    assert await publications.release(str(uuid4()))

    assert not await publications.is_slug_taken(draft.slug, except_session=str(uuid4()))


async def test_publishing_writes_event_session_and_actions(api: Pool, worker: Pool) -> None:
    draft = event()
    published = await publish(worker, draft)

    sessions = SessionReads(api)
    shown = projected(draft.session_id)
    assert await EventReads(api).get(ADA, draft.event_id) == published
    assert await sessions.get(ADA, draft.session_id) == shown.view
    trail = await sessions.actions(ADA, draft.session_id, limit=5, cursor=None)
    assert trail.items == [action(3)]


async def test_a_published_event_is_final(worker: Pool) -> None:
    publications = Publications(worker)
    draft = event()
    published = await publish(worker, draft)
    edited = draft.model_copy(update={"title": "Other", "slug": "other"})

    assert await publish(worker, draft, minutes=9) == published
    assert await publications.reserve(edited) == published
    assert not await publications.release(draft.session_id)
    assert await publications.reserve(draft) == published


async def test_concurrent_publications_publish_once(worker: Pool) -> None:
    draft = event()
    results = await asyncio.gather(
        *(publish(worker, draft, minutes=minutes) for minutes in range(8))
    )

    assert len({event.published_at for event in results}) == 1


async def test_an_event_that_is_not_reserved_is_not_published(api: Pool, worker: Pool) -> None:
    session_id = str(uuid4())

    with pytest.raises(NotReserved):
        await Publications(worker).publish(session_id, at=MOMENT, projected=projected(session_id))

    assert await SessionReads(api).get(ADA, session_id) is None


async def test_a_failed_transaction_publishes_nothing(api: Pool, worker: Pool) -> None:
    draft = event()
    await Publications(worker).reserve(draft)
    broken = session_view(session_id=draft.session_id, user_id="")

    with pytest.raises(Exception, match="user_id_check"):
        await Publications(worker).publish(
            draft.session_id, at=MOMENT, projected=projection_of(broken, ())
        )

    assert await EventReads(api).get(ADA, draft.event_id) is None


@pytest.mark.parametrize("visibility", ["public", "unlisted", "private"])
@pytest.mark.parametrize("is_published", [True, False])
async def test_published_events_are_public_unless_private(
    api: Pool, worker: Pool, visibility: str, is_published: bool
) -> None:
    draft = event(visibility=visibility)
    await Publications(worker).reserve(draft)
    if is_published:
        await publish(worker, draft)

    public_event = await EventReads(api).public(draft.slug)

    visible = is_published and visibility != "private"
    assert public_event == (as_published(draft) if visible else None)


@pytest.mark.parametrize("slug", ["", "no-such-show", "%", "\0", "' OR true --"])
async def test_an_unknown_slug_is_not_found(api: Pool, worker: Pool, slug: str) -> None:
    await publish(worker, event())

    assert await EventReads(api).public(slug) is None


async def test_drafts_are_not_among_a_tenants_events(api: Pool, worker: Pool) -> None:
    draft = await Publications(worker).reserve(event())

    assert await EventReads(api).get(ADA, draft.event_id) is None
    assert (await EventReads(api).list(ADA, 5, None)).items == []


@pytest.mark.parametrize("event_id", ["0b0e6a1e-3f0c-4f5e-9d5e-0c9a3f1f9d10", "not-a-uuid"])
async def test_an_unknown_event_is_not_found(api: Pool, event_id: str) -> None:
    assert await EventReads(api).get(ADA, event_id) is None


async def test_events_come_newest_published_first_in_pages(api: Pool, worker: Pool) -> None:
    published = [await publish(worker, event(), minutes=number) for number in (2, 0, 1, 3, 4)]
    await publish(worker, event(BOB), BOB)
    reads = EventReads(api)

    first = await reads.list(ADA, 3, None)
    second = await reads.list(ADA, 3, first.next_cursor)

    newest_first = sorted(published, key=lambda event: str(event.published_at), reverse=True)
    assert [*first.items, *second.items] == newest_first
    assert second.next_cursor is None
