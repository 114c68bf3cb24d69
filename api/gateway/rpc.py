"""What Temporal answers, as errors of the domain."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from temporalio.client import (
    RPCTimeoutOrCancelledError,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from domain.errors import Unavailable, WizardError
from workflows.failures import to_error

_CLOSED_MEANWHILE: Final = "AcceptedUpdateCompletedWorkflow"

_TRANSIENT: Final = frozenset(
    {
        RPCStatusCode.UNAVAILABLE,
        RPCStatusCode.DEADLINE_EXCEEDED,
        RPCStatusCode.CANCELLED,
        RPCStatusCode.RESOURCE_EXHAUSTED,
        RPCStatusCode.ABORTED,
    }
)


class NoOpenWorkflow(Exception):
    """The session is closed, or never was: Temporal does not tell which."""


class Interrupted(Exception):
    """The task that took the message was lost: it has no effect yet, and goes again at once."""


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
    except RuntimeError as error:  # what the SDK raises while it never had a connection
        raise Unavailable from error
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise NoOpenWorkflow from error
        if error.status is RPCStatusCode.FAILED_PRECONDITION:
            raise Interrupted from error
        if error.status in _TRANSIENT:
            raise Unavailable from error
        raise


def _of_update(error: WorkflowUpdateFailedError) -> Exception:
    cause = error.cause
    if isinstance(cause, ApplicationError):
        if cause.type == _CLOSED_MEANWHILE:
            return NoOpenWorkflow()
        return to_error(cause)
    return WizardError()
