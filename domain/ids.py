"""The one place that spells names known to Temporal, and that derives ids.

Derived ids never contain a clock or a random number: the same session always gives the same
workflow id, event id and reservation, which is what makes a repeated request harmless.
"""

from typing import Final
from uuid import UUID, uuid5

TASK_QUEUE: Final = "wizard"

WIZARD_SESSION: Final = "WizardSession"

SIGNAL_STAGE_DATA: Final = "stage_data"
SIGNAL_TRANSITION: Final = "transition"

UPDATE_SAVE_STAGE: Final = "save_stage"
UPDATE_COMPLETE_STAGE: Final = "complete_stage"
UPDATE_MOVE_TO_STAGE: Final = "move_to_stage"
UPDATE_PUBLISH: Final = "publish"
UPDATE_ABANDON: Final = "abandon"
UPDATE_RESTORE: Final = "restore"

QUERY_SESSION: Final = "session"

ACTIVITY_PROJECT_SESSION: Final = "project_session"
ACTIVITY_PUBLISH_FACTS: Final = "gather_publish_facts"
ACTIVITY_RESERVE_EVENT: Final = "reserve_event"
ACTIVITY_RELEASE_EVENT: Final = "release_event"
ACTIVITY_PUBLISH_EVENT: Final = "publish_event"

SEARCH_STATUS: Final = "WizardStatus"
SEARCH_STAGE: Final = "WizardStage"
SEARCH_USER_ID: Final = "WizardUserId"
SEARCH_ORGANIZATION_ID: Final = "WizardOrganizationId"
SEARCH_EVENT_TYPE: Final = "WizardEventType"
SEARCH_PROGRESS: Final = "WizardProgress"
SEARCH_EXPIRES_AT: Final = "WizardExpiresAt"

_EVENT_NAMESPACE: Final = UUID("6c1e3f0a-8d1b-5f6e-9a57-2f4b8f3f1d10")
_SESSION_NAMESPACE: Final = UUID("0f5b7e52-6a0e-5c44-8f0b-9b7a4f6f2c31")


def session_workflow_id(session_id: str) -> str:
    return f"wizard-session-{session_id}"


def event_id_of(session_id: str) -> str:
    """The id of the only event that a session can ever publish."""
    return str(uuid5(_EVENT_NAMESPACE, session_id))


def session_id_for_key(tenant: str, idempotency_key: str) -> str:
    """The session that a repeated create with the same Idempotency-Key finds again."""
    return str(uuid5(_SESSION_NAMESPACE, f"{tenant}\n{idempotency_key}"))


def successor_of(session_id: str) -> str:
    """The session that comes after a closed one, for clients that cannot choose a new id."""
    return str(uuid5(_SESSION_NAMESPACE, f"after\n{session_id}"))
