"""Questions about sentences, and their options."""

from typing import Final

from copilot.understanding.codes import OptionCode, QuestionCode

QUESTION_TEXTS: Final[dict[QuestionCode, str]] = {
    QuestionCode.HALF_OF_DAY: "{label}: morgens, oder abends?",
    QuestionCode.DAY_OR_MONTH: "Welchen Tag meinst du?",
    QuestionCode.WHICH_WEEK: "Welchen Tag meinst du?",
    QuestionCode.WHICH_DAY: "Welchen Tag meinst du?",
    QuestionCode.WHICH_CITY: "Welche Stadt meinst du?",
    QuestionCode.WHICH_CURRENCY: "Welche Währung meinst du?",
    QuestionCode.WHICH_TYPE: "Was für eine Veranstaltung ist es?",
    QuestionCode.WHICH_URL: "Welche Seite hat diese Adresse?",
    QuestionCode.WHAT_NUMBER: "Was bedeutet die Zahl?",
}

OPTION_TEXTS: Final[dict[OptionCode, str]] = {
    OptionCode.MORNING: "{time} Uhr morgens",
    OptionCode.EVENING: "{time} Uhr abends",
    OptionCode.DATE: "{date}",
    OptionCode.BOTH_DAYS: "Beide Tage",
    OptionCode.CITY: "{place}",
    OptionCode.CURRENCY: "{currency}",
    OptionCode.EVENT_PAGE: "Die Seite der Veranstaltung",
    OptionCode.ORGANIZER_WEBSITE: "Die Website des Gastgebers",
    OptionCode.ONLINE_ACCESS: "Die Übertragung",
    OptionCode.PRICE: "Ein Preis von {number}",
    OptionCode.CAPACITY: "{number} Personen",
}
