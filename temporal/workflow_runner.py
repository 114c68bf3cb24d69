"""The sandboxed workflow runner, with two changes to the SDK's own:

- It shares pure modules between all sessions, and enters the sandbox only to run workflow code.
- It works around out-of-order replay after a query on a cold worker.

The workaround is for version 1.35 of the SDK; a unit test fails when that version changes. A query
that waited for a worker arrives with the whole history, including events for which no workflow task
has started yet. The SDK applies these events to answer the query; the next task applies only later
ones. A replay applies all of them together, messages first. The order of commands then differs, and
the replay fails with a ``NonDeterminismError``. A related report is issue 1591 of
temporalio/sdk-python, in which a cold worker also writes a history that does not replay.
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
    "anyascii",  # with phonenumbers: both read a table when it is first used
    "phonenumbers",
)
"""Modules that are safe to share between sandboxes. If each sandbox imported them again, they would
take most of the memory of a cached session."""

_READ_ONLY_JOBS: Final = frozenset({"query_workflow", "remove_from_cache"})


def workflow_runner() -> SandboxedWorkflowRunner:
    return ContextFreeRunner(
        restrictions=SandboxRestrictions.default.with_passthrough_modules(*PURE_MODULES)
    )


class ContextFreeRunner(SandboxedWorkflowRunner):
    """Does not enter the sandbox to determine the context of a payload.

    Several times per payload, the SDK asks the workflow for the context of the data converter and
    the external storage. Ours do not depend on it, and entering the sandbox each time would cost as
    much as the workflow code of a save.
    """

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        return _ContextFreeInstance(super().create_instance(det))


class _ContextFreeInstance(WorkflowInstance):
    def __init__(self, sandboxed: WorkflowInstance) -> None:
        self._sandboxed = sandboxed
        self._early_events = EarlyEvents()

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        self._early_events.check(act)
        return self._sandboxed.activate(act)

    def get_serialization_context(self, command_info: Any) -> None:  # noqa: ARG002 - the SDK's signature
        return None

    def get_external_store_context(self, command_info: Any) -> StorageDriverStoreContext:  # noqa: ARG002 - the SDK's signature
        return StorageDriverStoreContext(target=None)

    def get_info(self) -> Info:
        return self._sandboxed.get_info()

    def get_thread_id(self) -> int | None:
        return self._sandboxed.get_thread_id()


class AppliedTooEarly(Exception):
    """Fails a workflow task once; Temporal retries it with a new instance, from the history."""

    def __init__(self) -> None:
        super().__init__(
            "A query that had waited for a worker made the SDK apply events before their task. "
            "The task is retried from the history, in the order of a replay; nothing is lost."
        )


class EarlyEvents:
    """Detects that a workflow instance has applied events for which no task has started."""

    def __init__(self) -> None:
        self._length = 0
        self._bytes = 0
        self._is_ahead = False

    def check(self, activation: WorkflowActivation) -> None:
        """
        Raises:
            AppliedTooEarly: an earlier activation applied events of this activation's task.
        """
        if all(job.WhichOneof("variant") in _READ_ONLY_JOBS for job in activation.jobs):
            return
        if self._is_ahead:
            raise AppliedTooEarly
        self._is_ahead = not activation.is_replaying and self._has_no_started_task(activation)
        self._length = activation.history_length
        self._bytes = activation.history_size_bytes

    def _has_no_started_task(self, activation: WorkflowActivation) -> bool:
        """Every event changes the history's length, but only the start of a task changes its
        reported size. Some servers report no size."""
        has_new_events = activation.history_length > self._length
        return has_new_events and 0 < activation.history_size_bytes == self._bytes
