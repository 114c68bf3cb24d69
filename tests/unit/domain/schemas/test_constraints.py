"""Every constraint of every field: types, formats, choices, lengths and ranges."""

from collections.abc import Sequence
from typing import Any

import pytest

from domain.json_values import MAX_NUMBER
from domain.schemas import INPUT_SCHEMAS
from domain.stages import STAGE_OF, Section, Stage
from domain.validation.drafts import MAX_SECTION_BYTES
from tests.unit.domain.filled_sections import ENTERED, FILLED_SECTIONS
from tests.unit.domain.samples import (
    ADDRESS,
    HYBRID,
    IMAGE,
    TIER,
    VIRTUAL,
    address,
    codes_at,
    cover,
    errors_of,
    sponsor,
    tier,
    url_of,
    valid_section,
)

ORGANIZER, EVENT, VENUE = Stage.ORGANIZER_SETUP, Stage.EVENT_SETUP, Stage.VENUE_SETUP
TICKET, SPONSOR, REVIEW = Stage.TICKET_SETUP, Stage.SPONSORS_MEDIA, Stage.REVIEW_PUBLISH


def translation(**fields: Any) -> dict[str, Any]:
    return {"translations": [{"language": "fr", **fields}]}


def hours(**fields: Any) -> dict[str, Any]:
    """Of the second day of an event."""
    entry = {"date": "2030-05-10", "opens": "10:00", "closes": "18:00", **fields}
    return {"endDate": "2030-05-12", "openingHours": [entry]}


