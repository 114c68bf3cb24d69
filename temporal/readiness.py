"""Checks that Temporal has the namespace and its search attributes.

Uses only requests that Temporal Cloud supports, which has no operator service.
"""

from datetime import timedelta
from typing import Final, Literal

from temporalio.api.workflowservice.v1 import (
    CountWorkflowExecutionsRequest,
    DescribeNamespaceRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from temporal.search_attributes import KEYS, STATUS

State = Literal["unreachable", "no_namespace", "no_search_attributes"]

TIMEOUT: Final = timedelta(seconds=2)

# Matches no workflow, because of its first condition; invalid if an attribute is not registered.
_PROBE: Final = " AND ".join(
    [f"{STATUS.name} = 'none'", *(f"{key.name} IS NOT NULL" for key in KEYS if key is not STATUS)]
)


class TemporalNotReady(Exception):
    """``state`` is machine-readable; the message is one line for operators."""

    def __init__(self, state: State, reason: str) -> None:
        super().__init__(reason)
        self.state: State = state


async def require_namespace(client: Client) -> None:
    """
    Raises:
        TemporalNotReady: there is no response in time, or no such namespace.
    """
    request = DescribeNamespaceRequest(namespace=client.namespace)
    try:
        await client.workflow_service.describe_namespace(request, timeout=TIMEOUT)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise TemporalNotReady(
                "no_namespace", f"the namespace {client.namespace} does not exist"
            ) from error
        raise _unreachable(error) from error
    except RuntimeError as error:  # raised by the SDK before it has connected
        raise _unreachable(error) from error


async def require_search_attributes(client: Client) -> None:
    """
    Raises:
        TemporalNotReady: there is no response in time, or an attribute is not registered.
    """
    request = CountWorkflowExecutionsRequest(namespace=client.namespace, query=_PROBE)
    try:
        await client.workflow_service.count_workflow_executions(request, timeout=TIMEOUT)
    except RPCError as error:
        if error.status is RPCStatusCode.INVALID_ARGUMENT:
            raise TemporalNotReady(
                "no_search_attributes", "migrate.py has yet to register the search attributes"
            ) from error
        raise _unreachable(error) from error
    except RuntimeError as error:
        raise _unreachable(error) from error


def _unreachable(error: Exception) -> TemporalNotReady:
    return TemporalNotReady("unreachable", (str(error) or type(error).__name__).splitlines()[0])
