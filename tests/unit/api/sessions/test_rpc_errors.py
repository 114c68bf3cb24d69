"""Errors of Temporal's client: with which of them a repeat of the request is safe."""

import pytest
from temporalio.service import RPCError, RPCStatusCode

from api.sessions.rpc_errors import temporal_errors
from domain.errors import Unavailable


@pytest.mark.parametrize(
    "status",
    [
        RPCStatusCode.UNAVAILABLE,
        RPCStatusCode.DEADLINE_EXCEEDED,
        RPCStatusCode.CANCELLED,
        RPCStatusCode.RESOURCE_EXHAUSTED,
        RPCStatusCode.ABORTED,
        # "transport error": the connection broke after the time in which the SDK repeats a call
        RPCStatusCode.UNKNOWN,
        RPCStatusCode.INTERNAL,
        RPCStatusCode.DATA_LOSS,
    ],
)
def test_an_unknown_outcome_is_unavailable(status: RPCStatusCode) -> None:
    with pytest.raises(Unavailable), temporal_errors():
        raise RPCError("transport error", status, b"")


@pytest.mark.parametrize("status", [RPCStatusCode.INVALID_ARGUMENT, RPCStatusCode.UNIMPLEMENTED])
def test_a_refused_call_stays_an_error(status: RPCStatusCode) -> None:
    with pytest.raises(RPCError), temporal_errors():
        raise RPCError("refused", status, b"")