TYPES = [
    *[(ORGANIZER, {name: 5}, f"/{name}") for name in ("name", "organization", "email", "phone")],
    *[(ORGANIZER, {name: True}, f"/{name}") for name in ("website", "bio", "logo", "socials")],
    (ORGANIZER, {"name": ["Ada"]}, "/name"),
    (ORGANIZER, {"logo": "https://example.com/a.png"}, "/logo"),
    (ORGANIZER, {"logo": {"url": 5}}, "/logo/url"),
    (ORGANIZER, {"logo": {"url": url_of(30), "alt": 5}}, "/logo/alt"),
    (ORGANIZER, {"socials": {"x": 5}}, "/socials/x"),
    *[(EVENT, {name: 5}, f"/{name}") for name in ("title", "type", "date", "startTime", "endTime")],
    *[(EVENT, {name: 1.5}, f"/{name}") for name in ("endDate", "timezone", "description")],
    *[(EVENT, {name: {"a": 1}}, f"/{name}") for name in ("summary", "slug", "visibility", "tags")],
    *[(EVENT, {name: [1]}, f"/{name}") for name in ("language", "dressCode", "ageRestriction")],
    (EVENT, {"tags": "one, two"}, "/tags"),
    (EVENT, {"tags": ["one", 2]}, "/tags/1"),
    (EVENT, {"tags": [None]}, "/tags/0"),
    *[
        (EVENT, {name: "x"}, f"/{name}")
        for name in ("performers", "organizers", "openingHours", "translations")
    ],
    (EVENT, {"externalUrl": 5}, "/externalUrl"),
    (EVENT, {"performers": ["Nina"]}, "/performers/0"),
    (EVENT, {"organizers": [{"name": 5}]}, "/organizers/0/name"),
    (EVENT, hours(opens=10), "/openingHours/0/opens"),
    (EVENT, translation(tiers=["a"]), "/translations/0/tiers"),
    (EVENT, translation(tiers={"tier-1": 5}), "/translations/0/tiers/tier-1"),
    (VENUE, {"mode": 5}, "/mode"),
    (VENUE, {"name": 5}, "/name"),
    (VENUE, {"address": "1 Main Street"}, "/address"),
    (VENUE, address(line1=5), "/address/line1"),
    (VENUE, address(line2=5), "/address/line2"),
    (VENUE, address(city=5), "/address/city"),
    (VENUE, address(region=5), "/address/region"),
    (VENUE, address(postalCode=10001), "/address/postalCode"),
    (VENUE, address(country=1), "/address/country"),
    (VENUE, {"geo": [40.7, -74.0]}, "/geo"),
    (VENUE, {"geo": {"lat": "40.7", "lng": -74.0}}, "/geo/lat"),
    (VENUE, {"geo": {"lat": 40.7, "lng": True}}, "/geo/lng"),
    (VENUE, {"capacity": "100"}, "/capacity"),
    (VENUE, {"capacity": 100.5}, "/capacity"),
    (VENUE, {"capacity": True}, "/capacity"),
    (VENUE, {"accessibility": True}, "/accessibility"),
    (VENUE, {"doorsTime": 1900}, "/doorsTime"),
    (VENUE, {**VIRTUAL, "url": 5}, "/url"),
    (VENUE, {**VIRTUAL, "platform": 5}, "/platform"),
    (VENUE, {**VIRTUAL, "accessNote": 5}, "/accessNote"),
    (TICKET, {"currency": 840}, "/currency"),
    (TICKET, {"totalCapacity": "5"}, "/totalCapacity"),
    (TICKET, {"refundPolicy": "none"}, "/refundPolicy"),
    (TICKET, {"refundPolicy": {"kind": 1}}, "/refundPolicy/kind"),
    (TICKET, {"refundPolicy": {"kind": "none", "days": "7"}}, "/refundPolicy/days"),
    (TICKET, {"refundPolicy": {"kind": "none", "text": 7}}, "/refundPolicy/text"),
    (TICKET, {"promotionCodes": "true"}, "/promotionCodes"),
    (TICKET, {"automaticTax": 1}, "/automaticTax"),
    (TICKET, {"tiers": {"name": "General"}}, "/tiers"),
    (TICKET, {"tiers": [TIER, "General"]}, "/tiers/1"),
    (TICKET, {"tiers": [TIER, None]}, "/tiers/1"),
    (TICKET, tier(id=1), "/tiers/0/id"),
    (TICKET, tier(name=1), "/tiers/0/name"),
    (TICKET, tier(kind=1), "/tiers/0/kind"),
    (TICKET, tier(unit_amount="0"), "/tiers/0/unit_amount"),
    (TICKET, tier(unit_amount=0.5), "/tiers/0/unit_amount"),
    (TICKET, tier(unit_amount=False), "/tiers/0/unit_amount"),
    (TICKET, tier(quantity="5"), "/tiers/0/quantity"),
    (TICKET, tier(minPerOrder="5"), "/tiers/0/minPerOrder"),
    (TICKET, tier(maxPerOrder="5"), "/tiers/0/maxPerOrder"),
    (TICKET, tier(saleStart=1893456000), "/tiers/0/saleStart"),
    (TICKET, tier(saleEnd=1893456000), "/tiers/0/saleEnd"),
    (TICKET, tier(access=1), "/tiers/0/access"),
    (TICKET, tier(visibility=True), "/tiers/0/visibility"),
    (TICKET, tier(description=1), "/tiers/0/description"),
    (SPONSOR, {"sponsors": "Acme"}, "/sponsors"),
    (SPONSOR, {"sponsors": ["Acme"]}, "/sponsors/0"),
    (SPONSOR, sponsor(name=1), "/sponsors/0/name"),
    (SPONSOR, sponsor(tier=1), "/sponsors/0/tier"),
    (SPONSOR, sponsor(url=1), "/sponsors/0/url"),
    (SPONSOR, sponsor(logo="x"), "/sponsors/0/logo"),
    (SPONSOR, {"media": []}, "/media"),
    (SPONSOR, {"media": {"cover": "x"}}, "/media/cover"),
    (SPONSOR, {"media": {"gallery": "x"}}, "/media/gallery"),
    (SPONSOR, {"media": {"gallery": [IMAGE, "x"]}}, "/media/gallery/1"),
    (SPONSOR, cover(alt=1), "/media/cover/alt"),
    (SPONSOR, cover(decorative="yes"), "/media/cover/decorative"),
    (SPONSOR, cover(decorative=1), "/media/cover/decorative"),
    (SPONSOR, cover(credit=1), "/media/cover/credit"),
    (SPONSOR, cover(focal=[0.5, 0.5]), "/media/cover/focal"),
    (SPONSOR, cover(focal={"x": "0.5", "y": 0.5}), "/media/cover/focal/x"),
    (SPONSOR, {"videoUrl": 1}, "/videoUrl"),
    (SPONSOR, {"hashtag": 1}, "/hashtag"),
    (SPONSOR, {"pressContact": 1}, "/pressContact"),
]

LENGTHS = [
    (ORGANIZER, "name", 2, 100),
    (ORGANIZER, "organization", 0, 150),
    (ORGANIZER, "bio", 0, 1200),
    (EVENT, "title", 3, 150),
    (EVENT, "description", 0, 20_000),
    (EVENT, "summary", 0, 140),
    (EVENT, "slug", 3, 50),
    (EVENT, "dressCode", 0, 100),
    (EVENT, "ageRestriction", 0, 100),
    (VENUE, "name", 1, 150),
    (VENUE, "accessibility", 0, 1000),
    (VENUE, "platform", 0, 100),
    (VENUE, "accessNote", 0, 1000),
    (SPONSOR, "hashtag", 0, 100),
    (SPONSOR, "pressContact", 0, 200),
]

