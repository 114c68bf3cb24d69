"""The read model: rows are read as written, and the newest revision is kept in any order."""

import asyncio
import random
from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.pool import Connection, Pool
from db.projection import DurableProjection, LiveProjection
from db.reads import SessionReads
from domain.actors import Actor
from domain.session.actions import Action, ActionName
from domain.session.view import SessionView, Status
from domain.stages import Stage
from tests.integration.db.read_model_factories import (
    ADA,
    ADA_AT_ACME,
    action,
    at_revision,
    failed_session,
    new_session,
    projection_of,
    session_view,
    with_stage_data,
)


def owner_of(view: SessionView) -> Actor:
    return Actor(user_id=view.user_id, organization_id=view.organization_id)


async def shown(api: Pool, view: SessionView) -> SessionView | None:
    return await SessionReads(api).get(owner_of(view), view.session_id)


@pytest.mark.parametrize(
    "view",
    [
        new_session(),
        session_view(),
        failed_session(),
        *(session_view(ADA_AT_ACME, status=status) for status in Status),
        session_view(Actor(user_id='auth0|O\'Brien \\ "ü" 🎪', organization_id='{"a": 1}')),
        session_view(revision=2**53),
    ],
    ids=lambda view: f"{view.status}-{view.user_id[:3]}-{view.revision}",
)
async def test_a_session_is_read_as_it_was_written(api: Pool, view: SessionView) -> None:
    await LiveProjection(api).write([projection_of(view, ())])

    assert await shown(api, view) == view


# Values that the domain accepts in a draft: no NUL, no lone surrogates, numbers within 2^53.
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(-(2.0**53) + 1, 2.0**53 - 1)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


@settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.dictionaries(TEXT, JSON, max_size=5), stage=st.sampled_from(Stage))
async def test_any_draft_is_read_as_it_was_written(
    api: Pool, data: dict[str, Any], stage: Stage
) -> None:
    view = with_stage_data(session_view(), stage, data)
    sections = {stage.section.value: data}

    await LiveProjection(api).write([projection_of(view, (action(sections=sections),))])

    assert await shown(api, view) == view
    page = await SessionReads(api).actions(ADA, view.session_id, limit=1, cursor=None)
    assert page.items[0].sections == sections


@pytest.mark.parametrize(
    "written",
    [
        action(),
        action(sections={"event": {}, "review": {"acceptedTerms": None}}),
        action(sections={}),
        action(execution_time_ms=17),
        action(
            name=ActionName.EXPIRE, stage=None, actor_id=None, sections=None, idempotency_key=None
        ),
        *(action(name=name, detail="a remark") for name in ActionName),
        *(action(name=name, detail="") for name in ActionName),
    ],
    ids=lambda action: f"{action.name}-{action.detail}",
)
async def test_an_action_is_read_as_it_was_written(api: Pool, written: Action) -> None:
    view = session_view()
    await LiveProjection(api).write([projection_of(view, (written,))])

    page = await SessionReads(api).actions(ADA, view.session_id, limit=5, cursor=None)

    assert page.items == [written]


async def test_a_failed_publication_has_an_error_message(api: Pool, admin: Connection) -> None:
    failure = action(name=ActionName.FAIL_PUBLICATION, detail="slug_taken")
    await LiveProjection(api).write([projection_of(session_view(), (failure,))])

    row = await admin.fetchrow("SELECT error_message, result FROM wizard_actions")

    assert row is not None
    assert dict(row) == {"error_message": "slug_taken", "result": None}


@pytest.mark.parametrize("order", list(permutations([1, 2, 3])))
async def test_the_newest_revision_is_kept_in_any_order(api: Pool, order: tuple[int, ...]) -> None:
    view = session_view()
    for revision in order:
        later = at_revision(view, revision)
        await LiveProjection(api).write([projection_of(later, (action(revision),))])

    assert await shown(api, view) == at_revision(view, 3)
    page = await SessionReads(api).actions(ADA, view.session_id, limit=5, cursor=None)
    assert [action.revision for action in page.items] == [3, 2, 1]


async def test_the_same_revision_again_changes_nothing(api: Pool) -> None:
    first = session_view()
    await LiveProjection(api).write([projection_of(first, (action(3),))])

    second = first.model_copy(update={"status": Status.ABANDONED, "is_active": False})
    await LiveProjection(api).write([projection_of(second, (action(3, detail="other"),))])

    assert await shown(api, first) == first
    page = await SessionReads(api).actions(ADA, first.session_id, limit=5, cursor=None)
    assert page.items == [action(3)]


async def test_owner_and_creation_never_change(api: Pool) -> None:
    view = session_view()
    await LiveProjection(api).write([projection_of(view, ())])

    stolen = at_revision(view, 9).model_copy(update={"user_id": "bob", "organization_id": "acme"})
    await LiveProjection(api).write([projection_of(stolen, ())])

    assert await shown(api, view) == at_revision(view, 9)


async def test_an_empty_batch_writes_nothing(api: Pool) -> None:
    await LiveProjection(api).write([])


async def test_concurrent_writers_reach_the_newest_revision(api: Pool, worker: Pool) -> None:
    """Shuffled, overlapping batches of both writers, also for sessions without a row."""
    shuffled = random.Random(7)
    sessions = [session_view() for _ in range(8)]
    writers: list[LiveProjection | DurableProjection] = [
        LiveProjection(api),
        DurableProjection(worker),
    ]
    batches = []
    for revision in list(range(1, 7)) * 2:
        batch = [
            projection_of(at_revision(view, revision), (action(revision),)) for view in sessions
        ]
        shuffled.shuffle(batch)
        batches.append(batch)
    shuffled.shuffle(batches)

    await asyncio.gather(*(shuffled.choice(writers).write(batch) for batch in batches))

    for view in sessions:
        assert await shown(api, view) == at_revision(view, 6)
        page = await SessionReads(api).actions(ADA, view.session_id, limit=9, cursor=None)
        assert [action.revision for action in page.items] == [6, 5, 4, 3, 2, 1]
