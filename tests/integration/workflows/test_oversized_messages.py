"""Temporal itself refuses messages that are too large, even if they are sent past the API.

A worker cannot refuse them: its response repeats the argument, and a response over 2 MiB fails the
workflow task on every attempt.
"""

import json

import pytest
from temporalio.api.common.v1 import Payload, Payloads, WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.update.v1 import Input, Meta, Request
from temporalio.api.workflowservice.v1 import (
    SignalWorkflowExecutionRequest,
    UpdateWorkflowExecutionRequest,
)
from temporalio.service import RPCError, RPCStatusCode

from dev.session_histories import events_by_type, histories_of
from domain import ids
from tests.support.system import System
from tests.support.wizard import Wizard

SIZES = [2_200_000, 3_900_000, 5_000_000]
"""In bytes. The last exceeds the limit of gRPC."""


def message_of(size: int) -> Payloads:
    message = {"actor": {"user_id": "ada"}, "stage": "organizerSetup", "data": {"name": "x" * size}}
    payload = Payload(metadata={"encoding": b"json/plain"}, data=json.dumps(message).encode())
    return Payloads(payloads=[payload])


async def test_an_oversized_update_is_refused_and_harmless(system: System, wizard: Wizard) -> None:
    client = system.temporal.client
    for size in SIZES:
        with pytest.raises(RPCError) as refused:
            await client.workflow_service.update_workflow_execution(
                UpdateWorkflowExecutionRequest(
                    namespace=client.namespace,
                    workflow_execution=execution_of(wizard),
                    request=Request(
                        meta=Meta(update_id=f"of {size} bytes"),
                        input=Input(name=ids.UPDATE_SAVE_STAGE, args=message_of(size)),
                    ),
                )
            )
        assert refused.value.status is RPCStatusCode.RESOURCE_EXHAUSTED, size
        await assert_still_works(system, wizard)


async def test_an_oversized_signal_is_refused_and_harmless(system: System, wizard: Wizard) -> None:
    client = system.temporal.client
    for size in SIZES:
        with pytest.raises(RPCError) as refused:
            await client.workflow_service.signal_workflow_execution(
                SignalWorkflowExecutionRequest(
                    namespace=client.namespace,
                    workflow_execution=execution_of(wizard),
                    signal_name=ids.SIGNAL_STAGE_DATA,
                    input=message_of(size),
                )
            )
        assert refused.value.status in {
            RPCStatusCode.INVALID_ARGUMENT,
            RPCStatusCode.RESOURCE_EXHAUSTED,
        }, size
        await assert_still_works(system, wizard)


def execution_of(wizard: Wizard) -> WorkflowExecution:
    return WorkflowExecution(workflow_id=ids.session_workflow_id(wizard.session_id))


async def assert_still_works(system: System, wizard: Wizard) -> None:
    saved = await wizard.save("organizerSetup", {"name": "Ada"})
    assert saved.status_code == 200, saved.text
    counted = events_by_type(*await histories_of(system.temporal.client, wizard.session_id))
    assert counted[EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED] == 0
    assert counted[EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT] == 0