RANGES = [
    (VENUE, lambda n: {"capacity": n}, "/capacity", 1, 1_000_000),
    (TICKET, lambda n: {"totalCapacity": n}, "/totalCapacity", 1, 1_000_000),
    (TICKET, lambda n: tier(quantity=n), "/tiers/0/quantity", 0, 1_000_000),
    (
        TICKET,
        lambda n: {"currency": "idr", **tier(unit_amount=n)},
        "/tiers/0/unit_amount",
        0,
        999_999_999_999,
    ),
    (TICKET, lambda n: tier(minPerOrder=n, maxPerOrder=100), "/tiers/0/minPerOrder", 1, 100),
    (TICKET, lambda n: tier(maxPerOrder=n), "/tiers/0/maxPerOrder", 1, 100),
    (
        TICKET,
        lambda n: {"refundPolicy": {"kind": "until_days", "days": n}},
        "/refundPolicy/days",
        0,
        365,
    ),
]

CASES = [
    # organizer
    (ORGANIZER, {"name": None}, "/name", "missing"),
    (ORGANIZER, {"name": "  "}, "/name", "missing"),
    (ORGANIZER, {"name": "Ada\nLovelace"}, "/name", "invalid_character"),
    (ORGANIZER, {"organization": "Tab\there"}, "/organization", "invalid_character"),
    (ORGANIZER, {"bio": "bell \x07"}, "/bio", "invalid_character"),
    *[
        (ORGANIZER, {"email": text}, "/email", "invalid_format")
        for text in ("ada", "ada@", "@example.com", "a b@example.com", "Ada <ada@example.com>")
    ],
    (ORGANIZER, {"email": "a" * 300 + "@example.com"}, "/email", "too_long"),
    *[
        (ORGANIZER, {"phone": text}, "/phone", "invalid_format")
        for text in (
            "2125550100",
            "(212) 555-0100",
            "0033612345678",
            "+0123456789",
            "+1",
            "+1 212 555 0100 ext. 5",
            "+33 6 12",
            "+999 123456789",
            "+1234567890123456",
            "call +12125550100",
        )
    ],
    *[
        (ORGANIZER, {"website": text}, "/website", "invalid_format")
        for text in (
            "http://example.com",
            "example.com",
            "https://",
            "https:///path",
            "https://user:pass@example.com",
            "https://user@example.com",
            "https://exa mple.com",
            "https://example.com:99999",
            "https://example.com/a\\b",
            "https://[::1",
            "https://a..b",
            "javascript:alert(1)",
            "ftp://example.com",
            "https://exam\u200bple.com",
            "https://example.com/\u202eslap.exe",
        )
    ],
    (ORGANIZER, {"website": url_of(256)}, "/website", "too_long"),
    (ORGANIZER, {"logo": {"alt": "Logo"}}, "/logo/url", "missing"),
    (ORGANIZER, {"logo": {"url": "http://example.com/a"}}, "/logo/url", "invalid_format"),
    (ORGANIZER, {"logo": {"url": url_of(2049)}}, "/logo/url", "too_long"),
    (ORGANIZER, {"logo": {"url": url_of(30), "alt": "x" * 251}}, "/logo/alt", "too_long"),
    *[
        (ORGANIZER, {"socials": {name: "not a handle!"}}, f"/socials/{name}", "invalid_format")
        for name in ("instagram", "tiktok", "x", "youtube", "linkedin", "facebook", "pinterest")
    ],
    *[
        (ORGANIZER, {"socials": {"x": text}}, "/socials/x", "invalid_format")
        for text in ("http://example.com/ada", "x.com.example.com/ada", "in/ada", "x.com/a da")
    ],
    (ORGANIZER, {"socials": {"x": url_of(256)}}, "/socials/x", "too_long"),
    # event
    (EVENT, {"title": None}, "/title", "missing"),
    (EVENT, {"type": None}, "/type", "missing"),
    (EVENT, {"date": None}, "/date", "missing"),
    (EVENT, {"startTime": None}, "/startTime", "missing"),
    (EVENT, {"title": "two\nlines"}, "/title", "invalid_character"),
    (EVENT, {"type": "wedding"}, "/type", "invalid_choice"),
    *[
        (EVENT, {"date": text}, "/date", "invalid_format")
        for text in ("2030-5-9", "09.05.2030", "2030-02-30", "20300509", "2030-05-09T00:00", "x")
    ],
    *[
        (EVENT, {"startTime": text}, "/startTime", "invalid_format")
        for text in ("7:3", "19.30", "24:00", "19:60", "19:30:15", "7 pm", "19:30Z")
    ],
    (EVENT, {"endTime": "25:00"}, "/endTime", "invalid_format"),
    (EVENT, {"endDate": "tomorrow"}, "/endDate", "invalid_format"),
    *[
        (EVENT, {"timezone": text}, "/timezone", "invalid_choice")
        for text in ("Mars/Olympus", "New York", "EDT", "+02:00", "localtime", "../etc")
    ],
    (EVENT, {"description": "x\x00y".replace("\x00", "\x1b")}, "/description", "invalid_character"),
    (EVENT, {"summary": "two\nlines"}, "/summary", "invalid_character"),
    *[
        (EVENT, {"slug": text}, "/slug", "invalid_format")
        for text in ("Spring", "spring_show", "spring show", "été", "a/b", "---", "-x-", "ab-")
    ],
    (EVENT, {"visibility": "secret"}, "/visibility", "invalid_choice"),
    *[
        (EVENT, {"language": text}, "/language", "invalid_format")
        for text in ("e", "english language", "en_", "en-", "123", "en-US-")
    ],
    (EVENT, {"language": "en" + "-abcde" * 7}, "/language", "too_long"),
    (EVENT, {"tags": ["t"] * 11}, "/tags", "too_many"),
    (EVENT, {"tags": ["x" * 31]}, "/tags/0", "too_long"),
    (EVENT, {"tags": ["one", ""]}, "/tags/1", "too_short"),
    (EVENT, {"tags": ["a\nb"]}, "/tags/0", "invalid_character"),
    (EVENT, {"dressCode": "a\nb"}, "/dressCode", "invalid_character"),
    (EVENT, {"ageRestriction": "a\nb"}, "/ageRestriction", "invalid_character"),
    (EVENT, {"externalUrl": "http://example.com"}, "/externalUrl", "invalid_format"),
    (EVENT, {"performers": [{"name": "Nina"}] * 21}, "/performers", "too_many"),
    (EVENT, {"organizers": [{"name": "Acme"}] * 11}, "/organizers", "too_many"),
    *[
        (EVENT, {name: [entry]}, f"/{name}/0/{pointer}", code)
        for name in ("performers", "organizers")
        for entry, pointer, code in (
            ({"url": "https://example.com"}, "name", "missing"),
            ({"name": "x" * 101}, "name", "too_long"),
            ({"name": "a\nb"}, "name", "invalid_character"),
            ({"name": "Nina", "url": "http://example.com"}, "url", "invalid_format"),
            ({"name": "Nina", "url": url_of(256)}, "url", "too_long"),
        )
    ],
    (EVENT, {"openingHours": [{}] * 61}, "/openingHours", "too_many"),
    *[
        (EVENT, hours(**{name: None}), f"/openingHours/0/{name}", "missing")
        for name in ("date", "opens", "closes")
    ],
    (EVENT, hours(opens="10"), "/openingHours/0/opens", "invalid_format"),
    (EVENT, hours(date="10 May"), "/openingHours/0/date", "invalid_format"),
    (EVENT, {"translations": [{"language": "fr"}] * 6}, "/translations", "too_many"),
    (EVENT, translation(language=None), "/translations/0/language", "missing"),
    (EVENT, translation(language="fr_"), "/translations/0/language", "invalid_format"),
    (EVENT, translation(title="ab"), "/translations/0/title", "too_short"),
    (EVENT, translation(summary="x" * 141), "/translations/0/summary", "too_long"),
    (EVENT, translation(description="x" * 4_001), "/translations/0/description", "too_long"),
    (EVENT, translation(tiers={"vip": "VIP"}), "/translations/0/tiers", "invalid_format"),
    (
        EVENT,
        translation(tiers={f"tier-{n}": "x" for n in range(1, 52)}),
        "/translations/0/tiers",
        "too_many",
    ),
    *[
        (EVENT, translation(tiers={"tier-1": text}), "/translations/0/tiers/tier-1", code)
        for text, code in (("x" * 101, "too_long"), ("a\nb", "invalid_character"))
    ],
    # venue
    (VENUE, {"mode": None}, "/mode", "missing"),
    (VENUE, {"mode": "outdoors"}, "/mode", "invalid_choice"),
    (VENUE, {"name": None}, "/name", "missing"),
    (VENUE, {"name": "a\nb"}, "/name", "invalid_character"),
    (VENUE, {"address": None}, "/address/line1", "missing"),
    (VENUE, {"address": {}}, "/address/country", "missing"),
    (VENUE, address(line1="", city=None), "/address/line1", "missing"),
    (VENUE, address(line1="x" * 201), "/address/line1", "too_long"),
    (VENUE, address(line1="a\nb"), "/address/line1", "invalid_character"),
    (VENUE, address(line2="x" * 201), "/address/line2", "too_long"),
    (VENUE, address(line2="a\nb"), "/address/line2", "invalid_character"),
    (VENUE, address(city="x" * 101), "/address/city", "too_long"),
    (VENUE, address(city="a\nb"), "/address/city", "invalid_character"),
    (VENUE, address(region="x" * 101), "/address/region", "too_long"),
    (VENUE, address(region="a\nb"), "/address/region", "invalid_character"),
    (VENUE, address(postalCode="x" * 21), "/address/postalCode", "too_long"),
    (VENUE, address(postalCode="a\nb"), "/address/postalCode", "invalid_character"),
    (VENUE, address(country=None), "/address/country", "missing"),
    *[
        (VENUE, address(country=text), "/address/country", "invalid_choice")
        for text in ("USA", "XX", "United States", "\u0131s")
    ],
    (VENUE, {"geo": {"lat": 40.7}}, "/geo/lng", "missing"),
    (VENUE, {"geo": {"lng": -74.0}}, "/geo/lat", "missing"),
    (VENUE, {"geo": {"lat": 90.1, "lng": 0}}, "/geo/lat", "too_large"),
    (VENUE, {"geo": {"lat": -90.1, "lng": 0}}, "/geo/lat", "too_small"),
    (VENUE, {"geo": {"lat": 0, "lng": 180.1}}, "/geo/lng", "too_large"),
    (VENUE, {"geo": {"lat": 0, "lng": -180.1}}, "/geo/lng", "too_small"),
    (VENUE, {"accessibility": "bell \x07"}, "/accessibility", "invalid_character"),
    (VENUE, {"doorsTime": "soon"}, "/doorsTime", "invalid_format"),
    (VENUE, {**VIRTUAL, "url": None}, "/url", "missing"),
    (VENUE, {**HYBRID, "url": None}, "/url", "missing"),
    (VENUE, {**HYBRID, "name": None}, "/name", "missing"),
    (VENUE, {**HYBRID, "address": None}, "/address/country", "missing"),
    (VENUE, {**VIRTUAL, "url": "http://example.com"}, "/url", "invalid_format"),
    (VENUE, {**VIRTUAL, "url": url_of(2049)}, "/url", "too_long"),
    (VENUE, {**VIRTUAL, "platform": "x" * 101}, "/platform", "too_long"),
    (VENUE, {**VIRTUAL, "platform": "a\nb"}, "/platform", "invalid_character"),
    (VENUE, {**VIRTUAL, "accessNote": "x" * 1001}, "/accessNote", "too_long"),
    (VENUE, {**VIRTUAL, "accessNote": "\x07 bell"}, "/accessNote", "invalid_character"),
    # ticket
    *[
        (TICKET, {"currency": text}, "/currency", "invalid_format")
        for text in ("us", "dollar", "€")
    ],
    (TICKET, {"currency": "zzz"}, "/currency", "invalid_choice"),
    (TICKET, {"refundPolicy": {"days": 5}}, "/refundPolicy/kind", "missing"),
    (TICKET, {"refundPolicy": {"kind": "maybe"}}, "/refundPolicy/kind", "invalid_choice"),
    (
        TICKET,
        {"refundPolicy": {"kind": "custom", "text": "x" * 2001}},
        "/refundPolicy/text",
        "too_long",
    ),
    (
        TICKET,
        {"refundPolicy": {"kind": "custom", "text": "bell \x07 bell"}},
        "/refundPolicy/text",
        "invalid_character",
    ),
    (TICKET, {"tiers": None}, "/tiers", "missing"),
    (TICKET, {"tiers": []}, "/tiers", "too_few"),
    (
        TICKET,
        {"tiers": [{"name": f"T{n}", "unit_amount": 0} for n in range(51)]},
        "/tiers",
        "too_many",
    ),
    (TICKET, {"tiers": [{}]}, "/tiers/0/name", "missing"),
    (TICKET, {"tiers": [{}]}, "/tiers/0/unit_amount", "missing"),
    (TICKET, tier(name=None), "/tiers/0/name", "missing"),
    (TICKET, tier(name="x" * 101), "/tiers/0/name", "too_long"),
    (TICKET, tier(name="a\nb"), "/tiers/0/name", "invalid_character"),
    (TICKET, tier(id="vip"), "/tiers/0/id", "invalid_format"),
    (TICKET, tier(kind="vip"), "/tiers/0/kind", "invalid_choice"),
    *[
        (TICKET, tier(**{name: text}), f"/tiers/0/{name}", "invalid_format")
        for name in ("saleStart", "saleEnd")
        for text in (
            "2030-05-01",
            "2030-05-01  10:00",
            "2030-05-01T10",
            "2030-13-01T10:00",
            "2030-05-01T10:00+2",
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-14:00",
            "soon",
        )
    ],
    (TICKET, tier(access="backstage"), "/tiers/0/access", "invalid_choice"),
    (TICKET, tier(visibility="public"), "/tiers/0/visibility", "invalid_choice"),
    (TICKET, tier(description="x" * 1001), "/tiers/0/description", "too_long"),
    (TICKET, tier(description="bell \x07 bell"), "/tiers/0/description", "invalid_character"),
    # sponsors and media
    (SPONSOR, {"sponsors": [{"name": f"S{n}"} for n in range(51)]}, "/sponsors", "too_many"),
    (SPONSOR, {"sponsors": [{"tier": "gold"}]}, "/sponsors/0/name", "missing"),
    (SPONSOR, sponsor(name="x" * 151), "/sponsors/0/name", "too_long"),
    (SPONSOR, sponsor(name="a\nb"), "/sponsors/0/name", "invalid_character"),
    (SPONSOR, sponsor(tier="bronze"), "/sponsors/0/tier", "invalid_choice"),
    (SPONSOR, sponsor(url="http://a.com"), "/sponsors/0/url", "invalid_format"),
    (SPONSOR, sponsor(logo={"alt": "Logo"}), "/sponsors/0/logo/url", "missing"),
    (SPONSOR, cover(url=None), "/media/cover/url", "missing"),
    (SPONSOR, cover(url="http://a.com"), "/media/cover/url", "invalid_format"),
    *[
        (SPONSOR, cover(url=url), "/media/cover/url", "invalid_format")
        for url in (
            "/media/",
            "/media/hall.webp",
            "/media/../v1/wizard",
            f"/media/{'ab' * 32}-1920.webp?x=1",
            f"/media/{'ab' * 32}-1920.webp/../../e/spring",
            f"//evil.example/media/{'ab' * 32}-1920.webp",
            f"/e/{'ab' * 32}-1920.webp",
            f"media/{'ab' * 32}-1920.webp",
            "data:image/png;base64,AAAA",
        )
    ],
    (SPONSOR, sponsor(logo={"url": "/media/logo.svg"}), "/sponsors/0/logo/url", "invalid_format"),
    (SPONSOR, cover(url=url_of(2049)), "/media/cover/url", "too_long"),
    (SPONSOR, cover(alt="x" * 251), "/media/cover/alt", "too_long"),
    (SPONSOR, cover(alt="a\nb"), "/media/cover/alt", "invalid_character"),
    (SPONSOR, cover(credit="x" * 151), "/media/cover/credit", "too_long"),
    (SPONSOR, cover(credit="a\nb"), "/media/cover/credit", "invalid_character"),
    (SPONSOR, cover(focal={"x": 0.5}), "/media/cover/focal/y", "missing"),
    (SPONSOR, cover(focal={"x": 1.1, "y": 0}), "/media/cover/focal/x", "too_large"),
    (SPONSOR, cover(focal={"x": 0, "y": -0.1}), "/media/cover/focal/y", "too_small"),
    (SPONSOR, {"media": {"gallery": [IMAGE] * 21}}, "/media/gallery", "too_many"),
    (SPONSOR, {"videoUrl": "http://a.com"}, "/videoUrl", "invalid_format"),
    (SPONSOR, {"videoUrl": url_of(2049)}, "/videoUrl", "too_long"),
    *[
        (SPONSOR, {"hashtag": text}, "/hashtag", "invalid_format")
        for text in ("two words", "##double", "#", "#a-b", "#\u200d", "#\u093f")
    ],
    (SPONSOR, {"pressContact": "a\nb"}, "/pressContact", "invalid_character"),
    # review
    (REVIEW, {"acceptedTerms": None}, "/acceptedTerms", "missing"),
]

