"""Sentences that say nothing about the event: questions, doubts, refusals, opinions, quotes.

They are set aside before anything else is read: "What is the weather like in Lisbon?" names no
place of the event.
"""

import re
from typing import Final

from copilot.understanding.reading import Reading, folded

_BEGIN: Final = r"(?:^|(?<=[.!?\n]))\s*(?:(?:and|but|so|ok|hi|hello|und|aber|hallo)\b,?\s)?"
_REST: Final = r"(?:[^.!?\n]|[.](?=\S))*"
"""The rest of a sentence. A full stop within a number does not end it."""
_ASKS: Final = (
    r"(?:(?:what|how|was|wie)(?!\s(?:about|ist mit|ware)\b)|when|where|who|why|which|wann|wo|wer|"
    r"warum|wieso|welche[nrs]?|wie\s?viele?)"
)
_IS: Final = (
    r"(?:['’]?s|\s(?:is|are|was|were|do|does|did|will|much|many|long|ist|sind|wird|viele?))"
)
_VERBS: Final = (
    r"(?:(?:is|are|does|did|was|were|has|have|ist|sind|wird|werden|gibt|geht|hat|haben)\b|"
    r"(?:do|must|should|muss|soll)\s(?:i|we|you|they|people|guests|ich|wir|man)\b)"
)
_QUESTIONS: Final = (
    re.compile(rf"{_BEGIN}\b(?:{_ASKS}|{_VERBS})\b{_REST}\?"),
    # without a question mark
    re.compile(rf"{_BEGIN}\b(?!which\b){_ASKS}{_IS}\b(?!\s?[:?]){_REST}"),
)
_MARK: Final = re.compile(r"\?(?:\s|$)")
_QUOTED: Final = re.compile(
    r"\b(?:said|says|told (?:me|us|him|her|them)|asked|wrote|writes|sagte?|sagt|meinte?|schrieb)"
    r"\b[:,]?\s(?:\"[^\"\n]*\"|“[^”\n]*”|„[^“”\n]*[“”]|«[^»\n]*»|'[^'\n]*')"
)
_CLAUSE: Final = r"(?:(?!\b(?:but|aber)\b)[^,.;\n])*"
_DOUBTS: Final = re.compile(
    rf"(?:^|(?<=[,.;\n])|(?<=\bbut)|(?<=\baber)){_CLAUSE}\b(?:not (?:yet )?sure|unsure|"
    r"(?:have|has|is|are)(?:n['’]t| not) (?:yet )?(?:been )?(?:decided?|fixed|confirmed)|undecided|"
    r"(?:don['’]t|do not) (?:yet )?know|no idea|wei(?:ss|ß) (?:es )?(?:noch )?nicht|"
    rf"(?:noch )?nicht (?:sicher|entschieden)|unsicher)\b{_CLAUSE}"
)
_REFUSALS: Final = re.compile(
    rf"(?:^|(?<=[,.;\n])|(?<=\bbut)){_CLAUSE}\b(?:do|does|did|wo|will|would|ca|should)"
    r"(?:n['’]t| not)\s"
    rf"(?:want|like|need|plan|start|happen|take place|charge|sell|publish|be|have to)\b{_CLAUSE}"
)
_OPINIONS: Final = re.compile(
    rf"(?:^|(?<=[,.;\n])){_CLAUSE}\b(?:is|are|ist|sind)\s(?:too|wrong|missing|fine|unclear|unknown|"
    r"tbd|tba|to be|not (?:yet|right|good|final)|nicht|noch|falsch|unklar|egal|zu)\b"
    rf"{_CLAUSE}"
)


def read_questions(reading: Reading) -> None:
    for pattern in (_QUOTED, *_QUESTIONS, _DOUBTS, _REFUSALS, _OPINIONS):
        for match in reading.find_all(pattern):
            reading.set_aside(*match.span())


def is_question(sentence: str) -> bool:
    """Whether some sentence of a text is a question, or asks for something."""
    text = folded(sentence)
    return _MARK.search(text) is not None or any(pattern.search(text) for pattern in _QUESTIONS)


def is_opinion(sentence: str) -> bool:
    """Whether a text says what is right or wrong, such as "the title is too long"."""
    return _OPINIONS.search(folded(sentence)) is not None
