"""The English texts of field errors: a table of labels and a table of messages.

A text is chosen by the error's code and, if a code has several, by the parameter in ``VARIANTS``:
``invalid_format`` with ``{"format": "date"}`` has the key ``invalid_format.date``. A translation
replaces the tables. No text quotes a value or a name that a user entered.
"""

from collections.abc import Mapping
from typing import Any, Final

from domain.errors import ErrorCode, FieldError
from domain.json_values import JsonObject, pointer_to
from domain.stages import Stage
from domain.values.money import format_amount

Path = tuple[str | int, ...]

VARIANTS: Final[dict[ErrorCode, str]] = {
    ErrorCode.MISSING: "expected",
    ErrorCode.INVALID_TYPE: "expected",
    ErrorCode.INVALID_FORMAT: "format",
    ErrorCode.INVALID_CHOICE: "expected",
    ErrorCode.INVALID_CHARACTER: "expected",
    ErrorCode.NOT_UNIQUE: "value",
    ErrorCode.TOO_MANY_BYTES: "of",
    ErrorCode.END_BEFORE_START: "value",
    ErrorCode.KIND_MISMATCH: "kind",
    ErrorCode.NOT_IN_FUTURE: "value",
    ErrorCode.QUANTITY_INCONSISTENT: "value",
    ErrorCode.TOO_LARGE: "value",
    ErrorCode.UNKNOWN_ID: "value",
    ErrorCode.AMOUNT_TOO_SMALL: "value",
    ErrorCode.AMOUNT_NOT_CHARGEABLE: "value",
    ErrorCode.OUTSIDE_EVENT: "value",
    ErrorCode.NOT_SUPPORTED: "value",
    ErrorCode.UNKNOWN_FIELD: "of",
}
"""The parameter that distinguishes the texts of a code."""

