"""Errors of Stripe's API and of its webhooks, as one tree.

    PaymentsError
    ├── PaymentsUnavailable      a retry may succeed
    │   ├── PaymentsBusy         not before ``retry_after``
    │   └── FailureReplayed      Stripe replays the stored failure of an earlier attempt
    ├── PaymentsDeclined         a retry has the same result
    │   ├── ObjectNotFound       the object does not exist, or not for this account
    │   │   └── AccountGone      the account does not exist, or the platform has no access to it
    │   ├── KeyRefused           the operator's API key is wrong, or lacks a permission
    │   └── ObjectAlreadyExists  an object with this id exists
    └── InvalidWebhook           the request is not an event of Stripe
        ├── SignatureRefused     not signed with one of our secrets, too old, or unreadable
        └── EndpointMismatch     signed with the secret of the other endpoint

``code`` is stable. ``message`` is readable, and contains no secret.
"""

from datetime import timedelta
from typing import ClassVar, Final

from payments.webhook_secrets import EndpointKind

_OWNERS: Final = {
    EndpointKind.PLATFORM: "the platform",
    EndpointKind.CONNECT: "a connected account",
}

FORBIDDEN: Final = "payments_forbidden"
"""The code of a KeyRefused: the key is right, but has no permission."""

UNAUTHORIZED: Final = "payments_unauthorized"
"""The code of a KeyRefused: the key is wrong."""

ACCOUNT_GONE: Final = "payments_account_gone"

NOT_FOUND: Final = "payments_not_found"

KEY_REUSED: Final = "payments_key_reused"


class PaymentsError(Exception):
    """Base of the tree. ``request_id`` identifies the request in Stripe's logs."""

    retryable: ClassVar[bool] = False

    def __init__(
        self,
        message: str,
        *,
        code: str,
        retry_after: timedelta | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.retry_after = retry_after
        self.request_id = request_id


class PaymentsUnavailable(PaymentsError):
    retryable = True


class PaymentsBusy(PaymentsUnavailable):
    pass


class FailureReplayed(PaymentsUnavailable):
    pass


class PaymentsDeclined(PaymentsError):
    pass


class ObjectNotFound(PaymentsDeclined):
    pass


class AccountGone(ObjectNotFound):
    pass


class KeyRefused(PaymentsDeclined):
    pass


class ObjectAlreadyExists(PaymentsDeclined):
    pass


class InvalidWebhook(PaymentsError):
    pass


class SignatureRefused(InvalidWebhook):
    def __init__(self, message: str) -> None:
        super().__init__(message, code="webhook_signature_refused")


class EndpointMismatch(InvalidWebhook):
    def __init__(self, event_id: str, endpoint: EndpointKind) -> None:
        """``endpoint`` is the one that the event belongs to."""
        super().__init__(
            f"Event {event_id} belongs to {_OWNERS[endpoint]}, but is not signed with a secret of "
            f"the {endpoint} endpoint. Subscribe to it on that endpoint, or correct the prefixes "
            "in STRIPE_WEBHOOK_SECRETS.",
            code="webhook_endpoint_mismatch",
        )
