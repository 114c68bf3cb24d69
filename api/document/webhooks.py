"""The notifications that a deployment sends to its receiver, as ``webhooks`` of the document."""

from collections.abc import Mapping
from typing import Any, Final

from api.document.sections import nullable, ref
from domain.json_values import JsonObject
from domain.orders.notifications import OrderKind
from domain.session.notifications import Kind

_TEXT: Final[JsonObject] = {"type": "string"}
_INTEGER: Final[JsonObject] = {"type": "integer"}
_TIME: Final[JsonObject] = {"type": "string", "format": "date-time"}

_OF_SESSION: Final[dict[str, JsonObject]] = {
    "session_id": _TEXT,
    "user_id": {**_TEXT, "description": "The user who created the session"},
    "organization_id": nullable(_TEXT),
    "revision": {**_INTEGER, "description": "The revision of the session"},
}

_OF_ORDER: Final[dict[str, JsonObject]] = {
    "event_id": _TEXT,
    "session_id": _TEXT,
    "user_id": {**_TEXT, "description": "The user who created the event's session"},
    "organization_id": nullable(_TEXT),
}

_ORDERED: Final[JsonObject] = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "tier_id": _TEXT,
            "quantity": _INTEGER,
            "amount": {**nullable(_INTEGER), "description": "What was paid for them"},
        },
        "required": ["tier_id", "quantity", "amount"],
    },
}

_DATA: Final[dict[str, dict[str, JsonObject]]] = {
    Kind.EXPIRING: {**_OF_SESSION, "expires_at": _TIME},
    Kind.EXPIRED: _OF_SESSION,
    Kind.PUBLISHED: {**_OF_SESSION, "event_id": _TEXT},
    Kind.PUBLISH_FAILED: {**_OF_SESSION, "error": ref("ProblemCode")},
    Kind.PUBLISH_AT_RISK: {
        **_OF_SESSION,
        "publish_at": {
            **nullable(_TIME),
            "description": "When the event is to be published; null if it is no longer scheduled",
        },
        "checks": {
            "type": "array",
            "items": ref("CheckCode"),
            "description": "The checks that block publishing",
        },
    },
    OrderKind.PAID: {
        **_OF_ORDER,
        "order_id": _TEXT,
        "amount_total": _INTEGER,
        "currency": _TEXT,
        "items": _ORDERED,
    },
    OrderKind.REFUNDED: {
        **_OF_ORDER,
        "order_id": _TEXT,
        "amount_refunded": _INTEGER,
        "currency": _TEXT,
        "is_refunded_in_full": {"type": "boolean"},
    },
    OrderKind.SOLD_OUT: _OF_ORDER,
}
"""The ``data`` of each kind of message."""

_SUMMARIES: Final[Mapping[str, str]] = {
    Kind.EXPIRING: "A session expires soon",
    Kind.EXPIRED: "A session has expired",
    Kind.PUBLISHED: "An event is published",
    Kind.PUBLISH_FAILED: "A publication has failed and was undone",
    Kind.PUBLISH_AT_RISK: "A scheduled publication would fail",
    OrderKind.PAID: "An order is paid",
    OrderKind.REFUNDED: "An order is refunded, in part or in full",
    OrderKind.SOLD_OUT: "The last ticket of an event is sold",
}

_DESCRIPTION: Final = """\
Sent to the address in `NOTIFICATION_URL`, signed as Standard Webhooks specifies. A message contains
nothing that a person typed. Delivery is retried until it is accepted, always with the same
`webhook-id`.
"""

_HEADERS: Final = {
    "webhook-id": "Identifies the message. Ignore messages that you have already processed.",
    "webhook-timestamp": "When this attempt was made, in seconds since 1970.",
    "webhook-signature": "One signature for each secret of the receiver, the newest first.",
}

TAG: Final = "notifications"


def webhooks() -> JsonObject:
    return {kind: {"post": _operation(kind)} for kind in _DATA}


def message_schemas() -> dict[str, Any]:
    """The components of the messages' bodies."""
    return {_component(kind): _message(kind, data) for kind, data in _DATA.items()}


def _component(kind: str) -> str:
    """``SessionPublishFailed`` for ``session.publish_failed``."""
    return "".join(word.title() for word in kind.replace(".", "_").split("_")) + "Message"


def _message(kind: str, data: dict[str, JsonObject]) -> JsonObject:
    return {
        "type": "object",
        "description": f"{_SUMMARIES[kind]}.",
        "properties": {
            "type": {"type": "string", "const": str(kind)},
            "timestamp": {**_TIME, "description": "When it happened"},
            "data": {"type": "object", "properties": data, "required": list(data)},
        },
        "required": ["type", "timestamp", "data"],
    }


def _operation(kind: str) -> JsonObject:
    return {
        "operationId": str(kind).replace(".", "_"),
        "summary": _SUMMARIES[kind],
        "description": _DESCRIPTION,
        "tags": [TAG],
        "security": [],
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": True,
                "description": description,
                "schema": _TEXT,
            }
            for name, description in _HEADERS.items()
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": ref(_component(kind))}},
        },
        "responses": {
            "2XX": {"description": "The message is accepted"},
            "410": {"description": "The receiver accepts no more messages: delivery stops"},
            "4XX": {"description": "Delivery is retried later"},
            "5XX": {"description": "Delivery is retried later, after the time in `Retry-After`"},
        },
    }
