"""Values of fields that are to be saved, as merge patches."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from copilot.texts.language import Language, path_of
from copilot.tools import TOOLS, Tool
from copilot.understanding.facts import Circumstances
from domain.json_values import JsonObject, merge
from domain.stages import SECTION_OF, STAGES, Section, Stage
from domain.values.money import DEFAULT_CURRENCY

SAVE_TOOLS: Final[dict[Stage, Tool]] = {
    stage: next(tool for tool in TOOLS if tool.name == f"autosave{section.capitalize()}Data")
    for stage, section in SECTION_OF.items()
}

_APPEND: Final = "-"


@dataclass(frozen=True)
class Proposed:
    """A value that is saved if the person agrees."""

    stage: Stage
    pointer: str
    value: Any
    assumed: str | None = None
    """As of a fact."""
    reason: str = ""


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


def name_of(pointer: str, language: Language, stage: Stage | None = None) -> str:
    return language.label(path_of(pointer), stage)


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
