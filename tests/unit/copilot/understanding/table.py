"""Reads a table of sentences. Its format is described at the top of ``sentences.txt``."""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from copilot.understanding.facts import Circumstances, Question, Understanding

_SECTIONS = {
    "o": "organizerSetup",
    "e": "eventSetup",
    "v": "venueSetup",
    "t": "ticketSetup",
    "s": "sponsorsMedia",
}
_USUAL: dict[str, Any] = {
    "now": datetime(2026, 3, 5, 10, tzinfo=UTC),
    "timezone": "Europe/London",
    "locale": "en-GB",
}

Said = tuple[str, str, Any, str | None]
"""Stage, pointer, value, and the code of what was assumed."""


@dataclass
class Row:
    sentence: str
    facts: list[Said] = field(default_factory=list)
    questions: list[tuple[str, str, list[str]]] = field(default_factory=list)
    """Code, pointer, and the values of the options at the pointer; none if they do not matter."""
    others: dict[str, str] = field(default_factory=dict)

    @property
    def circumstances(self) -> Circumstances:
        return Circumstances(**{**_USUAL, **self.others})

    def differences(self, found: Understanding) -> list[str]:
        """What is missing in an understanding, and what is too much."""
        facts = [(fact.stage.value, fact.pointer, fact.value, fact.assumed) for fact in found.facts]
        missing = [f"missing: {fact}" for fact in self.facts if fact not in facts]
        added = [f"not said: {fact}" for fact in facts if fact not in self.facts]
        asked = list(found.questions)
        unasked = [f"not asked: {wanted}" for wanted in self.questions if not _is_in(wanted, asked)]
        more = [] if len(asked) <= len(self.questions) else [f"asked: {asked}"]
        return [*missing, *added, *unasked, *more]


def rows(path: Path) -> list[Row]:
    blocks = re.split(r"\n\s*\n", re.sub(r"(?m)^#.*\n", "", path.read_text()))
    return [_row(block.strip().splitlines()) for block in blocks if block.strip()]


def _row(lines: list[str]) -> Row:
    row = Row(lines[0])
    for line in lines[1:]:
        text, _, assumed = line.partition(" ~")
        kind, _, rest = text.partition(" ")
        _ENTRIES.get(kind, _add_fact)(row, text if kind not in _ENTRIES else rest, assumed or None)
    return row


def _is_in(wanted: tuple[str, str, list[str]], asked: list[Question]) -> bool:
    code, pointer, values = wanted
    return any(
        (question.code, question.pointer) == (code, pointer)
        and (not values or values == _values(question)[: len(values)])
        for question in asked
    )


def _values(question: Question) -> list[Any]:
    return [
        next((fact.value for fact in option.facts if fact.pointer == question.pointer), None)
        for option in question.options
    ]


def _add_fact(row: Row, text: str, assumed: str | None) -> None:
    place, _, value = text.partition(" ")
    section, _, pointer = place.partition("/")
    row.facts.append((_SECTIONS[section], f"/{pointer}", _value(pointer, value), assumed))


def _value(pointer: str, text: str) -> Any:
    is_json = pointer == "capacity" or text.startswith("{")
    return json.loads(text) if is_json else text


def _add_place(row: Row, text: str, _assumed: str | None) -> None:
    city, country, zone = text.rsplit(" ", 2)
    row.facts += [
        ("venueSetup", "/address/city", city, None),
        ("venueSetup", "/address/country", country, "country_of_city"),
        ("venueSetup", "/mode", "physical", "mode_of_place"),
        ("eventSetup", "/timezone", zone, "zone_of_city"),
    ]


def _add_tier(row: Row, text: str, assumed: str | None) -> None:
    match = re.fullmatch(r"(.+) (paid|free|donation) (\d+)(?: (\d+))?", text)
    assert match, text
    tier = {"name": match[1], "kind": match[2], "unit_amount": int(match[3])}
    if match[4]:
        tier["quantity"] = int(match[4])
    row.facts.append(("ticketSetup", "/tiers/-", tier, assumed))


def _add_hours(row: Row, text: str, _assumed: str | None) -> None:
    first, last, opens, closes = text.split()
    days = (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
    hours = [
        {
            "date": str(date.fromisoformat(first) + timedelta(days=n)),
            "opens": opens,
            "closes": closes,
        }
        for n in range(days)
    ]
    row.facts.append(("eventSetup", "/openingHours", hours, None))


def _add_sponsors(row: Row, text: str, _assumed: str | None) -> None:
    row.facts += [
        ("sponsorsMedia", "/sponsors/-", {"name": name}, None) for name in text.split("|")
    ]


def _add_question(row: Row, text: str, _assumed: str | None) -> None:
    code, pointer, *values = text.split()
    row.questions.append((code, pointer, values))


def _add_circumstance(row: Row, text: str, _assumed: str | None) -> None:
    name, _, value = text.partition(" ")
    row.others[name] = value


_ENTRIES = {
    "place": _add_place,
    "tier": _add_tier,
    "hours": _add_hours,
    "sponsors": _add_sponsors,
    "?": _add_question,
    "@": _add_circumstance,
}
