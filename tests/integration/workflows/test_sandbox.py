"""Workflows run in the sandbox, which our runner enters rarely."""

from uuid import uuid4

import pytest
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import RestrictedWorkflowAccessError

from temporal.workflow_runner import workflow_runner
from tests.support.nondeterministic_workflow import NondeterministicWorkflow
from tests.support.system import System


async def run(system: System, kind: str) -> int:
    client, queue = system.temporal.client, str(uuid4())
    async with Worker(
        client,
        task_queue=queue,
        workflows=[NondeterministicWorkflow],
        workflow_runner=workflow_runner(),
    ):
        return await client.execute_workflow(
            NondeterministicWorkflow.run, kind, id=str(uuid4()), task_queue=queue
        )


async def test_nondeterministic_code_is_refused(api: System) -> None:
    with pytest.raises(WorkflowFailureError) as failure:
        await run(api, "random")

    assert isinstance(failure.value.cause, ApplicationError)
    assert failure.value.cause.type == RestrictedWorkflowAccessError.__name__


async def test_each_workflow_has_its_own_variables(api: System) -> None:
    assert [await run(api, "counting") for _ in range(2)] == [1, 1]
