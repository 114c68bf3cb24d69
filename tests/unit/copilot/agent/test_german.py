"""On a German page, all that the rules say is German, and what it offers is understood."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import pytest

from api.copilot.agents import capabilities
from copilot.agent.rules import RulesAgent
from copilot.context import Device
from copilot.conversation import (
    AnswerChoice,
    ChatMessage,
    Choices,
    Reply,
    ToolCall,
    Turn,
    Words,
)
from copilot.texts import ENGLISH, GERMAN
from copilot.tools import TOOLS
from domain.json_values import JsonObject
from domain.schemas import INPUT_SCHEMAS
from domain.stages import STAGES, Section, Stage
from domain.validation.texts import VARIANTS
from tests.unit.copilot.agent.conversations import answered, check, error, result, said, turn
from tests.unit.copilot.agent.test_results import problem

ENGLISH_WORDS: Final = re.compile(
    r"\b(the|and|your|of|is|not|with|saved?|event|title|say|you|it|only|ticket tier|"
    r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|May|March)\b"
)
"""Words that no German sentence has."""

AGENT: Final = RulesAgent(capabilities((), GERMAN))

KNOWN: Final[dict[Section, JsonObject]] = {
    Section.ORGANIZER: {"name": "Atelier Nord", "email": "a@example.com", "logo": {"url": "/m"}},
    Section.EVENT: {
        "title": "Hutraum",
        "type": "popup",
        "date": "2030-05-09",
        "startTime": "19:00",
    },
    Section.VENUE: {"name": "Galeria Sul", "address": {"city": "Lissabon", "country": "PT"}},
    Section.TICKET: {"currency": "eur", "tiers": [{"id": "tier-1", "name": "VIP"}]},
}

SENTENCES: Final = (
    "hilfe",
    "ja",
    "nein",
    "weiter",
    "zurück",
    "was fehlt?",
    "ist alles bereit?",
    "noch einmal",
    "zurücknehmen",
    "neue Veranstaltung",
    "verbinde Stripe",
    "Vorschläge",
    "schlag mir einen Titel vor",
    "schlag Hashtag vor",
    "erkläre den Beginn",
    "erkläre die Art der Veranstaltung",
    "erkläre den Namen",
    "bitte veröffentlichen",
    "veröffentlichen am 3. Mai um 10 Uhr",
    "veröffentlichen irgendwann",
    "veröffentlichen am 3. Mai 2020 um 10 Uhr",
    "ich nehme die Bedingungen an",
    "neues Ticket Presse zu 80 Euro",
    "neues Ticket Presse zu 80 Dollar",
    "neues Ticket",
    "entferne das Ticket Gold",
    "ändere den Titel auf Hutraum",
    "ändere irgendwas auf etwas",
    "Blaue Bohnen blühen",
    "Eine Modenschau am 9. Mai um 19 Uhr in Lissabon, 300 Gäste, 25 Euro",
    "Einlass um 7",
    "am 12/05/30 oder so",
    "in Portland",
    "nächsten Freitag",
    "ein Pop-up und eine Ausstellung",
    "https://example.com/huete",
    "25",
)

CODES: Final = (*GERMAN.refusals, "no_such_code", "publish_blocked")


def german(
    *messages: ChatMessage, known: dict[Section, JsonObject] | None = None, **changed: Any
) -> Turn:
    asked = turn(*messages, known=known or {}, locale="de-DE", has_links=True, **changed)
    return replace(asked, circumstances=replace(asked.circumstances, locale="de-DE"))


def replies(asked: Turn) -> list[Reply]:
    return list(AGENT.respond(asked))


def choices(asked: Turn) -> tuple[AnswerChoice, ...]:
    return next((reply.choices for reply in replies(asked) if isinstance(reply, Choices)), ())


def words(asked: Turn) -> str:
    return "".join(reply.text for reply in replies(asked) if isinstance(reply, Words))


def is_german(asked: Turn) -> None:
    shown = [words(asked)]
    for choice in choices(asked):
        shown += [choice.label, choice.answer]
    for text in shown:
        plain = re.sub(r"\(/s/[^)]*\)|https?://\S+", "", text)
        assert ENGLISH_WORDS.findall(plain) == [], text


def called(tool: str, body: Any, **arguments: Any) -> tuple[ChatMessage, ...]:
    call = ToolCall("call-1", tool, arguments)
    return said("…"), answered("", call), result("call-1", body)


CHECKS: Final = [
    check("terms_not_accepted", Stage.REVIEW_PUBLISH),
    check("slug_taken", Stage.EVENT_SETUP),
    check("cover_missing", Stage.SPONSORS_MEDIA, "warn"),
]


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("known", [{}, KNOWN], ids=["empty", "known"])
def test_every_answer_to_a_sentence_is_german(
    stage: Stage, known: dict[Section, JsonObject]
) -> None:
    for sentence in SENTENCES:
        for tools in (TOOLS, ()):
            for device in Device:
                for checks in (CHECKS, []):
                    is_german(
                        german(
                            said(sentence),
                            known=known,
                            stage=stage,
                            tools=tools,
                            device=device,
                            checks=checks,
                        )
                    )


@pytest.mark.parametrize("tool", [tool.name for tool in TOOLS])
def test_every_answer_to_a_result_is_german(tool: str) -> None:
    saved = [{"stage": "eventSetup", "pointer": "/startTime"}]
    kept = [
        {"stage": "venueSetup", "pointer": "/name"},
        {"stage": "ticketSetup", "pointer": "/tiers/tier-1/name"},
    ]
    bodies = [
        {},
        {"confirmed": False},
        {"confirmed": True},
        {"saved": saved, "kept": kept},
        {"saved": [], "kept": []},
        *(problem(409, code) for code in CODES),
    ]
    for body in bodies:
        for errors in ([], [error("/date", "missing")]):
            messages = called(tool, body, title="Hutraum", stage="eventSetup", pointer="/date")
            is_german(german(*messages, known=KNOWN, errors=errors, checks=CHECKS))


def test_every_refused_value_is_named_in_german() -> None:
    for code, variant in [*VARIANTS.items(), ("too_long", "max"), ("no_such_code", "")]:
        for pointer in ("/tiers", "/tiers/0/saleEnd", "/title", "/acceptTerms", "/x/y"):
            params = {"min": 3, "max": 1200, "currency": "eur", variant: 7}
            errors = [{"pointer": pointer, "code": str(code), "params": params}]
            body = {**problem(422, "invalid_request"), "errors": errors}
            is_german(german(*called("autosaveEventData", body, title="…")))


@pytest.mark.parametrize("stage", STAGES)
def test_every_field_is_explained_in_german(stage: Stage) -> None:
    for name in INPUT_SCHEMAS[stage].model_json_schema()["properties"]:
        is_german(german(*called("explainField", {}, stage=stage.value, pointer=f"/{name}")))


def _ended(*messages: ChatMessage, **changed: Any) -> Iterator[tuple[AnswerChoice, Turn]]:
    """Each button of the answer, with the turn after it was pressed."""
    asked = german(*messages, **changed)
    before = [*messages, answered(words(asked))]
    for choice in choices(asked):
        yield choice, german(*before, said(choice.answer, 2), **changed)


@pytest.mark.parametrize("stage", STAGES)
def test_every_german_button_is_understood(stage: Stage) -> None:
    name = f"suggest{stage.section.capitalize()}Details"
    conversations = [
        *((said(sentence),) for sentence in SENTENCES),
        called(name, {}),
        called("autosaveEventData", {}, title="Hutraum"),
        called("publishEvent", {"confirmed": False}),
        *(called("autosaveEventData", problem(409, code), title="…") for code in CODES),
    ]
    example = GERMAN.text("not_understood", example=GERMAN.examples[stage])
    for known in ({}, KNOWN):
        for messages in conversations:
            for choice, after in _ended(*messages, known=known, stage=stage):
                assert example not in words(after), choice
                assert replies(after), choice


def test_a_button_for_one_suggestion_saves_that_alone() -> None:
    messages = called("suggestEventDetails", {})
    pressed = {
        choice.label: [reply.arguments for reply in replies(after) if isinstance(reply, ToolCall)]
        for choice, after in _ended(*messages, known=KNOWN)
        if choice.label.startswith("Nur")
    }

    assert pressed
    for label, arguments in pressed.items():
        (patch,) = arguments
        (name,) = patch
        assert GERMAN.label((name,)) in label


@pytest.mark.parametrize(
    ("sentence", "call"),
    [
        ("weiter", ("completeEventSetup", {})),
        ("den Abschnitt speichern", ("autosaveEventData", {})),
        ("geh zu Ort", ("goToStage", {"stage": "venueSetup"})),
        ("geh zu Sponsoren, Bilder", ("goToStage", {"stage": "sponsorsMedia"})),
        ("zurück", ("goToStage", {"stage": "organizerSetup"})),
        ("zurücknehmen", ("undoLast", {})),
        ("Was fehlt noch?", ("whatIsMissing", {})),
        ("neue Veranstaltung", ("createSession", {})),
        ("Stripe verbinden", ("connectPayments", {})),
        ("schlag das Ende vor", ("suggestEventDetails", {})),
        ("Titel: Der Hutraum", ("autosaveEventData", {"title": "Der Hutraum"})),
        ("ändere den Titel auf „Hutraum“", ("autosaveEventData", {"title": "Hutraum"})),
        ("ändere die Adresse der Seite auf hutraum", ("autosaveEventData", {"slug": "hutraum"})),
        ("entferne die Zusammenfassung", ("autosaveEventData", {"summary": None})),
        ("entferne das Ticket VIP", ("removeTier", {"tier": "tier-1"})),
        (
            "ändere den Preis von VIP auf kostenlos",
            ("changeTier", {"tier": "tier-1", "unit_amount": 0, "kind": "free"}),
        ),
        ("erkläre den Beginn", ("explainField", {"stage": "eventSetup", "pointer": "/startTime"})),
        ("veröffentlichen", ("publishEvent", {})),
    ],
)
def test_a_german_sentence_calls_its_tool(sentence: str, call: tuple[str, JsonObject]) -> None:
    made = [
        (reply.tool, reply.arguments)
        for reply in replies(german(said(sentence), known=KNOWN))
        if isinstance(reply, ToolCall)
    ]

    assert made == [call]


def test_a_conversation_in_another_language_is_english() -> None:
    asked = turn(said("help"), locale="fr-FR")
    assert words(asked) == ENGLISH.text("help")
    assert ENGLISH_WORDS.search(words(asked))
