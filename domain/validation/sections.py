"""Parses all sections of a session into typed models of their valid values."""

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
from domain.validation.parsing import ParsedSection, parse_section

Model = TypeVar("Model", bound=SchemaModel)

_EMPTY: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True)
class TypedSections:
    organizer: OrganizerSection
    event: EventSection
    venue: VenueSection
    ticket: TicketSection
    sponsor: SponsorSection
    review: ReviewSection
    errors: dict[Stage, list[FieldError]]
    """Errors of single values only, not of rules across fields and stages."""

    def of(self, stage: Stage) -> SchemaModel:
        model: SchemaModel = getattr(self, stage.section.value)
        return model


def parse_sections(sections: Mapping[Section, JsonObject]) -> TypedSections:
    return SectionParser().parse(sections)


class SectionParser:
    """Parses the sections of one session repeatedly, and caches each until it is replaced.

    Sections never change in place, so the same object has the same content.
    """

    def __init__(self) -> None:
        self._parsed: dict[Stage, tuple[Mapping[str, Any], ParsedSection[Any]]] = {}

    def parse(self, sections: Mapping[Section, JsonObject]) -> TypedSections:
        errors: dict[Stage, list[FieldError]] = {}

        def typed(stage: Stage, model: type[Model]) -> Model:
            parsed = self._parse_section(stage, model, sections.get(stage.section) or _EMPTY)
            errors[stage] = parsed.errors
            return parsed.data

        return TypedSections(
            organizer=typed(Stage.ORGANIZER_SETUP, OrganizerSection),
            event=typed(Stage.EVENT_SETUP, EventSection),
            venue=typed(Stage.VENUE_SETUP, VenueSection),
            ticket=typed(Stage.TICKET_SETUP, TicketSection),
            sponsor=typed(Stage.SPONSORS_MEDIA, SponsorSection),
            review=typed(Stage.REVIEW_PUBLISH, ReviewSection),
            errors=errors,
        )

    def _parse_section(
        self, stage: Stage, model: type[Model], section: Mapping[str, Any]
    ) -> ParsedSection[Model]:
        source, parsed = self._parsed.get(stage, (None, None))
        if parsed is None or source is not section:
            parsed = parse_section(stage, model, section)
            self._parsed[stage] = (section, parsed)
        return parsed
