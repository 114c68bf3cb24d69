"""Plain sentences, and the calls of tools that they lead to."""

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.context import Device
from copilot.tools import TOOLS, tool_named
from domain.json_values import JsonObject
from domain.stages import SECTION_OF, STAGES, Section, Stage
from tests.unit.copilot.agent.conversations import (
    AMBIGUOUS,
    answered,
    calls,
    replies,
    said,
    turn,
    words,
)

TIERS: list[JsonObject] = [
    {"id": "tier-1", "name": "VIP", "unit_amount": 8000},
    {"id": "tier-2", "name": "Early bird", "unit_amount": 2000},
]
TICKETS = {Section.TICKET: {"currency": "eur", "tiers": TIERS}}

SAVES: dict[Stage, tuple[str, JsonObject]] = {
    Stage.ORGANIZER_SETUP: ("The organizer is Atelier Nord", {"name": "Atelier Nord"}),
    Stage.EVENT_SETUP: ("It starts at 19:00", {"startTime": "19:00"}),
    Stage.VENUE_SETUP: ("It takes place in Lisbon", {"address": {"city": "Lisbon"}}),
    Stage.TICKET_SETUP: ("Prices in euros", {"currency": "eur"}),
    Stage.SPONSORS_MEDIA: ("Sponsored by Maison Verte", {"sponsors": [{"name": "Maison Verte"}]}),
    Stage.REVIEW_PUBLISH: ("Save this stage", {}),
}


@pytest.mark.parametrize("stage", STAGES)
def test_each_stage_is_completed_by_a_sentence(stage: Stage) -> None:
    name = f"complete{stage[0].upper()}{stage[1:]}"
    assert calls(turn(said("Complete this stage."), stage=stage)) == [(name, {})]
    assert calls(turn(said("Please continue"), stage=stage)) == [(name, {})]


@pytest.mark.parametrize("stage", STAGES)
def test_each_stage_suggests_by_a_sentence(stage: Stage) -> None:
    name = f"suggest{SECTION_OF[stage].capitalize()}Details"
    assert calls(turn(said("Suggest something"), stage=stage)) == [(name, {})]


@pytest.mark.parametrize("stage", STAGES)
def test_each_stage_is_saved_by_a_sentence(stage: Stage) -> None:
    sentence, data = SAVES[stage]
    name = f"autosave{SECTION_OF[stage].capitalize()}Data"
    assert calls(turn(said(sentence), stage=stage)) == [(name, data)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("complete the tickets stage", ("completeTicketSetup", {})),
        ("I'm done", ("completeEventSetup", {})),
        ("suggest a title", ("suggestEventDetails", {})),
        ("Any ideas for tickets?", ("suggestTicketDetails", {})),
        ("Set the title to Hats & more", ("autosaveEventData", {"title": "Hats & more"})),
        ('The title is "Hats"', ("autosaveEventData", {"title": "Hats"})),
        ("summary: Hats of the season", ("autosaveEventData", {"summary": "Hats of the season"})),
        ("set the venue name to Hall 4", ("autosaveVenueData", {"name": "Hall 4"})),
        ("The name is Hats", ("autosaveEventData", {"title": "Hats"})),
        ("set the capacity to 200", ("autosaveVenueData", {"capacity": 200})),
        ("change the city to Porto", ("autosaveVenueData", {"address": {"city": "Porto"}})),
        (
            "alt text: A hall full of hats",
            ("autosaveSponsorData", {"media": {"cover": {"alt": "A hall full of hats"}}}),
        ),
        ("remove the postal code", ("autosaveVenueData", {"address": {"postalCode": None}})),
        ("clear the dress code", ("autosaveEventData", {"dressCode": None})),
        ("remove the doors time", ("autosaveVenueData", {"doorsTime": None})),
        ("remove the early bird", ("removeTier", {"tier": "tier-2"})),
        ("Delete the VIP tickets", ("removeTier", {"tier": "tier-1"})),
        ("rename VIP to Front row", ("changeTier", {"tier": "tier-1", "name": "Front row"})),
        ("set the quantity of VIP to 50", ("changeTier", {"tier": "tier-1", "quantity": 50})),
        (
            "change the early bird to free",
            ("changeTier", {"tier": "tier-2", "unit_amount": 0, "kind": "free"}),
        ),
        (
            "change the price of VIP to 90 euros",
            ("changeTier", {"tier": "tier-1", "unit_amount": 9000}),
        ),
        ("connect my Stripe account", ("connectPayments", {})),
        ("run the checks", ("runChecks", {})),
        ("What is missing?", ("whatIsMissing", {})),
        ("what should I do next", ("whatIsMissing", {})),
        ("explain the slug", ("explainField", {"stage": "eventSetup", "pointer": "/slug"})),
        (
            "What is the doors time?",
            ("explainField", {"stage": "venueSetup", "pointer": "/doorsTime"}),
        ),
        ("undo", ("undoLast", {})),
        ("Could you undo the last change, please?", ("undoLast", {})),
        ("go to tickets", ("goToStage", {"stage": "ticketSetup"})),
        ("go back", ("goToStage", {"stage": "organizerSetup"})),
        ("start a new event", ("createSession", {})),
        ("publish", ("publishEvent", {})),
        (
            "publish 8 March 2030 at 19:00",
            ("publishEvent", {"publish_at": "2030-03-08T19:00:00+00:00"}),
        ),
    ],
)
def test_a_sentence_calls_its_tool(sentence: str, expected: tuple[str, JsonObject]) -> None:
    asked = calls(turn(said(sentence), known=TICKETS))
    assert asked == [expected]
    for name, arguments in asked:
        tool = tool_named(name)
        assert tool is not None
        assert jsonschema_rs.validator_for(tool.parameters).is_valid(arguments)