FIELD_ERROR_TEXTS: Final[dict[str, str]] = {
    "missing": "{label} is required.",
    "missing.place": "Enter an address line, a city or coordinates.",
    "missing.list": "Add at least one {entry}.",
    "invalid_type.text": "{label} must be text.",
    "invalid_type.integer": "{label} must be a whole number.",
    "invalid_type.number": "{label} must be a number.",
    "invalid_type.boolean": "{label} must be true or false.",
    "invalid_type.list": "{label} must be a list.",
    "invalid_type.object": "{label} must be a JSON object.",
    "invalid_type.json": "{label} must be a JSON value.",
    "invalid_format.date": "{label} must be a date like 2031-05-09.",
    "invalid_format.time": "{label} must be a time of day like 19:30.",
    "invalid_format.local_date_time": (
        "{label} must be a date and time like 2031-05-09T19:30, "
        "or with an offset like 2031-05-09T19:30:00-04:00."
    ),
    "invalid_format.date_time": (
        "{label} must be a date and time with an offset, like 2031-05-09T19:30:00-04:00."
    ),
    "invalid_format.url": (
        "{label} must be a URL that starts with https:// and contains no user name or password."
    ),
    "invalid_format.picture_url": (
        "{label} must be the address of an uploaded picture, which starts with /media/, or a URL "
        "that starts with https:// and contains no user name or password."
    ),
    "invalid_format.browser_url": (
        "{label} must be a URL that starts with https:// and contains no user name, spaces or line "
        "breaks. Only localhost may use http://."
    ),
    "invalid_format.social": (
        "{label} must be a handle like @atelier, or the address of the profile, which starts with "
        "https://."
    ),
    "invalid_format.email": "{label} must be an email address like name@example.com.",
    "invalid_format.phone": (
        "{label} must be a phone number with its country code, like +1 212 555 0100."
    ),
    "invalid_format.language": "{label} must be a language tag like en, pt-BR or zh-Hant.",
    "invalid_format.slug": (
        "{label} can contain only the letters a to z, digits and hyphens, and must begin and end "
        "with a letter or digit."
    ),
    "invalid_format.currency": "{label} must be a three-letter currency code like usd or eur.",
    "invalid_format.hashtag": "{label} can contain only letters, digits and underscores after #.",
    "invalid_format.tier_id": "{label} was not assigned by the server. Omit it for a new ticket.",
    "invalid_format.tier_names": (
        "{label} must be an object with a name for each ticket ID, such as tier-1."
    ),
    "invalid_format.entity_tags": (
        '{label} must be the ETag of a view, such as "3" with the quotes, a list of them, or *.'
    ),
    "invalid_format.idempotency_key": (
        "{label} must be 1 to {max} visible ASCII characters without spaces."
    ),
    "invalid_format.visible_ascii": (
        "{label} can contain only visible ASCII characters, without spaces."
    ),
    "invalid_format.order_key": (
        "{label} must be {min} to {max} letters, digits, hyphens and underscores."
    ),
    "invalid_format.uuid": "{label} must be a UUID.",
    "invalid_format.json": "{label} must be valid JSON.",
    "invalid_format.json_at": (
        "{label} must be valid JSON. The error is at line {line}, column {column}."
    ),
    "invalid_format.json_number": (
        "{label} has a number with too many digits at line {line}, column {column}."
    ),
    "invalid_format.json_depth": "{label} is nested too deeply.",
    "invalid_format.utf_8": "{label} must be JSON in UTF-8.",
    "invalid_format.other": "{label} is not valid.",
    "invalid_choice.value": "{label} must be one of: {choices}.",
    "invalid_choice.timezone": "{label} must be an IANA time zone like America/New_York.",
    "invalid_choice.country": "{label} must be a two-letter country code like US or FR.",
    "invalid_choice.currency": "{label} must be the code of a currency in circulation.",
    "invalid_character.one_line": (
        "{label} must not contain line breaks, tabs or other control characters."
    ),
    "invalid_character.closed_direction": (
        "{label} contains a hidden character that changes the direction of the text. Type it "
        "again instead of pasting it."
    ),
    "invalid_character.text": "{label} must not contain control characters except line breaks.",
    "invalid_character.unicode": "{label} must not contain NUL characters or invalid Unicode.",
    "invalid_character.surrogate": (
        "{label} contains an unpaired surrogate (U+D800 to U+DFFF). Send complete characters."
    ),
    "invalid_character.name": "Field names must not contain NUL characters or invalid Unicode.",
    "too_short": "{label} must be at least {min:character|characters}.",
    "too_long": "{label} must be at most {max:character|characters}.",
    "too_small": "{label} must be at least {min}.",
    "too_large": "{label} must be at most {max}.",
    "too_large.total": "An order can cost at most {amount}. Order fewer tickets.",
    "too_few": "Add at least {min:one {entry}|{entries}}.",
    "too_many": "Add at most {max:{entry}|{entries}}.",
    "too_many_bytes.stage": (
        "{label}: shorten the largest part of the stage. Its data must be at most {max} bytes of "
        "JSON, in which a letter takes one to four bytes."
    ),
    "too_many_bytes.session": (
        "The data of all stages together must be at most {max} bytes of JSON."
    ),
    "not_unique.name": "{label} is already used: names must be unique.",
    "not_unique.id": "{label} is already used. Omit it for a new ticket.",
    "not_unique.tier": "{label} is listed twice. Add up the quantities.",
    "not_unique.language": "{label} is already used: add one translation for each language.",
    "not_unique.original": "{label} is the language of the event. Choose another language.",
    "not_unique.opening_hours": "{label} must not overlap. Change one of them.",
    "not_unique.title_sponsor": "An event can have only one title sponsor.",
    "unknown_id.tier": "The event has no ticket with this ID.",
    "unknown_id": "{label} was not assigned by the server. Omit it for a new ticket.",
    "unknown_field": "This field does not exist: omit it.",
    "unknown_field.query": "This query parameter does not exist. Choose from: {known}.",
    "unknown_field.no_query": "This request has no query parameters: omit them.",
    "server_owned": "{label} is set by the server: omit it.",
    "number_out_of_range": "{label} must be a number between {min} and {max}.",
    "too_deep": "{label} must be nested at most {max:level|levels} deep.",
    "not_in_future": "{label} must be in the future, in the time zone of the event.",
    "not_in_future.date": (
        "{label} must be later: the event is already over in its time zone. If it lasts several "
        "days, enter its end date."
    ),
    "not_in_future.end_date": (
        "{label} must be later: the event is already over in its time zone."
    ),
    "not_in_future.moment": "{label} must be in the future.",
    "too_far_ahead": "{label} must be at most {max:year|years} from now.",
    "nonexistent_time": (
        "{label} does not exist on that day because clocks are set forward. Choose another time."
    ),
    "end_before_start.date": "{label} must not be before the first day of the event.",
    "end_before_start.time": (
        "{label} must be after the start time. If the event ends on a later day, enter that day as "
        "its end date."
    ),
    "doors_after_start": (
        "{label} must not be after the start of the event. Doors on the evening before must open "
        "at most 12 hours earlier."
    ),
    "end_before_start.hours": "{label} must differ from the opening time.",
    "outside_event.date": "{label} must be a day of the event.",
    "outside_event.start": "{label} must not be before the start of the event.",
    "outside_event.end": "{label} must not be after the end of the event.",
    "sale_end_before_start": "{label} must be after the start of the sale.",
    "sale_ends_after_event": "{label} must not be after the end of the event.",
    "kind_mismatch.free": "{label} must be 0 for a free ticket.",
    "kind_mismatch.donation": "{label} is for donations only. Omit it, or choose a donation.",
    "kind_mismatch.paid": "{label} must be more than 0 for a paid ticket.",
    "currency_unsupported": "{label} is not supported for payments. Choose another currency.",
    "amount_too_small": (
        "{label} must be at least {amount}, the minimum charge, or 0 for a free ticket."
    ),
    "amount_too_small.donation": "{label} must be at least {amount}, the minimum charge.",
    "amount_not_chargeable.multiple": "{label} must be a multiple of {amount}.",
    "amount_not_chargeable.too_large": "{label} must be at most {amount}.",
    "capacity_exceeded": (
        "{label} is less than the number of tickets. Increase it, or offer fewer tickets."
    ),
    "quantity_inconsistent.min_per_order": "{label} must not exceed the maximum per order.",
    "quantity_inconsistent.min_amount": "{label} must not exceed the suggested amount.",
    "quantity_inconsistent.quantity": "{label} must not be less than the minimum per order.",
    "terms_outdated": "The terms were accepted before the latest change. Accept them again.",
    "not_supported.free_tier": "This ticket is free entry and is not sold. Omit it.",
    "not_supported.not_sold_here": "This ticket is not sold here. Omit it.",
    "not_supported.fixed_price": "This ticket has a fixed price. Omit the price.",
    "not_supported": "{label} cannot be combined with Prefer: respond-async. Omit one of them.",
}
"""``{min:character|characters}`` is a number with its noun, singular or plural."""

