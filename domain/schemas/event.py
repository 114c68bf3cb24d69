"""Stage ``eventSetup``: the event, its date, its participants and its texts."""

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from domain.schemas.base import REQUIRED, SchemaModel
from domain.schemas.fields import (
    BY_TIER_ID,
    BY_TIER_ID_SCHEMA,
    MANY_LINES,
    ONE_LINE,
    STRICT,
    Language,
    LocalDate,
    LocalTime,
    ShortUrl,
    Slug,
    TierName,
    Timezone,
    Url,
)
from domain.schemas.ticket import MAX_TIERS
from domain.values.local_time import DEFAULT_TIMEZONE

MAX_YEARS_AHEAD: Final = 10
MAX_PERFORMERS: Final = 20
MAX_CO_ORGANIZERS: Final = 10
MAX_OPENING_HOURS: Final = 60
MAX_TRANSLATIONS: Final = 5


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
Title = Annotated[str, STRICT, Field(min_length=3, max_length=150), ONE_LINE]
Summary = Annotated[str, STRICT, Field(max_length=140), ONE_LINE]
TierNames = Annotated[
    dict[str, TierName],
    Field(max_length=MAX_TIERS, json_schema_extra=BY_TIER_ID_SCHEMA),
    BY_TIER_ID,
]


class Participant(SchemaModel):
    """A performer or a co-organizer."""

    name: Annotated[
        Annotated[str, STRICT, Field(min_length=1, max_length=100), ONE_LINE] | None, REQUIRED
    ] = None
    url: ShortUrl | None = None


class OpeningHours(SchemaModel):
    """Hours of one day, in the event's time zone. A day may have several."""

    date: Annotated[LocalDate | None, REQUIRED] = None
    opens: Annotated[LocalTime | None, REQUIRED] = None
    closes: Annotated[
        LocalTime | None,
        REQUIRED,
        Field(description="On the next day if it is an earlier time of day than `opens`"),
    ] = None


class Translation(SchemaModel):
    """The texts of the event in another language. Absent texts are shown as entered."""

    language: Annotated[
        Language | None, REQUIRED, Field(description="A BCP 47 language tag, such as `fr`")
    ] = None
    title: Title | None = None
    summary: Summary | None = None
    description: Annotated[str, STRICT, Field(max_length=4_000), MANY_LINES] | None = None
    tiers: Annotated[
        TierNames | None,
        Field(description="Names of tickets in this language, by their `id`"),
    ] = None


class EventSection(SchemaModel):
    title: Annotated[Title | None, REQUIRED] = None
    type: Annotated[EventType | None, REQUIRED] = None
    date: Annotated[LocalDate | None, REQUIRED] = None
    start_time: Annotated[LocalTime | None, REQUIRED] = None
    end_time: LocalTime | None = None
    end_date: Annotated[
        LocalDate | None,
        Field(
            description=(
                "By default the day of `date`, or the next day if `endTime` is an earlier time of"
                " day than `startTime`"
            )
        ),
    ] = None
    timezone: Annotated[Timezone | None, Field(json_schema_extra={"default": DEFAULT_TIMEZONE})] = (
        None
    )
    description: Annotated[str, STRICT, Field(max_length=20_000), MANY_LINES] | None = None
    summary: Summary | None = None
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
    external_url: Annotated[
        Url | None, Field(description="The event's own page elsewhere, such as its website")
    ] = None
    performers: Annotated[list[Participant], Field(max_length=MAX_PERFORMERS)] | None = None
    organizers: Annotated[
        Annotated[list[Participant], Field(max_length=MAX_CO_ORGANIZERS)] | None,
        Field(description="Co-organizers, besides the organizer of `organizerSetup`"),
    ] = None
    opening_hours: Annotated[
        Annotated[list[OpeningHours], Field(max_length=MAX_OPENING_HOURS)] | None,
        Field(
            description="When an event of several days is open, within its start and its end. "
            "Hours must not overlap"
        ),
    ] = None
    translations: Annotated[
        Annotated[list[Translation], Field(max_length=MAX_TRANSLATIONS)] | None,
        Field(description="One for each other language; `Accept-Language` chooses between them"),
    ] = None
