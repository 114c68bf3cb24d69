"""Codes in the document, as enums: which ones a field may have.

The models keep them as text, because an older release reads what a newer one has written.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final

from api.document.sections import nullable, ref, set_fields
from domain.errors import ERROR_MEANINGS, ERRORS, ErrorCode
from domain.json_values import JsonObject
from domain.orders.transitions import OrderReason
from domain.publishing.publication import Step
from domain.schemas.event import EventType, Visibility
from domain.schemas.ticket import TierKind
from domain.schemas.venue import VenueMode
from domain.validation.check_codes import CHECK_MEANINGS, CheckCode
from domain.values.payments import PaymentReason
from pictures.variants import Reason

_OF_FRAMEWORK: Final = {
    status.phrase.lower().replace(" ", "_"): status.phrase
    for status in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)
}
"""Codes of requests that reach no route."""

_EXPLAINED: Final[dict[str, Mapping[str, str]]] = {
    "ErrorCode": {code.value: ERROR_MEANINGS[code] for code in ErrorCode},
    "CheckCode": {code.value: CHECK_MEANINGS[code] for code in CheckCode},
    "ProblemCode": {
        **{code: f"{error.title}." for code, error in ERRORS.items()},
        **{code: f"{phrase}." for code, phrase in _OF_FRAMEWORK.items()},
    },
}

_PLAIN: Final[dict[str, type[StrEnum]]] = {
    "PublicationStepName": Step,
    "PaymentReason": PaymentReason,
    "OrderReason": OrderReason,
    "ImageReason": Reason,
    "EventType": EventType,
    "Visibility": Visibility,
    "VenueMode": VenueMode,
    "TierKind": TierKind,
}

_FIELD_CODE: Final = {"anyOf": [ref("ErrorCode"), ref("CheckCode")]}

_FIELDS: Final[dict[tuple[str, str], JsonObject]] = {
    ("StageErrorView", "code"): ref("ErrorCode"),
    ("FieldError", "code"): _FIELD_CODE,
    ("Check", "code"): ref("CheckCode"),
    ("Problem", "code"): ref("ProblemCode"),
    ("Problem", "reason"): nullable(ref("ImageReason")),
    ("Refusal", "code"): ref("ProblemCode"),
    ("PublicationError", "code"): ref("ProblemCode"),
    ("PublicationStep", "name"): ref("PublicationStepName"),
    ("Payments", "reason"): nullable(ref("PaymentReason")),
    ("OrganizerOrder", "reason"): nullable(ref("OrderReason")),
    ("Event", "type"): ref("EventType"),
    ("Event", "visibility"): ref("Visibility"),
    ("Event", "venue_mode"): ref("VenueMode"),
    ("PublicEvent", "type"): ref("EventType"),
    ("PublicEvent", "venue_mode"): ref("VenueMode"),
    ("PublicTier", "kind"): ref("TierKind"),
}


def type_codes(schemas: dict[str, Any]) -> None:
    """Adds the enums to the components of the document, and refers to them."""
    schemas |= {name: _explained(meanings) for name, meanings in _EXPLAINED.items()}
    schemas |= {name: _enum(enum) for name, enum in _PLAIN.items()}
    set_fields(schemas, _FIELDS)


def _enum(values: Iterable[str]) -> JsonObject:
    return {"type": "string", "enum": [str(value) for value in values]}


def _explained(meanings: Mapping[str, str]) -> JsonObject:
    listed = "\n".join(f"- `{code}`: {meaning}" for code, meaning in meanings.items())
    return {**_enum(meanings), "description": listed}
