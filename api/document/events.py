"""The data of published events in the document, as organizers and as buyers get it."""

from typing import Any, Final

from api.document.sections import SectionSchemas, nullable, ref, set_fields
from domain.json_values import JsonObject
from domain.orders.public_event import (
    ORGANIZER_PRIVATE,
    SPONSOR_PRIVATE,
    TIER_PRIVATE,
    VENUE_PRIVATE,
)
from domain.schemas.organizer import OrganizerSection
from domain.schemas.sponsor import SponsorSection
from domain.schemas.ticket import RefundPolicy, Tier
from domain.schemas.venue import VenueSection

_PUBLISHED: Final = SectionSchemas(
    [OrganizerSection, VenueSection, SponsorSection, RefundPolicy, Tier]
)

_OF_SECTIONS: Final = {
    "OrganizerSection": "PublishedOrganizer",
    "VenueSection": "PublishedVenue",
    "SponsorSection": "PublishedSponsorsMedia",
}

_PUBLIC: Final = {
    "PublicOrganizer": ("PublishedOrganizer", ORGANIZER_PRIVATE),
    "PublicVenue": ("PublishedVenue", VENUE_PRIVATE),
    "PublicSponsorsMedia": ("PublishedSponsorsMedia", SPONSOR_PRIVATE),
}
"""Components without the fields that the public does not see."""

_FIELDS: Final[dict[tuple[str, str], JsonObject]] = {
    ("Event", "organizer"): ref("PublishedOrganizer"),
    ("Event", "venue_data"): ref("PublishedVenue"),
    ("Event", "sponsor_data"): ref("PublishedSponsorsMedia"),
    ("Event", "refund_policy"): nullable(ref("PublishedRefundPolicy")),
    ("PublicEvent", "organizer"): ref("PublicOrganizer"),
    ("PublicEvent", "venue_data"): ref("PublicVenue"),
    ("PublicEvent", "sponsor_data"): ref("PublicSponsorsMedia"),
    ("PublicEvent", "refund_policy"): nullable(ref("PublishedRefundPolicy")),
}

_OF_STRIPE: Final[JsonObject] = {
    "priceId": {"type": "string", "description": "The tier's price at Stripe."},
    "paymentLink": {
        "type": "string",
        "description": "The page that sells the tier, in events of earlier releases.",
    },
}


def type_events(schemas: dict[str, Any]) -> None:
    """Gives published events their types, in the components of the document."""
    names = {name: _OF_SECTIONS.get(name, f"Published{name}") for name in _PUBLISHED.models}
    published = _PUBLISHED.published(names)
    tier = published["PublishedTier"]
    tier["properties"] |= _OF_STRIPE
    tier["required"] = ["id", "kind", *tier["required"]]
    schemas |= published
    for name, (source, private) in _PUBLIC.items():
        schemas[name] = _without(published[source], private)
    set_fields(schemas, _FIELDS)
    schemas["Event"]["properties"]["ticket_tiers"]["items"] = ref("PublishedTier")
    public_tier = schemas["PublicTier"]
    public_tier["properties"] = {
        **_without(tier, TIER_PRIVATE)["properties"],
        **public_tier["properties"],
    }


def _without(schema: JsonObject, private: frozenset[str]) -> JsonObject:
    properties = schema["properties"]
    return {
        **schema,
        "properties": {name: properties[name] for name in properties if name not in private},
        "required": [name for name in schema.get("required", []) if name not in private],
    }
