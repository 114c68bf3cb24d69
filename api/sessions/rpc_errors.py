"""What Temporal answers, as errors of the domain."""

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

_CLOSED_MEANWHILE: Final = "AcceptedUpdateCompletedWorkflow"


class NoOpenWorkflow(Exception):
    """The session is closed, or never was: Temporal does not tell which."""


class Interrupted(Exception):
    """The task that took the message was lost: it has no effect yet, and goes again at once."""


_MEANINGS: Final[Mapping[RPCStatusCode, type[Exception]]] = {
    RPCStatusCode.NOT_FOUND: NoOpenWorkflow,
    RPCStatusCode.FAILED_PRECONDITION: Interrupted,
    RPCStatusCode.UNAVAILABLE: Unavailable,
    RPCStatusCode.DEADLINE_EXCEEDED: Unavailable,
    RPCStatusCode.CANCELLED: Unavailable,
    RPCStatusCode.RESOURCE_EXHAUSTED: Unavailable,
    RPCStatusCode.ABORTED: Unavailable,
}


@contextmanager
def temporal_errors() -> Iterator[None]:
    """
    Raises:
        NoOpenWorkflow: in place of "not found".
        Interrupted: nothing happened yet; the same message can be sent again.
        Unavailable: the outcome is unknown; a repeat with the same key is safe.
        WizardError: as the workflow raised it.
    """
    try:
        yield
    except WorkflowUpdateFailedError as error:
        raise _of_update(error) from error
    except (RPCTimeoutOrCancelledError, WorkflowQueryFailedError, TimeoutError) as error:
        raise Unavailable("No worker answered in time: repeat with the same key.") from error
    except PayloadUnreadable as error:
        _log.error("payload_unreadable", reason=str(error))
        raise Unavailable from error
    except RuntimeError as error:  # what the SDK raises while it never had a connection
        raise Unavailable from error
    except RPCError as error:
        meaning = _MEANINGS.get(error.status)
        if meaning is None:
            raise
        raise meaning from error


def _of_update(error: WorkflowUpdateFailedError) -> Exception:
    cause = error.cause
    if isinstance(cause, ApplicationError):
        if cause.type == _CLOSED_MEANWHILE:
            return NoOpenWorkflow()
        return to_error(cause)
    return WizardError()
