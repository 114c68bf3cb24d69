"""The types of single values.

Values are not converted to another type: a number in quotes is not a number. A value that may be
typed in several ways has the marker :class:`Canonical`.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from functools import partial
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    Strict,
    WithJsonSchema,
    validate_email,
)
from pydantic_core import PydanticCustomError

from domain.errors import ErrorCode
from domain.json_values import JsonObject, whole
from domain.schemas.base import Canonical
from domain.values.countries import COUNTRIES, country_code
from domain.values.local_time import clock_time, timezone_name, timezones
from domain.values.money import CURRENCIES, currency_code
from domain.values.phones import e164
from domain.values.pictures import PICTURE_PATTERN, is_picture_url
from domain.values.slugs import SLUG_MAX_LENGTH, SLUG_MIN_LENGTH, is_slug
from domain.values.social import NETWORKS, hashtag, is_hashtag, is_profile, profile
from domain.values.text import closes_its_directions, plain
from domain.values.urls import is_https_url

URL_MAX_LENGTH: Final = 2048
EMAIL_MAX_LENGTH: Final = 254
LANGUAGE_MAX_LENGTH: Final = 35
# Allowed years: wide enough for every event, and narrow enough that arithmetic with time zones
# never overflows.
EARLIEST_YEAR: Final = 1970
LATEST_YEAR: Final = 2200

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME: Final = re.compile(r"[0-9]{2}:[0-9]{2}")
_DATETIME: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_TIER_ID: Final = re.compile(r"tier-[1-9][0-9]{0,8}")
_CURRENCY: Final = re.compile(r"[a-z]{3}")
# RFC 5646, section 2.1: language, script, region, variants, extensions, private use.
_LANGUAGE: Final = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4}|[a-z]{5,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*"
    r"(?:-x(?:-[a-z0-9]{1,8})+)?|x(?:-[a-z0-9]{1,8})+",
    re.IGNORECASE,
)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_SEPARATOR: Final = re.compile("[\u2028\u2029]")
_CONTROL_BUT_LINES: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def refused(code: ErrorCode, **params: Any) -> PydanticCustomError:
    """The error of a validator. Its text is made later, from code and parameters."""
    return PydanticCustomError(code.value, code.value, params)


def _one_line(text: str) -> str:
    if _CONTROL.search(text) or _LINE_SEPARATOR.search(text):
        raise refused(ErrorCode.INVALID_CHARACTER, expected="one_line")
    if not closes_its_directions(text):
        raise refused(ErrorCode.INVALID_CHARACTER, expected="closed_direction")
    return text


def _many_lines(text: str) -> str:
    if _CONTROL_BUT_LINES.search(text):
        raise refused(ErrorCode.INVALID_CHARACTER, expected="text")
    return text


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise refused(ErrorCode.INVALID_TYPE, expected="text")
    return value


def _matching(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.fullmatch(text) is not None


def _as_date(value: Any) -> date:
    text = _text(value)
    try:
        if _matching(_DATE, text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise refused(ErrorCode.INVALID_FORMAT, format="date")


def _as_time(value: Any) -> time:
    text = _text(value)
    try:
        if _matching(_TIME, text):
            return time.fromisoformat(text)
    except ValueError:
        pass
    raise refused(ErrorCode.INVALID_FORMAT, format="time")


def _as_moment(value: Any) -> datetime:
    text = _text(value)
    try:
        if _matching(_DATETIME, text):
            moment = datetime.fromisoformat(text)
            if EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
                return moment
    except ValueError:
        pass
    raise refused(ErrorCode.INVALID_FORMAT, format="local_date_time")


def _as_url(text: str) -> str:
    if not is_https_url(text):
        raise refused(ErrorCode.INVALID_FORMAT, format="url")
    return text


def _as_picture_url(text: str) -> str:
    if not is_picture_url(text):
        raise refused(ErrorCode.INVALID_FORMAT, format="picture_url")
    return text


def _as_social(text: str) -> str:
    if not is_profile(text):
        raise refused(ErrorCode.INVALID_FORMAT, format="social")
    return text


def _as_email(text: str) -> str:
    try:
        _, address = validate_email(text)
    except PydanticCustomError:
        address = ""
    if not address or "<" in text or len(text) > EMAIL_MAX_LENGTH:
        raise refused(ErrorCode.INVALID_FORMAT, format="email")
    return text


def _as_phone(text: str) -> str:
    if e164(text) != text:
        raise refused(ErrorCode.INVALID_FORMAT, format="phone")
    return text


def _as_timezone(text: str) -> str:
    if text not in timezones():
        raise refused(ErrorCode.INVALID_CHOICE, expected="timezone")
    return text


def _as_language(text: str) -> str:
    if len(text) > LANGUAGE_MAX_LENGTH or not _matching(_LANGUAGE, text):
        raise refused(ErrorCode.INVALID_FORMAT, format="language")
    return text


def _as_slug(text: str) -> str:
    if not is_slug(text):
        raise refused(ErrorCode.INVALID_FORMAT, format="slug")
    return text


def _as_tier_id(text: str) -> str:
    if not _matching(_TIER_ID, text):
        raise refused(ErrorCode.INVALID_FORMAT, format="tier_id")
    return text


def _as_tier_names(value: Any) -> Any:
    """Refuses the whole object if a key is not the id of a tier."""
    if isinstance(value, dict) and not all(_matching(_TIER_ID, key) for key in value):
        raise refused(ErrorCode.INVALID_FORMAT, format="tier_names")
    return value


def _as_country(text: str) -> str:
    if text not in COUNTRIES:
        raise refused(ErrorCode.INVALID_CHOICE, expected="country")
    return text


def _as_currency(text: str) -> str:
    if not _matching(_CURRENCY, text):
        raise refused(ErrorCode.INVALID_FORMAT, format="currency")
    if text not in CURRENCIES:
        raise refused(ErrorCode.INVALID_CHOICE, expected="currency")
    return text


def _as_hashtag(text: str) -> str:
    if not is_hashtag(text):
        raise refused(ErrorCode.INVALID_FORMAT, format="hashtag")
    return text


STRICT: Final = Strict()
ONE_LINE: Final = AfterValidator(_one_line)
MANY_LINES: Final = AfterValidator(_many_lines)
BY_TIER_ID: Final = BeforeValidator(_as_tier_names)
BY_TIER_ID_SCHEMA: Final[JsonObject] = {"propertyNames": {"pattern": rf"^{_TIER_ID.pattern}$"}}


def _text_form(form: Callable[[str], str | None]) -> Canonical:
    """``form`` returns None for a text that is not valid."""

    def canonical(value: Any) -> Any:
        return (form(value) or value) if isinstance(value, str) else value

    return Canonical(canonical)


def _spelled_form(spelled: Callable[[str], str], check: Callable[[str], Any]) -> Canonical:
    """The text in another spelling, if ``check`` raises no error for it."""

    def form(text: str) -> str | None:
        typed = spelled(text)
        try:
            check(typed)
        except PydanticCustomError:
            return None
        return typed

    return _text_form(form)


def _with_hyphens(language: str) -> str:
    """POSIX separates the parts of a language by underscores."""
    return language.replace("_", "-")


def _with_separator(moment: str) -> str:
    """RFC 3339 allows a space and lower case, which ISO 8601 does not."""
    return plain(moment).upper().replace(" ", "T", 1)


def profile_in(network: str) -> Canonical:
    """Marks a :data:`Social` as a profile in this network."""
    return _text_form(partial(profile, NETWORKS[network]))


Bool = Annotated[bool, STRICT]
Int = Annotated[int, STRICT, Canonical(whole)]
Float = Annotated[float, STRICT]

Url = Annotated[
    str,
    STRICT,
    Field(max_length=URL_MAX_LENGTH, json_schema_extra={"format": "uri", "pattern": "^https://"}),
    AfterValidator(_as_url),
]
ShortUrl = Annotated[
    str,
    STRICT,
    Field(max_length=255, json_schema_extra={"format": "uri", "pattern": "^https://"}),
    AfterValidator(_as_url),
]
PictureUrl = Annotated[
    str,
    STRICT,
    Field(
        max_length=URL_MAX_LENGTH,
        description="The `url` that `POST /v1/media` responds with, or an https URL of another "
        "site. Published events have absolute URLs",
        json_schema_extra={"format": "uri-reference", "pattern": PICTURE_PATTERN},
    ),
    AfterValidator(_as_picture_url),
]
Social = Annotated[
    str,
    STRICT,
    Field(
        max_length=255,
        description="A handle such as `@atelier`, or the address of the profile. An address "
        "without a scheme is stored as an https URL",
    ),
    AfterValidator(_as_social),
]
Email = Annotated[
    str,
    STRICT,
    Field(max_length=EMAIL_MAX_LENGTH, json_schema_extra={"format": "email"}),
    AfterValidator(_as_email),
]
Phone = Annotated[
    str,
    STRICT,
    Field(json_schema_extra={"pattern": r"^\+[1-9][0-9]{4,14}$"}),
    AfterValidator(_as_phone),
    _text_form(e164),
]
Slug = Annotated[
    str,
    STRICT,
    Field(
        min_length=SLUG_MIN_LENGTH,
        max_length=SLUG_MAX_LENGTH,
        json_schema_extra={"pattern": "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$"},
    ),
    AfterValidator(_as_slug),
]
TierId = Annotated[
    str,
    STRICT,
    Field(json_schema_extra={"pattern": rf"^{_TIER_ID.pattern}$"}),
    AfterValidator(_as_tier_id),
]
TierName = Annotated[str, STRICT, Field(min_length=1, max_length=100), ONE_LINE]
Timezone = Annotated[str, STRICT, AfterValidator(_as_timezone), _text_form(timezone_name)]
Language = Annotated[
    str,
    STRICT,
    Field(max_length=LANGUAGE_MAX_LENGTH),
    AfterValidator(_as_language),
    _spelled_form(_with_hyphens, _as_language),
]
Country = Annotated[
    str,
    STRICT,
    Field(json_schema_extra={"enum": sorted(COUNTRIES)}),
    AfterValidator(_as_country),
    _text_form(country_code),
]
CurrencyCode = Annotated[
    str,
    STRICT,
    Field(json_schema_extra={"enum": sorted(CURRENCIES)}),
    AfterValidator(_as_currency),
    _text_form(currency_code),
]
Hashtag = Annotated[
    str, STRICT, Field(max_length=100), AfterValidator(_as_hashtag), _text_form(hashtag)
]

LocalDate = Annotated[
    date,
    BeforeValidator(_as_date),
    WithJsonSchema({"type": "string", "format": "date"}),
    _spelled_form(plain, _as_date),
]
LocalTime = Annotated[
    time,
    BeforeValidator(_as_time),
    PlainSerializer(lambda value: value.strftime("%H:%M"), return_type=str),
    WithJsonSchema({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}),
    _text_form(clock_time),
]
Moment = Annotated[
    datetime,
    BeforeValidator(_as_moment),
    PlainSerializer(lambda value: value.isoformat(), return_type=str),
    WithJsonSchema(
        {
            "type": "string",
            "description": "ISO 8601. Without an offset, local time in the event's time zone",
            "pattern": rf"^{_DATETIME.pattern}$",
        }
    ),
    _spelled_form(_with_separator, _as_moment),
]
