"""The commands: for each, the steps of the answer.

A command whose words name nothing gives no step: the sentence may mean something else.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Final

from copilot.agent import choices, publishing, tickets
from copilot.agent.capabilities import Capabilities
from copilot.agent.check_lines import blocking, lines_of
from copilot.agent.commands import tidy
from copilot.agent.field_names import field_named, stage_named
from copilot.agent.intents import Command, Intent
from copilot.agent.offers import ideas_for
from copilot.agent.patches import SAVE_TOOLS, Proposed, can_be_saved, name_of, patches_of
from copilot.agent.proposals import suggested
from copilot.agent.replies import Step, Use
from copilot.conversation import Role, Turn, last_text
from copilot.texts import LANGUAGES
from copilot.understanding.questions import is_opinion
from domain.schemas.event import EventType, Visibility
from domain.schemas.venue import VenueMode
from domain.stages import STAGES, Stage
from domain.validation.check_codes import Severity

FREE_TEXTS: Final = frozenset(
    {
        "/title",
        "/summary",
        "/description",
        "/dressCode",
        "/ageRestriction",
        "/name",
        "/organization",
        "/bio",
        "/platform",
        "/accessNote",
        "/accessibility",
        "/pressContact",
        "/slug",
        "/hashtag",
        "/email",
        "/phone",
        "/website",
        "/address/line1",
        "/address/line2",
        "/address/city",
        "/address/region",
        "/address/postalCode",
        "/url",
        "/externalUrl",
        "/media/cover/alt",
        "/media/cover/credit",
        "/videoUrl",
    }
)
"""Fields whose new value is what the person writes. The API refuses a wrong one."""

ADDRESSES: Final = frozenset({"/website", "/url", "/externalUrl", "/videoUrl"})
"""Free texts that begin with ``https://``, which people leave out."""

NUMBERS: Final = frozenset({"/capacity", "/totalCapacity"})

CHOICES: Final[Mapping[str, type[StrEnum]]] = {
    "/type": EventType,
    "/visibility": Visibility,
    "/mode": VenueMode,
}

_NUMBER: Final = re.compile(r"[0-9]{1,7}")
_DOMAIN: Final = re.compile(r"[\w-]+(?:\.[\w-]+)+(?:/\S*)?$")
_RENAMING: Final = "rename "


def complete(command: Command, turn: Turn, _: Capabilities) -> Iterator[Step]:
    stage = stage_named(command.subject, turn.context.stage)
    if stage is not None:
        yield Use(f"complete{stage[0].upper()}{stage[1:]}")


def suggest(command: Command, turn: Turn, capabilities: Capabilities) -> Iterator[Step]:
    """The call shows the suggestions of the stage. They are named here if the client cannot show
    them, or if there are none for the field that is asked for."""
    current = turn.context.stage
    stage = stage_named(command.subject, current)
    field = None if stage else field_named(command.subject, current)
    if not (stage or field or command.subject in ("anything", "something", "values", "details")):
        return
    stage = stage or (field[0] if field else current)
    name = f"suggest{stage.section.capitalize()}Details"
    offer = ideas_for(stage, command.subject, turn, capabilities)
    if _is_offered(name, turn) and (not field or offer.values or offer.notes):
        yield Use(name)
    else:
        yield from suggested(offer, turn)


def save(_: Command, turn: Turn, __: Capabilities) -> Iterator[Step]:
    yield Use(SAVE_TOOLS[turn.context.stage].name)


def checks(_: Command, turn: Turn, __: Capabilities) -> Iterator[Step]:
    if _is_offered("runChecks", turn):
        yield Use("runChecks")
    else:
        yield from found(turn)


def missing(_: Command, turn: Turn, __: Capabilities) -> Iterator[Step]:
    if _is_offered("whatIsMissing", turn):
        yield Use("whatIsMissing")
    else:
        yield from found(turn)


def found(turn: Turn) -> Iterator[Step]:
    """What blocks the publication, and then what is worth a look."""
    blocks = blocking(turn.context)
    warnings = [check for check in turn.context.checks if check.severity is Severity.WARN]
    if blocks:
        yield turn.language.text("blocking")
        yield from lines_of(blocks, turn)
    else:
        yield turn.language.text("nothing_missing")
        yield choices.offered(turn.language, "publish")
    if warnings:
        yield turn.language.text("warnings")
        yield from lines_of(warnings, turn)


def explain(command: Command, turn: Turn, capabilities: Capabilities) -> Iterator[Step]:
    field = field_named(command.subject, turn.context.stage)
    if field is None:
        return
    stage, pointer = field
    if _is_offered("explainField", turn):
        yield Use("explainField", {"stage": stage.value, "pointer": pointer})
    else:
        yield explanation(stage, pointer, turn, capabilities)


def explanation(stage: Stage, pointer: str, turn: Turn, capabilities: Capabilities) -> str:
    known = capabilities.explain(stage, pointer, turn.context.locale)
    return known or turn.language.text("no_explanation", name=name_of(pointer, turn.language))


def undo(_: Command, __: Turn, ___: Capabilities) -> Iterator[Step]:
    yield Use("undoLast")