def test_a_ticket_is_added_with_its_currency() -> None:
    sentence = said("Add a tier VIP at 80 euros, 20 of them")
    tier = {"name": "VIP", "unit_amount": 8000, "quantity": 20}
    assert calls(turn(sentence)) == [("autosaveTicketData", {"currency": "eur"}), ("addTier", tier)]
    assert calls(turn(sentence, known={Section.TICKET: {"currency": "eur"}})) == [("addTier", tier)]


def test_a_price_in_another_currency_is_asked_about() -> None:
    asked = turn(said("change the price of VIP to 90 dollars"), known=TICKETS)
    assert calls(asked) == []
    assert "EUR" in words(asked)


def test_an_unknown_ticket_is_not_removed() -> None:
    asked = turn(said("remove the student ticket"), known=TICKETS)
    assert calls(asked) == []
    assert "VIP, Early bird" in words(asked)


def test_a_tool_that_the_client_lacks_is_not_called() -> None:
    reading = [tool for tool in TOOLS if tool.name != "undoLast"]
    asked = turn(said("undo"), tools=reading)
    assert calls(asked) == []
    assert "cannot" in words(asked)


WORDS_OF_COMMANDS = (
    "yes no undo publish 2 first without only title the to : set add tier remove VIP"
)
TEXTS_OF_COMMANDS = st.sampled_from(WORDS_OF_COMMANDS.split())


@given(
    st.lists(
        st.lists(TEXTS_OF_COMMANDS, max_size=8).map(" ".join) | st.text(max_size=60), max_size=6
    )
)
@settings(max_examples=200, deadline=None)
def test_any_conversation_has_an_answer_of_offered_calls(sentences: list[str]) -> None:
    messages = [said(sentence, number) for number, sentence in enumerate(sentences)]
    asked = turn(*messages, known=TICKETS)
    assert replies(asked)
    for name, arguments in calls(asked):
        tool = tool_named(name)
        assert tool is not None
        assert set(arguments) <= set(tool.parameters["properties"])


def test_a_field_without_suggestions_shows_none_of_other_fields() -> None:
    asked = turn(said("suggest a dress code"))
    assert calls(asked) == []
    assert "nothing to suggest" in words(asked)


def test_without_its_tool_a_question_is_answered_at_once() -> None:
    assert "About eventSetup/slug." in words(turn(said("explain the slug"), tools=()))
    assert "Nothing is missing" in words(turn(said("what is missing"), tools=()))
    assert "Title: Spring Hats" in words(turn(said("suggest a title"), tools=()))


def test_terms_are_never_accepted_by_a_call() -> None:
    for sentence in ("I accept the terms", "tick the terms", "accept the terms for me"):
        asked = turn(said(sentence), stage=Stage.REVIEW_PUBLISH)
        assert calls(asked) == []
        assert "Only you can accept the terms" in words(asked)
    asked = turn(said("I accept everything"), stage=Stage.REVIEW_PUBLISH)
    assert calls(asked) == []
    shown = turn(said("suggest anything"), answered("…"), said("yes", 2), tools=())
    assert calls(shown) == []


def test_the_same_turn_has_the_same_call() -> None:
    asked = turn(said("It starts at 19:00"))
    assert replies(asked) == replies(asked)
    assert replies(asked) != replies(turn(said("It starts at 19:00", 2)))


def test_words_that_mean_nothing_are_answered_with_an_example() -> None:
    asked = turn(said("Lorem ipsum"), device=Device.MOBILE)
    assert calls(asked) == []
    assert "what is missing" in words(asked)


@pytest.mark.parametrize("sentence", [AMBIGUOUS, "", " ", "?", "x" * 5000, "the " * 2000])
def test_no_text_is_too_odd(sentence: str) -> None:
    assert calls(turn(said(sentence))) == []
    assert words(turn(said(sentence)))
