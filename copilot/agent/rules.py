"""The agent by rules: it answers a turn with words and calls of tools.

Only a sentence of the person, or the codes of a result, can lead to a call. Texts of the session
are never read as sentences.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from copilot.agent import actions, choices
from copilot.agent.capabilities import Capabilities
from copilot.agent.commands import commands_in
from copilot.agent.field_names import field_named, stage_of
from copilot.agent.intents import Command, Intent
from copilot.agent.offers import (
    Offer,
    asked_before,
    choice_of,
    continued,
    ideas_for,
    narrow,
    offer_before,
)
from copilot.agent.patches import name_of
from copilot.agent.proposals import is_plain, listed, patch_names, saves_of, suggested, was_shown
from copilot.agent.publishing import confirmed
from copilot.agent.replies import Step, replies_of
from copilot.agent.results import Result, refusal, results_at_end
from copilot.agent.retries import again
from copilot.agent.tickets import tier_named
from copilot.agent.unclear_tickets import objections
from copilot.agent.writes import has_report, kept_text, saved_names
from copilot.conversation import Reply, Role, Turn
from copilot.texts import Language
from copilot.tools import Effect, tool_named
from copilot.understanding.questions import is_question
from domain.json_values import is_at_or_below


@dataclass(frozen=True)
class RulesAgent:
    capabilities: Capabilities

    def respond(self, turn: Turn) -> Iterator[Reply]:
        """The same turn has the same answer, with the same ids of calls."""
        return replies_of(turn, self._steps(turn))

    def _steps(self, turn: Turn) -> Iterator[Step]:
        if not turn.messages:
            yield turn.language.text("help")
            return
        last = turn.messages[-1]
        if last.role is Role.TOOL:
            yield from self._after_results(results_at_end(turn.messages), turn)
        elif last.role is Role.USER:
            yield from self._answer(last.text, turn)

    def _answer(self, sentence: str, turn: Turn) -> Iterator[Step]:
        offer = offer_before(turn, self.capabilities)
        commands = commands_in(sentence)
        if choice_of(offer, sentence, self.capabilities) is None:
            for command in commands:
                steps = list(self._command(command, offer, turn))
                if steps:
                    yield from steps
                    return
        yield from self._understood(sentence, commands, offer, turn)

    def _command(self, command: Command, offer: Offer, turn: Turn) -> Iterator[Step]:
        if command.intent is Intent.ACCEPT:
            yield from self._accept(offer, offer, turn)
        elif command.intent is Intent.REJECT:
            yield turn.language.text("dropped" if offer else "nothing_open")
        elif command.intent in (Intent.WITHOUT, Intent.ONLY):
            narrowed = narrow(offer, command, turn.context.stage)
            if narrowed is not None:
                yield from self._accept(narrowed, offer, turn)
        elif command.intent is Intent.FILL:
            filled = continued(offer, command.subject, turn, self.capabilities)
            yield from listed(filled, turn, self.capabilities)
        elif command.intent is Intent.RETRY:
            yield from again(turn, self._steps)
        else:
            yield from actions.HANDLERS[command.intent](command, turn, self.capabilities)

    def _accept(self, offer: Offer, shown: Offer, turn: Turn) -> Iterator[Step]:
        """A question is answered before anything is saved, and only what was shown is saved."""
        if offer.questions or not was_shown(shown, turn):
            yield from listed(offer, turn, self.capabilities)
        elif offer.values:
            yield from saves_of(offer, turn)
        else:
            yield turn.language.text("nothing_open")

    def _understood(
        self, sentence: str, commands: list[Command], before: Offer, turn: Turn
    ) -> Iterator[Step]:
        offer = continued(before, sentence, turn, self.capabilities)
        subjects = [
            command.subject
            for command in commands
            if command.intent is Intent.SET and _names_value(command.subject, offer, turn)
        ]
        offer = replace(offer, unused=_without(subjects, offer.unused))
        is_new = offer.values != before.values or offer.questions != before.questions
        if offer.unclear and Intent.ADD_TIER in {command.intent for command in commands}:
            yield turn.language.text("what_tier")
        elif offer.unclear:
            yield from objections(offer.unclear, turn, self.capabilities)
        elif not is_new:
            yield self._nothing_found(sentence, commands, turn)
        if is_new and is_plain(offer) and not before.values and not is_question(sentence):
            yield from saves_of(offer, turn)
        elif is_new:
            yield from listed(offer, turn, self.capabilities)

    def _nothing_found(self, sentence: str, commands: list[Command], turn: Turn) -> str:
        intents = {command.intent for command in commands}
        if is_question(sentence):
            return turn.language.text("cannot_answer")
        if Intent.ADD_TIER in intents:
            return turn.language.text("what_tier")
        if intents & {Intent.SET, Intent.STATE, Intent.EXPLAIN, Intent.REMOVE}:
            return turn.language.text("what_field")
        return turn.language.text(
            "not_understood", example=turn.language.examples[turn.context.stage]
        )

    def _after_results(self, results: list[Result], turn: Turn) -> Iterator[Step]:
        wrote = False
        for result in results:
            tool = tool_named(result.call.tool)
            if result.is_refused:
                yield from refusal(result, turn)
            elif result.call.tool == "publishEvent":
                yield from confirmed(result, turn)
            elif result.is_declined:
                yield turn.language.text("declined")
            else:
                yield from self._done(result, turn)
                wrote = wrote or (tool is not None and tool.effect is Effect.WRITE)
        if wrote and not any(result.is_refused for result in results):
            yield from _next_step(turn)

    def _done(self, result: Result, turn: Turn) -> Iterator[Step]:
        call, tool = result.call, tool_named(result.call.tool)
        if call.tool in ("whatIsMissing", "runChecks"):
            yield from actions.found(turn)
        elif call.tool == "explainField":
            yield from self._explained(result, turn)
        elif tool is not None and tool.stage is not None and call.tool.startswith("suggest"):
            asked = asked_before(turn.messages)
            yield from suggested(ideas_for(tool.stage, asked, turn, self.capabilities), turn)
        else:
            yield from _written(result, turn)

    def _explained(self, result: Result, turn: Turn) -> Iterator[Step]:
        arguments = result.call.arguments
        stage = stage_of(arguments.get("stage"))
        if stage is not None:
            pointer = str(arguments.get("pointer"))
            yield actions.explanation(stage, pointer, turn, self.capabilities)


def _names_value(subject: str, offer: Offer, turn: Turn) -> bool:
    """Whether the words of a command name a field, or a ticket, that was understood."""
    if tier_named(subject, turn) is not None:
        return True
    field = field_named(subject, turn.context.stage)
    understood = [(value.stage, value.pointer) for value in offer.values]
    asked = [(question.stage, question.pointer) for question in offer.questions]
    return field is not None and any(
        stage is field[0] and is_at_or_below(pointer, field[1])
        for stage, pointer in (*understood, *asked)
    )


def _without(subjects: list[str], words: str) -> str:
    """Words without those that name the field of a command."""
    named = {word.casefold() for subject in subjects for word in subject.split()}
    return " ".join(word for word in words.split() if word.casefold() not in named)


def _written(result: Result, turn: Turn) -> Iterator[Step]:
    """What was done, and what was left to the person, who has changed it meanwhile."""
    kept = kept_text(result.body, turn.language)
    if not kept or saved_names(result.body, turn.language):
        yield _done_text(result, turn.language)
    if kept:
        yield kept


def _done_text(result: Result, language: Language) -> str:
    call, tool = result.call, tool_named(result.call.tool)
    stage = tool.stage if tool else None
    if stage is not None and call.tool.startswith("complete"):
        return language.text("completed", stage=language.stages[stage])
    if stage is not None and call.tool.startswith("autosave"):
        if has_report(result.body) and call.arguments:
            saved = ", ".join(saved_names(result.body, language))
            return language.text("saved", names=saved) if saved else language.text("unchanged")
        names = patch_names(call.arguments, language)
        return (
            language.text("saved", names=names)
            if names
            else language.text("saved_stage", stage=language.stages[stage])
        )
    if call.tool in ("addTier", "changeTier"):
        return language.text(
            "saved", names=call.arguments.get("name") or name_of("/tiers", language)
        )
    target = stage_of(call.arguments.get("stage"))
    if call.tool == "goToStage" and target is not None:
        return language.text("went", stage=language.stages[target])
    fixed = {
        "removeTier": "ticket_removed",
        "undoLast": "undone",
        "createSession": "created",
        "connectPayments": "connected",
        "confirmPublish": "publishing",
    }
    return language.text(fixed.get(call.tool, "done"))


def _next_step(turn: Turn) -> Iterator[Step]:
    """The first error of the stage, or that it can be completed."""
    context = turn.context
    if context.errors:
        yield turn.language.text("next", message=turn.language.error_message(context.errors[0]))
    elif context.stage not in context.completed_stages:
        yield turn.language.text("next_stage", stage=turn.language.stages[context.stage])
        yield choices.offered(turn.language, "continue")
