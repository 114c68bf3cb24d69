"""Translates errors of Temporal's client into errors of the domain."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import structlog
from temporalio.client import (
    RPCTimeoutOrCancelledError,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from domain.errors import Unavailable, WizardError
from temporal.encryption.keys import PayloadUnreadable
from temporal.failures import to_error

_log = structlog.get_logger(__name__)

NO_ANSWER: Final = "No worker answered in time. Retry with the same Idempotency-Key."

_CLOSED_DURING_UPDATE: Final = "AcceptedUpdateCompletedWorkflow"

_NO_HANDLER: Final = ("RuntimeError", "expected but not found")
"""Type and text of the SDK's refusal of an update that the workflow does not have."""


class NoOpenWorkflow(Exception):
    """The workflow is closed or never existed; Temporal does not distinguish the two."""


class Interrupted(Exception):
    """The workflow task with the message was lost. It had no effect, and can be sent again."""


_BY_STATUS: Final[Mapping[RPCStatusCode, type[Exception]]] = {
    RPCStatusCode.NOT_FOUND: NoOpenWorkflow,
    RPCStatusCode.FAILED_PRECONDITION: Interrupted,
    RPCStatusCode.UNAVAILABLE: Unavailable,
    RPCStatusCode.DEADLINE_EXCEEDED: Unavailable,
    RPCStatusCode.CANCELLED: Unavailable,
    RPCStatusCode.RESOURCE_EXHAUSTED: Unavailable,
    RPCStatusCode.ABORTED: Unavailable,
    # The connection broke, and the SDK had repeated the call for too long to repeat it again.
    RPCStatusCode.UNKNOWN: Unavailable,
    RPCStatusCode.INTERNAL: Unavailable,
    RPCStatusCode.DATA_LOSS: Unavailable,
}


@contextmanager
def temporal_errors() -> Iterator[None]:
    """
    Raises:
        NoOpenWorkflow: the workflow is closed or never existed.
        Interrupted: the message had no effect, and can be sent again.
        Unavailable: the outcome is unknown; a repeat with the same key is safe.
        WizardError: as the workflow raised it.
    """
    try:
        yield
    except WorkflowUpdateFailedError as error:
        raise _update_error(error) from error
    except (RPCTimeoutOrCancelledError, WorkflowQueryFailedError, TimeoutError) as error:
        raise Unavailable(NO_ANSWER) from error
    except PayloadUnreadable as error:
        _log.error("payload unreadable", reason=str(error))
        raise Unavailable from error
    except RuntimeError as error:  # raised by the SDK if it is not connected yet
        raise Unavailable from error
    except RPCError as error:
        translated = _BY_STATUS.get(error.status)
        if translated is None:
            raise
        raise translated from error


def _update_error(error: WorkflowUpdateFailedError) -> Exception:
    cause = error.cause
    if isinstance(cause, ApplicationError):
        if cause.type == _CLOSED_DURING_UPDATE:
            return NoOpenWorkflow()
        if cause.type == _NO_HANDLER[0] and _NO_HANDLER[1] in cause.message:
            return Unavailable(
                "The session still runs in an earlier release of the service, which does not "
                "support this. Try again later."
            )
        return to_error(cause)
    return WizardError()
