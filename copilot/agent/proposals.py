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
)
from copilot.agent.replies import Step, Use
from copilot.agent.value_words import shown
from copilot.context import Device
from copilot.conversation import Role, Turn, last_text
from copilot.texts import Language

MAX_LINES_ON_PHONE = 3


def listed(offer: Offer, turn: Turn, capabilities: Capabilities) -> Iterator[Step]:
    """What was understood, then the first question, or how to accept."""
    if offer.values:
        yield turn.language.text("proposal")
        yield from _lines(offer, turn)
    if offer.questions:
        question = offer.questions[0]
        yield capabilities.question_text(question)
        for number, option in enumerate(question.options, 1):
            yield turn.language.text(
                "choose", number=number, option=capabilities.option_text(option)
            )
        yield choices.of_question(question, capabilities)
    elif offer.values:
        yield turn.language.text("accept")
        yield choices.offered(turn.language, "save", "leave")
    if offer.unused:
        yield turn.language.text("unused", words=offer.unused)


def suggested(offer: Offer, turn: Turn) -> Iterator[Step]:
    """Suggestions, with their reasons."""
    if offer.values:
        yield turn.language.text("ideas")
        yield from _lines(offer, turn)
        first = offer.values[0]
        name = name_of(first.pointer, turn.language, first.stage)
        yield turn.language.text("use_ideas", name=name)
        yield choices.of_suggestions(offer, turn)
    elif not offer.notes:
        yield turn.language.text("no_ideas")
    yield from offer.notes


def was_shown(offer: Offer, turn: Turn) -> bool:
    """Whether the answer before the last sentence has the values as they are read now: "tomorrow"
    is another day after midnight."""
    answer = last_text(turn.messages, Role.ASSISTANT)
    currency = _currency(offer, turn)
    return all(_line(value, currency, turn.language) in answer for value in offer.values)


def saves_of(offer: Offer, turn: Turn) -> Iterator[Step]:
    """One call per stage."""
    patches = patches_of(offer.values, turn.circumstances.known)
    for stage, patch in patches.items():
        yield Use(SAVE_TOOLS[stage].name, patch)


def is_plain(offer: Offer) -> bool:
    """Whether it can be saved at once: the person said all of it, it is about one stage, and
    nothing else was said."""
    stages = {value.stage for value in offer.values if can_be_saved(value)}
    said = all(value.assumed is None and not value.reason for value in offer.values)
    return len(stages) == 1 and said and not offer.questions and not offer.unused


def patch_names(patch: dict[str, object], language: Language) -> str:
    """The fields of a patch, as a person reads them."""
    names = dict.fromkeys(language.label((name,)) for name in patch)
    return ", ".join(names)


def _lines(offer: Offer, turn: Turn) -> Iterator[Step]:
    currency = _currency(offer, turn)
    on_phone = turn.context.device is Device.MOBILE and len(offer.values) > MAX_LINES_ON_PHONE
    lines = [_line(value, currency, turn.language) for value in offer.values]
    if on_phone:
        yield "; ".join(lines)
    else:
        yield from (f"- {line}" for line in lines)


def _line(value: Proposed, currency: str, language: Language) -> str:
    line = shown(value, currency, language)
    if value.assumed is not None:
        return language.text("assumed", line=line)
    return language.text("idea", line=line, reason=value.reason) if value.reason else line


def _currency(offer: Offer, turn: Turn) -> str:
    """The currency that will be saved, or else the one that is."""
    offered = [value.value for value in offer.values if value.pointer == "/currency"]
    return str(offered[0]) if offered else currency_of(turn.circumstances)