FINE = [
    (ORGANIZER, {"name": "Zoë 🎭 O'Neill-Łukasz"}),
    (ORGANIZER, {"email": "ada+show@mail.example.com", "phone": "+442071838750"}),
    *[
        (ORGANIZER, {"phone": text})
        for text in (
            "+33 6 12 34 56 78",
            "+1 (212) 555-0100",
            "\uff0b81 3 1234 5678",
            "tel:+46701234567",
        )
    ],
    (ORGANIZER, {"website": "https://例え.example/path?q=1#top", "bio": "two\n\tlines"}),
    (ORGANIZER, {"website": url_of(255), "logo": {"url": url_of(2048)}}),
    (ORGANIZER, {"socials": {"instagram": "@ada.lovelace", "x": "https://x.com/ada"}}),
    (ORGANIZER, {"organization": "", "logo": {}, "socials": {"x": ""}, "phone": None}),
    (EVENT, {"timezone": "Asia/Kolkata", "visibility": "private", "slug": "a-1"}),
    *[
        (EVENT, {"language": tag})
        for tag in ("en", "pt-BR", "zh-Hant-TW", "de-CH-1901", "x-klingon", "es-419", "yue")
    ],
    (EVENT, {"tags": ["t" * 30] * 10, "dressCode": "Black tie", "ageRestriction": "18+"}),
    (EVENT, {"tags": [], "description": "a\r\nb"}),
    (EVENT, {"externalUrl": url_of(2048), "performers": [{"name": "x" * 100}] * 20}),
    (EVENT, {"organizers": [{"name": "Acme", "url": url_of(255)}] * 10}),
    (EVENT, hours()),
    (EVENT, translation(title="Défilé", description="Ligne\nune", tiers={"tier-1": "Gradin"})),
    (EVENT, translation(title="", tiers={"tier-1": "", "tier-2": None})),
    (VENUE, address(city=None)),
    (VENUE, address(line1="")),
    (VENUE, {"doorsTime": "19:30", "geo": {"lat": -90, "lng": 180}}),
    (VENUE, {"geo": {}, "address": {**ADDRESS, "line2": "", "region": "NY"}}),
    (VENUE, {**VIRTUAL, "name": None, "address": None}),
    (VENUE, {**VIRTUAL, "platform": "Zoom", "accessNote": "Link\nby mail"}),
    (VENUE, HYBRID),
    (TICKET, tier(quantity=None, description="", id=None)),
    (TICKET, {"refundPolicy": {}}),
    (SPONSOR, {"media": None}),
    (SPONSOR, cover(focal={"x": 0, "y": 1.0}, credit="Ada")),
    (SPONSOR, cover(url=f"/media/{'ab' * 32}-1920.webp")),
    (SPONSOR, sponsor(logo={"url": f"/media/{'ab' * 32}-77.webp"})),
    (ORGANIZER, {"logo": {"url": f"/media/{'0f' * 32}-480.webp", "alt": "Acme"}}),
    (SPONSOR, {"hashtag": "#SpringShow2030", "videoUrl": "https://v.example.com/1"}),
    *[
        (SPONSOR, {"hashtag": text})
        for text in (
            "#फैशन",
            "#แฟชั่น",
            "#தமிழ்",
            "#\u0645\u06cc\u200c\u062e",
            "\uff03ファッション",
            "été_2030",
        )
    ],
    *[(VENUE, address(country=code)) for code in ("XK", "us", "Fr", "uk")],
    (TICKET, {"currency": "USD", "totalCapacity": 50.0}),
    (EVENT, {"slug": "a--b"}),
    (EVENT, {"title": "I \u2764\ufe0f \u2067\u05e9\u05dc\u2069"}),
    (ORGANIZER, {"bio": "two\u2028lines"}),
]