LABELS: Final[dict[str, str]] = {
    # the fields of the stages
    "acceptTerms": "acceptance of the terms",
    "acceptedTerms": "acceptance of the terms",
    "access": "access",
    "accessNote": "access note",
    "accessibility": "accessibility",
    "address": "address",
    "ageRestriction": "age restriction",
    "alt": "text alternative",
    "at": "time",
    "automaticTax": "automatic tax",
    "bio": "biography",
    "capacity": "capacity",
    "city": "city",
    "closes": "closing time",
    "country": "country",
    "cover": "cover image",
    "credit": "credit",
    "currency": "currency",
    "date": "date",
    "days": "days",
    "decorative": "decorative mark",
    "description": "description",
    "doorsTime": "doors time",
    "dressCode": "dress code",
    "email": "email address",
    "endDate": "end date",
    "endTime": "end time",
    "externalUrl": "external URL",
    "facebook": "Facebook",
    "focal": "focal point",
    "gallery": "gallery",
    "geo": "coordinates",
    "hashtag": "hashtag",
    "id": "ID",
    "instagram": "Instagram",
    "kind": "kind",
    "language": "language",
    "lat": "latitude",
    "line1": "address line 1",
    "line2": "address line 2",
    "linkedin": "LinkedIn",
    "lng": "longitude",
    "logo": "logo",
    "maxPerOrder": "maximum per order",
    "media": "media",
    "minAmount": "minimum amount",
    "minPerOrder": "minimum per order",
    "mode": "mode",
    "name": "name",
    "openingHours": "opening hours",
    "opens": "opening time",
    "organization": "organization",
    "organizers": "co-organizers",
    "performers": "performers",
    "phone": "phone number",
    "pinterest": "Pinterest",
    "platform": "platform",
    "postalCode": "postal code",
    "pressContact": "press contact",
    "promotionCodes": "promotion codes",
    "quantity": "quantity",
    "refundPolicy": "refund policy",
    "region": "region",
    "saleEnd": "sale end",
    "saleStart": "sale start",
    "slug": "slug",
    "socials": "social profiles",
    "sponsors": "sponsors",
    "startTime": "start time",
    "summary": "summary",
    "tags": "tags",
    "text": "text",
    "tier": "tier",
    "tiers": "tickets",
    "tiktok": "TikTok",
    "timezone": "time zone",
    "title": "title",
    "totalCapacity": "total capacity",
    "translations": "translations",
    "type": "type",
    "unit_amount": "price",
    "url": "URL",
    "venue": "venue",
    "version": "version",
    "videoUrl": "video URL",
    "visibility": "visibility",
    "website": "website",
    "x": "X",
    "y": "Y",
    "youtube": "YouTube",
    # the parameters and bodies of requests, and the arguments of tools
    "Idempotency-Key": "Idempotency-Key",
    "If-Match": "If-Match",
    "arguments": "arguments",
    "body": "request body",
    "checks_digest": "checks digest",
    "consistent": "consistent",
    "content": "content",
    "cursor": "cursor",
    "data": "data",
    "device": "device",
    "event": "event",
    "event_id": "event ID",
    "forwardedProps": "forwarded properties",
    "fromStage": "from stage",
    "from_stage": "from stage",
    "function": "function",
    "items": "items",
    "key": "key",
    "limit": "limit",
    "links": "links",
    "locale": "locale",
    "messages": "messages",
    "op": "operation",
    "order_id": "order ID",
    "organizer": "organizer",
    "pointer": "pointer",
    "publish_at": "publication time",
    "refresh_url": "refresh URL",
    "return_url": "return URL",
    "review": "review",
    "revision": "revision",
    "role": "role",
    "runId": "run ID",
    "sections": "sections",
    "sessionId": "session ID",
    "session_id": "session ID",
    "sponsor": "sponsor",
    "stage": "stage",
    "stageData": "stage data",
    "status": "status",
    "threadId": "thread ID",
    "thread_id": "thread ID",
    "ticket": "ticket",
    "tier_id": "ticket ID",
    "toStage": "to stage",
    "to_stage": "to stage",
    "toolCallId": "tool call ID",
    "toolCalls": "tool calls",
    "tools": "tools",
    "view": "view",
}
"""Labels of fields by their names in JSON."""

