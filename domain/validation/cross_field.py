"""Rules across the fields of a stage, and across stages.

They run on valid values. A rule is skipped if one of its values is missing.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from domain.errors import ErrorCode, FieldError
from domain.schemas.event import MAX_YEARS_AHEAD, EventSection
from domain.schemas.review import TERMS_VERSION, ReviewSection
from domain.schemas.sponsor import Image, SponsorSection, SponsorTier
from domain.schemas.venue import IN_PERSON, VenueSection
from domain.stages import Stage
from domain.validation.opening_hours import opening_errors
from domain.validation.parsing import missing
from domain.validation.schedule import Schedule, schedule_of
from domain.validation.texts import Path, field_error
from domain.values.local_time import doors_open_at, exists, years_after

_EVENING_BEFORE: Final = timedelta(hours=12)
"""How long before the start the doors can open on another day. 20:00 for a show at 19:30 is a slip,
not the evening before."""


def date_errors(
    event: EventSection, now: datetime, *, follows_real_events: bool = True
) -> list[FieldError]:
    """Errors of the date relative to ``now``, which is timezone-aware.

    The event must not be over. In runs that began before an event could have begun
    (``follows_real_events``), it must not have started.
    """
    if event.date is None:
        return []
    if event.date > years_after(now.astimezone(UTC).date(), MAX_YEARS_AHEAD):
        return [_too_far_ahead(("date",))]
    if not follows_real_events:
        return [] if _is_ahead(event, now) else [_event_error(("date",), ErrorCode.NOT_IN_FUTURE)]
    if _is_over(event, now):
        last, value = ("date", "date") if event.end_date is None else ("endDate", "end_date")
        return [_event_error((last,), ErrorCode.NOT_IN_FUTURE, value=value)]
    return []


def event_errors(
    event: EventSection, now: datetime, *, follows_real_events: bool = True
) -> Iterator[FieldError]:
    schedule = schedule_of(event, crosses_midnight=follows_real_events)
    yield from _nonexistent_times(event, schedule)
    if event.end_date is not None:
        if event.end_date > years_after(now.astimezone(UTC).date(), MAX_YEARS_AHEAD):
            yield _too_far_ahead(("endDate",))
        if event.date is not None and event.end_date < event.date:
            yield _event_error(("endDate",), ErrorCode.END_BEFORE_START, value="date")
    if _ends_before_it_starts(event, crosses_midnight=follows_real_events):
        yield _event_error(("endTime",), ErrorCode.END_BEFORE_START, value="time")
    yield from opening_errors(event, schedule)
    yield from _translation_errors(event)


def venue_errors(
    venue: VenueSection, event: EventSection, *, follows_real_events: bool = True
) -> Iterator[FieldError]:
    if not IN_PERSON.applies_to(venue) or not venue.doors_time or not event.start_time:
        return
    if not follows_real_events:
        if venue.doors_time > event.start_time:
            yield _doors_error(ErrorCode.DOORS_AFTER_START)
        return
    if _opens_after_start(venue.doors_time, event.start_time):
        yield _doors_error(ErrorCode.DOORS_AFTER_START)
        return
    starts_at = schedule_of(event).starts_at
    if starts_at is not None and not exists(doors_open_at(starts_at, venue.doors_time)):
        yield _doors_error(ErrorCode.NONEXISTENT_TIME)


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


def _translation_errors(event: EventSection) -> Iterator[FieldError]:
    """Each translation has another language, and none is that of the event."""
    original = (event.language or "").casefold()
    known: set[str] = set()
    for index, translation in enumerate(event.translations or []):
        language = (translation.language or "").casefold()
        path: Path = ("translations", index, "language")
        if language and language == original:
            yield _event_error(path, ErrorCode.NOT_UNIQUE, value="original")
        elif language and language in known:
            yield _event_error(path, ErrorCode.NOT_UNIQUE, value="language")
        known.add(language)


def _event_error(path: Path, code: ErrorCode, **params: Any) -> FieldError:
    return field_error(Stage.EVENT_SETUP, path, code, **params)


def _too_far_ahead(path: Path) -> FieldError:
    return _event_error(path, ErrorCode.TOO_FAR_AHEAD, max=MAX_YEARS_AHEAD)


def _is_over(event: EventSection, now: datetime) -> bool:
    """Whether the event has ended. Without a start and an end time, it ends with its last day."""
    schedule = schedule_of(event)
    if schedule.over_at is not None:
        return schedule.over_at <= now
    last = event.end_date or event.date
    return last is not None and last < now.astimezone(schedule.zone).date()


def _is_ahead(event: EventSection, now: datetime) -> bool:
    """Whether the event starts in the future. Without a start time, today counts as the future."""
    schedule = schedule_of(event)
    if schedule.starts_at is not None:
        return schedule.starts_at > now
    return event.date is not None and event.date >= now.astimezone(schedule.zone).date()


def _ends_before_it_starts(event: EventSection, *, crosses_midnight: bool) -> bool:
    """Compares local times, for an event of one day."""
    if event.start_time is None or event.end_time is None:
        return False
    if event.end_date is None and crosses_midnight:
        return event.end_time == event.start_time
    is_one_day = event.end_date in (None, event.date)
    return is_one_day and event.end_time <= event.start_time


def _doors_error(code: ErrorCode) -> FieldError:
    return field_error(Stage.VENUE_SETUP, ("doorsTime",), code)


def _opens_after_start(doors: time, start: time) -> bool:
    """Whether doors that open at a later time of day cannot open on the evening before."""
    starts_at = datetime.combine(date(2000, 1, 2), start)  # any day
    return doors > start and starts_at - doors_open_at(starts_at, doors) > _EVENING_BEFORE


def _nonexistent_times(event: EventSection, schedule: Schedule) -> Iterator[FieldError]:
    if schedule.starts_at is not None and not exists(schedule.starts_at):
        yield _event_error(("startTime",), ErrorCode.NONEXISTENT_TIME)
    if event.end_time and schedule.ends_at is not None and not exists(schedule.ends_at):
        yield _event_error(("endTime",), ErrorCode.NONEXISTENT_TIME)
