"""Builds the event of a valid session, with every default resolved."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from unicodedata import normalize

from domain.actors import Actor
from domain.errors import StageIncomplete
from domain.ids import event_id_of
from domain.json_values import JsonObject
from domain.publishing.event import Event, EventStatus
from domain.schemas.event import EventSection, Visibility
from domain.schemas.organizer import OrganizerSection
from domain.schemas.ticket import (
    DEFAULT_MAX_PER_ORDER,
    DEFAULT_MIN_PER_ORDER,
    TicketSection,
    Tier,
    TierVisibility,
    default_access,
)
from domain.schemas.venue import IN_PERSON, IN_PERSON_FIELDS, ONLINE, ONLINE_FIELDS, VenueSection
from domain.stages import Section
from domain.validation.cross_field import date_errors
from domain.validation.schedule import Schedule, schedule_of
from domain.validation.sections import TypedSections, parse_sections
from domain.values.local_time import in_zone
from domain.values.payments import Payments
from domain.values.tier_ids import with_tier_ids

SLUG_MIN_LENGTH: Final = 3
SLUG_MAX_LENGTH: Final = 50

_NOT_IN_SLUGS: Final = re.compile(r"[^a-z0-9]+")


def build_event(
    *,
    session_id: str,
    owner: Actor,
    sections: Mapping[Section, JsonObject],
    payments: Payments,
    now: datetime,
) -> Event:
    """The event of a session, as a draft.

    Raises:
        StageIncomplete: a value that every event needs is missing or invalid, or the event would
            start in the past.
    """
    data = parse_sections(sections)
    event, schedule = data.event, schedule_of(data.event)
    if event.title is None or event.date is None or event.start_time is None:
        raise _incomplete(data)
    if event.type is None or data.venue.mode is None or not data.ticket.tiers:
        raise _incomplete(data)
    if schedule.starts_at is None or date_errors(event, now):
        raise StageIncomplete(errors=date_errors(event, now))
    return Event(
        event_id=event_id_of(session_id),
        session_id=session_id,
        user_id=owner.user_id,
        organization_id=owner.organization_id,
        slug=event.slug or derived_slug(event.title, session_id),
        slug_is_derived=event.slug is None,
        title=event.title,
        type=event.type.value,
        summary=event.summary,
        description=event.description,
        visibility=(event.visibility or Visibility.PUBLIC).value,
        language=event.language,
        tags=_tags(event),
        event_date=event.date,
        start_time=event.start_time,
        end_date=event.end_date or event.date,
        end_time=event.end_time,
        timezone=schedule.zone.key,
        starts_at=schedule.starts_at,
        ends_at=schedule.ends_at,
        dress_code=event.dress_code,
        age_restriction=event.age_restriction,
        organizer=_organizer(data.organizer, owner),
        venue_mode=data.venue.mode.value,
        venue_data=_venue(data.venue),
        currency=data.ticket.effective_currency,
        total_capacity=data.ticket.total_capacity,
        refund_policy=_refund_policy(data.ticket),
        promotion_codes=data.ticket.promotion_codes or False,
        automatic_tax=data.ticket.automatic_tax or False,
        ticket_tiers=_tiers(data, schedule),
        sponsor_data=data.sponsor.dump(),
        stripe_account_id=payments.account_id if data.ticket.takes_payment else None,
        status=EventStatus.DRAFT,
        published_at=None,
    )


def with_tier_values(event: Event, name: str, values: Mapping[str, str]) -> Event:
    """Adds a field to tiers. ``values`` maps ids of tiers to its values."""
    tiers = [
        {**tier, name: values[tier["id"]]} if tier["id"] in values else tier
        for tier in event.ticket_tiers
    ]
    return event.model_copy(update={"ticket_tiers": tiers})


def derived_slug(title: str, session_id: str) -> str:
    """A slug made from a title: ``Été à Paris!`` becomes ``ete-a-paris``.

    If fewer than three characters remain, as for a title in another script, it is made from the
    session's id.
    """
    slug = _slugified(title)[:SLUG_MAX_LENGTH].strip("-")
    if len(slug) >= SLUG_MIN_LENGTH:
        return slug
    return f"event-{_slugified(session_id).replace('-', '')[:8]}".rstrip("-")


def _slugified(text: str) -> str:
    plain = normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return _NOT_IN_SLUGS.sub("-", plain).strip("-")


def _incomplete(data: TypedSections) -> StageIncomplete:
    return StageIncomplete(errors=[error for errors in data.errors.values() for error in errors])


def _tags(event: EventSection) -> list[str]:
    """The tags without duplicates, ignoring case."""
    return list({tag.casefold(): tag for tag in reversed(event.tags or [])}.values())[::-1]


def _organizer(organizer: OrganizerSection, owner: Actor) -> JsonObject:
    return organizer.with_defaults(email=owner.email).dump()


def _venue(venue: VenueSection) -> JsonObject:
    """Only the fields that belong to the mode."""
    absent: list[str] = []
    if not IN_PERSON.applies_to(venue):
        absent += IN_PERSON_FIELDS
    if not ONLINE.applies_to(venue):
        absent += ONLINE_FIELDS
    return venue.model_copy(update=dict.fromkeys(absent)).dump()


def _refund_policy(ticket: TicketSection) -> JsonObject | None:
    return ticket.refund_policy.dump() if ticket.refund_policy else None


def _tiers(data: TypedSections, schedule: Schedule) -> list[JsonObject]:
    tiers = [_tier(tier, data, schedule) for tier in data.ticket.tiers or []]
    numbered, _ = with_tier_ids(None, tiers, 0)
    return numbered


def _tier(tier: Tier, data: TypedSections, schedule: Schedule) -> JsonObject:
    """Sale times get the offset of the event's zone; an unlimited quantity is null."""
    complete = tier.with_defaults(
        kind=tier.effective_kind,
        min_per_order=DEFAULT_MIN_PER_ORDER,
        max_per_order=DEFAULT_MAX_PER_ORDER,
        access=default_access(data.venue.mode),
        visibility=TierVisibility.VISIBLE,
    ).model_copy(
        update={
            "sale_start": in_zone(tier.sale_start, schedule.zone) if tier.sale_start else None,
            "sale_end": in_zone(tier.sale_end, schedule.zone) if tier.sale_end else None,
        }
    )
    return {"quantity": None, **complete.dump()}
