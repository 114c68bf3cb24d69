"""The lists of an event: participants, opening hours and translations.

Entries without a required value, which only drafts have, are left out.
"""

from collections.abc import Collection

from domain.publishing.event import EventHours, EventParticipant, EventTranslation
from domain.schemas.event import EventSection, Participant


def participants_of(entered: list[Participant] | None) -> list[EventParticipant]:
    return [
        EventParticipant(name=entry.name, url=entry.url) for entry in entered or [] if entry.name
    ]


def opening_hours_of(event: EventSection) -> list[EventHours]:
    """In the order of time."""
    hours = [
        EventHours(date=entry.date, opens=f"{entry.opens:%H:%M}", closes=f"{entry.closes:%H:%M}")
        for entry in event.opening_hours or []
        if entry.date and entry.opens and entry.closes
    ]
    return sorted(hours, key=lambda entry: (entry.date, entry.opens))


def translations_of(event: EventSection, tier_ids: Collection[str]) -> list[EventTranslation]:
    """Without the names of tickets that do not exist."""
    return [
        EventTranslation(
            language=entry.language,
            title=entry.title,
            summary=entry.summary,
            description=entry.description,
            tiers={
                tier_id: name
                for tier_id, name in (entry.tiers or {}).items()
                if tier_id in tier_ids
            },
        )
        for entry in event.translations or []
        if entry.language
    ]
