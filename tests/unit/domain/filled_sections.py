"""Sections in which every field of every schema has a value, made by walking the schemas."""

from collections.abc import Iterator
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, Final, get_args

from domain.json_values import JsonObject
from domain.schemas.base import FieldRule, SchemaModel, fields_of
from domain.schemas.event import EventSection
from domain.schemas.organizer import OrganizerSection
from domain.schemas.review import TERMS_VERSION, ReviewSection
from domain.schemas.sponsor import SponsorSection
from domain.schemas.ticket import TicketSection
from domain.schemas.venue import VenueSection
from domain.stages import Section

SCHEMAS: Final[dict[Section, type[SchemaModel]]] = {
    Section.ORGANIZER: OrganizerSection,
    Section.EVENT: EventSection,
    Section.VENUE: VenueSection,
    Section.TICKET: TicketSection,
    Section.SPONSOR: SponsorSection,
    Section.REVIEW: ReviewSection,
}

VALUES: Final[dict[str, Any]] = {
    "organizer.email": "show@example.com",
    "organizer.phone": "+12125550100",
    "event.date": "2030-05-09",
    "event.startTime": "19:30",
    "event.endTime": "01:15",
    "event.endDate": "2030-05-12",
    "event.timezone": "Europe/Paris",
    "event.language": "pt-BR",
    "event.openingHours.date": "2030-05-11",
    "event.openingHours.opens": "20:00",
    "event.openingHours.closes": "01:00",
    "event.translations.language": "fr",
    "event.translations.tiers": {"tier-7": "Troisième rang"},
    "venue.mode": "hybrid",
    "venue.address.country": "FR",
    "venue.doorsTime": "18:45",
    "ticket.currency": "eur",
    "ticket.tiers.id": "tier-7",
    "ticket.tiers.saleStart": "2030-03-02T10:00",
    "ticket.tiers.saleEnd": "2030-05-01T10:00",
    "review.acceptedTerms.version": TERMS_VERSION,
    "review.acceptedTerms.at": "2030-03-01T11:00:00Z",
}
"""Values of fields for which :func:`generated_value` has none."""


def filled(model: type[SchemaModel], path: str, values: dict[str, Any]) -> JsonObject:
    """An object with a value in every field; adds the values to ``values``, by their paths."""
    section: JsonObject = {}
    for rule in fields_of(model):
        field_path = f"{path}.{rule.alias}"
        if rule.model is not None:
            value: Any = filled(rule.model, field_path, values)
        else:
            value = VALUES.get(field_path) or generated_value(model, rule, field_path, len(values))
            values[field_path] = value
        section[rule.alias] = [value] if rule.is_list else value
    return section


def generated_value(model: type[SchemaModel], rule: FieldRule, path: str, number: int) -> Any:
    """A value that no other field has (except booleans): ``number`` differs for every field."""
    types = set(types_in(model.model_fields[rule.name].annotation))
    for enum in types:
        if issubclass(enum, StrEnum):
            return list(enum)[-1].value
    if types & {date, time, datetime}:
        raise LookupError(f"Add a value for {path} to VALUES.")
    if bool in types:
        return True
    if types & {int, float}:
        return number if int in types else number / 1000
    described = model.model_json_schema()["properties"][rule.alias]
    is_url = described.get("format") in ("uri", "uri-reference")
    return f"https://example.com/{number}" if is_url else f"text{number}"


def types_in(annotation: Any) -> Iterator[type]:
    if isinstance(annotation, type) and not get_args(annotation):
        yield annotation
    for argument in get_args(annotation):
        yield from types_in(argument)


ENTERED: Final[dict[str, Any]] = {}
"""Each value by the path of its field: `ticket.tiers.name`."""
FILLED_SECTIONS: Final = {
    section: filled(model, section.value, ENTERED) for section, model in SCHEMAS.items()
}
