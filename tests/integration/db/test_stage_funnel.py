"""The stage funnel: figures over all tenants, for operators."""

from datetime import timedelta

import asyncpg
import pytest

from db.pool import Connection, Pool
from db.projection import DurableProjection
from domain.session.actions import Action, ActionName
from domain.stages import Stage
from tests.integration.db.read_model_factories import (
    ADA,
    EVE_AT_OTHER,
    MOMENT,
    action,
    new_session,
    projection_of,
)

FUNNEL = "SELECT stage, started, reached, completed, median_seconds FROM wizard_stage_funnel"


def after(minutes: int, name: ActionName, stage: Stage | None = None) -> Action:
    """An action after ``minutes``, which also gives its revision."""
    return action(minutes, name=name, stage=stage, at=MOMENT + timedelta(minutes=minutes))


SESSIONS = (
    (  # only created
        ADA,
        (),
    ),
    (  # saved, and abandoned at the second stage
        ADA,
        (
            after(1, ActionName.SAVE_STAGE, Stage.ORGANIZER_SETUP),
            after(2, ActionName.COMPLETE_STAGE, Stage.ORGANIZER_SETUP),
            after(3, ActionName.ABANDON),
        ),
    ),
    (  # moved over three stages at once, moved back, and was published
        EVE_AT_OTHER,
        (
            after(4, ActionName.COMPLETE_STAGE, Stage.ORGANIZER_SETUP),
            after(10, ActionName.MOVE_TO_STAGE, Stage.SPONSORS_MEDIA),
            after(11, ActionName.MOVE_TO_STAGE, Stage.EVENT_SETUP),
            after(20, ActionName.COMPLETE_STAGE, Stage.EVENT_SETUP),
            after(30, ActionName.MOVE_TO_STAGE, Stage.REVIEW_PUBLISH),
            after(31, ActionName.COMPLETE_STAGE, Stage.REVIEW_PUBLISH),
            after(32, ActionName.PUBLISH_EVENT),
        ),
    ),
)


@pytest.fixture
async def sessions(worker: Pool) -> None:
    await DurableProjection(worker).write(
        [projection_of(new_session(owner), trail) for owner, trail in SESSIONS]
    )


async def test_the_funnel_counts_sessions_by_stage(admin: Connection, sessions: None) -> None:
    await admin.execute("SET SESSION AUTHORIZATION wizard_operator")

    funnel = [tuple(row) for row in await admin.fetch(FUNNEL)]

    assert funnel == [
        ("organizerSetup", 3, 3, 2, 3 * 60),  # after two minutes, and after four
        ("eventSetup", 3, 2, 1, 6 * 60),
        ("venueSetup", 3, 1, 1, 0),
        ("ticketSetup", 3, 1, 1, 0),
        ("sponsorsMedia", 3, 1, 1, 20 * 60),
        ("reviewPublish", 3, 1, 1, 2 * 60),
    ]


async def test_the_funnel_without_sessions_is_empty(admin: Connection) -> None:
    assert await admin.fetch(FUNNEL) == []


async def test_operators_see_figures_and_no_input(admin: Connection, sessions: None) -> None:
    await admin.execute("SET SESSION AUTHORIZATION wizard_operator")
    for statement in (
        "SELECT event_data FROM wizard_sessions",
        "SELECT user_id FROM wizard_sessions",
        "SELECT payload FROM wizard_actions",
        "SELECT actor_id FROM wizard_actions",
        "SELECT * FROM events",
        "SELECT * FROM stripe_events",
        "UPDATE wizard_sessions SET created_at = now()",
        "DELETE FROM wizard_actions",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await admin.execute(statement)


@pytest.mark.parametrize("role", ["wizard_api", "wizard_projector", "wizard_inbox"])
async def test_the_funnel_is_closed_to_tenants(admin: Connection, role: str) -> None:
    await admin.execute(f"SET SESSION AUTHORIZATION {role}")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await admin.execute(FUNNEL)


async def test_a_member_of_the_operator_role_sees_no_more(
    admin: Connection, sessions: None
) -> None:
    transaction = admin.transaction()
    await transaction.start()
    try:
        await admin.execute("CREATE ROLE careless NOLOGIN INHERIT")
        await admin.execute("GRANT wizard_operator TO careless")
        await admin.execute("SET LOCAL ROLE careless")
        assert await admin.fetch("SELECT session_id FROM wizard_sessions") == []
    finally:
        await transaction.rollback()
