"""English. The domain has the texts of errors, checks and fields."""

from calendar import day_name, month_name
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from copilot.texts.en.purposes import EXPLANATIONS, PURPOSES
from copilot.texts.en.questions import OPTION_TEXTS, QUESTION_TEXTS
from copilot.texts.en.reasons import REASON_TEXTS
from copilot.texts.en.replies import BUTTONS, EXAMPLES, REFUSALS, REFUSED, TEXTS, TIER_NAMES
from copilot.texts.language import Language
from domain.errors import ErrorCode
from domain.schemas.event import EventType
from domain.session.view import StageErrorView
from domain.stages import TITLES, Stage
from domain.validation.check_codes import Check
from domain.validation.texts import Path, field_error_message, label
from domain.values.countries import NAMES
from domain.values.money import format_amount

_OF_SEVERAL: Final = {"name": "name", "url": "URL"}
"""Fields that several stages have."""


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
    tiers = TIER_NAMES
    values: Mapping[str, str] = {
        "popup": "pop-up",
        "fashion_show": "fashion show",
        "physical": "in person",
        "virtual": "online",
        "hybrid": "in person and online",
        "until_days": "until some days before the event",
        "in_person": "in person",
    }

    def label(self, path: Path, stage: Stage | None = None) -> str:
        if stage is None or len(path) != 1 or path[0] not in _OF_SEVERAL:
            return label(path)
        return f"{TITLES[stage]} {_OF_SEVERAL[str(path[0])]}"

    def in_sentence(self, name: str) -> str:
        """``start time``, but ``URL``."""
        return name if name[1:2].isupper() else name[:1].lower() + name[1:]

    def in_command(self, name: str) -> str:
        return name.lower()

    def listed(self, names: Sequence[str]) -> str:
        *others, last = [f"the {self.in_sentence(name)}" for name in names]
        return f"{', '.join(others)} and {last}" if others else last

    def error_text(self, path: Path, code: str, params: Mapping[str, Any]) -> str:
        return field_error_message(path, ErrorCode(code), params)

    def error_message(self, error: StageErrorView) -> str:
        return error.message

    def check_message(self, check: Check) -> str:
        return check.message

    def condition(self, field: str, values: Sequence[str]) -> str:
        return self.explanations["required_if"].format(field=field, values=" or ".join(values))

    def event_type(self, kind: EventType) -> str:
        return kind.replace("_", " ")

    def choices(self, values: Sequence[str]) -> str:
        return ", ".join(values)

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
