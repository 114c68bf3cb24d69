"""An offer as lines to read, and what is called when it is accepted."""

from collections.abc import Iterator

from copilot.agent import choices
from copilot.agent.capabilities import Capabilities
from copilot.agent.offers import Offer
from copilot.agent.patches import (
    SAVE_TOOLS,
    Proposed,
    can_be_saved,
    currency_of,
    name_of,
    patches_of,
    shown,
)
from copilot.agent.replies import Step, Use
from copilot.agent.texts import text
from copilot.context import Device
from copilot.conversation import Role, Turn, last_text
from domain.validation.texts import label

MAX_LINES_ON_PHONE = 3


def listed(offer: Offer, turn: Turn, capabilities: Capabilities) -> Iterator[Step]:
    """What was understood, then the first question, or how to accept."""
    if offer.values:
        yield text("proposal")
        yield from _lines(offer, turn)
    if offer.questions:
        question = offer.questions[0]
        yield capabilities.question_text(question)
        for number, option in enumerate(question.options, 1):
            yield text("choose", number=number, option=capabilities.option_text(option))
        yield choices.of_question(question, capabilities)
    elif offer.values:
        yield text("accept")
        yield choices.offered(choices.SAVE, choices.LEAVE)
    if offer.unused and turn.context.device is not Device.MOBILE:
        yield text("unused", words=offer.unused)


def suggested(offer: Offer, turn: Turn) -> Iterator[Step]:
    """Suggestions, with their reasons."""
    if offer.values:
        yield text("ideas")
        yield from _lines(offer, turn)
        yield text("use_ideas", name=name_of(offer.values[0].pointer).lower())
        yield choices.of_suggestions(offer, turn.context.stage)
    elif not offer.notes:
        yield text("no_ideas")
    yield from offer.notes


def was_shown(offer: Offer, turn: Turn) -> bool:
    """Whether the answer before the last sentence has the values as they are read now: "tomorrow"
    is another day after midnight."""
    answer = last_text(turn.messages, Role.ASSISTANT)
    currency = _currency(offer, turn)
    return all(_line(value, currency) in answer for value in offer.values)


def saves_of(offer: Offer, turn: Turn) -> Iterator[Step]:
    """One call per stage."""
    patches = patches_of(offer.values, turn.circumstances.known)
    for stage, patch in patches.items():
        yield Use(SAVE_TOOLS[stage].name, patch)


def is_plain(offer: Offer) -> bool:
    """Whether it can be saved at once: the person said all of it, and it is about one stage."""
    stages = {value.stage for value in offer.values if can_be_saved(value)}
    said = all(value.assumed is None and not value.reason for value in offer.values)
    return len(stages) == 1 and said and not offer.questions


def patch_names(patch: dict[str, object]) -> str:
    """The fields of a patch, as a person reads them."""
    names = dict.fromkeys(label((name,)) for name in patch)
    return ", ".join(names)


def _lines(offer: Offer, turn: Turn) -> Iterator[Step]:
    currency = _currency(offer, turn)
    on_phone = turn.context.device is Device.MOBILE and len(offer.values) > MAX_LINES_ON_PHONE
    lines = [_line(value, currency) for value in offer.values]
    if on_phone:
        yield "; ".join(lines)
    else:
        yield from (f"- {line}" for line in lines)


def _line(value: Proposed, currency: str) -> str:
    line = shown(value, currency)
    if value.assumed is not None:
        return text("assumed", line=line)
    return text("idea", line=line, reason=value.reason) if value.reason else line


def _currency(offer: Offer, turn: Turn) -> str:
    """The currency that will be saved, or else the one that is."""
    offered = [value.value for value in offer.values if value.pointer == "/currency"]
    return str(offered[0]) if offered else currency_of(turn.circumstances)
