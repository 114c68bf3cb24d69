"""The cost of a session in Temporal: history events and billed actions."""

from dev.session_histories import billed_actions, histories_of
from tests.support.session_rows import complete_session_rows
from tests.support.system import System
from tests.support.wizard import Wizard, publish, start_filled

SAVES = 20

MOST_EVENTS_PER_SAVE = 6

MOST_ACTIONS_OF_A_SESSION = 20
"""Of a session with six completed stages that is published; more would increase the bill."""


async def test_a_save_in_a_burst_costs_few_events(system: System, wizard: Wizard) -> None:
    await complete_session_rows(system.database, system.temporal.client, wizard.session_id)
    (before,) = await histories_of(system.temporal.client, wizard.session_id)

    for number in range(SAVES):
        await wizard.save("organizerSetup", {"name": f"Ada {number}"})

    (after,) = await histories_of(system.temporal.client, wizard.session_id)
    assert len(after.events) - len(before.events) <= MOST_EVENTS_PER_SAVE * SAVES
    assert billed_actions(after) - billed_actions(before) <= SAVES + 6


async def test_a_whole_session_costs_few_actions(system: System, wizard: Wizard) -> None:
    wizard = await start_filled(wizard.http)
    await publish(wizard)
    await complete_session_rows(system.database, system.temporal.client, wizard.session_id)

    histories = await histories_of(system.temporal.client, wizard.session_id)

    assert billed_actions(*histories) <= MOST_ACTIONS_OF_A_SESSION


async def test_a_save_without_a_difference_upserts_nothing(system: System, wizard: Wizard) -> None:
    await wizard.save("organizerSetup", {"name": "Ada"})
    (before,) = await histories_of(system.temporal.client, wizard.session_id)

    for _ in range(SAVES):
        saved = await wizard.save("organizerSetup", {"name": "Ada"})
        assert saved.json()["revision"] == 1

    (after,) = await histories_of(system.temporal.client, wizard.session_id)
    assert billed_actions(after) - billed_actions(before) <= SAVES + 3
