"""Any text is understood without an error: spans, values and time."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.understanding import understand
from copilot.understanding.facts import Circumstances, Fact
from copilot.understanding.reading import MAX_LENGTH, as_patch
from domain.errors import ErrorCode
from domain.schemas import INPUT_SCHEMAS
from domain.validation.drafts import check_patch
from domain.validation.parsing import parse_section
from tests.unit.copilot.understanding.table import rows

CIRCUMSTANCES = Circumstances(
    now=datetime(2026, 3, 5, 10, tzinfo=UTC), locale="en-US", timezone="America/New_York"
)
_TABLE = rows(Path(__file__).parent / "sentences.txt")
_PIECES = sorted({word for row in _TABLE for word in row.sentence.split()})
_SENTENCES = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(_PIECES), max_size=40).map(" ".join),
    st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=5)), max_size=30).map("".join),
)


def assert_is_valid(fact: Fact, sentence: str) -> None:
    assert 0 <= fact.start < fact.end <= len(sentence)
    assert check_patch(fact.stage, as_patch(fact)) == as_patch(fact)
    errors = parse_section(fact.stage, INPUT_SCHEMAS[fact.stage], as_patch(fact)).errors
    assert {error.code for error in errors} <= {ErrorCode.MISSING}


@settings(max_examples=300, deadline=None)
@given(_SENTENCES)
def test_any_text_has_valid_facts_and_questions(sentence: str) -> None:
    found = understand(sentence, CIRCUMSTANCES)
    for fact in found.facts:
        assert_is_valid(fact, sentence)
    for question in found.questions:
        assert 0 <= question.start < question.end <= len(sentence)
        assert len(question.options) >= 2
        for option in question.options:
            assert option.facts
            for fact in option.facts:
                assert_is_valid(fact, sentence)


@settings(max_examples=100, deadline=None)
@given(_SENTENCES)
def test_the_same_text_has_the_same_meaning(sentence: str) -> None:
    assert understand(sentence, CIRCUMSTANCES) == understand(sentence, CIRCUMSTANCES)


def test_a_field_has_one_fact() -> None:
    found = understand("Berlin. Paris. On 12 May. On 13 May. At 7 pm. At 8 pm. 25 €", CIRCUMSTANCES)
    pointers = [(fact.stage, fact.pointer) for fact in found.facts]
    assert len(set(pointers)) == len(pointers)


def test_what_exceeds_the_length_is_unused() -> None:
    found = understand("a" * MAX_LENGTH + " capacity 80", CIRCUMSTANCES)
    assert found.facts == ()
    assert found.unused.endswith("capacity 80")


@pytest.mark.parametrize(
    ("sentence", "pointer", "most"),
    [
        ("Tickets: " + ", ".join(f"T{n} {n + 10} euros" for n in range(200)), "/tiers/-", 50),
        ("Sponsored by " + ", ".join(f"Name{n}" for n in range(200)), "/sponsors/-", 50),
    ],
)
def test_a_list_has_as_many_entries_as_can_be_saved(sentence: str, pointer: str, most: int) -> None:
    found = understand(sentence, CIRCUMSTANCES)
    options = [option.facts for question in found.questions for option in question.options]
    for facts in (found.facts, *options):
        assert len([fact for fact in facts if fact.pointer == pointer]) <= most
    assert len([fact for fact in found.facts if fact.pointer == pointer]) == most
    assert "199" in found.unused


def test_words_without_a_meaning_are_unused() -> None:
    assert understand("Purple elephants on 12 May", CIRCUMSTANCES).unused == "Purple elephants"


def test_time_grows_with_the_length_of_repeated_words() -> None:
    """Fails for patterns that backtrack: these take hundreds of times as long."""
    for piece in (
        "1 ",
        "at ",
        "a, ",
        "Aa ",
        "12.",
        "1-",
        "vip ",
        "called ",
        "rsvp ",
        "@a.",
        '"',
        "25 euros ",
    ):
        short, long = (_seconds(piece, length) for length in (1_000, 4_000))
        assert long < 40 * max(short, 0.002), piece


LONG = (
    "Our spring pop-up is called The Hat Room and opens Friday 10 April at 7 pm in the Old Mill, "
    "12 Mill Lane, Lisbon, doors at 6, with room for 300 guests. Early bird 18 euros, standard 25 "
    "euros, students free, 40 early birds only. Hosted by Studio Vale, sponsored by Pfaff and "
    "Juki, refunds up to 7 days before."
)


def test_a_sentence_of_300_letters_costs_little() -> None:
    """At most four times as much as 100,000 multiplications: half as much is usual."""
    assert len(LONG) >= 300
    assert len(understand(LONG, CIRCUMSTANCES).facts) >= 15
    readings: list[float] = []
    multiplications: list[float] = []
    for _ in range(9):
        readings.append(_process_time(lambda: understand(LONG, CIRCUMSTANCES)))
        multiplications.append(_process_time(lambda: sum(n * n for n in range(100_000))))
    assert median(readings) < 4 * median(multiplications)


def _seconds(piece: str, length: int) -> float:
    """The least of three readings, in time of this process: others on the machine do not count."""
    sentence = (piece * length)[:length]
    return min(_process_time(lambda: understand(sentence, CIRCUMSTANCES)) for _ in range(3))


def _process_time(call: Callable[[], object]) -> float:
    started_at = time.process_time()
    call()
    return time.process_time() - started_at