ENTRY_LABELS: Final[dict[str, tuple[str, str]]] = {
    "tiers": ("ticket", "tickets"),
    "sponsors": ("sponsor", "sponsors"),
    "gallery": ("gallery image", "gallery images"),
    "tags": ("tag", "tags"),
    "performers": ("performer", "performers"),
    "organizers": ("co-organizer", "co-organizers"),
    "openingHours": ("opening hours", "opening hours"),
    "translations": ("translation", "translations"),
    "items": ("item", "items"),
    "messages": ("message", "messages"),
    "toolCalls": ("tool call", "tool calls"),
    "tools": ("tool", "tools"),
}
"""The names of an entry of a list, singular and plural."""

_WHOLE: Final = "data"
_UNNAMED: Final = "this value"
_ENTRY: Final = ("entry", "entries")
_LIMITS: Final = ("min", "multiple_of", "max")
# Omitted from the labels of their members: "City", not "Address city".
_GROUPS: Final = frozenset({"address", "geo", "media", "socials"})


class _Number(int):
    """Formats with a noun: ``{min:character|characters}``, or ``{min:one tag|tags}`` in words."""

    def __format__(self, nouns: str) -> str:
        if "|" not in nouns:
            return super().__format__(nouns)
        singular, plural = nouns.split("|")
        if self == 1 and singular.startswith("one "):
            return singular
        return f"{self:d} {singular if self == 1 else plural}"


