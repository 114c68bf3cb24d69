"""The sandbox that every workflow runs in, and a work-around for queries on a cold worker.

A query that waited for a worker arrives with all events of the history, including those that no
workflow task has begun yet. Version 1.35 of the SDK applies them in order to answer it, and the
next task only what came later. A replay applies both together, messages first: the commands of the
two come in another order, and the session fails its next replay with a ``NonDeterminismError``.
"""

from typing import Any, Final

from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import StorageDriverStoreContext
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import Info

PURE_MODULES: Final = (
    "domain",
    "activities",
    "payments",
    "pydantic",
    "pydantic_core",
    "email_validator",  # with idna: pydantic imports them when the first address is validated
    "idna",
)
"""Safe to share between the sandboxes of all sessions: importing them anew for each costs most of
the memory of a cached session."""


class ContextFreeRunner(SandboxedWorkflowRunner):
    """Runs workflows as its parent does, in the order of a replay, and enters the sandbox to run
    them only.

    For each payload that comes or goes the SDK asks the workflow several times in which context
    the data converter and an external storage are to see it. Ours see all payloads alike, and each
    time the sandbox is entered costs as much as a save's own code.
    """

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        return _ContextFreeInstance(super().create_instance(det))


class _ContextFreeInstance(WorkflowInstance):
    def __init__(self, sandboxed: WorkflowInstance) -> None:
        self._sandboxed = sandboxed
        self._early_events = EarlyEvents()

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        self._early_events.note(act)
        return self._sandboxed.activate(act)

    def get_serialization_context(self, command_info: Any) -> None:  # noqa: ARG002
        return None

    def get_external_store_context(self, command_info: Any) -> StorageDriverStoreContext:  # noqa: ARG002
        return StorageDriverStoreContext(target=None)

    def get_info(self) -> Info:
        return self._sandboxed.get_info()

    def get_thread_id(self) -> int | None:
        return self._sandboxed.get_thread_id()


def workflow_runner() -> SandboxedWorkflowRunner:
    return ContextFreeRunner(
        restrictions=SandboxRestrictions.default.with_passthrough_modules(*PURE_MODULES)
    )


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
