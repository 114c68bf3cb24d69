"""What can be answered by a button: the options of a question, a proposal, suggestions.

The answer of a button is a sentence that the rules understand like one that the person types.
"""

from copilot.agent.capabilities import Capabilities
from copilot.agent.offers import Offer, answer_in, narrow
from copilot.agent.patches import name_of
from copilot.conversation import AnswerChoice, Choices, Turn
from copilot.texts import Language
from copilot.understanding.facts import Question
from domain.stages import Stage


def offered(language: Language, *buttons: str) -> Choices:
    """Buttons by their keys."""
    return Choices(tuple(AnswerChoice(*language.button(key)) for key in buttons))


def of_question(question: Question, capabilities: Capabilities) -> Choices:
    """In the words of the options, which the conversation then shows as the person's own."""
    texts = map(capabilities.option_text, question.options)
    return Choices(tuple(AnswerChoice(text, text) for text in texts))


def of_suggestions(offer: Offer, turn: Turn) -> Choices:
    """All, and each one whose name is that of no other."""
    language = turn.language
    if len(offer.values) == 1:
        return offered(language, "use", "leave")
    all_of_them, leave = offered(language, "use_all", "leave").choices
    return Choices((all_of_them, *_single(offer, turn), leave))


def to_stage(language: Language, stage: Stage) -> Choices:
    return Choices((AnswerChoice(*language.button("go", stage=language.stages[stage])),))


def _single(offer: Offer, turn: Turn) -> list[AnswerChoice]:
    language = turn.language
    choices: list[AnswerChoice] = []
    for value in offer.values:
        name = name_of(value.pointer, language, value.stage)
        answer = language.text("only", name=name)
        command = answer_in(answer)
        narrowed = narrow(offer, command, turn.context.stage) if command else None
        if narrowed is not None and narrowed.values == (value,):
            choices.append(AnswerChoice(language.text("use_only", name=name), answer))
    return choices
