"""What can be answered by a button: the options of a question, a proposal, suggestions.

The answer of a button is a sentence that the rules understand like one that the person types.
"""

from typing import Final

from copilot.agent.capabilities import Capabilities
from copilot.agent.offers import Offer, answer_in, narrow
from copilot.agent.patches import name_of
from copilot.agent.texts import text
from copilot.conversation import AnswerChoice, Choices
from copilot.understanding.facts import Question
from domain.stages import TITLES, Stage

SAVE: Final = AnswerChoice("Save these", "yes")
LEAVE: Final = AnswerChoice("Leave it", "no")
USE: Final = AnswerChoice("Use it", "yes")
USE_ALL: Final = AnswerChoice("Use all", "yes")
CONTINUE: Final = AnswerChoice("Continue", "continue")
RETRY: Final = AnswerChoice("Try again", "try again")
PUBLISH: Final = AnswerChoice("Publish", "publish")
CREATE: Final = AnswerChoice("New event", "new event")


def offered(*choices: AnswerChoice) -> Choices:
    return Choices(choices)


def of_question(question: Question, capabilities: Capabilities) -> Choices:
    """In the words of the options, which the conversation then shows as the person's own."""
    texts = map(capabilities.option_text, question.options)
    return Choices(tuple(AnswerChoice(text, text) for text in texts))


def of_suggestions(offer: Offer, current: Stage) -> Choices:
    """All, and each one whose name is that of no other."""
    if len(offer.values) == 1:
        return offered(USE, LEAVE)
    return offered(USE_ALL, *_single(offer, current), LEAVE)


def to_stage(stage: Stage) -> Choices:
    return offered(AnswerChoice(f"Go to {TITLES[stage]}", f"go to {TITLES[stage].lower()}"))


def _single(offer: Offer, current: Stage) -> list[AnswerChoice]:
    choices: list[AnswerChoice] = []
    for value in offer.values:
        name = name_of(value.pointer).lower()
        answer = text("only", name=name)
        command = answer_in(answer)
        narrowed = narrow(offer, command, current) if command else None
        if narrowed is not None and narrowed.values == (value,):
            choices.append(AnswerChoice(text("use_only", name=name), answer))
    return choices