def field_error(stage: Stage | None, path: Path, code: ErrorCode, **params: Any) -> FieldError:
    """The error of the value at a path.

    Raises:
        KeyError: the code has no text for these parameters, or the text needs another parameter.
    """
    return FieldError(
        stage=stage,
        pointer=pointer_to(path),
        code=code.value,
        params=params,
        message=field_error_message(path, code, params),
    )


def field_error_message(path: Path, code: ErrorCode, params: Mapping[str, Any]) -> str:
    """The English text of an error.

    Raises:
        KeyError: as :func:`field_error`.
    """
    entry, entries = ENTRY_LABELS.get(str(path[-1]) if path else "", _ENTRY)
    names = {"label": label(path), "entry": entry, "entries": entries}
    return filled(FIELD_ERROR_TEXTS[field_error_key(code, params)], error_values(names, params))


def field_error_key(code: ErrorCode, params: Mapping[str, Any]) -> str:
    """The key of the text of an error."""
    return text_key(code, VARIANTS.get(code), params)


def error_values(names: Mapping[str, str], params: Mapping[str, Any]) -> JsonObject:
    """The values in the text of an error. ``names``: ``label``, ``entry`` and ``entries``.

    Raises:
        KeyError: an amount has no limit.
    """
    values = {**names, **params}
    return {**values, "amount": amount_in(params)} if "currency" in params else values


def text_key(code: str, variant: str | None, params: Mapping[str, Any]) -> str:
    """The key of a text: the code, followed by its variant if it has one."""
    return f"{code}.{params[variant]}" if variant is not None and variant in params else code


def amount_in(params: Mapping[str, Any]) -> str:
    """The limit of an amount, in the form of its currency.

    Raises:
        KeyError: the parameters have no limit.
    """
    limit = next((name for name in _LIMITS if name in params), _LIMITS[0])
    return format_amount(params[limit], params["currency"])


def filled(template: str, values: JsonObject) -> str:
    return template.format_map({name: _as_text(value) for name, value in values.items()})


def label(path: Path) -> str:
    """A readable path: ``("tiers", 0, "saleStart")`` is ``Ticket sale start``.

    A name that is in no schema was entered by a user, and is not quoted.
    """
    parts: list[str] = []
    group: str | None = None
    for position, segment in enumerate(path):
        if isinstance(segment, int):
            before = path[position - 1] if position else ""
            parts[-1:] = [ENTRY_LABELS.get(str(before), _ENTRY)[0]]
        elif path[:position:2] == ("translations", "tiers") and segment not in LABELS:
            parts[-1:] = ["ticket name"]  # by the id of the ticket
        elif segment in LABELS:
            if group in _GROUPS:
                parts.pop()
            parts.append(LABELS[segment])
        else:
            parts = [_UNNAMED]
            break
        group = segment if isinstance(segment, str) else None
    text = " ".join(parts) or _WHOLE
    return text[0].upper() + text[1:]


def _as_text(value: Any) -> Any:
    if isinstance(value, list):
        return ", ".join(value)
    return _Number(value) if type(value) is int else value
