"""All sections of a session, typed as far as they are valid."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, TypeVar

from domain.errors import FieldError
from domain.json_values import JsonObject
from domain.schemas.base import SchemaModel
from domain.schemas.event import EventSection
from domain.schemas.organizer import OrganizerSection
from domain.schemas.review import ReviewSection
from domain.schemas.sponsor import SponsorSection
from domain.schemas.ticket import TicketSection
from domain.schemas.venue import VenueSection
from domain.stages import Section, Stage
from domain.validation.parsing import Reading, read

Model = TypeVar("Model", bound=SchemaModel)

_EMPTY: Final[Mapping[str, Any]] = MappingProxyType({})


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


class Readings:
    """What the sections of a session were read as: one that was not replaced is not read again.

    A section never changes in place, so that it is the same as long as it is the same object.
    """

    def __init__(self) -> None:
        self._known: dict[Stage, tuple[Mapping[str, Any], Reading[Any]]] = {}

    def of(self, stage: Stage, model: type[Model], section: Mapping[str, Any]) -> Reading[Model]:
        known, reading = self._known.get(stage, (None, None))
        if reading is None or known is not section:
            reading = read(stage, model, section)
            self._known[stage] = (section, reading)
        return reading


def read_sections(
    sections: Mapping[Section, JsonObject], readings: Readings | None = None
) -> TypedSections:
    """``readings`` saves reading what was read before."""
    errors: dict[Stage, list[FieldError]] = {}
    known = readings or Readings()

    def typed(stage: Stage, model: type[Model]) -> Model:
        reading = known.of(stage, model, sections.get(stage.section) or _EMPTY)
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
