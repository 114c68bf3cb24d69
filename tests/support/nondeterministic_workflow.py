"""A workflow that is not deterministic, in a file of its own because the sandbox loads it."""

import random

from temporalio import workflow
from temporalio.worker.workflow_sandbox import RestrictedWorkflowAccessError

visits = 0


@workflow.defn(failure_exception_types=[RestrictedWorkflowAccessError])
class NondeterministicWorkflow:
    @workflow.run
    async def run(self, kind: str) -> int:
        global visits  # noqa: PLW0603
        visits += 1
        return random.randrange(10) if kind == "random" else visits
