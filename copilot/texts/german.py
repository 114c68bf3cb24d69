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
    KINDS_OF_TICKETS,
    LABELS,
    LABELS_AT_STAGES,
    LABELS_OF_ENTRIES,
    STAGE_NAMES,
)
from copilot.texts.de.purposes import EXPLANATIONS, FIELD_EXAMPLES, PURPOSES
from copilot.texts.de.questions import OPTION_TEXTS, QUESTION_TEXTS
from copilot.texts.de.reasons import REASON_TEXTS
from copilot.texts.de.replies import BUTTONS, EXAMPLES, REFUSALS, REFUSED, TEXTS, TIER_NAMES
from copilot.texts.language import Language
from domain.errors import ErrorCode
from domain.validation.texts import Path, field_error_key
from domain.values.money import currency as currency_rules

_LOCALE: Final = Locale("de")
_LIMITS: Final = ("min", "multiple_of", "max")


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
    checks = CHECK_TEXTS
    stages = STAGE_NAMES
    labels = LABELS
    labels_at_stages = LABELS_AT_STAGES
    labels_of_entries = LABELS_OF_ENTRIES
    unnamed = "Dieser Wert"
    entries = ENTRIES
    entry = ("Eintrag", "Einträge")
    tiers = TIER_NAMES
    values = CHOICES
    kinds_of_tickets = KINDS_OF_TICKETS

    def listed(self, names: Sequence[str]) -> str:
        return format_list([f"„{name}“" for name in names], locale=_LOCALE)

    def error_text(self, path: Path, code: str, params: Mapping[str, Any]) -> str:
        entry = self.entries.get(str(path[-1]) if path else "", self.entry)
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
        key = field_error_key(ErrorCode(code), params)
        return FIELD_ERROR_TEXTS[key if key in FIELD_ERROR_TEXTS else code].format_map(values)

    def condition(self, field: str, values: Sequence[str]) -> str:
        named = format_list([self.value(value) for value in values], style="or", locale=_LOCALE)
        return self.explanations["required_if"].format(field=self.label((field,)), values=named)

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


def _number(value: Any) -> Any:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return format_decimal(value, locale=_LOCALE) if is_number else value
