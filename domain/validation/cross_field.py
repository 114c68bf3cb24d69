"""Rules across the fields of a stage, and across stages.

They run on valid values. A rule is skipped if one of its values is missing.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from domain.errors import ErrorCode, FieldError
from domain.schemas.event import MAX_YEARS_AHEAD, EventSection
from domain.schemas.review import TERMS_VERSION, ReviewSection
from domain.schemas.sponsor import Image, SponsorSection, SponsorTier
from domain.schemas.venue import IN_PERSON, VenueSection
from domain.stages import Stage
from domain.validation.parsing import missing
from domain.validation.schedule import Schedule, schedule_of
from domain.validation.texts import Path, field_error
from domain.values.local_time import exists, years_after


def date_errors(event: EventSection, now: datetime) -> list[FieldError]:
    """Errors of the date relative to ``now``, which is timezone-aware."""
    if event.date is None:
        return []
    schedule = schedule_of(event)
    if event.date > years_after(now.astimezone(UTC).date(), MAX_YEARS_AHEAD):
        return [_too_far_ahead(("date",))]
    if not _is_ahead(event, schedule, now):
        return [_event_error(("date",), ErrorCode.NOT_IN_FUTURE)]
    return []


def event_errors(event: EventSection, now: datetime) -> Iterator[FieldError]:
    schedule = schedule_of(event)
    yield from _nonexistent_times(event, schedule)
    if event.end_date is not None:
        if event.end_date > years_after(now.astimezone(UTC).date(), MAX_YEARS_AHEAD):
            yield _too_far_ahead(("endDate",))
        if event.date is not None and event.end_date < event.date:
            yield _event_error(("endDate",), ErrorCode.END_BEFORE_START, value="date")
    if _ends_before_it_starts(event):
        yield _event_error(("endTime",), ErrorCode.END_BEFORE_START, value="time")


def venue_errors(venue: VenueSection, event: EventSection) -> Iterator[FieldError]:
    if not IN_PERSON.applies_to(venue):
        return
    if venue.doors_time and event.start_time and venue.doors_time > event.start_time:
        yield field_error(Stage.VENUE_SETUP, ("doorsTime",), ErrorCode.DOORS_AFTER_START)


def alt_errors(sponsor: SponsorSection) -> list[FieldError]:
    """Images without an alternative text that are not marked as decorative."""
    return [
        missing(Stage.SPONSORS_MEDIA, (*path, "alt"))
        for path, image in _images(sponsor)
        if image.alt is None and not image.decorative
    ]


def title_errors(sponsor: SponsorSection) -> Iterator[FieldError]:
    titles = [
        index
        for index, listed in enumerate(sponsor.sponsors or [])
        if listed.tier is SponsorTier.TITLE
    ]
    for index in titles[1:]:
        yield field_error(
            Stage.SPONSORS_MEDIA,
            ("sponsors", index, "tier"),
            ErrorCode.NOT_UNIQUE,
            value="title_sponsor",
        )


def review_errors(review: ReviewSection, *, terms_current: bool) -> Iterator[FieldError]:
    terms = review.accepted_terms
    if terms is not None and not (terms_current and terms.version == TERMS_VERSION):
        yield field_error(Stage.REVIEW_PUBLISH, ("acceptedTerms",), ErrorCode.TERMS_OUTDATED)


def _images(sponsor: SponsorSection) -> Iterator[tuple[Path, Image]]:
    media = sponsor.media
    if media is not None and media.cover is not None:
        yield ("media", "cover"), media.cover
    for index, image in enumerate((media.gallery if media else None) or []):
        yield ("media", "gallery", index), image


def _event_error(path: Path, code: ErrorCode, **params: Any) -> FieldError:
    return field_error(Stage.EVENT_SETUP, path, code, **params)


def _too_far_ahead(path: Path) -> FieldError:
    return _event_error(path, ErrorCode.TOO_FAR_AHEAD, max=MAX_YEARS_AHEAD)


def _is_ahead(event: EventSection, schedule: Schedule, now: datetime) -> bool:
    """Whether the event is in the future. Without a start time, today counts as the future."""
    if schedule.starts_at is not None:
        return schedule.starts_at > now
    return event.date is not None and event.date >= now.astimezone(schedule.zone).date()


def _ends_before_it_starts(event: EventSection) -> bool:
    """Compares local times, for an event of one day."""
    if event.end_date is not None and event.end_date != event.date:
        return False
    if event.start_time is None or event.end_time is None:
        return False
    return event.end_time <= event.start_time


def _nonexistent_times(event: EventSection, schedule: Schedule) -> Iterator[FieldError]:
    if schedule.starts_at is not None and not exists(schedule.starts_at):
        yield _event_error(("startTime",), ErrorCode.NONEXISTENT_TIME)
    if event.end_time and schedule.ends_at is not None and not exists(schedule.ends_at):
        yield _event_error(("endTime",), ErrorCode.NONEXISTENT_TIME)
