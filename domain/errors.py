"""The errors of the wizard: codes for single values, and the tree of exceptions.

    WizardError
    ├── WebhookRefused        400  the webhook has no valid signature
    ├── Unauthenticated       401  no token, or one that is not accepted
    ├── PermissionMissing     403  the token lacks the permission that the request needs
    ├── SessionNotFound       404  no such session, or one of another tenant
    ├── EventNotFound         404  no such event, or one of another tenant
    ├── OrderNotFound         404  no such order
    ├── MediaNotFound         404  no such picture
    ├── AgentNotFound         404  no such assistant
    ├── ThreadNotFound        404  another person's conversation with the assistant
    ├── RevisionNotFound      404  the session never had this revision
    ├── SessionClosed         409  completed, abandoned or expired
    ├── SessionLost           409  Temporal ended the session before it was completed
    ├── StageMismatch         409  the session is at a different stage
    ├── Publishing            409  a change while the publication runs
    ├── PublishFailed         409  the publication was undone; the session is editable again
    ├── SlugTaken             409  another event has this address
    ├── PaymentsRefused       409  Stripe declined the request, or is not set up
    ├── IdempotencyKeyReused  409  the same key with a different request
    ├── SoldOut               409  fewer tickets are left than the order wants
    ├── NotOnSale             409  a tier's sale has not started, or is over
    ├── SalesPaused           409  the organizer has paused the sales of the event
    ├── SalesClosed           409  the organizer has closed the sales of the event for good
    ├── OrderClosed           409  the order is paid or over, and cannot be cancelled
    ├── MediaQuotaExceeded    409  the tenant's pictures would exceed their quota
    ├── RevisionConflict      412  the session was changed in the meantime
    ├── PayloadTooLarge       413  the body or a section exceeds its limit
    ├── UnsupportedMediaType  415  the body has another media type, or is compressed
    ├── InvalidRequest        422  the request is malformed or has an invalid value
    ├── InvalidImage          422  the upload cannot be converted
    ├── StageIncomplete       422  a stage that must be valid is not
    ├── PublishBlocked        422  at least one publish check blocks
    ├── RateLimited           429  too many requests, or too many open sessions
    ├── MediaDisabled         501  the deployment keeps no pictures
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
    TOO_MANY_BYTES = "too_many_bytes"
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
    OUTSIDE_EVENT = "outside_event"
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
    NOT_SUPPORTED = "not_supported"


ERROR_MEANINGS: Final[dict[ErrorCode, str]] = {
    ErrorCode.MISSING: "A required value is missing.",
    ErrorCode.INVALID_TYPE: "The value has the wrong JSON type. Values are not converted.",
    ErrorCode.INVALID_FORMAT: "The text does not have the format of the field.",
    ErrorCode.INVALID_CHOICE: "The value is not one of the allowed values.",
    ErrorCode.INVALID_CHARACTER: "The text contains a control character or broken Unicode.",
    ErrorCode.TOO_SHORT: "The text has too few characters.",
    ErrorCode.TOO_LONG: "The text has too many characters.",
    ErrorCode.TOO_SMALL: "The number is less than the minimum.",
    ErrorCode.TOO_LARGE: "The number is more than the maximum.",
    ErrorCode.TOO_FEW: "The list has too few entries.",
    ErrorCode.TOO_MANY: "The list has too many entries.",
    ErrorCode.TOO_MANY_BYTES: "The data of a stage, or of all stages together, is too large.",
    ErrorCode.NOT_UNIQUE: "The value must be unique, but is used more than once.",
    ErrorCode.UNKNOWN_ID: "The server did not assign this ID.",
    ErrorCode.UNKNOWN_FIELD: "The field does not exist. The request is refused.",
    ErrorCode.SERVER_OWNED: "The field is set by the server. The request is refused.",
    ErrorCode.NUMBER_OUT_OF_RANGE: "The number is too large to be exact in JSON (2^53 - 1).",
    ErrorCode.TOO_DEEP: "The value is nested too deeply.",
    ErrorCode.NOT_IN_FUTURE: "The event is over, or the time has passed.",
    ErrorCode.TOO_FAR_AHEAD: "The date is too many years ahead.",
    ErrorCode.NONEXISTENT_TIME: "The local time does not exist, because clocks are set forward.",
    ErrorCode.END_BEFORE_START: "The end is not after the start.",
    ErrorCode.OUTSIDE_EVENT: "The time is not between the start and the end of the event.",
    ErrorCode.DOORS_AFTER_START: "The doors open after the event starts.",
    ErrorCode.SALE_END_BEFORE_START: "The sale does not end after it starts.",
    ErrorCode.SALE_ENDS_AFTER_EVENT: "The sale ends after the event does.",
    ErrorCode.KIND_MISMATCH: "The amount does not match the kind of the tier.",
    ErrorCode.CURRENCY_UNSUPPORTED: "Stripe does not support charges in this currency.",
    ErrorCode.AMOUNT_TOO_SMALL: "The amount is less than the minimum charge in this currency.",
    ErrorCode.AMOUNT_NOT_CHARGEABLE: (
        "The amount is too large for its currency, or not a multiple of the smallest charge unit."
    ),
    ErrorCode.CAPACITY_EXCEEDED: "There are more tickets than the capacity allows.",
    ErrorCode.QUANTITY_INCONSISTENT: "The quantity and the order limits contradict each other.",
    ErrorCode.TERMS_OUTDATED: "The terms were accepted before a later change.",
    ErrorCode.NOT_SUPPORTED: "The value cannot be combined with another part of the request.",
}


class FieldError(BaseModel):
    """An error in one value."""

    model_config = ConfigDict(frozen=True)

    stage: Stage | None = Field(
        default=None, description="The stage of the value; null if the value belongs to no stage"
    )
    pointer: str = Field(
        description="A JSON Pointer (RFC 6901) into the stage's data or the request; empty if "
        "the error is about the whole"
    )
    code: str = Field(description="A stable code. `GET /v1/wizard` lists all with their meanings")
    params: dict[str, Any] = Field(
        default_factory=dict, description='The values in the message, such as `{"min": 3}`'
    )
    message: str


class WizardError(Exception):
    """Base of the tree."""

    code: ClassVar[str] = "internal_error"
    status: ClassVar[int] = 500
    """The HTTP status."""
    title: ClassVar[str] = "Internal server error"
    default_detail: ClassVar[str] = (
        "The server could not handle the request. If a repeat fails too, tell its operator."
    )
    """What to do, or what the error is about, unless the raise says it."""
    retryable: ClassVar[bool] = False
    """Whether the same request may succeed when it is repeated."""

    def __init__(
        self,
        detail: str | None = None,
        *,
        errors: Sequence[FieldError] = (),
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self.detail = detail or self.default_detail
        self.errors = list(errors)
        self.extra = dict(extra or {})
        super().__init__(self.detail)


class WebhookRefused(WizardError):
    code = "webhook_refused"
    status = 400
    title = "Invalid Stripe webhook signature"
    default_detail = "The header Stripe-Signature does not match the body."


class Unauthenticated(WizardError):
    code = "unauthenticated"
    status = 401
    title = "A valid bearer token is required"
    default_detail = "Send a token that is valid now: Authorization: Bearer <token>."


class PermissionMissing(WizardError):
    code = "permission_missing"
    status = 403
    title = "The token does not have the required permission"
    default_detail = "Ask the operator for this permission, or a person who has it."


class SessionNotFound(WizardError):
    code = "session_not_found"
    status = 404
    title = "The session does not exist"
    default_detail = "No session that you can see has this ID. It may have been erased."


class EventNotFound(WizardError):
    code = "event_not_found"
    status = 404
    title = "The event does not exist"
    default_detail = "No event that you can see has this ID or slug."


class OrderNotFound(WizardError):
    code = "order_not_found"
    status = 404
    title = "The order does not exist"
    default_detail = "No order has this ID. An order that was refused is not kept."


class MediaNotFound(WizardError):
    code = "media_not_found"
    status = 404
    title = "The picture does not exist"
    default_detail = (
        "No picture has this address. Pictures that nothing uses are deleted after seven days."
    )


class AgentNotFound(WizardError):
    code = "agent_not_found"
    status = 404
    title = "The assistant does not exist"
    default_detail = "`GET /v1/copilot/info` lists the agents."


class ThreadNotFound(WizardError):
    code = "thread_not_found"
    status = 404
    title = "The conversation does not exist"
    default_detail = "No conversation of yours has this thread ID. Use a new ID to begin one."


class RevisionNotFound(WizardError):
    code = "revision_not_found"
    status = 404
    title = "The revision does not exist"
    default_detail = "The audit trail of the session lists its revisions."


class SessionClosed(WizardError):
    """``extra["session_status"]`` is the status of the session."""

    code = "session_closed"
    status = 409
    title = "The session is closed"
    default_detail = "The session is completed, abandoned or expired. Start a new one."


class SessionLost(WizardError):
    """The session takes no more changes, and its row in the read model may be behind."""

    code = "session_lost"
    status = 409
    title = "Temporal ended the session"
    default_detail = "The session can no longer be changed. Start a new one."


class StageMismatch(WizardError):
    code = "stage_mismatch"
    status = 409
    title = "The session is at a different stage"
    default_detail = "Read the session for its current stage, and move from there."


class Publishing(WizardError):
    code = "publishing"
    status = 409
    title = "The session is being published and cannot be changed"
    default_detail = "Wait until the publication has ended, then try again."


class PublishFailed(WizardError):
    code = "publish_failed"
    status = 409
    title = "Publishing failed and was undone"
    default_detail = "Nothing is published, and the session can be changed. Publish again."


class SlugTaken(WizardError):
    code = "slug_taken"
    status = 409
    title = "Another event uses this slug"
    default_detail = "Choose another slug."


class PaymentsRefused(WizardError):
    code = "payments_refused"
    status = 409
    title = "Stripe declined the request"
    default_detail = "The Stripe account cannot be used for this. Its owner can see why at Stripe."


class IdempotencyKeyReused(WizardError):
    code = "idempotency_key_reused"
    status = 409
    title = "This Idempotency-Key was used for a different request"
    default_detail = (
        "Use a new key for a new request. A repeat has the same key and the same content."
    )


class SoldOut(WizardError):
    """``extra["tiers"]`` has the sale state of each wanted tier, and what is left."""

    code = "sold_out"
    status = 409
    title = "There are not enough tickets left"
    default_detail = "Order fewer tickets: `tiers` has how many of each are left."


class NotOnSale(WizardError):
    """``extra["tiers"]`` as for SoldOut."""

    code = "not_on_sale"
    status = 409
    title = "The tickets are not on sale"
    default_detail = "`tiers` has when the sale of each ticket starts and ends."


class SalesPaused(WizardError):
    """``extra["tiers"]`` as for SoldOut."""

    code = "sales_paused"
    status = 409
    title = "Sales are paused"
    default_detail = "The organizer may resume the sales. Try again later."


class SalesClosed(WizardError):
    code = "sales_closed"
    status = 409
    title = "Sales are closed for good"
    default_detail = "Closed sales cannot be paused or resumed."


class OrderClosed(WizardError):
    """``extra["order"]`` is the order."""

    code = "order_closed"
    status = 409
    title = "The order can no longer be cancelled"
    default_detail = "The order is paid or over: `order` has its state."


class MediaQuotaExceeded(WizardError):
    """``extra["quota"]`` has the limit, what is used of it, and what the upload needs, in bytes."""

    code = "media_quota_exceeded"
    status = 409
    title = "The storage quota for pictures is used up"
    default_detail = (
        "Remove pictures from sessions and events. Unused ones are deleted after seven days."
    )


class RevisionConflict(WizardError):
    """``extra["session"]`` is the current view."""

    code = "revision_conflict"
    status = 412
    title = "The session was changed by another request"
    default_detail = "`session` is the session as it is now. Merge the changes, then try again."


class PayloadTooLarge(WizardError):
    code = "payload_too_large"
    status = 413
    title = "The request is too large"
    default_detail = "Send less data."


class UnsupportedMediaType(WizardError):
    """
    Args:
        accepted: the media types that the resource takes.
        is_patch: whether the body is one of ``PATCH``.
        is_compressed: clients distinguish it by the response's ``Accept-Encoding``.
    """

    code = "unsupported_media_type"
    status = 415
    title = "The media type of the body is not accepted"
    default_detail = "Accept, Accept-Patch or Accept-Encoding of the response has what is accepted."

    def __init__(
        self,
        detail: str | None = None,
        *,
        accepted: Sequence[str] = (),
        is_patch: bool = False,
        is_compressed: bool = False,
        **rest: Any,
    ) -> None:
        super().__init__(detail, **rest)
        self.accepted = accepted
        self.is_patch = is_patch
        self.is_compressed = is_compressed


class InvalidRequest(WizardError):
    code = "invalid_request"
    status = 422
    title = "The request is not valid"
    default_detail = "Correct the request, then send it again."


class InvalidImage(WizardError):
    """``extra["reason"]`` says why, as a stable code."""

    code = "invalid_image"
    status = 422
    title = "The image cannot be used"
    default_detail = "Send another image: `reason` says what is wrong with this one."


class StageIncomplete(WizardError):
    code = "stage_incomplete"
    status = 422
    title = "The stage is not complete"
    default_detail = "Correct the values that `errors` lists."


class PublishBlocked(WizardError):
    code = "publish_blocked"
    status = 422
    title = "The event cannot be published yet"
    default_detail = "Correct what `errors` lists, then publish again."


class RateLimited(WizardError):
    """``retry_after`` is the number of seconds after which a repeat may succeed."""

    code = "rate_limited"
    status = 429
    title = "Too many requests"
    default_detail = "Try again after the seconds in Retry-After."
    retryable = True

    def __init__(self, detail: str | None = None, *, retry_after: int = 1, **rest: Any) -> None:
        super().__init__(detail, **rest)
        self.retry_after = retry_after


class MediaDisabled(WizardError):
    code = "media_disabled"
    status = 501
    title = "This deployment does not store pictures"
    default_detail = "MEDIA_STORE is not set."


class Unavailable(WizardError):
    code = "unavailable"
    status = 503
    title = "The service is temporarily unavailable"
    default_detail = (
        "Try again. A change that is repeated with the same Idempotency-Key takes effect once."
    )
    retryable = True


_TREE: Final[tuple[type[WizardError], ...]] = (WizardError, *WizardError.__subclasses__())

ERRORS: Final[dict[str, type[WizardError]]] = {error.code: error for error in _TREE}
