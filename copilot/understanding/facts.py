"""What a sentence says about an event: facts, and questions if it has two meanings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from copilot.understanding.codes import Assumption, OptionCode, QuestionCode
from domain.json_values import JsonObject
from domain.schemas.event import EventType
from domain.stages import Section, Stage


@dataclass(frozen=True)
class Circumstances:
    """What is known when a sentence is read. The same situation and words have the same meaning."""

    now: datetime
    """With a zone."""
    locale: str
    """A BCP 47 tag, such as ``en-GB``. It decides how ``12/05`` may be read."""
    timezone: str | None = None
    """Of the person, as an IANA name; null if unknown."""
    currency: str | None = None
    """The currency of the session or of the Stripe account, in lower case; null if unknown."""
    known: Mapping[Section, JsonObject] = field(default_factory=dict)
    """The data of the session, as it is saved."""


@dataclass(frozen=True)
class Fact:
    """A value for one field, and the words that say it.

    The words are ``sentence[start:end]``.
    """

    stage: Stage
    pointer: str
    """A JSON Pointer into the data of the stage; ``/tiers/-`` adds a tier."""
    value: object
    """JSON, as ``PATCH`` accepts it."""
    start: int
    end: int
    assumed: Assumption | None = None
    """None if all of the value was said."""


@dataclass(frozen=True)
class Option:
    """One of the meanings of a question."""

    code: OptionCode | EventType
    params: JsonObject
    facts: tuple[Fact, ...]
    """What is understood if the person chooses this option."""


@dataclass(frozen=True)
class Question:
    """Words with two meanings, and the meanings. The words are ``sentence[start:end]``."""

    code: QuestionCode
    stage: Stage
    pointer: str
    start: int
    end: int
    options: tuple[Option, ...]
    """At least two."""


@dataclass(frozen=True)
class Understanding:
    facts: tuple[Fact, ...] = ()
    questions: tuple[Question, ...] = ()
    unused: str = ""
    """The words that no fact and no question has used, in their order."""
