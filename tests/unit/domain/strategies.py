"""Values of each field of each stage, valid and invalid, and strategies that draw from them."""

from typing import Any, Final

from hypothesis import strategies as st

from domain.json_values import MAX_NUMBER, JsonObject
from domain.stages import Section, Stage
from tests.unit.domain.samples import valid_sections

_URL: Final = "https://example.com/a"
_IMAGE: Final = {"url": _URL, "alt": "A hall"}
_ADDRESS: Final = {"line1": "1 Main Street", "city": "New York", "country": "US"}
_TIER: Final = {"name": "General", "unit_amount": 0}
_PAID: Final = {"name": "Seat", "unit_amount": 5_000}

VALID: Final[dict[Stage, dict[str, list[Any]]]] = {
    Stage.ORGANIZER_SETUP: {
        "name": ["Ada Lovelace", "Été 🎭"],
        "email": ["ada@example.com"],
        "website": [_URL],
        "bio": ["Hello\nthere"],
        "logo": [{"url": _URL}, {"url": _URL, "alt": "A logo"}],
        "socials": [{"instagram": "@ada", "x": "ada"}],
    },
    Stage.EVENT_SETUP: {
        "title": ["Spring Show", "Autumn Show"],
        "type": ["fashion_show", "popup"],
        "date": ["2030-05-09", "2030-06-01"],
        "startTime": ["19:30", "09:00"],
        "endTime": ["22:00", "08:00"],
        "endDate": ["2030-06-02"],
        "timezone": ["UTC", "Asia/Tokyo"],
        "slug": ["spring-show"],
        "visibility": ["public", "private"],
        "tags": [["one", "two"], []],
        "externalUrl": [_URL],
        "performers": [[{"name": "Nina", "url": _URL}], []],
        "organizers": [[{"name": "Palm House"}]],
        "openingHours": [[{"date": "2030-06-01", "opens": "20:00", "closes": "02:00"}]],
        "translations": [[{"language": "fr", "title": "Gala", "tiers": {"tier-1": "Gradin"}}]],
    },
    Stage.VENUE_SETUP: {
        "mode": ["physical", "virtual", "hybrid"],
        "name": ["Great Hall"],
        "address": [_ADDRESS, {**_ADDRESS, "region": "NY"}],
        "geo": [{"lat": 40.7, "lng": -74}],
        "capacity": [1, 100, 5_000],
        "doorsTime": ["08:30", "19:30"],
        "url": [_URL],
    },
    Stage.TICKET_SETUP: {
        "currency": ["usd", "eur"],
        "totalCapacity": [10, 1_000],
        "refundPolicy": [{"kind": "none"}, {"kind": "until_days", "days": 7}],
        "promotionCodes": [True, False],
        "automaticTax": [True, False],
        "tiers": [
            [_TIER],
            [_TIER, _PAID],
            [{**_TIER, "quantity": 200, "access": "online"}],
            [{**_TIER, "saleEnd": "2030-05-10T03:00:00Z"}],
            [{**_TIER, "saleStart": "2030-05-31T10:00", "visibility": "hidden"}, _TIER],
        ],
    },
    Stage.SPONSORS_MEDIA: {
        "sponsors": [
            [{"name": "Acme", "tier": "title"}],
            [{"name": "Acme", "tier": "title"}, {"name": "Emca", "tier": "title"}],
            [{"name": "Acme", "logo": {"url": _URL}}, {"name": "Emca", "tier": "gold"}],
            [{"name": None, "tier": "title"}, {"name": "Emca", "tier": "title"}],
        ],
        "media": [{"cover": _IMAGE}, {"gallery": [_IMAGE, {"url": _URL, "decorative": True}]}],
        "videoUrl": [_URL],
        "hashtag": ["#show"],
    },
}
"""Each value is valid by itself; not all are valid together."""

INVALID: Final[dict[Stage, dict[str, list[Any]]]] = {
    Stage.ORGANIZER_SETUP: {
        "name": ["A", 5, ["Ada"]],
        "email": ["nobody"],
        "website": ["http://example.com"],
        "logo": [{"alt": "A logo"}, "logo"],
        "socials": [{"x": "two words"}],
    },
    Stage.EVENT_SETUP: {
        "title": ["ab", 3, "bell \x07"],
        "type": ["party"],
        "date": ["2020-01-01", "2030-02-20", "2099-01-01", "soon", "2030-02-30"],
        "startTime": ["25:00", 19],
        "endTime": ["late"],
        "endDate": ["2030-02-31"],
        "timezone": ["Mars/Olympus"],
        "slug": ["NOT A SLUG"],
        "tags": [[1, "two"], "one"],
        "performers": [[{"url": _URL}], "Nina"],
        "openingHours": [[{"date": "9999-12-31", "opens": "20:00", "closes": "25:00"}], [{}]],
        "translations": [[{"title": "Gala"}], [{"language": "fr", "tiers": {"vip": "VIP"}}]],
    },
    Stage.VENUE_SETUP: {
        "mode": ["nowhere", 1],
        "name": ["two\nlines"],
        "address": [{"country": "XX"}, "1 Main Street"],
        "geo": [{"lat": 91}],
        "capacity": [0, 100.5, True, "100"],
        "doorsTime": ["soon"],
        "url": ["example.com"],
    },
    Stage.TICKET_SETUP: {
        "currency": ["dollar", "zzz", 1],
        "totalCapacity": [0, 10.5],
        "refundPolicy": [{"kind": "until_days", "days": -1}, "none"],
        "promotionCodes": ["true"],
        "automaticTax": [1],
        "tiers": [
            "none",
            [None, _TIER],
            [{"name": "Seat"}],
            [{**_TIER, "id": "tier-99"}],
            [{**_TIER, "unit_amount": "0"}, _PAID],
            [_TIER, _TIER],
        ],
    },
    Stage.SPONSORS_MEDIA: {
        "sponsors": [["Acme"], [{"tier": "title"}, {"name": "Emca", "tier": "title"}], "Acme"],
        "media": [{"cover": {"url": _URL}}, {"gallery": ["x", _IMAGE]}],
        "videoUrl": ["http://example.com"],
        "hashtag": ["two words"],
    },
}


@st.composite
def saves(draw: st.DrawFn, values: dict[Stage, dict[str, list[Any]]]) -> tuple[Stage, JsonObject]:
    """A stage, and a patch of one of its fields."""
    stage = draw(st.sampled_from(sorted(values)))
    name = draw(st.sampled_from(sorted(values[stage])))
    return stage, {name: draw(st.sampled_from(values[stage][name]))}


VALID_SAVES: Final = saves(VALID)
INVALID_SAVES: Final = saves(INVALID)


@st.composite
def sections(draw: st.DrawFn, *, most: int = 8) -> dict[Section, JsonObject]:
    """Valid sections in which some fields were changed or removed."""
    drafts = valid_sections()
    for stage, patch in draw(st.lists(VALID_SAVES | INVALID_SAVES, max_size=most)):
        drafts[stage.section] = {**drafts[stage.section], **patch}
    for stage, patch in draw(st.lists(VALID_SAVES, max_size=2)):
        drafts[stage.section] = {
            name: value for name, value in drafts[stage.section].items() if name not in patch
        }
    return drafts


_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-MAX_NUMBER, MAX_NUMBER)
    | st.floats(-MAX_NUMBER, MAX_NUMBER)
    | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
)
JSON_VALUES: Final = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=10,
)
"""Any value that a draft can hold."""
