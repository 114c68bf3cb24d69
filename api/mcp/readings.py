"""The tools that change nothing: what is missing, suggestions, explanations, sentences.

Those that compute for more than a millisecond do so in a thread.
"""

import asyncio
from datetime import UTC, datetime
from typing import Final

from api.copilot.turns import Presentation, TurnReads
from api.mcp.agent_call import AgentCall
from api.mcp.arguments import OfField, OfSentence, OfSession, parsed
from api.mcp.results import marked, session_result, tool_of
from copilot.suggestions.advice import MissingPart, missing
from copilot.suggestions.explanations import explain
from copilot.suggestions.suggest import suggest
from copilot.understanding import understand
from copilot.understanding.facts import Circumstances, Fact, Question
from domain.json_values import JsonObject
from domain.session.view import SessionView
from domain.stages import STAGES, Section

LOCALE: Final = "en"
"""Agents translate what they show."""


async def what_is_missing(call: AgentCall) -> JsonObject:
    checked = await call.checked(parsed(OfSession, call.arguments))
    parts = missing(checked.view, checked.checks)
    return {**session_result(checked.view, ()), "missing": [_missing(part) for part in parts]}


async def suggest_details(call: AgentCall) -> JsonObject:
    """Also from other events of the tenant, as the assistant in the wizard does."""
    of, services = parsed(OfSession, call.arguments), call.services
    reads = TurnReads(services.sessions, services.session_reads, services.event_reads)
    situation = await reads.situation(call.actor, of.session, Presentation(locale=LOCALE))
    found = await asyncio.to_thread(
        suggest, call.stage, situation.circumstances, situation.own_events
    )
    suggestions = [
        {
            "stage": suggestion.stage.value,
            "pointer": suggestion.pointer,
            "value": suggestion.value,
            "why": suggestion.text,
        }
        for suggestion in found
    ]
    return {
        "session_id": of.session,
        "revision": situation.context.revision,
        **marked(suggestions=suggestions),
    }


async def explain_field(call: AgentCall) -> JsonObject:
    of = parsed(OfField, call.arguments)
    await call.services.sessions.view(call.actor, of.session)
    explained = explain(of.stage, of.pointer, LOCALE)
    if explained is None:
        return {"stage": of.stage.value, "explanation": None}
    return {
        "stage": of.stage.value,
        "pointer": of.pointer,
        "label": explained.label,
        "explanation": explained.text,
        "required": explained.required,
        "limits": explained.limits,
        "choices": list(explained.choices),
        "example": explained.example,
    }


async def fill_from_text(call: AgentCall) -> JsonObject:
    of = parsed(OfSentence, call.arguments)
    view = await call.services.sessions.view(call.actor, of.session)
    understood = await asyncio.to_thread(understand, of.text, circumstances_of(view))
    return {
        **session_result(view, ()),
        **marked(
            understood=[_fact(fact, of.text) for fact in understood.facts],
            questions=[_question(question, of.text) for question in understood.questions],
            unused=understood.unused,
        ),
    }


def circumstances_of(view: SessionView) -> Circumstances:
    known = {stage.section: view.stages[stage].data for stage in STAGES}
    zone = known[Section.EVENT].get("timezone")
    currency = known[Section.TICKET].get("currency") or view.payments.default_currency
    return Circumstances(
        now=datetime.now(UTC),
        locale=LOCALE,
        timezone=zone if isinstance(zone, str) else None,
        currency=currency.lower() if isinstance(currency, str) else None,
        known=known,
    )


def _missing(part: MissingPart) -> JsonObject:
    return {
        "stage": part.stage.value,
        "pointer": part.pointer,
        "message": part.message,
        "severity": part.severity.value,
        "what_to_do": part.advice.text,
        "tool": tool_of(part.advice),
    }


def _fact(fact: Fact, text: str) -> JsonObject:
    return {
        "stage": fact.stage.value,
        "pointer": fact.pointer,
        "value": fact.value,
        "words": text[fact.start : fact.end],
        "assumed": fact.assumed,
    }


def _question(question: Question, text: str) -> JsonObject:
    return {
        "code": question.code,
        "stage": question.stage.value,
        "pointer": question.pointer,
        "words": text[question.start : question.end],
        "options": [
            {
                "code": option.code,
                "params": option.params,
                "facts": [_fact(fact, text) for fact in option.facts],
            }
            for option in question.options
        ],
    }