@pytest.mark.parametrize(("stage", "fields", "pointer"), TYPES)
def test_value_of_a_wrong_type_is_not_converted(
    stage: Stage, fields: dict[str, Any], pointer: str
) -> None:
    assert codes_at(stage, fields, pointer) == ["invalid_type"]


@pytest.mark.parametrize(("stage", "fields", "pointer", "code"), CASES)
def test_invalid_values_have_an_error_code(
    stage: Stage, fields: dict[str, Any], pointer: str, code: str
) -> None:
    assert codes_at(stage, fields, pointer) == [code]


@pytest.mark.parametrize(("stage", "fields"), FINE)
def test_valid_values_have_no_errors(stage: Stage, fields: dict[str, Any]) -> None:
    assert errors_of(stage, valid_section(stage, **fields)) == []


@pytest.mark.parametrize(("stage", "name", "shortest", "longest"), LENGTHS)
def test_length_limits_are_inclusive(stage: Stage, name: str, shortest: int, longest: int) -> None:
    assert codes_at(stage, {name: "x" * longest}, f"/{name}") == []
    assert codes_at(stage, {name: "x" * (longest + 1)}, f"/{name}") == ["too_long"]
    if shortest > 1:
        assert codes_at(stage, {name: "x" * shortest}, f"/{name}") == []
        assert codes_at(stage, {name: "x" * (shortest - 1)}, f"/{name}") == ["too_short"]


