"""The English texts of questions about sentences, and of their options.

A front end has its own, by the same codes.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from copilot.suggestions.explanations import path_of
from copilot.understanding.codes import OptionCode, QuestionCode
from copilot.understanding.facts import Option, Question
from domain.schemas.event import EventType
from domain.validation.texts import label

QUESTION_TEXTS: Final[dict[QuestionCode, str]] = {
    QuestionCode.HALF_OF_DAY: "{label}: in the morning or in the evening?",
    QuestionCode.DAY_OR_MONTH: "Which date do you mean?",
    QuestionCode.WHICH_WEEK: "Which day do you mean?",
    QuestionCode.WHICH_DAY: "Which day do you mean?",
    QuestionCode.WHICH_CITY: "Which city do you mean?",
    QuestionCode.WHICH_CURRENCY: "Which currency do you mean?",
    QuestionCode.WHICH_TYPE: "Which type of event is it?",
    QuestionCode.WHICH_URL: "What is at this address?",
    QuestionCode.WHAT_NUMBER: "What does the number mean?",
}

OPTION_TEXTS: Final[dict[OptionCode, str]] = {
    OptionCode.MORNING: "{time} in the morning",
    OptionCode.EVENING: "{time} in the evening",
    OptionCode.DATE: "{date}",
    OptionCode.BOTH_DAYS: "both days",
    OptionCode.CITY: "{place}",
    OptionCode.CURRENCY: "{currency}",
    OptionCode.EVENT_PAGE: "the event's page",
    OptionCode.ORGANIZER_WEBSITE: "the organizer's website",
    OptionCode.ONLINE_ACCESS: "the page where visitors watch",
    OptionCode.PRICE: "a price of {number}",
    OptionCode.CAPACITY: "{number} visitors",
}
"""Options that are types of events have no text: their codes are words."""


def question_text(question: Question) -> str:
    return QUESTION_TEXTS[question.code].format(label=label(path_of(question.pointer)))


def option_text(option: Option) -> str:
    if isinstance(option.code, EventType):
        return option.code.replace("_", " ")
    return OPTION_TEXTS[option.code].format_map(_values(option.params))


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
