"""The six stages: their order, titles, weights and sections of data."""

from enum import StrEnum
from typing import Final


class Stage(StrEnum):
    """A stage of the wizard. The values are in the order of the stages."""

    ORGANIZER_SETUP = "organizerSetup"
    EVENT_SETUP = "eventSetup"
    VENUE_SETUP = "venueSetup"
    TICKET_SETUP = "ticketSetup"
    SPONSORS_MEDIA = "sponsorsMedia"
    REVIEW_PUBLISH = "reviewPublish"

    @property
    def position(self) -> int:
        return STAGES.index(self)

    @property
    def section(self) -> "Section":
        return SECTION_OF[self]

    @property
    def next(self) -> "Stage | None":
        following = STAGES[self.position + 1 :]
        return following[0] if following else None


class Section(StrEnum):
    """The name under which the data of a stage is stored."""

    ORGANIZER = "organizer"
    EVENT = "event"
    VENUE = "venue"
    TICKET = "ticket"
    SPONSOR = "sponsor"
    REVIEW = "review"


STAGES: Final[tuple[Stage, ...]] = tuple(Stage)

SECTION_OF: Final[dict[Stage, Section]] = dict(zip(STAGES, Section, strict=True))

STAGE_OF: Final[dict[Section, Stage]] = {section: stage for stage, section in SECTION_OF.items()}

TITLES: Final[dict[Stage, str]] = {
    Stage.ORGANIZER_SETUP: "Organizer",
    Stage.EVENT_SETUP: "Event",
    Stage.VENUE_SETUP: "Venue",
    Stage.TICKET_SETUP: "Tickets",
    Stage.SPONSORS_MEDIA: "Sponsors and media",
    Stage.REVIEW_PUBLISH: "Review and publish",
}

WEIGHTS: Final[dict[Stage, int]] = {
    Stage.ORGANIZER_SETUP: 15,
    Stage.EVENT_SETUP: 20,
    Stage.VENUE_SETUP: 15,
    Stage.TICKET_SETUP: 20,
    Stage.SPONSORS_MEDIA: 15,
    Stage.REVIEW_PUBLISH: 15,
}
"""The share of each stage in the progress of the wizard, in percent."""
