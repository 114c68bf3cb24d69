"""What a button answers is understood, and does what its label says."""

from dataclasses import replace

from copilot.agent.choices import of_question
from copilot.agent.offers import Offer, choice_of
from copilot.conversation import AnswerChoice, ChatMessage, Choices, Turn
from copilot.texts.en.replies import REFUSALS
from copilot.understanding.codes import OptionCode, QuestionCode
from copilot.understanding.facts import Option, Question
from domain.stages import Section, Stage
from tests.unit.copilot.agent.conversations import (
    AMBIGUOUS,
    CAPABILITIES,
    answered,
    calls,
    check,
    error,
    replies,
    said,
    talk,
    turn,
    words,
)
from tests.unit.copilot.agent.test_results import after, problem

SEVERAL = "The Hat Room at 19:00 in Lisbon for 300 people"


def choices(asked: Turn) -> dict[str, str]:
    return {choice.label: choice.answer for choice in _choices(asked)}


def _choices(asked: Turn) -> tuple[AnswerChoice, ...]:
    return next((reply.choices for reply in replies(asked) if isinstance(reply, Choices)), ())


def test_a_proposal_is_saved_or_left() -> None:
    shown = choices(turn(said(SEVERAL)))

    assert list(shown) == ["Save these", "Leave it"]
    assert len(calls(turn(*talk(SEVERAL), said(shown["Save these"], 2)))) == 2
    assert "Nothing was saved" in words(turn(*talk(SEVERAL), said(shown["Leave it"], 2)))


def test_a_question_has_its_options() -> None:
    shown = choices(turn(said(AMBIGUOUS)))

    assert list(shown) == ["morning", "evening"]
    for label, time in (("morning", "07:00"), ("evening", "19:00")):
        asked = turn(*talk(AMBIGUOUS), said(shown[label], 2))
        assert calls(asked) == [("autosaveVenueData", {"doorsTime": time})]


def test_an_option_is_chosen_whose_words_are_in_those_of_another() -> None:
    options = [
        Option(OptionCode.CITY, {"place": place}, ())
        for place in ("York", "York, New York", "New York")
    ]
    question = Question(
        QuestionCode.WHICH_CITY, Stage.VENUE_SETUP, "/address/city", 0, 4, (*options,)
    )
    named = replace(CAPABILITIES, option_text=lambda option: option.params["place"])

    for option, choice in zip(options, of_question(question, named).choices, strict=True):
        assert choice.answer == option.params["place"]
        assert choice_of(Offer((), (question,), ""), choice.answer, named) is option


def test_a_suggestion_is_used_alone_or_with_all() -> None:
    suggested = talk("suggest details")
    before: list[ChatMessage] = suggested[:-1]
    shown = choices(turn(*before))

    assert list(shown) == ["Use all", 'Use only "Title"', 'Use only "Summary"', "Leave it"]
    title = ("autosaveEventData", {"title": "Spring Hats"})
    assert calls(turn(*suggested, said(shown['Use only "Title"'], 2))) == [title]
    both = ("autosaveEventData", {"title": "Spring Hats", "summary": "Hats of the season."})
    assert calls(turn(*suggested, said(shown["Use all"], 2))) == [both]
    assert calls(turn(*suggested, said(shown["Leave it"], 2))) == []


def test_a_single_suggestion_is_used_or_left() -> None:
    known = {Section.TICKET: {"tiers": [{"name": "VIP"}, {"name": "Standard"}]}}
    before = talk("suggest details", stage=Stage.TICKET_SETUP, known=known)[:-1]

    asked = turn(*before, stage=Stage.TICKET_SETUP, known=known)

    assert choices(asked) == {"Use it": "yes", "Leave it": "no"}


def test_an_answer_with_a_call_has_no_choices() -> None:
    terms = check("terms_not_accepted", Stage.REVIEW_PUBLISH)
    for sentence in ("publish", "continue", 'set the title to "Hats"'):
        asked = turn(said(sentence), checks=[terms])
        assert calls(asked)
        assert choices(asked) == {}


def test_the_next_step_has_a_choice() -> None:
    asked = after("autosaveEventData", {}, {"title": "Hats"})
    assert choices(asked) == {"Continue": "continue"}
    assert calls(turn(said("continue"))) == [("completeEventSetup", {})]
    missing = after("autosaveEventData", {}, {"title": "Hats"}, errors=[error("/date", "missing")])
    assert choices(missing) == {}


def test_a_session_without_open_checks_can_be_published_by_a_choice() -> None:
    assert choices(after("runChecks", {})) == {"Publish": "publish"}
    blocked = after("runChecks", {}, checks=[check("sale_over", Stage.TICKET_SETUP)])
    assert choices(blocked) == {}
    assert choices(after("publishEvent", {"confirmed": False})) == {"Publish": "publish"}


def test_a_refusal_has_its_way_out() -> None:
    for code in ("revision_conflict", "rate_limited", "unavailable", "no_such_code"):
        refused = after("autosaveEventData", problem(503, code), {"title": "Hats"})
        assert choices(refused) == {"Try again": "try again"}
        again = turn(*refused.messages, answered("…"), said("try again", 2))
        assert calls(again) == [("autosaveEventData", {"title": "Hats"})]
    for code in ("session_closed", "session_lost", "session_not_found"):
        assert choices(after("autosaveEventData", problem(409, code))) == {"New event": "new event"}
    assert calls(turn(said("new event"))) == [("createSession", {})]


def test_a_stage_mismatch_leads_to_the_open_stage() -> None:
    for position, stage in enumerate(Stage):
        completed = list(Stage)[:position]
        refused = after(
            "completeEventSetup", problem(409, "stage_mismatch"), completed_stages=completed
        )
        (answer,) = choices(refused).values()
        assert calls(turn(said(answer))) == [("goToStage", {"stage": stage.value})]


def test_every_refusal_that_names_a_sentence_to_repeat_has_a_choice() -> None:
    for code, sentence in REFUSALS.items():
        if '"try again"' in sentence:
            assert choices(after("autosaveEventData", problem(503, code))) == {
                "Try again": "try again"
            }, code
