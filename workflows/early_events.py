"""Keeps a session from going on in an order that no replay can repeat.

A query that had waited for a worker comes with all the events there are, also those that no task
has begun yet. Version 1.35 of the SDK takes them up to answer it, and in the next task only what
came later. A replay takes up both together, messages first: the commands of the two come in
another order, and the session would be stuck with a ``NonDeterminismError`` at its next replay.
"""

from typing import Final

from temporalio.bridge.proto.workflow_activation import WorkflowActivation

_CHANGES_NOTHING: Final = frozenset({"query_workflow", "remove_from_cache"})


class TakenUpEarly(Exception):
    """Fails a workflow task, once: Temporal repeats it, and a new instance starts from history."""

    def __init__(self) -> None:
        super().__init__(
            "A query that had waited for a worker made the SDK take up events before their task. "
            "The task is repeated from the history, in the order of a replay; nothing is lost."
        )


class EarlyEvents:
    """What one instance of a workflow has taken up so far."""

    def __init__(self) -> None:
        self._length = 0
        self._bytes = 0
        self._is_ahead = False

    def note(self, activation: WorkflowActivation) -> None:
        """
        Raises:
            TakenUpEarly: an earlier activation took events up that belong to the task of this one.
        """
        if all(job.WhichOneof("variant") in _CHANGES_NOTHING for job in activation.jobs):
            return
        if self._is_ahead:
            raise TakenUpEarly
        self._is_ahead = not activation.is_replaying and self._has_begun_no_task(activation)
        self._length = activation.history_length
        self._bytes = activation.history_size_bytes

    def _has_begun_no_task(self, activation: WorkflowActivation) -> bool:
        """The size of the history is renewed by the event with which a task begins, its length by
        every event. A server may tell no size."""
        has_new_events = activation.history_length > self._length
        return has_new_events and 0 < activation.history_size_bytes == self._bytes
