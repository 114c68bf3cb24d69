"""The names of stages and fields in sentences."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from copilot.texts import GERMAN, LANGUAGES
from domain.json_values import JsonObject
from domain.schemas import INPUT_SCHEMAS
from domain.stages import STAGES, Stage
from domain.validation.texts import label

STAGE_NAMES: Final[dict[str, Stage]] = {
    "organizer": Stage.ORGANIZER_SETUP,
    "organiser": Stage.ORGANIZER_SETUP,
    "event": Stage.EVENT_SETUP,
    "venue": Stage.VENUE_SETUP,
    "place": Stage.VENUE_SETUP,
    "location": Stage.VENUE_SETUP,
    "ticket": Stage.TICKET_SETUP,
    "tickets": Stage.TICKET_SETUP,
    "ticketing": Stage.TICKET_SETUP,
    "sponsors and media": Stage.SPONSORS_MEDIA,
    "sponsor": Stage.SPONSORS_MEDIA,
    "sponsors": Stage.SPONSORS_MEDIA,
    "media": Stage.SPONSORS_MEDIA,
    "pictures": Stage.SPONSORS_MEDIA,
    "review and publish": Stage.REVIEW_PUBLISH,
    "review": Stage.REVIEW_PUBLISH,
    **{GERMAN.stages[stage].casefold(): stage for stage in STAGES},
    "sponsoren": Stage.SPONSORS_MEDIA,
    "bilder": Stage.SPONSORS_MEDIA,
}

_SYNONYMS: Final[dict[str, tuple[Stage, str]]] = {
    "event name": (Stage.EVENT_SETUP, "/title"),
    "name of the event": (Stage.EVENT_SETUP, "/title"),
    "headline": (Stage.EVENT_SETUP, "/title"),
    "start": (Stage.EVENT_SETUP, "/startTime"),
    "time": (Stage.EVENT_SETUP, "/startTime"),
    "end": (Stage.EVENT_SETUP, "/endTime"),
    "day": (Stage.EVENT_SETUP, "/date"),
    "doors": (Stage.VENUE_SETUP, "/doorsTime"),
    "price": (Stage.TICKET_SETUP, "/tiers"),
    "ticket": (Stage.TICKET_SETUP, "/tiers"),
    "tier": (Stage.TICKET_SETUP, "/tiers"),
    "refund": (Stage.TICKET_SETUP, "/refundPolicy"),
    "e-mail": (Stage.ORGANIZER_SETUP, "/email"),
    "email": (Stage.ORGANIZER_SETUP, "/email"),
    "phone": (Stage.ORGANIZER_SETUP, "/phone"),
    "cover": (Stage.SPONSORS_MEDIA, "/media/cover"),
    "alt text": (Stage.SPONSORS_MEDIA, "/media/cover/alt"),
    "video": (Stage.SPONSORS_MEDIA, "/videoUrl"),
    "dress": (Stage.EVENT_SETUP, "/dressCode"),
    "age limit": (Stage.EVENT_SETUP, "/ageRestriction"),
    "website": (Stage.ORGANIZER_SETUP, "/website"),
    "name der veranstaltung": (Stage.EVENT_SETUP, "/title"),
    "uhrzeit": (Stage.EVENT_SETUP, "/startTime"),
    "tag": (Stage.EVENT_SETUP, "/date"),
    "stadt": (Stage.VENUE_SETUP, "/address/city"),
    "plätze": (Stage.VENUE_SETUP, "/capacity"),
    "kapazität": (Stage.VENUE_SETUP, "/capacity"),
    "dresscode": (Stage.EVENT_SETUP, "/dressCode"),
    "telefonnummer": (Stage.ORGANIZER_SETUP, "/phone"),
}

_ENGLISH_ARTICLES: Final = ("the ", "a ", "an ", "my ", "our ", "this ", "some ")
_GERMAN_ARTICLES: Final = (
    *("der ", "die ", "das ", "den ", "dem ", "ein ", "eine ", "einen ", "mein ", "meine "),
    *("meinen ", "unser ", "unsere ", "unseren ", "dieser ", "diese ", "dieses ", "diesen "),
)
_ARTICLES: Final = (*_ENGLISH_ARTICLES, *_GERMAN_ARTICLES)
_STAGE_WORDS: Final = (" stage", " setup", " step", " page", " section")
_THIS_STAGE: Final = frozenset(
    {"stage", "step", "page", "section", "it", "", "abschnitt", "schritt", "seite", "es"}
)


def stage_named(text: str, current: Stage) -> Stage | None:
    """The stage of words such as ``the venue stage``; ``this stage`` is the current one."""
    name = _without_article(text.casefold().strip())
    if name in _THIS_STAGE:
        return current
    for word in _STAGE_WORDS:
        name = name.removesuffix(word)
    return STAGE_NAMES.get(name)


def stage_of(value: object) -> Stage | None:
    """The stage that a value in a call or a result names; None if it is any other JSON."""
    return next((stage for stage in STAGES if stage == value), None)


def field_named(text: str, current: Stage) -> tuple[Stage, str] | None:
    """The stage and the pointer of words such as ``the start time``.

    A name that several stages have is of the current stage, or else of the first that has it.
    """
    name = _without_article(text.casefold().strip())
    if name == "name" and current is Stage.EVENT_SETUP:
        return _SYNONYMS["event name"]
    candidates = [name, name.removesuffix("s"), f"{name}s"]
    fields = _fields()
    for candidate in candidates:
        found = fields.get(candidate)
        if found:
            return next((field for field in found if field[0] is current), found[0])
        if candidate in _SYNONYMS:
            return _SYNONYMS[candidate]
    stage, _, rest = name.partition(" ")
    if rest and stage in STAGE_NAMES:
        of_stage = [field for field in fields.get(rest, []) if field[0] is STAGE_NAMES[stage]]
        return of_stage[0] if of_stage else None
    return None


@cache
def _fields() -> dict[str, list[tuple[Stage, str]]]:
    found: dict[str, list[tuple[Stage, str]]] = {}
    for stage in STAGES:
        schema = INPUT_SCHEMAS[stage].model_json_schema()
        for name, pointer in _walk(schema, schema, ""):
            for words in _labels(stage, name, pointer):
                fields = found.setdefault(words.casefold(), [])
                if (stage, pointer) not in fields:
                    fields.append((stage, pointer))
    for fields in found.values():
        fields.sort(key=lambda field: field[1].count("/"))
    return found


def _labels(stage: Stage, name: str, pointer: str) -> Iterator[str]:
    """The names on the page in each language, and that of the API's messages."""
    is_inner = pointer.count("/") > 1
    yield from (
        language.label((name,), None if is_inner else stage) for language in LANGUAGES.values()
    )
    yield label((name,))


def _walk(schema: JsonObject, whole: JsonObject, at: str) -> Iterator[tuple[str, str]]:
    for name, rule in schema.get("properties", {}).items():
        yield name, f"{at}/{name}"
        for inner in _objects_in(rule, whole):
            yield from _walk(inner, whole, f"{at}/{name}")


def _objects_in(rule: Any, whole: JsonObject) -> Iterator[JsonObject]:
    for option in [rule, *rule.get("anyOf", [])]:
        reference = str(option.get("$ref", "")).rpartition("/")[2]
        if reference:
            yield whole["$defs"][reference]


def _without_article(name: str) -> str:
    for article in _ARTICLES:
        name = name.removeprefix(article)
    return name
