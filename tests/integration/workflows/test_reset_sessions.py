"""A session whose workflow an operator has reset, so that it has lost its newest changes."""

from temporalio.api.enums.v1 import EventType

from tests.support.session_workflow import reset_session, session_handle
from tests.support.system import System
from tests.support.wizard import Wizard

SAVES = 4
LOST = 1


async def test_an_answer_after_a_reset_has_nothing_of_the_lost_changes(
    system: System, wizard: Wizard
) -> None:
    for number in range(SAVES):
        await wizard.save("eventSetup", {"title": f"Title {number}"})
    await lose_changes(system, wizard)
    assert (await wizard.view(consistent="true"))["revision"] == SAVES - LOST

    for number in range(LOST + 2):
        saved = await wizard.save("venueSetup", {"name": f"Hall {number}"})

        assert saved.status_code == 200, saved.text
        assert saved.json() == await wizard.view(consistent="true")


async def lose_changes(system: System, wizard: Wizard) -> None:
    client, accepted, kept = system.temporal.client, 0, 0
    async for event in session_handle(client, wizard.session_id).fetch_history_events():
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED:
            accepted += 1
        # An update is accepted after the completion of its task.
        is_task = event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED
        if is_task and accepted == SAVES - LOST:
            kept = event.event_id
    await reset_session(client, wizard.session_id, kept, loses_later=True)
