"""Questions about sentences, and their options."""

from typing import Final

from copilot.understanding.codes import OptionCode, QuestionCode

QUESTION_TEXTS: Final[dict[QuestionCode, str]] = {
    QuestionCode.HALF_OF_DAY: "{label}: in the morning or in the evening?",
    QuestionCode.DAY_OR_MONTH: "Which date do you mean?",
    QuestionCode.WHICH_WEEK: "Which day do you mean?",
    QuestionCode.WHICH_DAY: "Which day do you mean?",
    QuestionCode.WHICH_CITY: "Which city do you mean?",
    QuestionCode.WHICH_CURRENCY: "Which currency do you mean?",
    QuestionCode.WHICH_TYPE: "What kind of event is it?",
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
