"""What a tool that writes reports: the fields that it saved, and those that it left as they are.

A field is left if it was changed since the answer was made. Only stages and pointers are read: the
agent never reads values that a page or another person has put into a result.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from copilot.agent.field_names import stage_of
from copilot.texts import Language
from copilot.texts.language import path_of
from domain.stages import Stage


def has_report(body: Mapping[str, Any]) -> bool:
    return isinstance(body.get("saved"), list)


def saved_names(body: Mapping[str, Any], language: Language) -> list[str]:
    return list(dict.fromkeys(_names(body.get("saved"), language)))


def kept_text(body: Mapping[str, Any], language: Language) -> str:
    """What was left, because the person changed it meanwhile; empty if nothing was."""
    names = list(dict.fromkeys(_names(body.get("kept"), language)))
    return language.text("kept", names=language.listed(names)) if names else ""


def _names(entries: Any, language: Language) -> Iterator[str]:
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict):
            stage, pointer = stage_of(entry.get("stage")), entry.get("pointer")
            if stage is not None and isinstance(pointer, str):
                yield _name(stage, pointer, language)


def _name(stage: Stage, pointer: str, language: Language) -> str:
    """The label of a field. An element of a list may be named by its id."""
    path = list(path_of(pointer))
    if len(path) <= 1:
        return language.label(tuple(path), stage)
    for place, segment in enumerate(path[:-1]):
        if segment in language.entries:
            path[place + 1] = 0
    return language.label(tuple(path))
