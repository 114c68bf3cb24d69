"""Messages as organizers type them at a stage, and what is called or said."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import pytest

from api.copilot.agents import capabilities
from copilot.agent.rules import RulesAgent
from copilot.conversation import AnswerChoice, ChatMessage, Choices, Reply, ToolCall, Turn, Words
from copilot.texts import ENGLISH, language_of
from domain.json_values import JsonObject
from domain.stages import Section, Stage
from tests.unit.copilot.agent.conversations import answered, said, turn

STANDARD: Final = {"id": "tier-1", "name": "Standard", "unit_amount": 2500, "kind": "paid"}
VIP: Final = {"id": "tier-2", "name": "VIP", "unit_amount": 8000, "kind": "paid", "quantity": 20}
KNOWN: Final[dict[Section, JsonObject]] = {
    Section.EVENT: {
        "title": "Nachtschicht",
        "type": "fashion_show",
        "date": "2030-05-14",
        "startTime": "20:00",
        "timezone": "Europe/Berlin",
    },
    Section.VENUE: {"mode": "physical", "name": "Kesselhaus", "capacity": 200},
    Section.TICKET: {"currency": "eur", "tiers": [STANDARD, VIP]},
}
EVENT, VENUE, TICKETS = Stage.EVENT_SETUP, Stage.VENUE_SETUP, Stage.TICKET_SETUP
REVIEW, ORGANIZER = Stage.REVIEW_PUBLISH, Stage.ORGANIZER_SETUP


def asked_at(
    stage: Stage,
    *messages: ChatMessage,
    locale: str = "en-GB",
    known: dict[Section, JsonObject] | None = None,
) -> Turn:
    asked = turn(*messages, known=KNOWN if known is None else known, stage=stage, locale=locale)
    return replace(asked, circumstances=replace(asked.circumstances, locale=locale))


def replies(asked: Turn) -> Sequence[Reply]:
    agent = RulesAgent(capabilities((), language_of(asked.context.locale)))
    return list(agent.respond(asked))


def calls(asked: Turn) -> list[tuple[str, JsonObject]]:
    return [
        (reply.tool, reply.arguments) for reply in replies(asked) if isinstance(reply, ToolCall)
    ]


def words(asked: Turn) -> str:
    return "".join(reply.text for reply in replies(asked) if isinstance(reply, Words))


def buttons(asked: Turn) -> tuple[AnswerChoice, ...]:
    return next((reply.choices for reply in replies(asked) if isinstance(reply, Choices)), ())


UNTIL: Final = "2030-05-01T23:59"


def tiers(*changed: JsonObject) -> JsonObject:
    return {"tiers": list(changed)}


def paid(name: str, unit_amount: int) -> JsonObject:
    return {"name": name, "kind": "paid", "unit_amount": unit_amount}


CALLS: Final[tuple[tuple[Stage, str, str, JsonObject], ...]] = (
    (EVENT, "next pls", "completeEventSetup", {}),
    (REVIEW, "ok publish it", "publishEvent", {}),
    (VENUE, "oops, undo that", "undoLast", {}),
    (REVIEW, "take me back to the tickets", "goToStage", {"stage": "ticketSetup"}),
    (EVENT, "what's still missing?", "whatIsMissing", {}),
    (VENUE, "actually it's 250 people not 200", "autosaveVenueData", {"capacity": 250}),
    (EVENT, "set the date to 22 May 2030", "autosaveEventData", {"date": "2030-05-22"}),
    (VENUE, "doors half an hour before the start", "autosaveVenueData", {"doorsTime": "19:30"}),
    (
        TICKETS,
        "vip should be 95",
        "autosaveTicketData",
        tiers(STANDARD, VIP | {"unit_amount": 9500}),
    ),
    (
        TICKETS,
        "make the VIP ticket 90 euros instead of 80",
        "autosaveTicketData",
        tiers(STANDARD, VIP | {"unit_amount": 9000}),
    ),
    (
        TICKETS,
        "refunds up to 7 days before",
        "autosaveTicketData",
        {"refundPolicy": {"kind": "until_days", "days": 7}},
    ),
    (TICKETS, "drop the VIP ticket please", "removeTier", {"tier": "tier-2"}),
    (
        TICKETS,
        "VIP max 4 per person",
        "autosaveTicketData",
        tiers(STANDARD, VIP | {"maxPerOrder": 4}),
    ),
    (
        TICKETS,
        "all tickets no more than 4 each",
        "autosaveTicketData",
        tiers(STANDARD | {"maxPerOrder": 4}, VIP | {"maxPerOrder": 4}),
    ),
    (
        TICKETS,
        "set the maximum per order of VIP to 4",
        "autosaveTicketData",
        tiers(STANDARD, VIP | {"maxPerOrder": 4}),
    ),
    (TICKETS, "set how many VIP to 30", "changeTier", {"tier": "tier-2", "quantity": 30}),
    (EVENT, "set the end time to 11pm", "autosaveEventData", {"endTime": "23:00"}),
    (EVENT, "set Ends to 11pm", "autosaveEventData", {"endTime": "23:00"}),
    (EVENT, "End time: 11 pm", "autosaveEventData", {"endTime": "23:00"}),
    (VENUE, "change the doors to 7pm", "autosaveVenueData", {"doorsTime": "19:00"}),
    (VENUE, "Doors open: 7pm", "autosaveVenueData", {"doorsTime": "19:00"}),
    (EVENT, "it'll be over by midnight", "autosaveEventData", {"endTime": "00:00"}),
    (
        VENUE,
        "accessibility: step-free, lift to all floors",
        "autosaveVenueData",
        {"accessibility": "step-free, lift to all floors"},
    ),
    (
        TICKETS,
        "bump standard up to 28 euros",
        "changeTier",
        {"tier": "tier-1", "kind": "paid", "unit_amount": 2800},
    ),
    (
        TICKETS,
        "only 30 VIPs, two per person at most",
        "autosaveTicketData",
        tiers(STANDARD, VIP | {"quantity": 30, "maxPerOrder": 2}),
    ),
    (
        TICKETS,
        "early bird €18 until 1 April, max 2 per order",
        "autosaveTicketData",
        tiers(
            STANDARD,
            VIP,
            {
                "name": "Early bird",
                "kind": "paid",
                "unit_amount": 1800,
                "maxPerOrder": 2,
                "saleEnd": "2030-04-01T23:59",
            },
        ),
    ),
    (
        ORGANIZER,
        "you can reach us at hello@atelier-noor.de or +49 30 1234567",
        "autosaveOrganizerData",
        {"email": "hello@atelier-noor.de", "phone": "+49301234567"},
    ),
    (
        REVIEW,
        "put it live on 1 April at 9am",
        "publishEvent",
        {"publish_at": "2030-04-01T09:00:00+02:00"},
    ),
    (EVENT, "move the start to 9pm", "autosaveEventData", {"startTime": "21:00"}),
    (EVENT, "set the last day to 16 May 2030", "autosaveEventData", {"endDate": "2030-05-16"}),
    (
        EVENT,
        "ends 20 May 2030 at 6pm",
        "autosaveEventData",
        {"endDate": "2030-05-20", "endTime": "18:00"},
    ),
    (EVENT, "the end date is 16 May 2030", "autosaveEventData", {"endDate": "2030-05-16"}),
    (EVENT, "change the title to Night Shift", "autosaveEventData", {"title": "Night Shift"}),
    (ORGANIZER, "my name is Juno Ferreira", "autosaveOrganizerData", {"name": "Juno Ferreira"}),
    (
        ORGANIZER,
        "website is atelier-noor.de",
        "autosaveOrganizerData",
        {"website": "https://atelier-noor.de"},
    ),
    (
        ORGANIZER,
        "set the website to noor.studio/about",
        "autosaveOrganizerData",
        {"website": "https://noor.studio/about"},
    ),
    (
        ORGANIZER,
        "we're on instagram @paperboats.de and our site is www.paperboats.org",
        "autosaveOrganizerData",
        {"socials": {"instagram": "@paperboats.de"}, "website": "https://www.paperboats.org"},
    ),
    (EVENT, "make it visible to everyone", "autosaveEventData", {"visibility": "public"}),
    (EVENT, "everyone can see the page", "autosaveEventData", {"visibility": "public"}),
    (EVENT, "only people with the link", "autosaveEventData", {"visibility": "unlisted"}),
    (EVENT, "anyone with the link can find it", "autosaveEventData", {"visibility": "unlisted"}),
    (EVENT, "only I can see it", "autosaveEventData", {"visibility": "private"}),
    (EVENT, "set who may see it to Everyone", "autosaveEventData", {"visibility": "public"}),
    (EVENT, "set the kind of event to Pop-up", "autosaveEventData", {"type": "popup"}),
    (VENUE, "set how people attend to both", "autosaveVenueData", {"mode": "hybrid"}),
    (VENUE, "max 14 participants", "autosaveVenueData", {"capacity": 14}),
    (VENUE, "we can only take 60", "autosaveVenueData", {"capacity": 60}),
    (VENUE, "change the capacity from 200 to 250", "autosaveVenueData", {"capacity": 250}),
    (EVENT, "move the start from 8pm to 9pm", "autosaveEventData", {"startTime": "21:00"}),
    (EVENT, "change the title from Night to Day", "autosaveEventData", {"title": "Day"}),
    (
        TICKETS,
        "change VIP from 80 to 90",
        "changeTier",
        {"tier": "tier-2", "kind": "paid", "unit_amount": 9000},
    ),
    (
        TICKETS,
        "8 on the door, 6 in advance",
        "autosaveTicketData",
        tiers(STANDARD, VIP, paid("On the door", 800), paid("Advance", 600)),
    ),
    *(
        (TICKETS, words, "autosaveTicketData", tiers(STANDARD, VIP | {"saleEnd": UNTIL}))
        for words in (
            "VIP sold only until 1 May",
            "VIP on sale until 1 May",
            "sell VIP until 1 May",
        )
    ),
)
GERMAN_CALLS: Final[tuple[tuple[Stage, str, str, JsonObject], ...]] = (
    (
        ORGANIZER,
        "Der Gastgeber ist Atelier Noor",
        "autosaveOrganizerData",
        {"name": "Atelier Noor"},
    ),
    (
        TICKETS,
        "VIP doch lieber 95 Euro",
        "autosaveTicketData",
        tiers(STANDARD, VIP | {"unit_amount": 9500}),
    ),
    (TICKETS, "lösch bitte das VIP-Ticket", "removeTier", {"tier": "tier-2"}),
    (VENUE, "Kapazität bitte auf 250 erhöhen", "autosaveVenueData", {"capacity": 250}),
    (EVENT, "den Titel auf Seidenstraße ändern", "autosaveEventData", {"title": "Seidenstraße"}),
    (REVIEW, "bitte veröffentlichen", "publishEvent", {}),
    (EVENT, "wir fangen doch erst um 21 Uhr an", "autosaveEventData", {"startTime": "21:00"}),
    (VENUE, "es passen 250 Leute rein", "autosaveVenueData", {"capacity": 250}),
    (
        TICKETS,
        "Studierende zahlen 15 €",
        "autosaveTicketData",
        tiers(STANDARD, VIP, {"name": "Studierende", "kind": "paid", "unit_amount": 1500}),
    ),
    (
        TICKETS,
        "von VIP gibt es nur 40 Stück",
        "autosaveTicketData",
        tiers(STANDARD, VIP | {"quantity": 40}),
    ),
    (
        TICKETS,
        "pro Person maximal 2 VIP-Tickets",
        "autosaveTicketData",
        tiers(STANDARD, VIP | {"maxPerOrder": 2}),
    ),
    (
        TICKETS,
        "Rückgabe bis 14 Tage vorher",
        "autosaveTicketData",
        {"refundPolicy": {"kind": "until_days", "days": 14}},
    ),
    (EVENT, "das Ende auf 23 Uhr ändern", "autosaveEventData", {"endTime": "23:00"}),
    (VENUE, "Einlass auf 18 Uhr verschieben", "autosaveVenueData", {"doorsTime": "18:00"}),
    (EVENT, "letzter Tag auf 16. Mai 2030 ändern", "autosaveEventData", {"endDate": "2030-05-16"}),
    (
        TICKETS,
        "VIP höchstens 2 pro Person",
        "autosaveTicketData",
        tiers(STANDARD, VIP | {"maxPerOrder": 2}),
    ),
    (EVENT, "Was fehlt noch?", "whatIsMissing", {}),
    (EVENT, "Mach es öffentlich sichtbar", "autosaveEventData", {"visibility": "public"}),
    (EVENT, "alle dürfen es sehen", "autosaveEventData", {"visibility": "public"}),
    (EVENT, "Nur für Leute mit Link", "autosaveEventData", {"visibility": "unlisted"}),
    (EVENT, "wer den Link hat soll es finden", "autosaveEventData", {"visibility": "unlisted"}),
    (EVENT, "nur ich darf es sehen", "autosaveEventData", {"visibility": "private"}),
    (EVENT, "setze Wer es sehen darf auf Alle", "autosaveEventData", {"visibility": "public"}),
    (
        EVENT,
        "es geht von 14 bis 17 Uhr",
        "autosaveEventData",
        {"endTime": "17:00", "startTime": "14:00"},
    ),
    (EVENT, "Start von 20 auf 21 Uhr verschieben", "autosaveEventData", {"startTime": "21:00"}),
    (VENUE, "maximal 12 Teilnehmer", "autosaveVenueData", {"capacity": 12}),
    (VENUE, "wir können nur 60 unterbringen", "autosaveVenueData", {"capacity": 60}),
    (
        TICKETS,
        "VIP von 80 auf 90 Euro erhöhen",
        "changeTier",
        {"tier": "tier-2", "kind": "paid", "unit_amount": 9000},
    ),
    (
        TICKETS,
        "Tickets kosten 8 Euro im Vorverkauf und 10 an der Abendkasse",
        "autosaveTicketData",
        tiers(STANDARD, VIP, paid("Vorverkauf", 800), paid("Abendkasse", 1000)),
    ),
    (
        TICKETS,
        "VIP nur bis 1. Mai",
        "autosaveTicketData",
        tiers(STANDARD, VIP | {"saleEnd": UNTIL}),
    ),
    (
        ORGANIZER,
        "Unsere Webseite ist www.papierboote.de, Mail an hallo@papierboote.de",
        "autosaveOrganizerData",
        {"website": "https://www.papierboote.de", "email": "hallo@papierboote.de"},
    ),
)


@pytest.mark.parametrize(("stage", "message", "tool", "arguments"), CALLS)
def test_a_message_is_one_call(
    stage: Stage, message: str, tool: str, arguments: JsonObject
) -> None:
    assert calls(asked_at(stage, said(message))) == [(tool, arguments)]


@pytest.mark.parametrize(("stage", "message", "tool", "arguments"), GERMAN_CALLS)
def test_a_german_message_is_one_call(
    stage: Stage, message: str, tool: str, arguments: JsonObject
) -> None:
    assert calls(asked_at(stage, said(message), locale="de-DE")) == [(tool, arguments)]


NOTHING: Final = (
    (EVENT, "thanks, that looks lovely!"),
    (EVENT, "I haven't decided on a date, maybe sometime in June"),
    (EVENT, "We did one in Paris last year for 300 people, it was chaos"),
    (EVENT, 'My boss said "do it on Friday at 9" but I\'m not sure yet'),
    (EVENT, "what's the weather like in Lisbon on Friday?"),
    (EVENT, "can I change this later?"),
    (EVENT, "Is 8pm too late?"),
    (TICKETS, "the last one cost us 4000 euros in rent alone"),
    (TICKETS, "how much do I get if I sell out?"),
    (TICKETS, "all tickets 10 euros cheaper"),
    (TICKETS, "lower standard by 5 euros"),
    (TICKETS, "Standard um 5 Euro senken"),
    (TICKETS, "VIPs get 2 drinks"),
    (TICKETS, "no more than 2 bags per person"),
    (TICKETS, "max 4 per table"),
    (EVENT, "the sale ends on 3 May"),
    (VENUE, "we will decide on the venue next week"),
    (REVIEW, "don't publish yet, I still need to ask my partner"),
    (REVIEW, "please do not publish before Friday"),
    (EVENT, "I don't want it on a Sunday"),
    (EVENT, "the title is too long"),
    (EVENT, "der Titel ist noch nicht sicher"),
    (ORGANIZER, "We are Studio Halm from Cologne"),
    (EVENT, "Danke, das war's erstmal"),
    (EVENT, "Wie wird das Wetter am Samstag in Berlin?"),
    (EVENT, "ich weiß noch nicht, ob am 15. oder 16."),
    (REVIEW, "Noch nicht veröffentlichen, bitte"),
    (EVENT, "don't make it visible to everyone"),
    (EVENT, "not everyone can see it"),
    (EVENT, "mach es nicht öffentlich sichtbar"),
    (TICKETS, "early bird only until 1 April"),
    (TICKETS, "we take 10 off"),
    (TICKETS, "stop selling VIP on 10 May"),
    (EVENT, "the public can see the dress rehearsal"),
)


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
@pytest.mark.parametrize(("stage", "message"), NOTHING)
def test_a_message_about_something_else_changes_nothing(
    stage: Stage, message: str, locale: str
) -> None:
    """Neither at once nor if the person then says "yes"."""
    before = asked_at(stage, said(message), locale=locale)
    assert calls(before) == []

    shown = answered(words(before))
    then = asked_at(stage, said(message), shown, said("yes", 2), locale=locale)
    assert calls(then) == []


@pytest.mark.parametrize(
    ("message", "locale", "answer"),
    [
        ("how much do I get if I sell out?", "en-GB", "I cannot answer that question"),
        ("Wie viel bekomme ich pro Ticket raus?", "de-DE", "Diese Frage kann ich nicht"),
        ("can I change this later?", "en-GB", "until the event is published"),
        ("Kann ich später noch was ändern?", "de-DE", "bis die Veranstaltung öffentlich ist"),
        ("kann ich das später noch ändern?", "de-DE", "bis die Veranstaltung öffentlich ist"),
        ("thank you so much", "en-GB", "You are welcome"),
        ("danke dir", "de-DE", "Gern geschehen"),
    ],
)
def test_a_question_has_an_answer_or_a_plain_no(message: str, locale: str, answer: str) -> None:
    assert answer in words(asked_at(TICKETS, said(message), locale=locale))


def test_what_is_asked_for_in_a_question_is_shown_first() -> None:
    asked = asked_at(EVENT, said("can we start at 9pm?"))
    assert calls(asked) == []
    assert "- Starts: 21:00" in words(asked)


@pytest.mark.parametrize(
    ("message", "understood", "left"),
    [
        ("students 15, but only with ID", "- Ticket: Students, 15.00 EUR", "ID"),
        ("set VIP to 90 euros with champagne", "- Ticket: VIP, 90.00 EUR", "champagne"),
        ("add a ticket Press at 5 euros with champagne", "- Ticket: Press, 5.00 EUR", "champagne"),
    ],
)
def test_words_that_are_not_understood_are_named_before_anything_is_saved(
    message: str, understood: str, left: str
) -> None:
    asked = asked_at(TICKETS, said(message))
    assert calls(asked) == []
    first, _, last = words(asked).partition("I did not use these words: ")
    assert understood in first
    assert left in last


def test_a_day_corrects_the_date_within_its_month() -> None:
    for message, locale in (("no, the 15th", "en-GB"), ("nein, am 15.", "de-DE")):
        before = asked_at(EVENT, said(message), locale=locale)
        shown = answered(words(before))
        accepted = asked_at(EVENT, said(message), shown, said("ja", 2), locale=locale)
        assert calls(accepted) == [("autosaveEventData", {"date": "2030-05-15"})]


def test_the_day_that_is_no_longer_true_is_not_offered() -> None:
    """The event is on Tuesday, 14 May."""
    asked = asked_at(EVENT, said("change it from Tuesday to Wednesday"))
    assert [button.label.partition(",")[0] for button in buttons(asked)] == ["Wednesday"] * 2


@pytest.mark.parametrize("message", ["open 11 till 7 both days", "an beiden Tagen 11 bis 19 Uhr"])
def test_hours_of_both_days_are_those_of_the_event(message: str) -> None:
    for last, is_read in (("2030-05-15", True), ("2030-05-16", False), (None, False)):
        event = KNOWN[Section.EVENT] | {"endDate": last}
        asked = asked_at(EVENT, said(message), known={**KNOWN, Section.EVENT: event})
        assert calls(asked) == []
        hours = "Opening hours: Tuesday, 14 May 2030 to Wednesday, 15 May 2030, 11:00–19:00"
        assert (hours in words(asked)) is is_read
        assert ("I did not use these words" in words(asked)) is not is_read


def test_a_weekday_may_be_next_to_the_date_of_the_event() -> None:
    """Today is Friday, 1 March, and the event on Tuesday, 14 May."""
    for message, locale in (("rather Saturday", "en-GB"), ("lieber Samstag", "de-DE")):
        asked = asked_at(EVENT, said(message), locale=locale)
        assert calls(asked) == []
        days = [re.findall(r"\d+", button.label) for button in buttons(asked)]
        assert days == [["11", "2030"], ["2", "2030"]]


def test_several_prices_without_names_ask_for_the_names() -> None:
    asked = asked_at(TICKETS, said("locals 12 euros, all others 18 euros"))
    assert calls(asked) == []
    assert words(asked) == ENGLISH.text("what_tier")


def test_a_day_corrects_a_date_that_is_only_offered() -> None:
    first = said("A pop-up on 14 May at 8pm")
    offered = answered(words(asked_at(EVENT, first, known={})))
    correction = said("no, the 15th", 2)
    shown = words(asked_at(EVENT, first, offered, correction, known={}))
    assert "Wednesday, 15 May 2030" in shown


def test_doors_are_next_to_the_known_start() -> None:
    assert "Einlass: 19:00" in words(asked_at(VENUE, said("Einlass um 7"), locale="de-DE"))
    at_start = {Section.EVENT: {"startTime": "19:00"}}
    asked = asked_at(VENUE, said("doors at 7"), known=at_start)
    assert "Doors open: 19:00" in words(asked)


def test_a_price_without_a_name_is_of_the_only_ticket() -> None:
    only: dict[Section, Any] = {**KNOWN, Section.TICKET: {"currency": "eur", "tiers": [VIP]}}
    before = asked_at(TICKETS, said("make it 90 euros"), known=only)
    shown = answered(words(before))
    asked = asked_at(TICKETS, said("make it 90 euros"), shown, said("yes", 2), known=only)
    assert calls(asked) == [("autosaveTicketData", tiers(VIP | {"unit_amount": 9000}))]


def test_a_price_without_a_name_asks_for_the_ticket() -> None:
    for message, locale in (("make it 30 euros", "en-GB"), ("lieber 30 Euro", "de-DE")):
        asked = asked_at(TICKETS, said(message), locale=locale)
        assert calls(asked) == []
        assert "Standard, VIP" in words(asked)
        assert [button.label for button in buttons(asked)] == ["Standard", "VIP"]

        pressed = said(buttons(asked)[1].answer, 2)
        shown = answered(words(asked))
        chosen = asked_at(TICKETS, said(message), shown, pressed, locale=locale)
        changed = tiers(STANDARD, VIP | {"unit_amount": 3000})
        assert calls(chosen) == [("autosaveTicketData", changed)]


def test_a_new_ticket_without_a_name_asks_for_its_name() -> None:
    asked = asked_at(TICKETS, said("add a ticket at 30 euros"))
    assert words(asked) == ENGLISH.text("what_tier")


def test_a_price_in_another_currency_changes_no_other_ticket() -> None:
    asked = asked_at(TICKETS, said("admission £12.50, concessions £8, under 12s go free"))
    assert calls(asked) == []
    assert words(asked) == ENGLISH.text("one_currency", currency="EUR")


@pytest.mark.parametrize(
    ("message", "locale", "question"),
    [
        ("max 4 per person", "en-GB", "Which ticket has at most 4 per order?"),
        ("höchstens 4 pro Person", "de-DE", "Für welches Ticket gilt „höchstens 4 je Bestellung“?"),
    ],
)
def test_a_limit_of_one_of_several_tickets_is_asked_about(
    message: str, locale: str, question: str
) -> None:
    asked = asked_at(TICKETS, said(message), locale=locale)
    assert question in words(asked)
    assert calls(asked) == []

    (_, vip) = buttons(asked)
    then = asked_at(
        TICKETS, said(message), answered(words(asked)), said(vip.answer, 2), locale=locale
    )
    assert calls(then) == [("autosaveTicketData", tiers(STANDARD, VIP | {"maxPerOrder": 4}))]


def test_a_price_with_a_limit_is_asked_about_as_a_whole() -> None:
    asked = asked_at(TICKETS, said("95 euros, max 4 per person"))
    (_, vip) = buttons(asked)
    then = asked_at(TICKETS, said("95 euros"), answered(words(asked)), said(vip.answer, 2))

    changed = VIP | {"unit_amount": 9500, "maxPerOrder": 4}
    assert calls(then) == [("autosaveTicketData", tiers(STANDARD, changed))]


@pytest.mark.parametrize("message", ["set the moon of VIP to 30", "change the ceiling to 9pm"])
def test_a_command_about_an_unknown_field_saves_nothing(message: str) -> None:
    assert calls(asked_at(TICKETS, said(message))) == []


def test_days_of_the_week_are_asked_about_if_the_event_is_later() -> None:
    asked = asked_at(EVENT, said("Samstag und Sonntag 10 bis 18 Uhr"), locale="de-DE")

    assert calls(asked) == []
    assert "1. Samstag, 11. Mai 2030" in words(asked)
    chosen = asked_at(
        EVENT,
        said("Samstag und Sonntag 10 bis 18 Uhr"),
        answered(words(asked)),
        said(buttons(asked)[0].answer, 2),
        locale="de-DE",
    )
    assert "- Letzter Tag: Sonntag, 12. Mai 2030" in words(chosen)


def test_a_price_before_other_words_is_shown() -> None:
    asked = asked_at(TICKETS, said("students get in for 12 with ID"))
    assert calls(asked) == []
    assert "- Ticket: Students, 12.00 EUR" in words(asked)
    assert "I did not use these words: ID" in words(asked)


@pytest.mark.parametrize("message", ["free entry, max 2 per person", "donations, max 2 per person"])
def test_a_limit_of_a_new_ticket_asks_for_no_price(message: str) -> None:
    asked = asked_at(TICKETS, said(message))
    assert "at most 2 per order (assumed)" in words(asked)
    assert "Which ticket" not in words(asked)
