"""Names used in Temporal, and derived ids.

Derived ids depend neither on the time nor on random numbers: a session always has the same workflow
id and event id, so a repeated request is harmless.
"""

import hashlib
import hmac
from functools import lru_cache
from typing import Final
from uuid import UUID, uuid5

TASK_QUEUE: Final = "wizard"
STRIPE_TASK_QUEUE: Final = "wizard-stripe"
"""Separate, because its rate is limited over all workers together."""

NOTIFICATION_TASK_QUEUE: Final = "wizard-notifications"
"""Separate, so that a slow receiver does not delay other activities."""

ORDERS_TASK_QUEUE: Final = "orders"
"""Separate, so that a hot sale does not delay sessions."""

ORDERS_STRIPE_TASK_QUEUE: Final = "orders-stripe"
"""Separate from the one of publications, with a rate of its own."""

WORKER_DEPLOYMENT: Final = "event-wizard"
"""The deployment of the workers of all task queues; its versions are their build ids."""

WIZARD_SESSION: Final = "WizardSession"
WIZARD_STRIPE_EVENT: Final = "StripeEvent"
WIZARD_STRIPE_REDRIVE: Final = "StripeRedrive"
WIZARD_ERASE_SESSION: Final = "EraseSession"
WIZARD_RETENTION: Final = "Retention"
WIZARD_SWEEP: Final = "Sweep"
WIZARD_DELIVER_NOTIFICATION: Final = "DeliverNotification"
WIZARD_OUTBOX_REDRIVE: Final = "OutboxRedrive"
TICKET_ORDER: Final = "TicketOrder"
CHANGE_SALES: Final = "ChangeSales"

SCHEDULE_STRIPE_REDRIVE: Final = "wizard-stripe-redrive"
SCHEDULE_RETENTION: Final = "wizard-retention"
SCHEDULE_SWEEP: Final = "wizard-sweep"
SCHEDULE_OUTBOX: Final = "wizard-outbox"

SIGNAL_STAGE_DATA: Final = "stage_data"
SIGNAL_TRANSITION: Final = "transition"
SIGNAL_PAYMENT_ACCOUNT_CHANGED: Final = "payment_account_changed"
SIGNAL_REFRESH_READ_MODEL: Final = "refresh_read_model"
SIGNAL_CHECKOUT_CHANGED: Final = "checkout_changed"
SIGNAL_CLOSE_SALES: Final = "close_sales"

UPDATE_SAVE_STAGE: Final = "save_stage"
UPDATE_COMPLETE_STAGE: Final = "complete_stage"
UPDATE_MOVE_TO_STAGE: Final = "move_to_stage"
UPDATE_CONNECT_PAYMENTS: Final = "connect_payments"
UPDATE_DISCONNECT_PAYMENTS: Final = "disconnect_payments"
UPDATE_PUBLISH: Final = "publish"
UPDATE_CANCEL_PUBLICATION: Final = "cancel_publication"
UPDATE_ABANDON: Final = "abandon"
UPDATE_ABANDON_IDLE: Final = "abandon_idle"
UPDATE_RESTORE: Final = "restore"
UPDATE_CHECKOUT: Final = "checkout"
UPDATE_CANCEL: Final = "cancel"

QUERY_SESSION: Final = "session"
QUERY_ORDER: Final = "order"

