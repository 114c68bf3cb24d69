"""German, in the terms of the German front end."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from babel import Locale
from babel.dates import format_date, get_day_names, get_month_names
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal

from copilot.texts.de.checks import CHECK_TEXTS
from copilot.texts.de.errors import FIELD_ERROR_TEXTS
from copilot.texts.de.fields import (
    CHOICES,
    ENTRIES,
    LABELS,
    LABELS_AT_STAGES,
    LABELS_OF_ENTRIES,
    STAGE_NAMES,
)
from copilot.texts.de.purposes import EXPLANATIONS, FIELD_EXAMPLES, PURPOSES
from copilot.texts.de.questions import OPTION_TEXTS, QUESTION_TEXTS
from copilot.texts.de.reasons import REASON_TEXTS
from copilot.texts.de.replies import BUTTONS, EXAMPLES, REFUSALS, REFUSED, TEXTS, TIER_NAMES
from copilot.texts.language import Language, path_of
from domain.schemas.event import EventType
from domain.session.view import StageErrorView
from domain.stages import Stage
from domain.validation.check_codes import Check
from domain.validation.texts import VARIANTS, Path, text_key
from domain.values.money import currency as currency_rules

_LOCALE: Final = Locale("de")
_ENTRY: Final = ("Eintrag", "Einträge")
_LIMITS: Final = ("min", "multiple_of", "max")
_VARIANTS: Final = {code.value: name for code, name in VARIANTS.items()}
_REASON: Final = "reason"
"""The parameter that distinguishes the findings of a check."""
_REPEATED: Final = {"event_not_in_future": "not_in_future"}
"""The field error that a check repeats, if it has another code."""


class German(Language):
    tag = "de"
    replies = TEXTS
    buttons = BUTTONS
    examples = EXAMPLES
    refusals = REFUSALS
    refused = REFUSED
    reasons = REASON_TEXTS
    questions = QUESTION_TEXTS
    options = OPTION_TEXTS
    explanations = EXPLANATIONS
    purposes = PURPOSES
    field_examples = FIELD_EXAMPLES
    stages = STAGE_NAMES
    tiers = TIER_NAMES
    values = CHOICES

    def label(self, path: Path, stage: Stage | None = None) -> str:
        """The name of the innermost field. An entry of a list has the name of its kind."""
        if stage is not None and len(path) == 1 and (stage, str(path[0])) in LABELS_AT_STAGES:
            return LABELS_AT_STAGES[stage, str(path[0])]
        if path and isinstance(path[-1], int):
            return ENTRIES.get(_list_of(path), _ENTRY)[0]
        if path[:1] == ("translations",) and path[-2:-1] == ("tiers",):
            return LABELS_OF_ENTRIES["tiers", "name"]
        name = str(path[-1]) if path else ""
        own = LABELS_OF_ENTRIES.get((_list_of(path), name))
        return own or LABELS.get(name, "Dieser Wert")

    def in_sentence(self, name: str) -> str:
        return name

    def in_command(self, name: str) -> str:
        return name

    def listed(self, names: Sequence[str]) -> str:
        return format_list([f"„{name}“" for name in names], locale=_LOCALE)

    def error_text(self, path: Path, code: str, params: Mapping[str, Any]) -> str:
        entry = ENTRIES.get(str(path[-1]) if path else "", _ENTRY)
        limit = next((params[name] for name in _LIMITS if name in params), None)
        values = {
            **params,
            **{name: _number(value) for name, value in params.items()},
            "label": self.label(path),
            "entry": entry[0],
            "entries": entry[0] if limit == 1 else entry[1],
        }
        if "currency" in params and isinstance(limit, int):
            values["amount"] = self.amount(limit, params["currency"])
        key = text_key(code, _VARIANTS.get(code), params)
        return FIELD_ERROR_TEXTS[key if key in FIELD_ERROR_TEXTS else code].format_map(values)

    def error_message(self, error: StageErrorView) -> str:
        return self.error_text(path_of(error.pointer), error.code, error.params)

    def check_message(self, check: Check) -> str:
        key = text_key(check.code, _REASON, check.params)
        if key not in CHECK_TEXTS:
            code = _REPEATED.get(check.code, check.code)
            return self.error_text(path_of(check.pointer), code, check.params)
        count, first = check.params.get("errors"), check.params.get("first")
        values = {
            **check.params,
            "things": "1 Sache" if count == 1 else f"{count} Sachen",
            "first": self._first(first) if isinstance(first, dict) else "",
        }
        return CHECK_TEXTS[key].format_map(values)

    def _first(self, error: Mapping[str, Any]) -> str:
        return self.error_text(path_of(error["pointer"]), error["code"], error["params"])

    def condition(self, field: str, values: Sequence[str]) -> str:
        named = format_list([self.value(value) for value in values], style="or", locale=_LOCALE)
        return self.explanations["required_if"].format(field=self.label((field,)), values=named)

    def event_type(self, kind: EventType) -> str:
        return self.value(kind)

    def choices(self, values: Sequence[str]) -> str:
        return ", ".join(map(self.value, values))

    def day(self, day: date) -> str:
        return format_date(day, format="full", locale=_LOCALE)

    def month(self, number: int) -> str:
        name: str = get_month_names(locale=_LOCALE)[number]
        return name

    def weekday(self, number: int) -> str:
        name: str = get_day_names(locale=_LOCALE)[number - 1]
        return name

    def amount(self, amount: int, currency: str) -> str:
        value = Decimal(amount).scaleb(-currency_rules(currency).decimals)
        return format_currency(value, currency.upper(), locale=_LOCALE)

    def country(self, code: str) -> str:
        name: str = _LOCALE.territories.get(code, code)
        return name


def _list_of(path: Path) -> str:
    """The list that the innermost entry of a path is in."""
    places = [place for place, segment in enumerate(path) if isinstance(segment, int) and place]
    return str(path[places[-1] - 1]) if places else ""


def _number(value: Any) -> Any:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return format_decimal(value, locale=_LOCALE) if is_number else value
