"""Stage ``eventSetup``: the event, its date and its texts."""

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from domain.schemas.base import REQUIRED, SchemaModel
from domain.schemas.fields import (
    MANY_LINES,
    ONE_LINE,
    STRICT,
    Language,
    LocalDate,
    LocalTime,
    Slug,
    Timezone,
)
from domain.values.local_time import DEFAULT_TIMEZONE

MAX_YEARS_AHEAD: Final = 10


class EventType(StrEnum):
    FASHION_SHOW = "fashion_show"
    POPUP = "popup"
    EXHIBITION = "exhibition"
    LAUNCH = "launch"


class Visibility(StrEnum):
    PUBLIC = "public"
    UNLISTED = "unlisted"
    PRIVATE = "private"


Tag = Annotated[str, STRICT, Field(min_length=1, max_length=30), ONE_LINE]


class EventSection(SchemaModel):
    title: Annotated[
        Annotated[str, STRICT, Field(min_length=3, max_length=150), ONE_LINE] | None, REQUIRED
    ] = None
    type: Annotated[EventType | None, REQUIRED] = None
    date: Annotated[LocalDate | None, REQUIRED] = None
    start_time: Annotated[LocalTime | None, REQUIRED] = None
    end_time: LocalTime | None = None
    end_date: LocalDate | None = None
    timezone: Annotated[Timezone | None, Field(json_schema_extra={"default": DEFAULT_TIMEZONE})] = (
        None
    )
    description: Annotated[str, STRICT, Field(max_length=20_000), MANY_LINES] | None = None
    summary: Annotated[str, STRICT, Field(max_length=140), ONE_LINE] | None = None
    slug: Annotated[
        Slug | None,
        Field(description="The last part of the event's URL. Derived from the title by default"),
    ] = None
    visibility: Annotated[
        Visibility | None, Field(json_schema_extra={"default": Visibility.PUBLIC.value})
    ] = None
    language: Annotated[
        Language | None, Field(description="A BCP 47 language tag, such as `en-US`")
    ] = None
    tags: Annotated[list[Tag], Field(max_length=10)] | None = None
    dress_code: Annotated[
        Annotated[str, STRICT, Field(max_length=100), ONE_LINE] | None,
        Field(description="Free text"),
    ] = None
    age_restriction: Annotated[
        Annotated[str, STRICT, Field(max_length=100), ONE_LINE] | None,
        Field(description="Free text"),
    ] = None
