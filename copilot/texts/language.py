"""What a language of the assistant has: its texts, and how it writes names and values."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from babel import Locale, UnknownLocaleError

from copilot.understanding.codes import OptionCode, QuestionCode
from copilot.understanding.facts import Option, Question
from domain.schemas.event import EventType
from domain.session.view import StageErrorView
from domain.stages import Stage
from domain.validation.check_codes import VARIANT, Check
from domain.validation.texts import Path, filled, text_key

_REPEATED: Final = {"event_not_in_future": "not_in_future"}
"""The field error that a check repeats, if it has another code."""


def path_of(pointer: str) -> Path:
    """The path of a JSON Pointer, with numbers for places in a list; ``-`` is one, too."""
    segments = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    return tuple(
        0 if part == "-" else int(part) if part.isascii() and part.isdigit() else part
        for part in segments
    )


def _list_of(path: Path) -> str:
    """The list that the innermost entry of a path is in."""
    places = [place for place, segment in enumerate(path) if isinstance(segment, int) and place]
    return str(path[places[-1] - 1]) if places else ""


class Language(ABC):
    tag: str
    replies: Mapping[str, str]
    buttons: Mapping[str, tuple[str, str]]
    examples: Mapping[str, str]
    """A sentence for each stage that gives values."""
    refusals: Mapping[str, str]
    refused: str
    reasons: Mapping[str, str]
    questions: Mapping[QuestionCode, str]
    options: Mapping[OptionCode, str]
    checks: Mapping[str, str]
    """Findings of the publish checks, by the keys of the domain's texts."""
    stages: Mapping[Stage, str]
    explanations: Mapping[str, str]
    """Sentences about a field; those of its limits by the keyword of JSON Schema."""
    purposes: Mapping[str, str]
    """What fields are for, by the schema and the name in JSON."""
    field_examples: Mapping[str, str]
    """Examples that replace those of the English texts."""
    labels: Mapping[str, str]
    """The names of fields by their names in JSON, as the pages of the front end show them."""
    labels_at_stages: Mapping[tuple[Stage, str], str]
    """Those of fields whose names other stages have, too."""
    labels_of_entries: Mapping[tuple[str, str], str]
    """Those of the fields of entries, by the list and the field."""
    unnamed: str
    """A field that has no name."""
    entries: Mapping[str, tuple[str, str]]
    """An entry of a list, and several."""
    entry: tuple[str, str]
    """An entry, and several, of a list without a name for them."""
    tiers: Mapping[str, str]
    """The names of suggested tickets."""
    values: Mapping[str, str]
    """The choices of fields, as the pages of the front end show them."""
    kinds_of_tickets: Mapping[str, str]
    """The kind of a ticket beside its price; that of a paid one needs no words."""

    def text(self, key: str, **values: object) -> str:
        return self.replies[key].format(**values)

    def button(self, key: str, **values: str) -> tuple[str, str]:
        """Its label, and the sentence that it sends."""
        label, sentence = self.buttons[key]
        lowered = {name: value.lower() for name, value in values.items()}
        return label.format(**values), sentence.format(**lowered)

    def refusal(self, code: str, stage: Stage) -> str:
        return self.refusals.get(code, self.refused).format(stage=self.stages[stage])

    def value(self, choice: str) -> str:
        """A choice, as a person reads it."""
        return self.values.get(choice, choice)

    def label(self, path: Path, stage: Stage | None = None) -> str:
        """The name of the innermost field. An entry of a list has the name of its kind.

        A stage says whose name or URL it is.
        """
        if stage is not None and len(path) == 1 and (stage, path[0]) in self.labels_at_stages:
            return self.labels_at_stages[stage, str(path[0])]
        if path and isinstance(path[-1], int):
            entry = self.entries.get(_list_of(path), self.entry)[0]
            return entry[0].upper() + entry[1:]
        if path[:1] == ("translations",) and path[-2:-1] == ("tiers",):
            return self.labels_of_entries["tiers", "name"]
        name = str(path[-1]) if path else ""
        own = self.labels_of_entries.get((_list_of(path), name))
        return own or self.labels.get(name, self.unnamed)

    @abstractmethod
    def listed(self, names: Sequence[str]) -> str:
        """Names of fields within a sentence. ``names`` has at least one."""

    @abstractmethod
    def error_text(self, path: Path, code: str, params: Mapping[str, Any]) -> str:
        """The sentence of an error.

        Raises:
            KeyError, ValueError, TypeError, AttributeError: the code has no text for these
                parameters.
        """

    def error_message(self, error: StageErrorView) -> str:
        """The sentence of an error that the domain has found."""
        return self.error_text(path_of(error.pointer), error.code, error.params)

    def check_message(self, check: Check) -> str:
        """The sentence of a finding of the publish checks."""
        key = text_key(check.code, VARIANT, check.params)
        if key not in self.checks:
            code = _REPEATED.get(check.code, check.code)
            return self.error_text(path_of(check.pointer), code, check.params)
        values = {**check.params, "stage": self.stages[check.stage]}
        first = check.params.get("first")
        if isinstance(first, dict):
            values["first"] = self.error_text(
                path_of(first["pointer"]), first["code"], first["params"]
            )
        return filled(self.checks[key], values)

    @abstractmethod
    def condition(self, field: str, values: Sequence[str]) -> str:
        """The sentence that says when a field is required."""

    def question_text(self, question: Question) -> str:
        label = self.label(path_of(question.pointer))
        return self.questions[question.code].format(label=label)

    def option_text(self, option: Option) -> str:
        if isinstance(option.code, EventType):
            return self.value(option.code)
        return self.options[option.code].format_map(self._option_values(option.params))

    def _option_values(self, params: Mapping[str, Any]) -> dict[str, str]:
        values = {name: str(value) for name, value in params.items()}
        if "date" in params:
            values["date"] = self.day(date.fromisoformat(params["date"]))
        if "currency" in params:
            values["currency"] = params["currency"].upper()
        parts = (params.get(name) for name in ("city", "region", "country"))
        values["place"] = ", ".join(str(part) for part in parts if part)
        return values

    def choices(self, values: Sequence[str]) -> str:
        """The choices of a field, within its explanation."""
        return ", ".join(map(self.value, values))

    @abstractmethod
    def day(self, day: date) -> str:
        """With its weekday, so that a wrong date is noticed."""

    def moment(self, at: datetime) -> str:
        """With its offset from UTC if it has one: the time zone of the event may have another."""
        offset = f" ({at:%Z})" if at.tzinfo else ""
        return f"{self.day(at.date())}, {at:%H:%M}{offset}"

    @abstractmethod
    def month(self, number: int) -> str: ...

    @abstractmethod
    def weekday(self, number: int) -> str:
        """From 1, Monday, to 7."""

    @abstractmethod
    def amount(self, amount: int, currency: str) -> str:
        """An amount in the minor unit of its currency."""

    @abstractmethod
    def country(self, code: str) -> str:
        """The name of a country; the code if it has none."""

    def language_name(self, tag: str) -> str:
        """The name of a language; its tag if it has none."""
        try:
            return Locale.parse(tag, sep="-").get_display_name(self.tag) or tag
        except (ValueError, UnknownLocaleError):
            return tag
