"""Builds the event of a valid session, with every default resolved."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from domain.actors import Actor
from domain.errors import StageIncomplete
from domain.ids import event_id_of
from domain.json_values import JsonObject
from domain.publishing.event import Event, EventStatus
from domain.publishing.event_lists import (
    opening_hours_of,
    participants_of,
    translations_of,
)
from domain.schemas.event import EventSection, EventType, Visibility
from domain.schemas.organizer import OrganizerSection
from domain.schemas.ticket import (
    DEFAULT_MAX_PER_ORDER,
    DEFAULT_MIN_PER_ORDER,
    TicketSection,
    Tier,
    TierKind,
    TierVisibility,
    default_access,
)
from domain.schemas.venue import (
    IN_PERSON,
    IN_PERSON_FIELDS,
    ONLINE,
    ONLINE_FIELDS,
    VenueMode,
    VenueSection,
)
from domain.stages import Section
from domain.validation.cross_field import date_errors
from domain.validation.schedule import Schedule, schedule_of
from domain.validation.sections import TypedSections, parse_sections
from domain.values.local_time import in_zone
from domain.values.payments import Payments
from domain.values.slugs import derived_slug
from domain.values.text import unique_as_seen
from domain.values.tier_ids import with_tier_ids

_DRAFT_AHEAD: Final = timedelta(days=30)
_DRAFT_START: Final = time(19)
"""Of a draft without a date, whose preview shows neither."""


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
        StageIncomplete: a value that every event needs is missing or invalid, or the event is over.
    """
    data = parse_sections(sections)
    event, schedule = data.event, schedule_of(data.event)
    if event.title is None or event.date is None or event.start_time is None:
        raise _incomplete(data)
    if event.type is None or data.venue.mode is None or not data.ticket.tiers:
        raise _incomplete(data)
    if schedule.starts_at is None or date_errors(event, now):
        raise StageIncomplete(errors=date_errors(event, now))
    required = _Required(
        event.title,
        event.type,
        event.date,
        event.start_time,
        data.venue.mode,
        schedule.starts_at,
    )
    return _event(session_id, owner, data, required, payments)


class DraftPart(StrEnum):
    """What an event cannot be without, and a draft may lack."""

    TITLE = "title"
    DATE = "date"
    VENUE = "venue"


def draft_event(
    *, session_id: str, owner: Actor, sections: Mapping[Section, JsonObject], now: datetime
) -> tuple[Event, frozenset[DraftPart]]:
    """The event that a draft would be, for a preview. Invalid values are left out.

    The event has values in the place of the parts that are returned as missing. Its tiers may lack
    names and prices.
    """
    data = parse_sections(sections)
    missing = frozenset(_missing_parts(data))
    event = data.event
    if DraftPart.DATE in missing:
        event = event.model_copy(
            update={
                "date": event.date if schedule_of(event).last_day else now.date() + _DRAFT_AHEAD,
                "start_time": event.start_time or _DRAFT_START,
                "end_date": None,
                "end_time": None,
            }
        )
    schedule = schedule_of(event)
    required = _Required(
        event.title or "",
        event.type or EventType.EXHIBITION,
        event.date or now.date(),
        event.start_time or _DRAFT_START,
        data.venue.mode or VenueMode.PHYSICAL,
        schedule.starts_at or now,
    )
    filled = replace(data, event=event, ticket=_with_kinds(data.ticket))
    return _event(session_id, owner, filled, required, Payments()), missing


def _with_kinds(ticket: TicketSection) -> TicketSection:
    """A tier without a price is expected to cost money."""
    tiers = [
        tier if tier.effective_kind else tier.model_copy(update={"kind": TierKind.PAID})
        for tier in ticket.tiers or []
    ]
    return ticket.model_copy(update={"tiers": tiers})


def _missing_parts(data: TypedSections) -> Iterator[DraftPart]:
    if data.event.title is None:
        yield DraftPart.TITLE
    if schedule_of(data.event).starts_at is None:
        yield DraftPart.DATE
    in_person = IN_PERSON.applies_to(data.venue)
    if data.venue.mode is None or (in_person and not (data.venue.name or data.venue.address)):
        yield DraftPart.VENUE


@dataclass(frozen=True)
class _Required:
    """The values that every event has."""

    title: str
    type: EventType
    date: date
    start_time: time
    venue_mode: VenueMode
    starts_at: datetime


def _event(
    session_id: str, owner: Actor, data: TypedSections, required: _Required, payments: Payments
) -> Event:
    event, schedule = data.event, schedule_of(data.event)
    tiers = _tiers(data, schedule)
    return Event(
        event_id=event_id_of(session_id),
        session_id=session_id,
        user_id=owner.user_id,
        organization_id=owner.organization_id,
        slug=event.slug or derived_slug(required.title, session_id),
        slug_is_derived=event.slug is None,
        title=required.title,
        type=required.type.value,
        summary=event.summary,
        description=event.description,
        visibility=(event.visibility or Visibility.PUBLIC).value,
        language=event.language,
        tags=_tags(event),
        event_date=required.date,
        start_time=required.start_time,
        end_date=schedule.last_day or required.date,
        end_time=event.end_time,
        timezone=schedule.zone.key,
        starts_at=required.starts_at,
        ends_at=schedule.ends_at,
        dress_code=event.dress_code,
        age_restriction=event.age_restriction,
        external_url=event.external_url,
        performers=participants_of(event.performers),
        organizers=participants_of(event.organizers),
        opening_hours=opening_hours_of(event),
        translations=translations_of(event, [tier["id"] for tier in tiers]),
        organizer=_organizer(data.organizer, owner),
        venue_mode=required.venue_mode.value,
        venue_data=_venue(data.venue),
        currency=data.ticket.effective_currency,
        total_capacity=data.ticket.total_capacity,
        refund_policy=_refund_policy(data.ticket),
        promotion_codes=data.ticket.promotion_codes or False,
        automatic_tax=data.ticket.automatic_tax or False,
        ticket_tiers=tiers,
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


def _incomplete(data: TypedSections) -> StageIncomplete:
    return StageIncomplete(errors=[error for errors in data.errors.values() for error in errors])


def _tags(event: EventSection) -> list[str]:
    """The tags without those that are read as an earlier one."""
    return unique_as_seen(event.tags or [])


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
