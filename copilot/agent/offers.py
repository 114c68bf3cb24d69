"""What was offered to the person and is not answered yet, read from the conversation.

The agent keeps nothing between two turns: the sentences since the last answer are read again.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from copilot.agent.capabilities import Capabilities
from copilot.agent.commands import commands_in, tidy
from copilot.agent.field_names import field_named
from copilot.agent.intents import Command, Intent
from copilot.agent.patches import Proposed, can_be_saved, name_of, patches_of, same_name
from copilot.agent.unclear_tickets import separated
from copilot.conversation import ChatMessage, Role, Turn, last_text
from copilot.texts import LANGUAGES
from copilot.tools import tool_named
from copilot.understanding.facts import Circumstances, Fact, Option, Question
from domain.json_values import is_at_or_below, merge
from domain.stages import Stage

MAX_SENTENCES: Final = 4
"""Those before are forgotten: each is read again at every turn."""

_ANSWERS: Final = frozenset({Intent.ACCEPT, Intent.REJECT, Intent.WITHOUT, Intent.ONLY})
_ORDINALS: Final = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "erste": 1,
    "ersten": 1,
    "zweite": 2,
    "zweiten": 2,
    "dritte": 3,
    "dritten": 3,
}
_NUMBER: Final = re.compile(
    r"(?:the |number |option |nummer |der |die |das |den )*(\d{1,2}|[a-z]+)(?: one)?", re.IGNORECASE
)
_SEPARATORS: Final = re.compile(r",| and | or | und | oder ", re.IGNORECASE)


@dataclass(frozen=True)
class Offer:
    values: tuple[Proposed, ...] = ()
    questions: tuple[Question, ...] = ()
    unused: str = ""
    notes: tuple[str, ...] = ()
    """What the person has to write without a suggestion."""
    unclear: tuple[Proposed, ...] = ()
    """Tickets that cannot be saved as the last sentence has them."""

    def __bool__(self) -> bool:
        return bool(self.values or self.questions)


def offer_before(turn: Turn, capabilities: Capabilities) -> Offer:
    """What is open when the last message is read."""
    sentences, start = _open_sentences(turn.messages[:-1])
    offer = _ideas_before(turn, start, capabilities)
    for sentence in sentences:
        offer = continued(offer, sentence, turn, capabilities)
    return offer


def continued(offer: Offer, sentence: str, turn: Turn, capabilities: Capabilities) -> Offer:
    """The offer after a sentence that does not accept it."""
    command = answer_in(sentence)
    if offer and command is not None:
        narrowed = narrow(offer, command, turn.context.stage)
        if narrowed is not None:
            return narrowed
    chosen = choice_of(offer, sentence, capabilities)
    if chosen is not None:
        rest = offer.questions[1:]
        return Offer(_merged(offer.values, map(_proposed, chosen.facts)), rest, offer.unused)
    understood = capabilities.understand(sentence, _with_offered(offer, turn.circumstances))
    settled = {fact.pointer for fact in understood.facts}
    kept = tuple(question for question in offer.questions if question.pointer not in settled)
    clear, unclear = separated(map(_proposed, understood.facts), turn)
    return Offer(
        _merged(offer.values, clear),
        (*kept, *understood.questions),
        understood.unused,
        unclear=unclear,
    )


def _with_offered(offer: Offer, circumstances: Circumstances) -> Circumstances:
    """What is offered is known when the next sentence is read: "no, the 15th" is of its month."""
    offered = patches_of(offer.values, circumstances.known)
    known = {
        stage.section: merge(circumstances.known.get(stage.section, {}), patch)
        for stage, patch in offered.items()
    }
    return replace(circumstances, known={**circumstances.known, **known})


def narrow(offer: Offer, command: Command, current: Stage) -> Offer | None:
    """The offer without the values that the command leaves out; None if it names none of them."""
    if command.intent is Intent.REJECT:
        return Offer()
    if command.intent not in (Intent.WITHOUT, Intent.ONLY):
        return None
    named = [
        value
        for value in offer.values
        if any(
            _is_named(value, words, current)
            for words in (command.subject, *_SEPARATORS.split(command.subject))
        )
    ]
    if not named:
        return None
    keeps = command.intent is Intent.ONLY
    values = tuple(value for value in offer.values if (value in named) is keeps)
    return Offer(values, () if keeps else offer.questions, "")


def choice_of(offer: Offer, sentence: str, capabilities: Capabilities) -> Option | None:
    """The option of the first question that a sentence chooses, by its number or its words.

    The words of an option may be in those of another one, so all of them count first.
    """
    if not offer.questions:
        return None
    options = offer.questions[0].options
    said = tidy(sentence).casefold()
    texts = [tidy(capabilities.option_text(option)).casefold() for option in options]
    if said in texts:
        return options[texts.index(said)]
    numbered = _NUMBER.fullmatch(said)
    if numbered:
        word = numbered[1]
        number = int(word) if word.isdigit() else _ORDINALS.get(word, 0)
        if 1 <= number <= len(options):
            return options[number - 1]
    matching = [option for option, text in zip(options, texts, strict=True) if _says(said, text)]
    return matching[0] if len(matching) == 1 else None


def answer_in(sentence: str) -> Command | None:
    return next((command for command in commands_in(sentence) if command.intent in _ANSWERS), None)


def ideas_for(stage: Stage, asked: str, turn: Turn, capabilities: Capabilities) -> Offer:
    """The suggestions of a stage; only those of a field, if one is asked for."""
    ideas = capabilities.suggest(stage, turn.circumstances)
    field = field_named(asked, stage) if asked else None
    asked_for = [
        idea
        for idea in ideas
        if field is None or (idea.stage is field[0] and is_at_or_below(idea.pointer, field[1]))
    ]
    values = [
        Proposed(idea.stage, idea.pointer, idea.value, reason=idea.reason)
        for idea in asked_for
        if idea.value is not None
    ]
    notes = tuple(idea.reason for idea in asked_for if idea.value is None and idea.reason)
    first = {(value.stage, value.pointer): value for value in reversed(values)}
    kept = [value for value in values if first[value.stage, value.pointer] is value]
    return Offer(tuple(value for value in kept if can_be_saved(value)), notes=notes)


def _open_sentences(messages: Sequence[ChatMessage]) -> tuple[list[str], int]:
    """The sentences since the last call of a tool, oldest first, and the place of its result."""
    sentences: list[str] = []
    for place in range(len(messages) - 1, -1, -1):
        message = messages[place]
        if message.calls or message.role is Role.TOOL:
            return sentences, place
        if message.role is Role.USER:
            if len(sentences) == MAX_SENTENCES:
                break
            sentences.insert(0, message.text)
    return sentences, -1


def _ideas_before(turn: Turn, place: int, capabilities: Capabilities) -> Offer:
    """The suggestions that were shown, if the result at this place is of such a tool."""
    if place < 0:
        return Offer()
    message = turn.messages[place]
    calls = {call.call_id: call for before in turn.messages[:place] for call in before.calls}
    call = calls.get(message.call_id or "")
    tool = tool_named(call.tool) if call else None
    if tool is None or tool.stage is None or not tool.name.startswith("suggest"):
        return Offer()
    return ideas_for(tool.stage, asked_before(turn.messages[:place]), turn, capabilities)


def asked_before(messages: Sequence[ChatMessage]) -> str:
    """The subject of the last command to suggest something."""
    commands = commands_in(last_text(messages, Role.USER))
    return next((command.subject for command in commands if command.intent is Intent.SUGGEST), "")


def _proposed(fact: Fact) -> Proposed:
    return Proposed(fact.stage, fact.pointer, fact.value, fact.assumed)


def _merged(values: tuple[Proposed, ...], added: Iterable[Proposed]) -> tuple[Proposed, ...]:
    """Later values replace earlier ones of the same field."""
    merged = list(values)
    for new in added:
        if can_be_saved(new):
            merged = [value for value in merged if not _is_same_field(value, new)]
            merged.append(new)
    return tuple(merged)


def _is_same_field(one: Proposed, other: Proposed) -> bool:
    if (one.stage, one.pointer) != (other.stage, other.pointer):
        return False
    return not one.pointer.endswith("/-") or same_name(one.value, other.value)


def _is_named(value: Proposed, words: str, current: Stage) -> bool:
    said = words.strip().casefold()
    if not said:
        return False
    field = field_named(said, current)
    if field and field[0] is value.stage and is_at_or_below(value.pointer, field[1]):
        return True
    names = (
        name_of(value.pointer, language, value.stage).casefold() for language in LANGUAGES.values()
    )
    if said in names:
        return True
    name = value.value.get("name") if isinstance(value.value, dict) else None
    return isinstance(name, str) and said.removeprefix("the ") == name.casefold()


def _says(said: str, option: str) -> bool:
    words = option.strip(". ")
    return bool(said) and (_has_words(words, said) or _has_words(said, words))


def _has_words(text: str, words: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text) is not None
