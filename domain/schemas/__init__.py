"""The schemas of the stages' sections."""

from typing import Final

from domain.schemas.base import SchemaModel
from domain.schemas.event import EventSection
from domain.schemas.organizer import OrganizerSection
from domain.schemas.review import ReviewInput
from domain.schemas.sponsor import SponsorSection
from domain.schemas.ticket import TicketSection
from domain.schemas.venue import VenueSection
from domain.stages import Stage

INPUT_SCHEMAS: Final[dict[Stage, type[SchemaModel]]] = {
    Stage.ORGANIZER_SETUP: OrganizerSection,
    Stage.EVENT_SETUP: EventSection,
    Stage.VENUE_SETUP: VenueSection,
    Stage.TICKET_SETUP: TicketSection,
    Stage.SPONSORS_MEDIA: SponsorSection,
    Stage.REVIEW_PUBLISH: ReviewInput,
}
"""The fields that a client may send for each stage."""