@pytest.mark.parametrize(("stage", "fields", "pointer", "least", "most"), RANGES)
def test_range_limits_are_inclusive(
    stage: Stage, fields: Any, pointer: str, least: int, most: int
) -> None:
    assert codes_at(stage, fields(least), pointer) == []
    assert codes_at(stage, fields(most), pointer) == []
    assert codes_at(stage, fields(least - 1), pointer) == ["too_small"]
    assert codes_at(stage, fields(most + 1), pointer) == ["too_large"]


PATTERNED = {"language"}
"""Texts with a format of their own; the JSON Schema shows only their length."""


FIELDS = [path for path in ENTERED if not path.startswith("review.")]
SINGLE = [path for path in FIELDS if not isinstance(ENTERED[path], dict)]
TEXTS = [path for path in FIELDS if isinstance(ENTERED[path], str)]
MANY_LINES = {
    "organizer.bio",
    "event.description",
    "event.translations.description",
    "venue.accessibility",
    "venue.accessNote",
    "ticket.refundPolicy.text",
    "ticket.tiers.description",
}
ONE_LINE_TEXTS = [path for path in TEXTS if path not in MANY_LINES]
NUMBERS = [path for path in FIELDS if type(ENTERED[path]) in (int, float)]


def changed_at(value: Any, names: Sequence[str], leaf: Any) -> tuple[Any, str]:
    """A copy with another value at a field, and its pointer; of a list, at its only entry."""
    if isinstance(value, list):
        entry, pointer = changed_at(value[0], names, leaf)
        return [entry], f"/0{pointer}"
    if not names:
        return leaf, ""
    member, pointer = changed_at(value[names[0]], names[1:], leaf)
    return {**value, names[0]: member}, f"/{names[0]}{pointer}"


