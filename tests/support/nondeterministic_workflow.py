"""A nondeterministic workflow, in a separate file because the sandbox loads the whole file."""

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
