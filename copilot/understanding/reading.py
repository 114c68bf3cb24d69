"""A sentence while it is read: the words that are left, and what was understood so far.

Each kind of fact is read in its turn, and takes the words it has used: the 7 of "7 pm" is no longer
available when prices are read. Taken words become :data:`TAKEN`, which no pattern matches, so that
all positions remain those of the sentence.
"""

import re
from collections.abc import Iterator
from unicodedata import combining, normalize

from copilot.understanding.codes import Assumption, QuestionCode
from copilot.understanding.facts import Circumstances, Fact, Option, Question, Understanding
from domain.errors import ErrorCode
from domain.json_values import JsonObject
from domain.schemas import INPUT_SCHEMAS
from domain.stages import Stage
from domain.validation.parsing import parse_section
from domain.values.text import composed, trimmed

TAKEN = "\x00"
MAX_LENGTH = 4_000
"""In characters. What follows is not read."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_WORD = re.compile(r"[^\W_][\w'’&@.-]*")
# Words without a meaning of their own, which are not reported as unused.
_FUNCTION_WORDS_TEXT = """
a an the at in on of for to from with by and or is are it its it's be will we our i this that
there um am im der die das den dem ein eine mit und von zu le la les un une des du de et el los
las y con para o os as e em na no com per pp hi hello please pls i'd thanks thank you ok okay so
then now actually yes make set let's want would like should can could us me my we'd we'll i'm have
bitte danke ja nein doch lieber jetzt wir wollen mochten soll sollte ist sind nur auch bei vom zum
has add move change there's sondern erst only just
andern setzen stellen verschieben verschieb verschiebe auf es passen rein fangen
jeweils geoffnet
mach mache machen unser unsere geht dauert
it'll they'll you'll we're they're moving bump bring reach contact
"""
_FUNCTION_WORDS = frozenset(_FUNCTION_WORDS_TEXT.split())


def folded(text: str) -> str:
    """In lower case and without accents, with the same number of characters."""
    return text.lower() if text.isascii() else "".join(map(_folded_character, text))


def _folded_character(character: str) -> str:
    lower = character.lower()
    base, *marks = list(normalize("NFD", lower))
    if marks and all(map(combining, marks)):
        return base
    return lower if len(lower) == 1 else character


def clean(text: str) -> str:
    """A piece of a sentence as a value of a field: one line, without marks around it."""
    return trimmed(composed(_CONTROL.sub(" ", text))).strip(" ,;:.!?-–—\"“”„«»'()[]/|")


def capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


class Reading:
    """A sentence, its words that are not yet used, and the facts and questions found in it."""

    def __init__(self, sentence: str, circumstances: Circumstances) -> None:
        self.sentence = sentence
        self.text = sentence[:MAX_LENGTH]
        self.circumstances = circumstances
        self.open = folded(self.text).replace(TAKEN, " ")
        self._aside: list[tuple[int, int]] = []
        self.facts: list[Fact] = []
        self.questions: list[Question] = []

    def find(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        return pattern.search(self.open)

    def find_all(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """All matches in the words that are open now, also if some of them are taken meanwhile."""
        return pattern.finditer(self.open)

    def take(self, start: int, end: int) -> None:
        self.open = self.open[:start] + TAKEN * (end - start) + self.open[end:]

    def set_aside(self, start: int, end: int) -> None:
        """Hides words from all that is read later. They remain unused."""
        self._aside.append((start, end))
        self.take(start, end)

    def said(self, start: int, end: int) -> str:
        return clean(self.text[start:end])

    def has(self, pattern: re.Pattern[str]) -> bool:
        return pattern.search(self.open) is not None

    def add(
        self,
        stage: Stage,
        pointer: str,
        value: object,
        span: tuple[int, int],
        assumed: Assumption | None = None,
    ) -> None:
        """Adds a fact, unless the field has one already. Its words are taken."""
        self.take(*span)
        if pointer.endswith("/-") or self.fact(stage, pointer) is None:
            self.facts.append(Fact(stage, pointer, value, *span, assumed))

    def ask(
        self,
        code: QuestionCode,
        stage: Stage,
        pointer: str,
        span: tuple[int, int],
        options: tuple[Option, ...],
    ) -> None:
        self.take(*span)
        if not any(
            (question.code, question.pointer) == (code, pointer) for question in self.questions
        ):
            self.questions.append(Question(code, stage, pointer, *span, options))

    def fact(self, stage: Stage, pointer: str) -> Fact | None:
        for fact in self.facts:
            if fact.stage is stage and fact.pointer == pointer:
                return fact
        return None

    def value(self, stage: Stage, pointer: str) -> object:
        """What the sentence says about a field, else what is known of it."""
        fact = self.fact(stage, pointer)
        if fact is not None:
            return fact.value
        known: object = self.circumstances.known.get(stage.section, {})
        for key in pointer[1:].split("/"):
            known = known.get(key) if isinstance(known, dict) else None
        return known

    def is_asked(self, code: QuestionCode) -> bool:
        return any(question.code == code for question in self.questions)

    def understanding(self) -> Understanding:
        facts = sorted(filter(_is_valid, self.facts), key=lambda fact: (fact.start, fact.pointer))
        questions = [question for question in map(_valid_question, self.questions) if question]
        return Understanding(tuple(facts), tuple(questions), self._unused())

    def _unused(self) -> str:
        left = self.open
        for start, end in self._aside:
            left = left[:start] + folded(self.text[start:end]) + left[end:]
        words = [
            self.text[match.start() : match.end()].rstrip(".-'’")
            for match in _WORD.finditer(left)
            if match[0].rstrip(".-'’").replace("’", "'") not in _FUNCTION_WORDS
        ]
        return " ".join([*words, self.sentence[MAX_LENGTH:]]).strip()


def _valid_question(question: Question) -> Question | None:
    options = tuple(option for option in question.options if all(map(_is_valid, option.facts)))
    if len(options) < 2:  # noqa: PLR2004  two meanings make a question
        return None
    return Question(
        question.code, question.stage, question.pointer, question.start, question.end, options
    )


def _is_valid(fact: Fact) -> bool:
    parsed = parse_section(fact.stage, INPUT_SCHEMAS[fact.stage], as_patch(fact))
    return all(
        error.code == ErrorCode.MISSING and not error.pointer.startswith(_place(fact))
        for error in parsed.errors
    )


def _place(fact: Fact) -> str:
    return fact.pointer.removesuffix("-") + "0" if fact.pointer.endswith("/-") else fact.pointer


def as_patch(fact: Fact) -> JsonObject:
    """The data of a stage that has this fact alone."""
    value = fact.value
    for key in reversed(fact.pointer[1:].split("/")):
        value = [value] if key == "-" else {key: value}
    assert isinstance(value, dict)  # noqa: S101  a pointer begins with a name
    return value
