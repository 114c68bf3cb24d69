"""Structured logs on standard error: one JSON object, or one readable line, per event.

Each line has the ids of the session, workflow and activity, or of the request and its actor. Only
ids are kept of the details that the SDK adds: for an update, they also contain the client's
idempotency key, which is text from a request.
"""

import logging
import sys
from collections.abc import Sequence
from typing import Any, Final, Literal

import structlog
from structlog.typing import EventDict, Processor
from temporalio import activity, workflow

from domain import ids
from domain.actors import Actor

_SDK_DETAILS: Final = ("temporal_workflow", "temporal_activity")
_KEPT_DETAILS: Final = ("workflow_id", "run_id", "workflow_type", "activity_type", "attempt")

_TENANT_ATTRIBUTES: Final = {
    ids.SEARCH_USER_ID: "user_id",
    ids.SEARCH_ORGANIZATION_ID: "organization_id",
}

# These log every request, or nothing that an operator can act on. At DEBUG, the last one logs
# results of activities, which may contain secrets.
_QUIET_LOGGERS: Final = ("httpx", "httpcore", "uvicorn.access", "temporalio.worker")

# These quote the messages that clients send, so they log nothing.
_SILENT_LOGGERS: Final = ("mcp",)

# Otherwise the SDK appends the same details as text to each message.
workflow.logger.workflow_info_on_message = False
activity.logger.activity_info_on_message = False


def configure(
    level: str, style: Literal["json", "console"], processors: Sequence[Processor] = ()
) -> None:
    """Routes the loggers of the standard library and of structlog through the same processors.

    ``processors`` are applied to every line, after our own.
    """
    shared = [*_PROCESSORS, *processors]
    renderer: Processor = (
        structlog.processors.JSONRenderer()
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _QUIET_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in _SILENT_LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def note_actor(actor: Actor) -> None:
    """Adds the actor to all log lines of the current request."""
    structlog.contextvars.bind_contextvars(
        user_id=actor.user_id, organization_id=actor.organization_id
    )


def note_session(session_id: str) -> None:
    """Adds the session to all log lines of the current request."""
    structlog.contextvars.bind_contextvars(**session_fields(session_id))


def session_fields(session_id: str) -> dict[str, str]:
    return {"session_id": session_id, "workflow_id": ids.session_workflow_id(session_id)}


def add_temporal_ids(_logger: Any, _method: str, line: EventDict) -> EventDict:
    """A structlog processor that adds the ids of the current workflow or activity."""
    fields: dict[str, Any] = {}
    for name in _SDK_DETAILS:
        details = line.pop(name, None) or {}
        fields.update({key: details[key] for key in _KEPT_DETAILS if key in details})
    if workflow.in_workflow():
        fields.update(_workflow_fields())
    elif activity.in_activity():
        fields.update(_activity_fields())
    if "workflow_id" in fields:
        fields["session_id"] = ids.session_of_workflow(fields["workflow_id"])
    line.update({key: value for key, value in fields.items() if value is not None})
    return line


def _workflow_fields() -> dict[str, Any]:
    info = workflow.info()
    tenant = {
        _TENANT_ATTRIBUTES[pair.key.name]: pair.value
        for pair in info.typed_search_attributes
        if pair.key.name in _TENANT_ATTRIBUTES
    }
    return {"workflow_id": info.workflow_id, "run_id": info.run_id, **tenant}


def _activity_fields() -> dict[str, Any]:
    info = activity.info()
    return {
        "workflow_id": info.workflow_id,
        "run_id": info.workflow_run_id,
        "activity_type": info.activity_type,
        "attempt": info.attempt,
    }


_PROCESSORS: Final[list[Processor]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    add_temporal_ids,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]
