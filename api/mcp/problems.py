"""Errors as results of tools: the code, each error in a value, and what to do."""

from typing import Final

from api.errors import RETRY_AFTER_SECONDS
from api.mcp.results import finding, session_result
from domain.errors import RateLimited, Unavailable, WizardError
from domain.json_values import JsonObject
from domain.session.view import SessionView

_KEPT: Final = ("session_status",)
"""Of the members that some problems have."""

_REPEAT: Final = "Wait retry_after seconds, then repeat the call with the same arguments."
_CORRECT: Final = "Correct what errors lists, then call the tool again."

WHAT_TO_DO: Final[dict[str, str]] = {
    "session_not_found": (
        "Use the session_id that createSession returned. It belongs to the person who signed in, "
        "or to their organization."
    ),
    "event_not_found": "Call runChecks to see the state of the session.",
    "revision_not_found": "There is no change to undo. Call runChecks to see the session.",
    "session_closed": (
        "The session accepts no more changes. If its status is completed, its event is published. "
        "For another event, call createSession with a new key."
    ),
    "session_lost": "Tell the person, and call createSession with a new key.",
    "stage_mismatch": "Complete the current stage first, or call goToStage.",
    "publishing": "The event is being published. Call runChecks in a few seconds.",
    "publish_failed": "Nothing is published. Call runChecks, correct what it lists, and try again.",
    "slug_taken": "Save another slug with autosaveEventData, or null to have one chosen.",
    "payments_refused": "Tell the person to look at the Stripe account in the wizard.",
    "idempotency_key_reused": "Call runChecks, and repeat the call with the revision it returns.",
    "revision_conflict": (
        "Nothing was changed. Look at the session in this result. If the call still makes sense, "
        "repeat it with the new revision. Before confirmPublish, call runChecks again."
    ),
    "permission_missing": "The person may not do that. Tell them.",
    "payload_too_large": "Shorten the longest texts, or send fewer fields at once.",
    "invalid_request": _CORRECT,
    "stage_incomplete": _CORRECT,
    "publish_blocked": (
        "Correct what errors lists, then call runChecks. The person accepts the terms in the "
        "wizard, after the last change: you cannot."
    ),
    "rate_limited": _REPEAT,
    "unavailable": _REPEAT,
    "internal_error": (
        "Repeat the call with the same arguments. If it fails again, tell the person."
    ),
}
"""By the code of the error."""


def problem_result(error: WizardError) -> JsonObject:
    """The problem document, with what to do about each error. Its session has the shape of results,
    in which text that people typed is marked."""
    result: JsonObject = {
        "code": error.code,
        "status": error.status,
        "title": error.title,
        "detail": error.detail,
        "errors": [finding(found, found.stage) for found in error.errors],
        "what_to_do": WHAT_TO_DO.get(error.code, WHAT_TO_DO["internal_error"]),
        **{name: error.extra[name] for name in _KEPT if name in error.extra},
    }
    if isinstance(error, RateLimited):
        result["retry_after"] = error.retry_after
    if isinstance(error, Unavailable):
        result["retry_after"] = RETRY_AFTER_SECONDS
    if "session" in error.extra:
        result["session"] = session_result(SessionView.model_validate(error.extra["session"]))
    return result
