"""Values of fields: what is to be saved, as merge patches, and how a person reads it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from copilot.tools import TOOLS, Tool
from copilot.understanding.facts import Circumstances
from domain.json_values import JsonObject, merge
from domain.stages import SECTION_OF, STAGES, TITLES, Section, Stage
from domain.validation.texts import Path, label
from domain.values.countries import NAMES
from domain.values.money import DEFAULT_CURRENCY, format_amount

SAVE_TOOLS: Final[dict[Stage, Tool]] = {
    stage: next(tool for tool in TOOLS if tool.name == f"autosave{section.capitalize()}Data")
    for stage, section in SECTION_OF.items()
}

_APPEND: Final = "-"
_SHOWN_LENGTH: Final = 120
_OF_SEVERAL: Final = {"/name": "name", "/url": "URL"}
_WORDS: Final = {
    "popup": "pop-up",
    "fashion_show": "fashion show",
    "physical": "in person",
    "virtual": "online",
    "hybrid": "in person and online",
    "until_days": "until some days before the event",
    "in_person": "in person",
}
"""Choices that do not read as words."""
_CHOICES: Final = frozenset({"type", "mode", "kind", "access"})


@dataclass(frozen=True)
class Proposed:
    """A value that is saved if the person agrees."""

    stage: Stage
    pointer: str
    value: Any
    assumed: str | None = None
    """As of a fact."""
    reason: str = ""


def path_of(pointer: str) -> Path:
    """The path of a JSON Pointer, with numbers for places in a list; ``-`` is one, too."""
    segments = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    return tuple(
        0 if part == _APPEND else int(part) if part.isascii() and part.isdigit() else part
        for part in segments
    )


def can_be_saved(value: Proposed) -> bool:
    """Whether the tool of the stage has the field. The terms are no field of a tool."""
    path = path_of(value.pointer)
    return bool(path) and path[0] in SAVE_TOOLS[value.stage].parameters["properties"]


def patches_of(
    values: Iterable[Proposed], known: Mapping[Section, JsonObject]
) -> dict[Stage, JsonObject]:
    """A merge patch for each stage, in their order.

    A list is sent whole, so an entry is added to those that are saved. A ticket with the name of a
    saved one changes it.
    """
    patches: dict[Stage, JsonObject] = {}
    for value in values:
        if can_be_saved(value):
            saved = known.get(value.stage.section, {})
            _set(patches.setdefault(value.stage, {}), value, saved)
    return {stage: patches[stage] for stage in STAGES if stage in patches}


def shown(value: Proposed, currency: str) -> str:
    """A line of a list, such as ``Start time: 19:00``."""
    return f"{name_of(value.pointer, value.stage)}: {_as_words(value, currency)}"


def name_of(pointer: str, stage: Stage | None = None) -> str:
    """The label of a field. A stage says whose name or URL it is: ``Venue name``."""
    name = label(path_of(pointer))
    if stage is None or pointer not in _OF_SEVERAL:
        return name
    return f"{TITLES[stage]} {_OF_SEVERAL[pointer]}"


def in_sentence(name: str) -> str:
    """The name of a field within a sentence: ``start time``, but ``URL``."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def currency_of(circumstances: Circumstances) -> str:
    """The currency of the session."""
    tickets = circumstances.known.get(Section.TICKET, {})
    return str(tickets.get("currency") or circumstances.currency or DEFAULT_CURRENCY)


def tiers_of(circumstances: Circumstances) -> list[JsonObject]:
    """The saved tickets that have a name."""
    tiers = circumstances.known.get(Section.TICKET, {}).get("tiers")
    entries = tiers if isinstance(tiers, list) else []
    return [
        tier for tier in entries if isinstance(tier, dict) and isinstance(tier.get("name"), str)
    ]


def _set(patch: JsonObject, value: Proposed, saved: JsonObject) -> None:
    segments = value.pointer.split("/")[1:]
    before: Any = saved
    while len(segments) > 1:
        name = segments.pop(0)
        before = before.get(name) if isinstance(before, dict) else None
        if isinstance(before, list) or segments[0] == _APPEND:
            entries = patch.get(name, before or [])
            patch[name] = _with_entry_at(entries, segments, value.value)
            return
        inner = patch.get(name)
        if not isinstance(inner, dict):
            inner = patch[name] = {}
        patch = inner
    patch[segments[0]] = value.value


def _with_entry_at(entries: list[Any], segments: list[str], value: Any) -> list[Any]:
    """The list with another entry, or with a changed part of one; unchanged if it has no such."""
    place, *rest = segments
    if place == _APPEND:
        return _with_entry(entries, value)
    if not (place.isascii() and place.isdigit()) or int(place) >= len(entries):
        return entries
    for name in reversed(rest):
        value = {name: value}
    index = int(place)
    return [*entries[:index], merge(entries[index], value), *entries[index + 1 :]]


def _with_entry(entries: list[Any], entry: Any) -> list[Any]:
    for index, other in enumerate(entries):
        if same_name(other, entry):
            return [*entries[:index], {**other, **entry}, *entries[index + 1 :]]
    return [*entries, entry]


def same_name(one: Any, other: Any) -> bool:
    if not isinstance(one, dict) or not isinstance(other, dict):
        return False
    names = one.get("name"), other.get("name")
    if not isinstance(names[0], str) or not isinstance(names[1], str):
        return False
    return names[0].casefold() == names[1].casefold()


def _as_words(proposed: Proposed, currency: str) -> str:
    value = proposed.value
    if isinstance(value, dict):
        return ", ".join(_part(name, part, currency) for name, part in value.items() if part)
    if isinstance(value, list):
        entries = (Proposed(proposed.stage, "", entry) for entry in value)
        return ", ".join(_as_words(entry, currency) for entry in entries)
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "yes", False: "no"}[value]
    return _text(proposed.pointer, str(value))


def _text(pointer: str, text: str) -> str:
    if pointer.endswith(("/date", "/endDate")):
        return _day(text)
    if pointer.endswith("/currency"):
        return text.upper()
    if pointer.endswith("/country"):
        return NAMES.get(text, text)
    if pointer.rpartition("/")[2] in _CHOICES:
        return _WORDS.get(text, text)
    return text if len(text) <= _SHOWN_LENGTH else f"{text[:_SHOWN_LENGTH]}…"


def _part(name: str, value: Any, currency: str) -> str:
    if name in ("unit_amount", "minAmount") and isinstance(value, int):
        return format_amount(value, currency)
    if name == "quantity":
        return f"{value} tickets"
    return _WORDS.get(str(value), str(value)) if name in _CHOICES else str(value)


def _day(text: str) -> str:
    """With its weekday, so that a wrong date is noticed."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day:%A}, {day.day} {day:%B} {day.year}"
