"""Work-around for queries on a cold worker: it refuses activations after early events."""

import re
from pathlib import Path
from typing import Final

import pytest
from temporalio.bridge.proto.workflow_activation import (
    FireTimer,
    QueryWorkflow,
    WorkflowActivation,
    WorkflowActivationJob,
)

from temporal.workflow_runner import AppliedTooEarly, EarlyEvents

ROOT: Final = Path(__file__).parents[3]

SDK_VERSION: Final = "1.35"
ADVICE: Final = f"""\
temporal/workflow_runner.py works around how version {SDK_VERSION} of the SDK applies events to
answer a query. Check with the new version:

- Is the work-around still needed? Remove EarlyEvents, and run
  tests/integration/workflows/test_waiting_queries.py and tests/chaos a few times. If they pass,
  leave it out.
- If it is needed: do WorkflowInstance and WorkflowActivation (history_length,
  history_size_bytes, is_replaying) still have the same methods and meaning? Does ContextFreeRunner
  still override every method that enters the sandbox for a payload?

Then change the version here and in the docstring of temporal/workflow_runner.py."""

TIMER = WorkflowActivationJob(fire_timer=FireTimer(seq=1))
QUERY = WorkflowActivationJob(query_workflow=QueryWorkflow(query_id="legacy_query"))


def activation(
    job: WorkflowActivationJob, length: int, size: int, *, is_replaying: bool = False
) -> WorkflowActivation:
    return WorkflowActivation(
        jobs=[job],
        history_length=length,
        history_size_bytes=size,
        is_replaying=is_replaying or job is QUERY,
    )


def check(*activations: WorkflowActivation) -> None:
    early_events = EarlyEvents()
    for activation in activations:
        early_events.check(activation)


def test_locked_sdk_is_the_version_of_the_work_around() -> None:
    locked = (ROOT / "requirements" / "base.txt").read_text()
    version = re.search(r"^temporalio==(\d+\.\d+)\.", locked, re.MULTILINE)

    assert version, "temporalio is not locked"
    assert version[1] == SDK_VERSION, ADVICE


def test_an_activation_after_early_events_is_refused() -> None:
    early = activation(TIMER, 9, 190)
    with pytest.raises(AppliedTooEarly):
        check(
            activation(TIMER, 3, 190), early, activation(QUERY, 9, 190), activation(TIMER, 10, 810)
        )


def test_queries_are_answered() -> None:
    early = activation(TIMER, 9, 190)
    check(activation(TIMER, 3, 190), early, activation(QUERY, 9, 190), activation(QUERY, 9, 190))


@pytest.mark.parametrize(
    ("size", "later"),
    [(190, 810), (0, 0)],
    ids=["tasks have started", "the server reports no sizes"],
)
def test_alternating_tasks_and_queries_are_in_order(size: int, later: int) -> None:
    check(
        activation(TIMER, 3, size),
        activation(TIMER, 3, size),
        activation(QUERY, 3, size),
        activation(TIMER, 9, later),
        activation(QUERY, 9, later),
        activation(TIMER, 9, later),
    )


def test_replay_is_accepted() -> None:
    check(
        activation(TIMER, 3, 190, is_replaying=True),
        activation(TIMER, 9, 190, is_replaying=True),
        activation(TIMER, 10, 810),
    )
