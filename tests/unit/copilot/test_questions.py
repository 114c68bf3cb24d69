"""Every question about a sentence can be asked, and its options can be told apart."""

from datetime import UTC, datetime

import pytest

from copilot.texts import ENGLISH
from copilot.texts.en.questions import OPTION_TEXTS, QUESTION_TEXTS
from copilot.understanding import understand
from copilot.understanding.codes import OptionCode
from copilot.understanding.facts import Circumstances, Option

THURSDAY = datetime(2030, 3, 7, 12, 0, tzinfo=UTC)

SENTENCES = {
    "half_of_day": "Doors at 7",
    "day_or_month": "On 12/05",
    "which_week": "Next Friday",
    "which_day": "This weekend",
    "which_city": "In Portland",
    "which_currency": "Tickets for 25 dollars in Portland",
    "which_type": "A pop-up and a fashion show",
    "which_url": "https://example.com/hats",
    "what_number": "25",
}


@pytest.mark.parametrize(("code", "sentence"), SENTENCES.items())
def test_a_question_has_a_text_and_distinct_options(code: str, sentence: str) -> None:
    circumstances = Circumstances(THURSDAY, "en-GB", "Europe/London")
    questions = understand(sentence, circumstances).questions

    for question in questions:
        assert ENGLISH.question_text(question).endswith("?")
        texts = [ENGLISH.option_text(option) for option in question.options]
        assert len(set(texts)) == len(texts) >= 2
        assert all("{" not in text and text for text in texts)
    assert code in {question.code for question in questions}


def test_dates_are_written_in_words() -> None:
    option = Option(OptionCode.DATE, {"date": "2030-03-08"}, ())

    assert ENGLISH.option_text(option) == "Friday, 8 March 2030"


def test_every_question_has_a_sentence_here() -> None:
    assert SENTENCES.keys() == QUESTION_TEXTS.keys()
    assert all(OPTION_TEXTS.values())
