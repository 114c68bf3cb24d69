"""In which session, workflow and activity a line was logged, as fields of the line.

The SDK's own details stand in a nested object, and in an update they hold the client's idempotency
key, which is text from a request: so the fields are taken from what the worker itself knows.
"""

from typing import Any, Final

from structlog.typing import EventDict
from temporalio import activity, workflow

from domain import ids

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
