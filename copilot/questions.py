"""The English texts of questions about sentences, and of their options.

A front end has its own, by the same codes.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from copilot.suggestions.explanations import path_of
from copilot.understanding.facts import Option, Question
from domain.validation.texts import label

QUESTION_TEXTS: Final[dict[str, str]] = {
    "half_of_day": "{label}: in the morning or in the evening?",
    "day_or_month": "Which date do you mean?",
    "which_week": "Which day do you mean?",
    "which_day": "Which day do you mean?",
    "which_city": "Which city do you mean?",
    "which_currency": "Which currency do you mean?",
    "which_type": "Which type of event is it?",
    "which_url": "Which page has this address?",
    "what_number": "What does the number mean?",
}

OPTION_TEXTS: Final[dict[str, str]] = {
    "morning": "{time} in the morning",
    "evening": "{time} in the evening",
    "date": "{date}",
    "both_days": "both days",
    "city": "{place}",
    "currency": "{currency}",
    "event_page": "the event's page",
    "organizer_website": "the organizer's website",
    "online_access": "the page where visitors watch",
    "price": "a price of {number}",
    "capacity": "{number} visitors",
}
"""Options that are types of events have no text: their codes are words."""


def question_text(question: Question) -> str:
    return QUESTION_TEXTS[question.code].format(label=label(path_of(question.pointer)))


def option_text(option: Option) -> str:
    template = OPTION_TEXTS.get(option.code)
    if template is None:
        return option.code.replace("_", " ")
    return template.format_map(_values(option.params))


def _values(params: Mapping[str, Any]) -> dict[str, str]:
    values = {name: str(value) for name, value in params.items()}
    if "date" in params:
        day = date.fromisoformat(params["date"])
        values["date"] = f"{day:%A}, {day.day} {day:%B %Y}"
    if "currency" in params:
        values["currency"] = params["currency"].upper()
    parts = (params.get(name) for name in ("city", "region", "country"))
    values["place"] = ", ".join(str(part) for part in parts if part)
    return values
