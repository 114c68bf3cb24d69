"""The sandbox that every workflow runs in."""

from typing import Any, Final

from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import StorageDriverStoreContext
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import Info

from workflows.early_events import EarlyEvents

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
