"""English. The domain has the texts of errors, checks and fields."""

from calendar import day_name, month_name
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from copilot.texts.en.errors import CHECK_TEXTS as OWN_CHECK_TEXTS
from copilot.texts.en.errors import FIELD_ERROR_TEXTS as OWN_FIELD_ERROR_TEXTS
from copilot.texts.en.fields import (
    CHOICES,
    ENTRIES,
    KINDS_OF_TICKETS,
    LABELS,
    LABELS_AT_STAGES,
    LABELS_OF_ENTRIES,
)
from copilot.texts.en.purposes import EXPLANATIONS, PURPOSES
from copilot.texts.en.questions import OPTION_TEXTS, QUESTION_TEXTS
from copilot.texts.en.reasons import REASON_TEXTS
from copilot.texts.en.replies import BUTTONS, EXAMPLES, REFUSALS, REFUSED, TEXTS, TIER_NAMES
from copilot.texts.language import Language
from domain.errors import ErrorCode
from domain.stages import TITLES, Stage
from domain.validation.check_codes import CHECK_TEXTS
from domain.validation.texts import (
    FIELD_ERROR_TEXTS,
    Path,
    error_values,
    field_error_key,
    filled,
)
from domain.values.countries import NAMES
from domain.values.money import format_amount

_FIELD_ERROR_TEXTS: Final = {**FIELD_ERROR_TEXTS, **OWN_FIELD_ERROR_TEXTS}


class English(Language):
    tag = "en"
    replies = TEXTS
    buttons = BUTTONS
    examples = EXAMPLES
    refusals = REFUSALS
    refused = REFUSED
    reasons = REASON_TEXTS
    questions = QUESTION_TEXTS
    options = OPTION_TEXTS
    explanations = EXPLANATIONS
    purposes: Mapping[str, str] = {field: purpose for field, (purpose, _) in PURPOSES.items()}
    field_examples: Mapping[str, str] = {}
    stages: Mapping[Stage, str] = {**TITLES, Stage.REVIEW_PUBLISH: "Review"}
    """As the pages of the front end name them."""
    checks: Mapping[str, str] = {**CHECK_TEXTS, **OWN_CHECK_TEXTS}
    labels = LABELS
    labels_at_stages = LABELS_AT_STAGES
    labels_of_entries = LABELS_OF_ENTRIES
    unnamed = "This value"
    entries = ENTRIES
    entry = ("entry", "entries")
    tiers = TIER_NAMES
    values = CHOICES
    kinds_of_tickets = KINDS_OF_TICKETS

    def listed(self, names: Sequence[str]) -> str:
        *others, last = [f'"{name}"' for name in names]
        return f"{', '.join(others)} and {last}" if others else last

    def error_text(self, path: Path, code: str, params: Mapping[str, Any]) -> str:
        entry, entries = self.entries.get(str(path[-1]) if path else "", self.entry)
        names = {"label": f'"{self.label(path)}"', "entry": entry, "entries": entries}
        key = field_error_key(ErrorCode(code), params)
        return filled(_FIELD_ERROR_TEXTS[key], error_values(names, params))

    def condition(self, field: str, values: Sequence[str]) -> str:
        named = " or ".join(f'"{self.value(value)}"' for value in values)
        return self.explanations["required_if"].format(field=self.label((field,)), values=named)

    def day(self, day: date) -> str:
        return f"{day:%A}, {day.day} {day:%B} {day.year}"

    def month(self, number: int) -> str:
        return month_name[number]

    def weekday(self, number: int) -> str:
        return day_name[number - 1]

    def amount(self, amount: int, currency: str) -> str:
        return format_amount(amount, currency)

    def country(self, code: str) -> str:
        return NAMES.get(code, code)
