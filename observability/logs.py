"""Structured logs on standard error: one JSON object, or one line for people, per event.

Each line carries the session, workflow and activity, or the request and its actor. The Temporal
SDK's own details are a nested object, and in an update they hold the client's idempotency key,
which is text from a request: so the fields are taken from what the worker itself knows.
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

_OF_THE_SDK: Final = ("temporal_workflow", "temporal_activity")
_KEPT: Final = ("workflow_id", "run_id", "workflow_type", "activity_type", "attempt")

_TENANT: Final = {
    ids.SEARCH_USER_ID: "user_id",
    ids.SEARCH_ORGANIZATION_ID: "organization_id",
}

# Otherwise each message ends with the same details once more, as text.
workflow.logger.workflow_info_on_message = False
activity.logger.activity_info_on_message = False


def add_temporal_ids(_logger: Any, _method: str, line: EventDict) -> EventDict:
    """A structlog processor."""
    found: dict[str, Any] = {}
    for name in _OF_THE_SDK:
        details = line.pop(name, None) or {}
        found.update({key: details[key] for key in _KEPT if key in details})
    if workflow.in_workflow():
        found.update(_of_workflow())
    elif activity.in_activity():
        found.update(_of_activity())
    if "workflow_id" in found:
        found["session_id"] = ids.session_of_workflow(found["workflow_id"])
    line.update({key: value for key, value in found.items() if value is not None})
    return line


def _of_workflow() -> dict[str, Any]:
    info = workflow.info()
    tenant = {
        _TENANT[pair.key.name]: pair.value
        for pair in info.typed_search_attributes
        if pair.key.name in _TENANT
    }
    return {"workflow_id": info.workflow_id, "run_id": info.run_id, **tenant}


def _of_activity() -> dict[str, Any]:
    info = activity.info()
    return {
        "workflow_id": info.workflow_id,
        "run_id": info.workflow_run_id,
        "activity_type": info.activity_type,
        "attempt": info.attempt,
    }


def note_actor(actor: Actor) -> None:
    structlog.contextvars.bind_contextvars(
        user_id=actor.user_id, organization_id=actor.organization_id
    )


def note_session(session_id: str) -> None:
    structlog.contextvars.bind_contextvars(
        session_id=session_id, workflow_id=ids.session_workflow_id(session_id)
    )


# They tell of every request, or of nothing that an operator could act on; the last one shows, at
# DEBUG, what activities return, and that may be a secret.
_QUIET: Final = ("httpx", "httpcore", "uvicorn.access", "temporalio.worker")

_SHARED: Final[list[Processor]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    add_temporal_ids,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]


def configure(
    level: str, style: Literal["json", "console"], processors: Sequence[Processor] = ()
) -> None:
    """Routes the standard library's loggers and structlog's through the same processors.

    ``processors`` are further ones, which add to every line.
    """
    shared = [*_SHARED, *processors]
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
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
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