def publish(command: Command, turn: Turn, capabilities: Capabilities) -> Iterator[Step]:
    return publishing.publish(command.subject, turn, capabilities)


def terms(_: Command, turn: Turn, __: Capabilities) -> Iterator[Step]:
    yield turn.language.text("terms")


def go(command: Command, turn: Turn, _: Capabilities) -> Iterator[Step]:
    stage = stage_named(command.subject, turn.context.stage)
    if stage is not None:
        yield Use("goToStage", {"stage": stage.value})


def back(_: Command, turn: Turn, __: Capabilities) -> Iterator[Step]:
    position = turn.context.stage.position
    if position == 0:
        yield turn.language.text("first_stage")
    else:
        yield Use("goToStage", {"stage": STAGES[position - 1].value})


def create(_: Command, __: Turn, ___: Capabilities) -> Iterator[Step]:
    yield Use("createSession")


def connect(_: Command, __: Turn, ___: Capabilities) -> Iterator[Step]:
    yield Use("connectPayments")


def add_tier(command: Command, turn: Turn, capabilities: Capabilities) -> Iterator[Step]:
    return tickets.add(last_text(turn.messages, Role.USER), command.subject, turn, capabilities)


def set_value(command: Command, turn: Turn, capabilities: Capabilities) -> Iterator[Step]:
    """A field of text gets the words as they are; a date or a time is to be understood."""
    renames = tidy(last_text(turn.messages, Role.USER)).casefold().startswith(_RENAMING)
    yield from tickets.change(command.subject, command.value, renames, turn, capabilities)
    if tickets.tier_named(command.subject, turn) is not None:
        return
    field = field_named(command.subject, turn.context.stage)
    if field is not None and field[1] in FREE_TEXTS:
        yield from _saved(Proposed(*field, _entered(field[1], command.value)), turn)
    elif field is not None and (choice := _chosen(field[1], command.value)):
        yield from _saved(Proposed(*field, choice), turn)
    elif field is not None and field[1] in NUMBERS and _NUMBER.fullmatch(command.value):
        yield from _saved(Proposed(*field, int(command.value)), turn)


def _entered(pointer: str, words: str) -> str:
    text = words.strip("'\"“”„ ")
    is_bare = pointer in ADDRESSES and _DOMAIN.match(text)
    return f"https://{text}" if is_bare else text


def _chosen(pointer: str, words: str) -> str | None:
    """The choice that the words name as a page or the API does."""
    said = words.strip("'\"“”„ ").casefold()
    for choice in CHOICES.get(pointer, ()):
        names = {language.value(choice).casefold() for language in LANGUAGES.values()}
        if said in {choice.value, *names}:
            return choice.value
    return None


def state_value(command: Command, turn: Turn, capabilities: Capabilities) -> Iterator[Step]:
    """``The title is …`` may go on with other values, so it is understood first."""
    sentence = last_text(turn.messages, Role.USER)
    understood = capabilities.understand(sentence, turn.circumstances)
    says_nothing = command.value[:1].islower() and is_opinion(sentence)
    if not understood.facts and not understood.questions and not says_nothing:
        yield from set_value(command, turn, capabilities)


def remove(command: Command, turn: Turn, _: Capabilities) -> Iterator[Step]:
    yield from tickets.remove(command.subject, turn)
    field = field_named(command.subject, turn.context.stage)
    is_ticket = field is not None and field[1].startswith("/tiers")
    if field is not None and not is_ticket and tickets.tier_named(command.subject, turn) is None:
        yield from _saved(Proposed(*field, None), turn)


def help_(_: Command, turn: Turn, __: Capabilities) -> Iterator[Step]:
    yield turn.language.text("help")


def later(_: Command, turn: Turn, __: Capabilities) -> Iterator[Step]:
    yield turn.language.text("later")


def thanks(_: Command, turn: Turn, __: Capabilities) -> Iterator[Step]:
    yield turn.language.text("thanks")


Handler = Callable[[Command, Turn, Capabilities], Iterator[Step]]

HANDLERS: Final[dict[Intent, Handler]] = {
    Intent.COMPLETE: complete,
    Intent.SUGGEST: suggest,
    Intent.SAVE: save,
    Intent.CHECKS: checks,
    Intent.MISSING: missing,
    Intent.EXPLAIN: explain,
    Intent.UNDO: undo,
    Intent.PUBLISH: publish,
    Intent.TERMS: terms,
    Intent.GO: go,
    Intent.BACK: back,
    Intent.CREATE: create,
    Intent.CONNECT: connect,
    Intent.ADD_TIER: add_tier,
    Intent.SET: set_value,
    Intent.STATE: state_value,
    Intent.REMOVE: remove,
    Intent.HELP: help_,
    Intent.LATER: later,
    Intent.THANKS: thanks,
}
"""The commands that are about the session alone, not about what was said before."""


def _saved(value: Proposed, turn: Turn) -> Iterator[Step]:
    if can_be_saved(value):
        for stage, patch in patches_of([value], turn.circumstances.known).items():
            yield Use(SAVE_TOOLS[stage].name, patch)


def _is_offered(name: str, turn: Turn) -> bool:
    return any(tool.name == name for tool in turn.tools)
