"""The errors of the wizard: codes of single values, and the tree of exceptions.

    WizardError
    ├── WebhookRefused        400  the webhook has no valid signature
    ├── Unauthenticated       401  no token, or one that is not accepted
    ├── PermissionMissing     403  the token lacks the permission that the request needs
    ├── SessionNotFound       404  no such session, or one of another tenant
    ├── EventNotFound         404  no such event, or one of another tenant
    ├── RevisionNotFound      404  the session never had this revision
    ├── SessionClosed         409  completed, abandoned or expired
    ├── StageMismatch         409  the session is at a different stage
    ├── Publishing            409  a change while the publication runs
    ├── PublishFailed         409  the publication was undone; the session is editable again
    ├── SlugTaken             409  another event has this address
    ├── PaymentsRefused       409  Stripe declined the request, or is not set up
    ├── IdempotencyKeyReused  409  the same key with a different request
    ├── RevisionConflict      412  the session was changed in the meantime
    ├── PayloadTooLarge       413  the body or a section exceeds its limit
    ├── InvalidRequest        422  the request cannot be parsed
    ├── StageIncomplete       422  a stage that has to be valid is not
    ├── PublishBlocked        422  at least one publish check blocks
    ├── RateLimited           429  too many requests, or too many open sessions
    └── Unavailable           503  Temporal, the workers or Postgres cannot be reached

The ``code`` of an exception is the ``code`` of the problem document and the ``type`` of the
``ApplicationError`` that carries it out of a workflow.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field

from domain.stages import Stage


class ErrorCode(StrEnum):
    """What can be wrong with a single value."""

    MISSING = "missing"
    INVALID_TYPE = "invalid_type"
    INVALID_FORMAT = "invalid_format"
    INVALID_CHOICE = "invalid_choice"
    INVALID_CHARACTER = "invalid_character"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    NOT_UNIQUE = "not_unique"
    UNKNOWN_ID = "unknown_id"
    UNKNOWN_FIELD = "unknown_field"
    SERVER_OWNED = "server_owned"
    NUMBER_OUT_OF_RANGE = "number_out_of_range"
    TOO_DEEP = "too_deep"
    NOT_IN_FUTURE = "not_in_future"
    TOO_FAR_AHEAD = "too_far_ahead"
    NONEXISTENT_TIME = "nonexistent_time"
    END_BEFORE_START = "end_before_start"
    DOORS_AFTER_START = "doors_after_start"
    SALE_END_BEFORE_START = "sale_end_before_start"
    SALE_ENDS_AFTER_EVENT = "sale_ends_after_event"
    KIND_MISMATCH = "kind_mismatch"
    CURRENCY_UNSUPPORTED = "currency_unsupported"
    AMOUNT_TOO_SMALL = "amount_too_small"
    AMOUNT_NOT_CHARGEABLE = "amount_not_chargeable"
    CAPACITY_EXCEEDED = "capacity_exceeded"
    QUANTITY_INCONSISTENT = "quantity_inconsistent"
    TERMS_OUTDATED = "terms_outdated"


ERROR_MEANINGS: Final[dict[ErrorCode, str]] = {
    ErrorCode.MISSING: "A required value is not there yet.",
    ErrorCode.INVALID_TYPE: "The value has another JSON type than the field; nothing is converted.",
    ErrorCode.INVALID_FORMAT: "The text is not written the way the field asks for.",
    ErrorCode.INVALID_CHOICE: "The value is not one of the allowed ones.",
    ErrorCode.INVALID_CHARACTER: "The text contains a control character or broken Unicode.",
    ErrorCode.TOO_SHORT: "The text has too few characters.",
    ErrorCode.TOO_LONG: "The text has too many characters.",
    ErrorCode.TOO_SMALL: "The number is under its lower limit.",
    ErrorCode.TOO_LARGE: "The number is over its upper limit.",
    ErrorCode.TOO_FEW: "The list has too few entries.",
    ErrorCode.TOO_MANY: "The list has too many entries.",
    ErrorCode.NOT_UNIQUE: "The value may appear only once, and appears again.",
    ErrorCode.UNKNOWN_ID: "The id was not given out by the server.",
    ErrorCode.UNKNOWN_FIELD: "The stage has no such field; the request is refused.",
    ErrorCode.SERVER_OWNED: "Only the server sets this field; the request is refused.",
    ErrorCode.NUMBER_OUT_OF_RANGE: "The number is beyond what JSON carries exactly (2^53 - 1).",
    ErrorCode.TOO_DEEP: "The value is nested too deeply.",
    ErrorCode.NOT_IN_FUTURE: "The event would begin in the past.",
    ErrorCode.TOO_FAR_AHEAD: "The date is too many years ahead.",
    ErrorCode.NONEXISTENT_TIME: "Clocks are set forward then: this local time does not exist.",
    ErrorCode.END_BEFORE_START: "The end is not after the start.",
    ErrorCode.DOORS_AFTER_START: "Doors open after the event begins.",
    ErrorCode.SALE_END_BEFORE_START: "The sale does not end after it starts.",
    ErrorCode.SALE_ENDS_AFTER_EVENT: "The sale ends after the event does.",
    ErrorCode.KIND_MISMATCH: "The kind of tier and its amount contradict each other.",
    ErrorCode.CURRENCY_UNSUPPORTED: "Stripe does not charge in this currency.",
    ErrorCode.AMOUNT_TOO_SMALL: "The amount is under the smallest charge in this currency.",
    ErrorCode.AMOUNT_NOT_CHARGEABLE: "The currency has no coin for the last digits of the amount.",
    ErrorCode.CAPACITY_EXCEEDED: "More tickets than places.",
    ErrorCode.QUANTITY_INCONSISTENT: "Quantity, smallest and largest order contradict each other.",
    ErrorCode.TERMS_OUTDATED: "The terms were accepted before a later change.",
}


class FieldError(BaseModel):
    """An error of one value."""

    model_config = ConfigDict(frozen=True)

    stage: Stage | None = None
    pointer: str = Field(description="RFC 6901 pointer into the stage's data; empty for all of it")
    code: str
    message: str


class WizardError(Exception):
    """Base of the tree."""

    code: ClassVar[str] = "internal_error"
    status: ClassVar[int] = 500
    """The HTTP status."""
    title: ClassVar[str] = "Something went wrong on our side"
    retryable: ClassVar[bool] = False
    """Whether the same request may succeed when it is repeated."""

    def __init__(
        self,
        detail: str | None = None,
        *,
        errors: Sequence[FieldError] = (),
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self.detail = detail or self.title
        self.errors = list(errors)
        self.extra = dict(extra or {})
        super().__init__(self.detail)


class WebhookRefused(WizardError):
    code = "webhook_refused"
    status = 400
    title = "The webhook is not taken as one of Stripe"


class Unauthenticated(WizardError):
    code = "unauthenticated"
    status = 401
    title = "A valid bearer token is needed"


class PermissionMissing(WizardError):
    code = "permission_missing"
    status = 403
    title = "The token lacks the permission that this needs"


class SessionNotFound(WizardError):
    code = "session_not_found"
    status = 404
    title = "There is no such session"


class EventNotFound(WizardError):
    code = "event_not_found"
    status = 404
    title = "There is no such event"


class RevisionNotFound(WizardError):
    code = "revision_not_found"
    status = 404
    title = "The session has no such revision"


class SessionClosed(WizardError):
    """``extra["session_status"]`` is the status of the session."""

    code = "session_closed"
    status = 409
    title = "The session is closed"


class StageMismatch(WizardError):
    code = "stage_mismatch"
    status = 409
    title = "The session stands at another stage"


class Publishing(WizardError):
    code = "publishing"
    status = 409
    title = "The session is being published and cannot be changed now"


class PublishFailed(WizardError):
    code = "publish_failed"
    status = 409
    title = "Publishing failed and was undone; nothing that was entered is lost"


class SlugTaken(WizardError):
    code = "slug_taken"
    status = 409
    title = "Another event has this address: choose another"


class PaymentsRefused(WizardError):
    code = "payments_refused"
    status = 409
    title = "Stripe does not do what was asked of it"


class IdempotencyKeyReused(WizardError):
    code = "idempotency_key_reused"
    status = 409
    title = "This Idempotency-Key was used for another request"


class RevisionConflict(WizardError):
    """``extra["session"]`` is the current view."""

    code = "revision_conflict"
    status = 412
    title = "The session was changed in the meantime"


class PayloadTooLarge(WizardError):
    code = "payload_too_large"
    status = 413
    title = "The request is too large"


class InvalidRequest(WizardError):
    code = "invalid_request"
    status = 422
    title = "The request cannot be understood"


class StageIncomplete(WizardError):
    code = "stage_incomplete"
    status = 422
    title = "The stage is not complete yet"


class PublishBlocked(WizardError):
    code = "publish_blocked"
    status = 422
    title = "The event cannot be published yet"


class RateLimited(WizardError):
    """``retry_after`` is the number of seconds after which a repeat may succeed."""

    code = "rate_limited"
    status = 429
    title = "Too many requests"
    retryable = True

    def __init__(self, detail: str | None = None, *, retry_after: int = 1, **rest: Any) -> None:
        super().__init__(detail, **rest)
        self.retry_after = retry_after


class Unavailable(WizardError):
    code = "unavailable"
    status = 503
    title = "The service is not available right now; repeating the request is safe"
    retryable = True


_TREE: Final[tuple[type[WizardError], ...]] = (WizardError, *WizardError.__subclasses__())

ERRORS: Final[dict[str, type[WizardError]]] = {error.code: error for error in _TREE}