# Changes of the workflows' commands. Runs that began before keep to what they did.
PATCH_REFUSED_MESSAGES: Final = "refused-messages"
"""Refused signals are recorded in the audit trail."""
PATCH_LARGER_SECTIONS: Final = "larger-sections"
"""Signals may make a section larger than 64 KiB."""
PATCH_NO_PAYMENT_LINKS: Final = "no-payment-links"
"""Publishing makes products and prices, and no payment links."""
PATCH_HANDED_ACCOUNT: Final = "handed-account"
"""A session takes over the status of the account that a signal has."""
PATCH_ACCOUNT_PAUSES: Final = "account-pauses"
"""Failed checks of the account are repeated after growing pauses, refused ones are not."""
PATCH_ONE_FETCH: Final = "one-fetch"
"""A Stripe event fetches the account once, and hands it on to the sessions."""
PATCH_FIRST_ANSWER: Final = "first-account-answer"
"""The answer that a tenant has no account is an action, so that the API shows it."""
PATCH_CONNECT_ACCOUNT: Final = "connect-account"
"""Connecting replaces an account that is over, and hands a new one on to the tenant's sessions."""
PATCH_ORDER_EVENTS: Final = "order-events"
"""Stripe events of checkouts, refunds and disputes concern orders."""
PATCH_SWEEP_ORDERS: Final = "sweep-orders"
"""The sweep covers orders."""
PATCH_FORGOTTEN_ORDERS: Final = "forgotten-orders"
"""Retention deletes the orders of events that are long over."""
PATCH_ERASED_ORDERS: Final = "erased-orders"
"""Erasing a session deletes the histories of its event's orders."""
PATCH_SWEEP_PICTURES: Final = "sweep-pictures"
"""The sweep covers pictures."""
PATCH_ERASED_PICTURES: Final = "erased-pictures"
"""Erasing a session deletes the files of its pictures."""
PATCH_SCHEDULED_CHECKS: Final = "scheduled-checks"
"""A scheduled publication is checked before its time."""
PATCH_ONE_LOOK: Final = "one-look"
"""An order that continues looks at its open checkout once, and then waits for a message."""
PATCH_FIND_REFUSED: Final = "find-refused"
"""A checkout that an earlier attempt may have opened is looked for if Stripe declines the next."""
PATCH_STORED_STATUS: Final = "stored-status"
"""A stored status of the account is read without a turn in Stripe's task queue."""

# The type of an activity is the name of its method. Listed are names that differ from it, and those
# that `rebuild` looks for in histories.
ACTIVITY_ENSURE_ACCOUNT: Final = "ensure_payment_account"
ACTIVITY_CHECK_ACCOUNT: Final = "check_payment_account"
ACTIVITY_PROJECT_SESSION: Final = "project_session"
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
SEARCH_PUBLICATION: Final = "WizardPublication"
SEARCH_PAYMENTS: Final = "WizardPayments"
SEARCH_ORDER_EVENT_ID: Final = "OrderEventId"
SEARCH_ORDER_STATE: Final = "OrderState"

_SESSION_WORKFLOW: Final = "wizard-session-"
_ERASURE_WORKFLOW: Final = "erase-session-"
_ORDER_WORKFLOW: Final = "ticket-order-"
_LONGEST_KEY_IN_ID: Final = 200

_EVENT_NAMESPACE: Final = UUID("6c1e3f0a-8d1b-5f6e-9a57-2f4b8f3f1d10")
_MESSAGE_NAMESPACE: Final = UUID("5f0c9a34-7d5e-5d0b-9a61-3c1e6b7d8e42")


def session_workflow_id(session_id: str) -> str:
    return f"{_SESSION_WORKFLOW}{session_id}"


def session_id_of(workflow_id: str) -> str:
    """The inverse of :func:`session_workflow_id`."""
    return workflow_id.removeprefix(_SESSION_WORKFLOW)


def session_of_workflow(workflow_id: str) -> str | None:
    """The session of a session's or an erasure's workflow; None for any other workflow."""
    for prefix in (_SESSION_WORKFLOW, _ERASURE_WORKFLOW):
        if workflow_id.startswith(prefix):
            return workflow_id.removeprefix(prefix)
    return None


# Ids of updates that the system sends. They contain a space, and an Idempotency-Key of a client has
# none: so they are never equal to one.


def terms_update_id(revision: int) -> str:
    """The same for every attempt to accept the terms for a front end at a revision."""
    return f"terms at {revision}"


def idle_update_id(revision: int) -> str:
    """The update id, the same for every attempt to abandon a session at a revision."""
    return f"idle at {revision}"


def fairness_key(owner: str) -> str:
    """The key by which a task queue shares its capacity between tenants, or between accounts.

    A hash, because Temporal allows 64 bytes and shows the key, and ids of users are personal data.
    """
    return hashlib.sha256(owner.encode()).hexdigest()[:32]


