"""Sessions that were begun by an earlier version go on in this one."""

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from domain import ids
from worker import PURE_MODULES
from workflows.wizard_session import WizardSession

HISTORIES = {
    path.stem: path.read_text()
    for path in sorted((Path(__file__).parent / "histories").glob("*.json"))
}

ADVICE = """\
This version would decide otherwise than the session in {name} did: every open session like it
would stop at its next message. Put the change behind workflow.patched("..."), so that sessions
that run already go on as before. If no such session can be open any more (they live for seven
days at the most, longer only with a planned publication), or the system was never in production,
record anew: make record-histories
"""


async def replay_failure(recorded: str) -> Exception | None:
    replayer = Replayer(
        workflows=[WizardSession],
        data_converter=pydantic_data_converter,
        workflow_runner=SandboxedWorkflowRunner(
            restrictions=SandboxRestrictions.default.with_passthrough_modules(*PURE_MODULES)
        ),
    )
    history = WorkflowHistory.from_json("wizard-session-recorded", recorded)
    return (await replayer.replay_workflow(history, raise_on_replay_failure=False)).replay_failure


@pytest.mark.parametrize("name", HISTORIES)
async def test_a_recorded_session_replays(name: str) -> None:
    failure = await replay_failure(HISTORIES[name])

    if failure is not None:
        pytest.fail(f"{failure}\n\n{ADVICE.format(name=name)}", pytrace=False)


async def test_a_session_that_decided_otherwise_is_noticed() -> None:
    recorded = HISTORIES["published"]
    assert ids.ACTIVITY_RESERVE_EVENT in recorded

    assert await replay_failure(recorded.replace(ids.ACTIVITY_RESERVE_EVENT, "something_else"))


def test_every_kind_of_session_is_recorded() -> None:
    assert HISTORIES.keys() >= {
        "abandoned",
        "continued-1",
        "continued-2",
        "expired",
        "failed-after-publish-event",
        "failed-after-reserve-event",
        "failed-before-publish-event",
        "failed-before-reserve-event",
        "in-progress",
        "planned",
        "published",
        "refused",
        "reminded",
    }
