"""Conversations with the agent by rules: small stand-ins of what it uses, and turns."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from copilot.agent.capabilities import Capabilities, Idea
from copilot.agent.rules import RulesAgent
from copilot.context import CopilotContext, CopilotProgress, Device
from copilot.conversation import ChatMessage, Reply, Role, ToolCall, Turn, Words
from copilot.tools import TOOLS, Tool
from copilot.understanding.codes import OptionCode, QuestionCode
from copilot.understanding.facts import (
    Circumstances,
    Fact,
    Option,
    Question,
    Understanding,
)
from domain.json_values import JsonObject
from domain.session.view import StageErrorView
from domain.stages import STAGES, Section, Stage
from domain.validation.check_codes import Check
from domain.values.payments import Payments

NOW: Final = datetime(2030, 3, 1, 12, 0, tzinfo=UTC)

TITLE = ("eventSetup", "/title", "The Hat Room")
DATE = ("eventSetup", "/date", "2030-03-08")
START = ("eventSetup", "/startTime", "19:00")
CITY = ("venueSetup", "/address/city", "Lisbon")
CAPACITY = ("venueSetup", "/capacity", 300)
EUR = ("ticketSetup", "/currency", "eur")
VIP: Final = {"name": "VIP", "unit_amount": 8000, "quantity": 20}
VIP_TIER = ("ticketSetup", "/tiers/-", VIP)

SENTENCES: Final[dict[str, Sequence[tuple[Any, ...]]]] = {
    "A pop-up called The Hat Room": [TITLE],
    "It starts at 19:00": [START],
    "On 8 March at 19:00": [(*DATE, "year"), START],
    "The Hat Room at 19:00 in Lisbon for 300 people": [TITLE, START, CITY, CAPACITY],
    "8 March 2030 at 19:00": [DATE, START],
    "The organizer is Atelier Nord": [("organizerSetup", "/name", "Atelier Nord")],
    "It takes place in Lisbon": [CITY],
    "The title is The Hat Room. It takes 300 people": [TITLE, CAPACITY],
    "At Galeria Sul, in person": [
        ("venueSetup", "/name", "Galeria Sul"),
        ("venueSetup", "/mode", "physical", "place"),
    ],
    "Sponsored by Maison Verte": [("sponsorsMedia", "/sponsors/-", {"name": "Maison Verte"})],
    "Prices in euros": [EUR],
    "Add a tier VIP at 80 euros, 20 of them": [VIP_TIER, EUR],
    "A ticket at 25 euros": [
        ("ticketSetup", "/tiers/-", {"name": "Standard", "unit_amount": 2500}, "tier_name")
    ],
    "VIP 90 euros": [("ticketSetup", "/tiers/-", {"name": "VIP", "unit_amount": 9000}), EUR],
    "VIP 90 dollars": [
        ("ticketSetup", "/tiers/-", {"name": "VIP", "unit_amount": 9000}),
        ("ticketSetup", "/currency", "usd"),
    ],
    "I accept everything": [("reviewPublish", "/acceptTerms", True)],
}
"""Facts of sentences: stage, pointer, value, and what was assumed."""

AMBIGUOUS: Final = "Doors at 7"


def understand(sentence: str, _: Circumstances) -> Understanding:
    if sentence == AMBIGUOUS:
        return Understanding(questions=(_half_of_day(),))
    facts = tuple(
        Fact(Stage(stage), pointer, value, 0, 1, *assumed)
        for stage, pointer, value, *assumed in SENTENCES.get(sentence, ())
    )
    return Understanding(facts, unused="" if facts else sentence)


def suggest(stage: Stage, _: Circumstances) -> list[Idea]:
    if stage is Stage.EVENT_SETUP:
        return [
            Idea(stage, "/title", "Spring Hats", "from the type"),
            Idea(stage, "/title", "More Hats", "another"),
            Idea(stage, "/summary", "Hats of the season.", ""),
        ]
    if stage is Stage.TICKET_SETUP:
        return [Idea(stage, "/tiers/1/saleEnd", "2030-03-07T12:00", "before the event")]
    if stage is Stage.SPONSORS_MEDIA:
        return [Idea(stage, "/media/cover/alt", None, "Say what the picture shows.")]
    if stage is Stage.REVIEW_PUBLISH:
        return [Idea(stage, "/acceptTerms", True, "")]
    return []


CAPABILITIES: Final = Capabilities(
    understand=understand,
    suggest=suggest,
    explain=lambda stage, pointer, _: f"About {stage.value}{pointer}.",
    question_text=lambda _: "In the morning or in the evening?",
    option_text=lambda option: option.code,
)


def _half_of_day() -> Question:
    options = tuple(
        Option(code, {}, (Fact(Stage.VENUE_SETUP, "/doorsTime", value, 0, 1),))
        for code, value in ((OptionCode.MORNING, "07:00"), (OptionCode.EVENING, "19:00"))
    )
    return Question(QuestionCode.HALF_OF_DAY, Stage.VENUE_SETUP, "/doorsTime", 0, 1, options)


def context(**changed: Any) -> CopilotContext:
    fields = {
        "session_id": "0b0e7c1a-0000-4000-8000-000000000001",
        "revision": 7,
        "stage": Stage.EVENT_SETUP,
        "step": 2,
        "device": Device.DESKTOP,
        "locale": "en-GB",
        "now": NOW,
        "timezone": "Europe/Lisbon",
        "data": {},
        "organizer": {},
        "event": {},
        "progress": CopilotProgress(percentage=0, stages=dict.fromkeys(STAGES, 0)),
        "completed_stages": [],
        "errors": [],
        "checks": [],
        "payments": Payments(),
        "last_saved": NOW,
        **changed,
    }
    return CopilotContext(**fields)


def turn(
    *messages: ChatMessage,
    known: Mapping[Section, JsonObject] | None = None,
    tools: Sequence[Tool] = TOOLS,
    has_links: bool = False,
    **changed: Any,
) -> Turn:
    circumstances = Circumstances(NOW, "en-GB", "Europe/Lisbon", known=known or {})
    return Turn(messages, context(**changed), tuple(tools), circumstances, has_links)


def said(words: str, number: int = 1) -> ChatMessage:
    return ChatMessage(f"user-{number}", Role.USER, words)


def answered(words: str, *calls: ToolCall) -> ChatMessage:
    return ChatMessage("assistant", Role.ASSISTANT, words, calls)


def result(call_id: str, body: object) -> ChatMessage:
    return ChatMessage(f"result-{call_id}", Role.TOOL, json.dumps(body), call_id=call_id)


def replies(asked: Turn) -> list[Reply]:
    return list(RulesAgent(CAPABILITIES).respond(asked))


def calls(asked: Turn) -> list[tuple[str, JsonObject]]:
    return [
        (reply.tool, reply.arguments) for reply in replies(asked) if isinstance(reply, ToolCall)
    ]


def words(asked: Turn) -> str:
    return "".join(reply.text for reply in replies(asked) if isinstance(reply, Words))


def talk(*sentences: str, **changed: Any) -> list[ChatMessage]:
    """The messages of a conversation: each sentence with its answer, and results without a body."""
    messages: list[ChatMessage] = []
    for number, sentence in enumerate(sentences):
        messages.append(said(sentence, number))
        asked = turn(*messages, **changed)
        called = tuple(reply for reply in replies(asked) if isinstance(reply, ToolCall))
        messages.append(answered(words(asked), *called))
        if called:
            messages += [result(call.call_id, {}) for call in called]
            messages.append(answered(words(turn(*messages, **changed))))
    return messages


def check(code: str, stage: Stage, severity: str = "block") -> Check:
    return Check.model_validate(
        {
            "code": code,
            "stage": stage,
            "pointer": "",
            "message": "The sentence that the API has.",
            "severity": severity,
        }
    )


def error(pointer: str, code: str) -> StageErrorView:
    return StageErrorView(pointer=pointer, code=code, message="Title is required.")
