"""What was understood: to accept, to change or to drop."""

from domain.stages import Section, Stage
from tests.unit.copilot.agent.conversations import (
    AMBIGUOUS,
    answered,
    calls,
    said,
    talk,
    turn,
    words,
)

SEVERAL = "The Hat Room at 19:00 in Lisbon for 300 people"
EVENT = ("autosaveEventData", {"title": "The Hat Room", "startTime": "19:00"})
VENUE = ("autosaveVenueData", {"address": {"city": "Lisbon"}, "capacity": 300})


def test_facts_over_several_stages_are_shown_first() -> None:
    asked = turn(said(SEVERAL))
    assert calls(asked) == []
    assert "- Title: The Hat Room\n- Starts: 19:00\n- City: Lisbon" in words(asked)


def test_a_sentence_after_a_list_is_no_part_of_its_last_entry() -> None:
    """Clients show Markdown."""
    assert '- Room for: 300\n\nSay "yes"' in words(turn(said(SEVERAL)))


def test_an_accepted_proposal_is_one_call_per_stage() -> None:
    assert calls(turn(*talk(SEVERAL), said("Yes, save it", 2))) == [EVENT, VENUE]
    assert calls(turn(*talk(SEVERAL), said("ok", 2))) == [EVENT, VENUE]


def test_a_value_may_be_left_out() -> None:
    asked = turn(*talk(SEVERAL), said("without the capacity and the city", 2))
    assert calls(asked) == [EVENT]
    asked = turn(*talk(SEVERAL), said("only the title", 2))
    assert calls(asked) == [("autosaveEventData", {"title": "The Hat Room"})]


def test_a_dropped_proposal_is_not_saved_later() -> None:
    dropped = turn(*talk(SEVERAL), said("forget it", 2))
    assert calls(dropped) == []
    assert "Nothing was saved" in words(dropped)
    assert calls(turn(*talk(SEVERAL, "forget it"), said("yes", 3))) == []


def test_a_saved_proposal_is_not_saved_again() -> None:
    assert calls(turn(*talk(SEVERAL, "yes"), said("yes", 3))) == []


def test_a_later_sentence_changes_the_proposal() -> None:
    before = talk(SEVERAL, "A pop-up called The Hat Room", "On 8 March at 19:00")
    event = {"title": "The Hat Room", "date": "2030-03-08", "startTime": "19:00"}
    assert calls(turn(*before, said("yes", 4))) == [("autosaveEventData", event), VENUE]


def test_a_value_that_is_read_otherwise_by_now_is_shown_again() -> None:
    yesterday = (
        said(SEVERAL),
        answered("This is what I understood:\n- Start time: 18:00\n- City: Lisbon"),
    )
    asked = turn(*yesterday, said("yes", 2))
    assert calls(asked) == []
    assert "- Starts: 19:00" in words(asked)


def test_an_assumption_is_shown_first() -> None:
    asked = turn(said("On 8 March at 19:00"))
    assert calls(asked) == []
    assert "Date: Friday, 8 March 2030 (assumed)" in words(asked)


def test_choices_and_names_are_shown_in_words() -> None:
    shown = words(turn(said("At Galeria Sul, in person")))
    assert "- Name of the place: Galeria Sul\n- How people attend: On site (assumed)" in shown


def test_a_value_that_is_stated_may_go_on_with_others() -> None:
    asked = turn(said("The title is The Hat Room. It takes 300 people"))
    assert calls(asked) == []
    assert "- Title: The Hat Room\n- Room for: 300" in words(asked)


def test_two_meanings_are_asked() -> None:
    asked = turn(said(AMBIGUOUS))
    assert calls(asked) == []
    assert "In the morning or in the evening?\n1. morning\n2. evening" in words(asked)


def test_an_answer_settles_the_question() -> None:
    for choice, time in [
        ("evening", "19:00"),
        ("In the evening", "19:00"),
        ("2", "19:00"),
        ("the first", "07:00"),
    ]:
        asked = turn(*talk(AMBIGUOUS), said(choice, 2))
        assert calls(asked) == [("autosaveVenueData", {"doorsTime": time})], choice


def test_yes_does_not_answer_a_question() -> None:
    asked = turn(*talk(AMBIGUOUS), said("yes", 2))
    assert calls(asked) == []
    assert "1. morning" in words(asked)


def test_a_new_ticket_is_added_to_the_list() -> None:
    known = {Section.TICKET: {"currency": "eur", "tiers": [{"id": "tier-1", "name": "Standard"}]}}
    asked = turn(said("VIP 90 euros"), known=known)
    tiers = [{"id": "tier-1", "name": "Standard"}, {"name": "VIP", "unit_amount": 9000}]
    assert calls(asked) == [("autosaveTicketData", {"tiers": tiers, "currency": "eur"})]


def test_a_ticket_of_the_same_name_is_changed() -> None:
    saved = {"id": "tier-1", "name": "vip", "unit_amount": 100, "quantity": 5}
    asked = turn(said("VIP 90 euros"), known={Section.TICKET: {"tiers": [saved]}})
    tier = {"id": "tier-1", "name": "VIP", "unit_amount": 9000, "quantity": 5}
    assert calls(asked) == [("autosaveTicketData", {"tiers": [tier], "currency": "eur"})]


def test_suggestions_are_used_when_accepted() -> None:
    shown = talk("suggest something")
    assert "Title: Spring Hats (from the type)" in shown[-1].text
    used = turn(*shown, said("only the title", 2))
    assert calls(used) == [("autosaveEventData", {"title": "Spring Hats"})]


def test_only_what_was_asked_for_is_suggested() -> None:
    shown = talk("suggest a summary")
    assert "Spring Hats" not in shown[-1].text
    used = turn(*shown, said("use it", 2))
    assert calls(used) == [("autosaveEventData", {"summary": "Hats of the season."})]


def test_of_several_suggestions_for_a_field_the_first_is_used() -> None:
    shown = talk("suggest a title")
    assert "More Hats" not in shown[-1].text
    used = turn(*shown, said("yes", 2))
    assert calls(used) == [("autosaveEventData", {"title": "Spring Hats"})]


def test_nothing_to_suggest_is_said() -> None:
    shown = talk("suggest something", stage=Stage.VENUE_SETUP)
    assert "nothing to suggest" in shown[-1].text


def test_a_suggestion_for_one_ticket_keeps_the_others() -> None:
    known = {Section.TICKET: {"tiers": [{"name": "VIP"}, {"name": "Standard", "quantity": 5}]}}
    shown = talk("suggest something", stage=Stage.TICKET_SETUP, known=known)
    used = turn(*shown, said("yes", 2), stage=Stage.TICKET_SETUP, known=known)
    standard = {"name": "Standard", "quantity": 5, "saleEnd": "2030-03-07T12:00"}
    assert calls(used) == [("autosaveTicketData", {"tiers": [{"name": "VIP"}, standard]})]


def test_a_suggestion_without_a_value_is_never_saved() -> None:
    shown = talk("suggest something", stage=Stage.SPONSORS_MEDIA)
    assert shown[-1].text == "Say what the picture shows."
    assert calls(turn(*shown, said("yes", 2), stage=Stage.SPONSORS_MEDIA)) == []
