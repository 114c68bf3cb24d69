"""All sections of a session, typed as far as they are valid."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from domain.errors import FieldError
from domain.jsontypes import JsonObject
from domain.schemas.base import SchemaModel
from domain.schemas.event import EventSection
from domain.schemas.organizer import OrganizerSection
from domain.schemas.reading import read
from domain.schemas.review import ReviewSection
from domain.schemas.sponsor import SponsorSection
from domain.schemas.ticket import TicketSection
from domain.schemas.venue import VenueSection
from domain.stages import Section, Stage

Model = TypeVar("Model", bound=SchemaModel)


@dataclass(frozen=True)
class TypedSections:
    """``errors`` has, for each stage, what is wrong with single values; nothing across them."""

    organizer: OrganizerSection
    event: EventSection
    venue: VenueSection
    ticket: TicketSection
    sponsor: SponsorSection
    review: ReviewSection
    errors: dict[Stage, list[FieldError]]

    def of(self, stage: Stage) -> SchemaModel:
        model: SchemaModel = getattr(self, stage.section.value)
        return model


def read_sections(sections: Mapping[Section, JsonObject]) -> TypedSections:
    errors: dict[Stage, list[FieldError]] = {}

    def typed(stage: Stage, model: type[Model]) -> Model:
        reading = read(stage, model, sections.get(stage.section) or {})
        errors[stage] = reading.errors
        return reading.data

    return TypedSections(
        organizer=typed(Stage.ORGANIZER_SETUP, OrganizerSection),
        event=typed(Stage.EVENT_SETUP, EventSection),
        venue=typed(Stage.VENUE_SETUP, VenueSection),
        ticket=typed(Stage.TICKET_SETUP, TicketSection),
        sponsor=typed(Stage.SPONSORS_MEDIA, SponsorSection),
        review=typed(Stage.REVIEW_PUBLISH, ReviewSection),
        errors=errors,
    )
