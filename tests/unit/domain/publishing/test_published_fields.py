"""Every field of every section reaches the published event, or is listed here as not published."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import pytest

from domain.publishing.build_event import build_event
from domain.schemas.venue import IN_PERSON_FIELDS, ONLINE_FIELDS, VenueSection
from domain.validation.sections import parse_sections
from tests.unit.domain.filled_sections import ENTERED, FILLED_SECTIONS, VALUES
from tests.unit.domain.samples import ADA, NOW, READY

NOT_PUBLISHED: Final[dict[str, str]] = {
    "review.acceptedTerms.version": "an agreement with the organizer, not a part of the event",
    "review.acceptedTerms.at": "an agreement with the organizer, not a part of the event",
}
"""Fields that the event does not have, each with the reason."""

PUBLISHED_AS: Final[dict[str, Any]] = {
    "event.startTime": "19:30:00",
    "event.endTime": "01:15:00",
    "ticket.tiers.saleStart": "2030-03-02T10:00:00+01:00",
    "ticket.tiers.saleEnd": "2030-05-01T10:00:00+02:00",
}
"""Values that the event has in a different form."""


def values_in(value: Any) -> Iterator[Any]:
    """Every single value, with its type, because True is equal to 1."""
    if isinstance(value, dict | list):
        for member in value.values() if isinstance(value, dict) else value:
            yield from values_in(member)
    else:
        yield type(value), value


@pytest.fixture(scope="module")
def published() -> Counter[Any]:
    """How often the event in which every field was entered has each value."""
    event = build_event(
        session_id="session-1", owner=ADA, sections=FILLED_SECTIONS, payments=READY, now=NOW
    )
    return Counter(values_in(event.model_dump(mode="json")))


def test_every_entered_value_is_valid_and_unique() -> None:
    errors = parse_sections(FILLED_SECTIONS).errors.values()
    assert [error.message for stage_errors in errors for error in stage_errors] == []
    repeated = [value for (_, value), times in Counter(values_in(ENTERED)).items() if times > 1]
    assert repeated == [True]


@pytest.mark.parametrize("path", ENTERED)
def test_entered_value_reaches_the_event_or_is_listed(path: str, published: Counter[Any]) -> None:
    value = PUBLISHED_AS.get(path, ENTERED[path])
    (key,) = values_in(value)
    if path in NOT_PUBLISHED:
        assert published[key] == 0
    else:
        assert published[key] >= max(1, Counter(values_in(ENTERED))[key])


def test_listed_paths_are_fields() -> None:
    assert NOT_PUBLISHED.keys() | VALUES.keys() | PUBLISHED_AS.keys() <= ENTERED.keys()


def test_venue_fields_belong_to_one_mode_or_both() -> None:
    assert {"mode", *IN_PERSON_FIELDS, *ONLINE_FIELDS} == VenueSection.model_fields.keys()
