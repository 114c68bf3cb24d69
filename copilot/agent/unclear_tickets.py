"""Tickets in a sentence that cannot be saved as they were said, and what is asked instead.

A price or a limit without a name is of one of several tickets. A price in another currency would
change the currency of all tickets.
"""

from collections.abc import Iterable, Iterator, Sequence

from copilot.agent.capabilities import Capabilities
from copilot.agent.patches import Proposed, currency_of, same_name, tiers_of
from copilot.agent.replies import Step
from copilot.conversation import AnswerChoice, Choices, Turn
from copilot.understanding.codes import Assumption
from domain.json_values import JsonObject

_TIER = "/tiers/-"
_CURRENCY = "/currency"
_LIMIT = "maxPerOrder"


def separated(
    values: Iterable[Proposed], turn: Turn
) -> tuple[tuple[Proposed, ...], tuple[Proposed, ...]]:
    """The values that can be saved, and the tickets that cannot."""
    said = tuple(values)
    if _changes_currency(said, turn):
        unclear = tuple(value for value in said if value.pointer in (_TIER, _CURRENCY))
    else:
        unclear = tuple(value for value in said if _has_no_name(value, turn))
    return tuple(value for value in said if value not in unclear), unclear


def objections(
    unclear: Sequence[Proposed], turn: Turn, capabilities: Capabilities
) -> Iterator[Step]:
    """The question about tickets that :func:`separated` returns."""
    currency = currency_of(turn.circumstances)
    if any(value.pointer == _CURRENCY for value in unclear):
        yield turn.language.text("one_currency", currency=currency.upper())
        return
    if len(unclear) > 1:
        yield turn.language.text("what_tier")
        return
    names = [str(tier["name"]) for tier in tiers_of(turn.circumstances)]
    said, question = _said_of_ticket(unclear[0].value, turn)
    yield turn.language.text(question, said=said, names=", ".join(names))
    choices = [
        AnswerChoice(name, answer)
        for name, answer in ((name, f"{name} {said}") for name in names)
        if _names_of_tickets(answer, turn, capabilities) == [name]
    ]
    yield Choices(tuple(choices))


def _said_of_ticket(ticket: JsonObject, turn: Turn) -> tuple[str, str]:
    """What was said of a ticket without a name, and the key of the question which one it is."""
    price = turn.language.amount(ticket["unit_amount"], currency_of(turn.circumstances))
    if _LIMIT not in ticket:
        return price, "which_tier"
    limit = turn.language.text("most_per_order", count=ticket[_LIMIT])
    if _has_saved_price(ticket, turn):
        return limit, "which_tier_has"
    return f"{price}, {limit}", "which_tier"


def _has_saved_price(ticket: JsonObject, turn: Turn) -> bool:
    return any(
        same_name(ticket, tier) and ticket.get("unit_amount") == tier.get("unit_amount")
        for tier in tiers_of(turn.circumstances)
    )


def _changes_currency(said: Sequence[Proposed], turn: Turn) -> bool:
    tickets = [value.value for value in said if value.pointer == _TIER]
    has_others = any(
        tier.get("unit_amount") and not any(same_name(tier, ticket) for ticket in tickets)
        for tier in tiers_of(turn.circumstances)
    )
    others = [
        value
        for value in said
        if value.pointer == _CURRENCY and value.value != currency_of(turn.circumstances)
    ]
    return has_others and bool(tickets) and bool(others)


def _has_no_name(value: Proposed, turn: Turn) -> bool:
    if value.pointer != _TIER or value.assumed != Assumption.TIER_NAME:
        return False
    says = value.value.get("unit_amount") or _has_saved_price(value.value, turn)
    return bool(says) and len(tiers_of(turn.circumstances)) > 1


def _names_of_tickets(sentence: str, turn: Turn, capabilities: Capabilities) -> list[str]:
    understood = capabilities.understand(sentence, turn.circumstances)
    tickets: list[JsonObject] = [
        fact.value
        for fact in understood.facts
        if fact.pointer == _TIER and fact.assumed is None and isinstance(fact.value, dict)
    ]
    return [str(ticket.get("name")) for ticket in tickets]
