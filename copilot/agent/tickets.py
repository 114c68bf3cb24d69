"""Commands about one ticket: to add, change or remove it."""

import re
from collections.abc import Iterator
from typing import Any, Final

from copilot.agent.capabilities import Capabilities
from copilot.agent.patches import currency_of, tiers_of
from copilot.agent.replies import Step, Use
from copilot.conversation import Turn
from copilot.tools import tool_named
from copilot.understanding.facts import Understanding
from domain.json_values import JsonObject
from domain.stages import Section, Stage

_WORDS: Final = re.compile(
    r"[- ]?\b(?:the|of|for|tiers?|tickets?|prices?|costs?|quantity|number|how many|called|named|"
    r"name|der|die|das|des|den|preis|preise|anzahl|vom|von|für|namens)\b|['\"„“”]",
    re.IGNORECASE,
)
_COUNT: Final = re.compile(
    r"(\d{1,7})(?: (?:tickets|pieces|places|seats|of them|stück|plätze))?", re.IGNORECASE
)
_ABOUT_COUNT: Final = re.compile(r"\b(?:quantity|number|how many|count|anzahl)\b", re.IGNORECASE)
_NOT_ENTERED: Final = frozenset({"id", "name"})


def add(sentence: str, rest: str, turn: Turn, capabilities: Capabilities) -> Iterator[Step]:
    """A call for each ticket in the sentence; nothing if it has to be asked or shown first."""
    for words in (sentence, rest):
        understood = capabilities.understand(words, turn.circumstances)
        tiers = _tiers_in(understood)
        if not tiers or not _is_said(understood):
            continue
        said = _currency_in(understood)
        if said is not None and said != _saved_currency(turn):
            if tiers_of(turn.circumstances):
                yield turn.language.text(
                    "one_currency", currency=currency_of(turn.circumstances).upper()
                )
                return
            yield Use("autosaveTicketData", {"currency": said})
        for tier in tiers:
            yield Use("addTier", _entered(tier, "addTier"))
        return


def change(
    subject: str, value: str, renames: bool, turn: Turn, capabilities: Capabilities
) -> Iterator[Step]:
    """The change of a ticket that the session has; nothing if the subject is not a ticket."""
    tier = tier_named(subject, turn)
    if tier is None:
        return
    if renames:
        yield Use("changeTier", {**_reference(tier), "name": value.strip("'\" ")})
        return
    count = _COUNT.fullmatch(value)
    if count and (_ABOUT_COUNT.search(subject) or " " in value):
        yield Use("changeTier", {**_reference(tier), "quantity": int(count[1])})
        return
    if value.casefold() in ("free", "nothing", "kostenlos", "nichts"):
        yield Use("changeTier", {**_reference(tier), "unit_amount": 0, "kind": "free"})
        return
    understood = capabilities.understand(f"{tier['name']} {value}", turn.circumstances)
    found = _tiers_in(understood)
    said = _currency_in(understood)
    if not _is_said(understood) or len(found) != 1:
        return
    if said is not None and said != currency_of(turn.circumstances):
        yield turn.language.text("one_currency", currency=currency_of(turn.circumstances).upper())
        return
    fields = {name: part for name, part in found[0].items() if name not in _NOT_ENTERED}
    yield Use("changeTier", {**_reference(tier), **_entered(fields, "changeTier")})


def remove(subject: str, turn: Turn) -> Iterator[Step]:
    tier = tier_named(subject, turn)
    if tier is not None:
        yield Use("removeTier", _reference(tier))
    elif re.search(r"\b(?:tier|ticket)\b", subject, re.IGNORECASE):
        names = [str(saved["name"]) for saved in tiers_of(turn.circumstances)]
        yield (
            turn.language.text("no_such_tier", names=", ".join(names))
            if names
            else turn.language.text("no_tiers")
        )


def tier_named(subject: str, turn: Turn) -> JsonObject | None:
    """The saved ticket that the words name, if it is exactly one."""
    said = _bare(subject)
    exact = [tier for tier in tiers_of(turn.circumstances) if _bare(tier["name"]) == said]
    return exact[0] if len(exact) == 1 and said else None


def _bare(words: str) -> str:
    """Without the words that say only that it is a ticket: ``the VIP tier`` is ``vip``."""
    bare = " ".join(_WORDS.sub(" ", words).casefold().split())
    return bare or " ".join(words.casefold().split())


def _reference(tier: JsonObject) -> JsonObject:
    return {"tier": tier.get("id") or tier["name"]}


def _tiers_in(understood: Understanding) -> list[JsonObject]:
    return [
        fact.value
        for fact in understood.facts
        if fact.pointer == "/tiers/-" and isinstance(fact.value, dict)
    ]


def _is_said(understood: Understanding) -> bool:
    """Whether nothing was assumed, nothing is open, and all of it is about tickets."""
    about_tickets = all(
        fact.assumed is None and fact.stage is Stage.TICKET_SETUP for fact in understood.facts
    )
    return about_tickets and not understood.questions and not understood.unused


def _currency_in(understood: Understanding) -> str | None:
    said: list[Any] = [
        fact.value
        for fact in understood.facts
        if fact.stage is Stage.TICKET_SETUP and fact.pointer == "/currency"
    ]
    return str(said[0]) if said else None


def _saved_currency(turn: Turn) -> str | None:
    return turn.circumstances.known.get(Section.TICKET, {}).get("currency")


def _entered(tier: JsonObject, name: str) -> JsonObject:
    tool = tool_named(name)
    allowed = tool.parameters["properties"] if tool else {}
    return {field: value for field, value in tier.items() if field in allowed}