def codes_with(path: str, leaf: Any) -> list[str]:
    """Codes at a field of the filled sections that has another value."""
    name, *names = path.split(".")
    section, pointer = changed_at(FILLED_SECTIONS[Section(name)], names, leaf)
    found = errors_of(STAGE_OF[Section(name)], section)
    return [code for at, code in found if at == pointer]


@pytest.mark.parametrize("path", SINGLE)
def test_every_field_refuses_a_wrong_type(path: str) -> None:
    assert codes_with(path, {"a": 1}) == ["invalid_type"]


@pytest.mark.parametrize("path", TEXTS)
def test_every_text_has_a_longest_length(path: str) -> None:
    assert codes_with(path, "x" * MAX_SECTION_BYTES) != []


@pytest.mark.parametrize("stage", INPUT_SCHEMAS)
def test_every_plain_text_is_listed_with_its_length(stage: Stage) -> None:
    listed = {(name, longest) for at, name, _, longest in LENGTHS if at is stage}
    for name, described in INPUT_SCHEMAS[stage].model_json_schema()["properties"].items():
        for choice in described.get("anyOf", [described]):
            is_plain = not choice.keys() & {"pattern", "format", "enum"}
            if "maxLength" in choice and is_plain and name not in PATTERNED:
                assert (name, choice["maxLength"]) in listed, f"add {name} to LENGTHS"


@pytest.mark.parametrize("path", TEXTS)
def test_every_text_refuses_control_characters(path: str) -> None:
    assert codes_with(path, "bell \x07 bell") != []


@pytest.mark.parametrize("path", TEXTS)
@pytest.mark.parametrize("text", ["\u200b\u200b\u200b", "\u3164\u3164\u3164", "\u00ad \u2060"])
def test_a_text_without_a_visible_character_is_absent(path: str, text: str) -> None:
    assert codes_with(path, text) == codes_with(path, "")


@pytest.mark.parametrize("path", ONE_LINE_TEXTS)
@pytest.mark.parametrize("text", ["Line\u2028two", "Line\u2029two", "\u202eabc", "a \u2067b"])
def test_one_line_refuses_line_separators_and_open_directions(path: str, text: str) -> None:
    assert codes_with(path, text) != []


@pytest.mark.parametrize("path", NUMBERS)
def test_every_number_has_limits(path: str) -> None:
    assert codes_with(path, MAX_NUMBER) == ["too_large"]
    assert codes_with(path, -MAX_NUMBER) == ["too_small"]
