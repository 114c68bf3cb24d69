"""Understanding of a sentence about an event, before there is a session."""

import asyncio
from datetime import UTC, datetime
from typing import Any, Final

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from api.auth import CurrentActor
from api.copilot.run_input import DEFAULT_LOCALE, Locale
from api.responses import (
    AUTHENTICATED_ERRORS,
    documented_errors,
    documented_response,
    json_response,
)
from api.routing import ApiRoute
from copilot.texts import ENGLISH
from copilot.understanding import understand
from copilot.understanding.codes import Assumption, OptionCode, QuestionCode
from copilot.understanding.facts import Circumstances, Fact, Option, Question, Understanding
from copilot.understanding.reading import MAX_LENGTH
from domain.errors import InvalidRequest, PayloadTooLarge, RateLimited
from domain.json_values import JsonObject
from domain.schemas.event import EventType
from domain.schemas.fields import Timezone
from domain.stages import Stage

router = APIRouter(prefix="/v1", tags=["assistant"], route_class=ApiRoute)

_EXAMPLE: Final[JsonObject] = {
    "text": "A pop-up called The Hat Room, Friday at 7 in Lisbon, 25 euros",
    "locale": "en-GB",
    "timezone": "Europe/Lisbon",
}

_POSITION: Final = "In UTF-16 code units, as strings of JavaScript are counted"


class UnderstandingRequest(BaseModel):
    """A sentence about an event."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    text: str = Field(min_length=1, max_length=MAX_LENGTH)
    locale: Locale = Field(
        default=DEFAULT_LOCALE,
        description="The language of the person, a BCP 47 tag. It determines how 12/05 may be read",
    )
    timezone: Timezone | None = Field(
        default=None,
        description="The time zone of the person, an IANA name. It determines which day is today",
    )


class UnderstoodFact(BaseModel):
    """A value for one field, and the words that say it."""

    stage: Stage
    pointer: str = Field(
        description="A JSON Pointer (RFC 6901) into the stage's data. `/tiers/-` and `/sponsors/-` "
        "add an entry to the list"
    )
    value: Any = Field(description="As `PATCH` accepts it")
    start: int = Field(ge=0, description=f"Where the words begin. {_POSITION}")
    end: int = Field(ge=0, description=f"Where the words end. {_POSITION}")
    assumed: Assumption | None = Field(
        description="The part of the value that the text does not say; null if it says all of it"
    )

    @classmethod
    def of(cls, fact: Fact, text: str) -> "UnderstoodFact":
        return cls(
            stage=fact.stage,
            pointer=fact.pointer,
            value=fact.value,
            start=_units(text[: fact.start]),
            end=_units(text[: fact.end]),
            assumed=fact.assumed,
        )


class UnderstoodOption(BaseModel):
    """One of the meanings of words."""

    code: OptionCode | EventType
    params: JsonObject = Field(description="The values in the text")
    text: str = Field(description="A few words, in English")
    facts: list[UnderstoodFact] = Field(description="The facts if this option is chosen")

    @classmethod
    def of(cls, option: Option, text: str) -> "UnderstoodOption":
        return cls(
            code=option.code,
            params=option.params,
            text=ENGLISH.option_text(option),
            facts=[UnderstoodFact.of(fact, text) for fact in option.facts],
        )


class UnderstoodQuestion(BaseModel):
    """Words with several meanings."""

    code: QuestionCode
    stage: Stage
    pointer: str = Field(description="A JSON Pointer (RFC 6901) into the stage's data")
    start: int = Field(ge=0, description=f"Where the words begin. {_POSITION}")
    end: int = Field(ge=0, description=f"Where the words end. {_POSITION}")
    text: str = Field(description="The question, in English")
    options: list[UnderstoodOption] = Field(min_length=2)

    @classmethod
    def of(cls, question: Question, text: str) -> "UnderstoodQuestion":
        return cls(
            code=question.code,
            stage=question.stage,
            pointer=question.pointer,
            start=_units(text[: question.start]),
            end=_units(text[: question.end]),
            text=ENGLISH.question_text(question),
            options=[UnderstoodOption.of(option, text) for option in question.options],
        )


class UnderstoodText(BaseModel):
    """What a sentence says about an event."""

    facts: list[UnderstoodFact] = Field(description="In the order of their words")
    questions: list[UnderstoodQuestion]
    unused: str = Field(description="The words that no fact or question uses")

    @classmethod
    def of(cls, understanding: Understanding, text: str) -> "UnderstoodText":
        return cls(
            facts=[UnderstoodFact.of(fact, text) for fact in understanding.facts],
            questions=[
                UnderstoodQuestion.of(question, text) for question in understanding.questions
            ],
            unused=understanding.unused,
        )


@router.post(
    "/understanding",
    status_code=200,
    summary="Understand a sentence about an event",
    response_model=None,
    responses={
        **documented_response(UnderstoodText, "Facts and questions"),
        **documented_errors(*AUTHENTICATED_ERRORS, InvalidRequest, PayloadTooLarge, RateLimited),
    },
)
async def understand_text(_actor: CurrentActor, asked: UnderstandingRequest) -> Response:
    """Reads a sentence by rules, as the assistant does, without a session. A front end shows what
    was understood, and creates the session with the accepted facts as `sections`.

    Nothing is stored. Each request counts as a run of the assistant for the rate limit.
    """
    # In a thread: a long text takes a while, and the first text waits seconds for tables to load.
    return await asyncio.to_thread(_understood, asked)


def _understood(asked: UnderstandingRequest) -> Response:
    circumstances = Circumstances(datetime.now(UTC), asked.locale, asked.timezone)
    understanding = understand(asked.text, circumstances)
    return json_response(UnderstoodText.of(understanding, asked.text))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
