"""What suggestions are made from, and the suggestions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

from copilot.suggestions.explanations import path_of
from copilot.suggestions.fashion_weeks import FashionWeek, fashion_week_in
from copilot.texts import ENGLISH, Language, language_of
from copilot.understanding.facts import Circumstances
from domain.json_values import JsonObject
from domain.schemas.base import normalised, present
from domain.schemas.venue import IN_PERSON, Address, VenueMode
from domain.stages import Section, Stage
from domain.validation.schedule import Schedule, schedule_of
from domain.validation.sections import TypedSections, parse_sections
from domain.validation.texts import Path, filled

_ENGLISH: Final = "en"


@dataclass(frozen=True)
class OwnEvent:
    """Another event of the tenant."""

    title: str
    first_day: date
    last_day: date | None = None
    """Null for an event of one day."""
    organizer: JsonObject = field(default_factory=dict)
    """The organizer's data, as it was saved. So is the venue's."""
    venue: JsonObject = field(default_factory=dict)

    def overlaps(self, first: date, last: date) -> bool:
        return self.first_day <= last and first <= (self.last_day or self.first_day)


@dataclass(frozen=True)
class Suggestion:
    """A value for an empty field."""

    stage: Stage
    pointer: str
    value: object
    """JSON, as ``PATCH`` accepts it; null if the person has to write it."""
    reason_code: str
    params: JsonObject = field(default_factory=dict)

    @property
    def asks(self) -> bool:
        return self.value is None

    @property
    def text(self) -> str:
        """As :meth:`reason`, in English."""
        return self.reason(ENGLISH)

    def reason(self, language: Language) -> str:
        """Why this value is suggested, or what to write.

        Raises:
            KeyError: the code has no text, or the text needs another parameter.
        """
        values = {"label": language.label(path_of(self.pointer), self.stage), **self.params}
        if "month" in self.params:
            values["month_name"] = language.month(self.params["month"])
        if "weekday" in self.params:
            values["weekday_name"] = language.weekday(self.params["weekday"])
        return filled(language.reasons[self.reason_code], values)


@dataclass(frozen=True)
class Basis:
    circumstances: Circumstances
    own_events: Sequence[OwnEvent]

    @cached_property
    def data(self) -> TypedSections:
        """The valid values of the session."""
        return parse_sections(self.circumstances.known)

    @cached_property
    def schedule(self) -> Schedule:
        return schedule_of(self.data.event)

    @cached_property
    def now(self) -> datetime:
        """In the time zone of the event."""
        return self.circumstances.now.astimezone(self.schedule.zone)

    @property
    def address(self) -> Address:
        """Empty for an event that is only online."""
        return (self.data.venue.address if self.may_be_in_person else None) or Address()

    @cached_property
    def fashion_week(self) -> FashionWeek | None:
        city = self.address.city
        return fashion_week_in(city, self.address.country) if city else None

    @property
    def is_in_person(self) -> bool:
        return IN_PERSON.applies_to(self.data.venue)

    @property
    def may_be_in_person(self) -> bool:
        return self.data.venue.mode is not VenueMode.VIRTUAL

    @property
    def writes_english(self) -> bool:
        """Whether the texts of the event are English, the only language of suggested texts."""
        language = self.data.event.language or self.circumstances.locale
        return language.casefold().split("-")[0] == _ENGLISH

    @property
    def writes_in(self) -> Language:
        """The language of the names of suggested tickets."""
        return language_of(self.data.event.language or self.circumstances.locale)

    @cached_property
    def recent_events(self) -> list[OwnEvent]:
        """The newest first."""
        return sorted(
            self.own_events, key=lambda event: (event.first_day, event.title), reverse=True
        )

    def is_empty(self, stage: Stage, pointer: str) -> bool:
        """Whether nothing was typed, valid or not, that a value of the field would replace."""
        return _is_empty(present(normalised(self._typed(stage))), path_of(pointer))

    def with_value(self, suggestion: Suggestion) -> Mapping[Section, JsonObject]:
        """The data of the session with the suggested value."""
        section = suggestion.stage.section
        changed = _with_value(
            self._typed(suggestion.stage), path_of(suggestion.pointer), suggestion.value
        )
        return {**self.circumstances.known, section: changed}

    def _typed(self, stage: Stage) -> JsonObject:
        return dict(self.circumstances.known.get(stage.section, {}))


def _is_empty(value: Any, path: Path) -> bool:
    if not path:
        return value in (None, [])
    if value is None:
        return True
    first, *rest = path
    if isinstance(value, dict):
        return _is_empty(value.get(str(first)), tuple(rest))
    if isinstance(value, list) and isinstance(first, int) and first < len(value):
        return _is_empty(value[first], tuple(rest))
    return False


def _with_value(target: Any, path: Path, value: object) -> Any:
    if not path:
        return value
    first, *rest = path
    if isinstance(target, list) and isinstance(first, int):
        return [
            _with_value(entry, tuple(rest), value) if index == first else entry
            for index, entry in enumerate(target)
        ]
    members = target if isinstance(target, dict) else {}
    return {**members, str(first): _with_value(members.get(str(first)), tuple(rest), value)}