def stripe_event_workflow_id(event_id: str) -> str:
    return f"stripe-event-{event_id}"


def order_workflow_id(order_id: str) -> str:
    return f"{_ORDER_WORKFLOW}{order_id}"


def order_id_of(workflow_id: str) -> str:
    """The inverse of :func:`order_workflow_id`."""
    return workflow_id.removeprefix(_ORDER_WORKFLOW)


def change_sales_workflow_id(event_id: str, idempotency_key: str) -> str:
    """Of a long key only a hash: Temporal's databases store 255 characters of an id."""
    is_long = len(idempotency_key) > _LONGEST_KEY_IN_ID
    key = hashlib.sha256(idempotency_key.encode()).hexdigest() if is_long else idempotency_key
    return f"change-sales-{event_id}-{key}"


def erasure_workflow_id(session_id: str) -> str:
    return f"{_ERASURE_WORKFLOW}{session_id}"


def delivery_workflow_id(message_id: str) -> str:
    return f"wizard-notification-{message_id}"


def message_id_of(session_id: str, kind: str, revision: int) -> str:
    """The id of the notification of an action, by which receivers recognize repeats."""
    derived = uuid5(_MESSAGE_NAMESPACE, f"{session_id}\n{kind}\n{revision}")
    return f"msg_{derived.hex}"


def event_id_of(session_id: str) -> str:
    """The id of the one event that a session can publish."""
    return str(uuid5(_EVENT_NAMESPACE, session_id))


# Ids that are derived from what others may know or choose. Without the secret they cannot be
# computed, so that no tenant can take the id of another's next session.


def session_id_for_key(secret: str, tenant: str, idempotency_key: str) -> str:
    """The session that a repeated create with the same Idempotency-Key finds again."""
    return _keyed_id(secret, "session", tenant, idempotency_key)


def successor_of(secret: str, session_id: str) -> str:
    """The session that follows a closed one, for clients that cannot choose a new id."""
    return _keyed_id(secret, "successor", session_id)


def order_id_for_key(secret: str, event_id: str, idempotency_key: str) -> str:
    """The order that a repeated request with the same Idempotency-Key finds again. The key and
    the id give access to the order, so neither can be guessed."""
    return _keyed_id(secret, "order", event_id, idempotency_key)


def holder_of(secret: str, event_id: str, address: str) -> str:
    """By which the open holds of an address are counted. It does not reveal the address."""
    return _keyed_id(secret, "holder", event_id, address)


def _keyed_id(secret: str, *parts: str) -> str:
    """An HMAC-SHA256 in the layout of a UUID of version 5."""
    digest = hmac.new(secret.encode(), "\n".join(parts).encode(), hashlib.sha256).digest()
    return str(UUID(bytes=digest[:16], version=5))


_LONGEST_SPELLING: Final = len("urn:uuid:{00000000-0000-0000-0000-000000000000}")


def canonical_id(text: str) -> str | None:
    """A UUID as it is stored, in lower case with hyphens; None if the text is not a UUID.

    Other spellings are those of ``UUID``: upper case, braces, ``urn:uuid:``. Texts that ``UUID``
    accepts too, but reads as another number, are no spelling of it: digits of other scripts,
    signs, ``0x``, spaces, underscores. Neither is a longer text.
    """
    return _canonical_id(text) if text.isascii() and len(text) <= _LONGEST_SPELLING else None


@lru_cache(maxsize=512)
def _canonical_id(text: str) -> str | None:
    """Cached, because requests of one session follow each other, and each asks more than once."""
    try:
        found = UUID(text)
    except ValueError:
        return None
    return str(found) if found.hex in text.lower().replace("-", "") else None


def required_id(text: str, missing: type[Exception]) -> str:
    """The UUID as it is stored, like :func:`canonical_id`.

    Raises:
        missing: the text is not a UUID, so there is nothing with this id.
    """
    found = canonical_id(text)
    if found is None:
        raise missing
    return found
