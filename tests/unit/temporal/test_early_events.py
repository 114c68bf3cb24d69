"""Which activations are ahead of the task that their events belong to."""

import pytest
from temporalio.bridge.proto.workflow_activation import (
    FireTimer,
    QueryWorkflow,
    WorkflowActivation,
    WorkflowActivationJob,
)

from temporal.workflow_runner import EarlyEvents, TakenUpEarly

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


def take_up(*activations: WorkflowActivation) -> None:
    noted = EarlyEvents()
    for activation in activations:
        noted.note(activation)


def test_an_activation_after_early_events_is_refused() -> None:
    early = activation(TIMER, 9, 190)
    with pytest.raises(TakenUpEarly):
        take_up(
            activation(TIMER, 3, 190), early, activation(QUERY, 9, 190), activation(TIMER, 10, 810)
        )


def test_queries_are_answered() -> None:
    early = activation(TIMER, 9, 190)
    take_up(activation(TIMER, 3, 190), early, activation(QUERY, 9, 190), activation(QUERY, 9, 190))


@pytest.mark.parametrize(
    ("size", "later"),
    [(190, 810), (0, 0)],
    ids=["tasks have begun", "a server that tells no sizes"],
)
def test_alternating_tasks_and_queries_are_in_order(size: int, later: int) -> None:
    take_up(
        activation(TIMER, 3, size),
        activation(TIMER, 3, size),
        activation(QUERY, 3, size),
        activation(TIMER, 9, later),
        activation(QUERY, 9, later),
        activation(TIMER, 9, later),
    )


def test_a_replay_is_in_order() -> None:
    take_up(
        activation(TIMER, 3, 190, is_replaying=True),
        activation(TIMER, 9, 190, is_replaying=True),
        activation(TIMER, 10, 810),
    )
