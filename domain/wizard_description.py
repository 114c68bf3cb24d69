"""The description of the wizard for clients: stages, schemas, choices, limits, codes."""

from enum import StrEnum
from functools import cache
from typing import Final

from domain import errors
from domain.json_values import MAX_NUMBER, JsonObject
from domain.schemas import INPUT_SCHEMAS
from domain.schemas.event import (
    MAX_CO_ORGANIZERS,
    MAX_OPENING_HOURS,
    MAX_PERFORMERS,
    MAX_TRANSLATIONS,
    MAX_YEARS_AHEAD,
    EventType,
    Visibility,
)
from domain.schemas.review import TERMS_VERSION
from domain.schemas.sponsor import MAX_GALLERY, MAX_SPONSORS, SponsorTier
from domain.schemas.ticket import MAX_TIERS, RefundKind, TierAccess, TierKind, TierVisibility
from domain.schemas.venue import MAX_CAPACITY, VenueMode
from domain.stages import STAGES, TITLES, WEIGHTS, Stage
from domain.validation import check_codes
from domain.validation.drafts import MAX_DEPTH, MAX_SECTION_BYTES, MAX_SECTIONS_BYTES
from domain.values import money
from domain.values.countries import COUNTRIES
from domain.values.local_time import DEFAULT_TIMEZONE

ENUMS: Final[dict[str, type[StrEnum]]] = {
    "event_type": EventType,
    "event_visibility": Visibility,
    "venue_mode": VenueMode,
    "tier_kind": TierKind,
    "tier_access": TierAccess,
    "tier_visibility": TierVisibility,
    "refund_kind": RefundKind,
    "sponsor_tier": SponsorTier,
}


def describe_wizard() -> JsonObject:
    """The body of ``GET /v1/wizard``; the same for all callers until the next release."""
    return dict(_description())


@cache
def _description() -> JsonObject:
    return {
        "stages": [_stage(stage) for stage in STAGES],
        "enums": {name: [member.value for member in enum] for name, enum in ENUMS.items()},
        "currencies": [_currency(code) for code in sorted(money.STRIPE_CURRENCIES)],
        "default_currency": money.DEFAULT_CURRENCY,
        "default_timezone": DEFAULT_TIMEZONE,
        "countries": sorted(COUNTRIES),
        "terms_version": TERMS_VERSION,
        "limits": {
            "section_bytes": MAX_SECTION_BYTES,
            "sections_bytes": MAX_SECTIONS_BYTES,
            "nesting_depth": MAX_DEPTH,
            "number": MAX_NUMBER,
            "years_ahead": MAX_YEARS_AHEAD,
            "venue_capacity": MAX_CAPACITY,
            "tiers": MAX_TIERS,
            "unit_amount": money.LARGEST_AMOUNT,
            "sponsors": MAX_SPONSORS,
            "gallery": MAX_GALLERY,
            "performers": MAX_PERFORMERS,
            "organizers": MAX_CO_ORGANIZERS,
            "opening_hours": MAX_OPENING_HOURS,
            "translations": MAX_TRANSLATIONS,
        },
        "error_codes": {code.value: errors.ERROR_MEANINGS[code] for code in errors.ErrorCode},
        "check_codes": {
            code.value: {
                "severity": "block" if code in check_codes.BLOCKING else "warn",
                "meaning": check_codes.CHECK_MEANINGS[code],
            }
            for code in check_codes.CheckCode
        },
    }


def _stage(stage: Stage) -> JsonObject:
    return {
        "stage": stage.value,
        "title": TITLES[stage],
        "section": stage.section.value,
        "weight": WEIGHTS[stage],
        "schema": INPUT_SCHEMAS[stage].model_json_schema(),
    }


def _currency(code: str) -> JsonObject:
    rules = money.currency(code)
    return {
        "code": code,
        "decimals": rules.decimals,
        "multiple_of": rules.step,
        "minimum_amount": rules.minimum,
        "maximum_amount": rules.maximum,
    }
