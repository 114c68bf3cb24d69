"""Drafts are never lost: an invalid value is kept, and reported with its pointer and code."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.json_values import JsonObject
from tests.support.api import client_for, token
from tests.support.stage_data import days_ahead
from tests.support.system import System
from tests.support.wizard import Wizard, start

Case = tuple[str, JsonObject, list[tuple[str, str]]]

PHYSICAL = {
    "mode": "physical",
    "name": "Great Hall",
    "address": {"line1": "1 Main Street", "city": "New York", "country": "US"},
}
COVER = {"url": "https://cdn.example.com/c.jpg", "alt": "Hall"}


def tiers(**changed: Any) -> JsonObject:
    return {"tiers": [{"name": "General", "unit_amount": 0, **changed}]}


def next_spring_forward() -> str:
    """The second Sunday of a coming March: clocks in New York skip from 2:00 to 3:00."""
    first = date(datetime.now(UTC).year + 1, 3, 1)
    return (first + timedelta(days=(6 - first.weekday()) % 7 + 7)).isoformat()


ORGANIZER: list[tuple[JsonObject, str, str]] = [
    ({"name": "A"}, "/name", "too_short"),
    ({"name": "x" * 101}, "/name", "too_long"),
    ({"name": 42}, "/name", "invalid_type"),
    ({"name": "Ada\tLovelace"}, "/name", "invalid_character"),
    ({"organization": "x" * 151}, "/organization", "too_long"),
    ({"email": "nobody"}, "/email", "invalid_format"),
    ({"phone": "0301234567"}, "/phone", "invalid_format"),
    ({"website": "http://example.com"}, "/website", "invalid_format"),
    ({"website": "https://example.com/" + "x" * 240}, "/website", "too_long"),
    ({"bio": "x" * 1201}, "/bio", "too_long"),
    ({"logo": {"alt": "A wheel"}}, "/logo/url", "missing"),
    ({"socials": {"instagram": "no handle"}}, "/socials/instagram", "invalid_format"),
    ({"socials": ["instagram"]}, "/socials", "invalid_type"),
]
EVENT: list[tuple[JsonObject, str, str]] = [
    ({"title": "ab"}, "/title", "too_short"),
    ({"title": "x" * 151}, "/title", "too_long"),
    ({"type": "concert"}, "/type", "invalid_choice"),
    ({"date": "09.05.2031"}, "/date", "invalid_format"),
    ({"date": "2031-02-30"}, "/date", "invalid_format"),
    ({"date": days_ahead(-2)}, "/date", "not_in_future"),
    ({"date": days_ahead(3700)}, "/date", "too_far_ahead"),
    ({"date": 20310509}, "/date", "invalid_type"),
    ({"startTime": "25:00"}, "/startTime", "invalid_format"),
    ({"startTime": "19:30", "endTime": "19:30"}, "/endTime", "end_before_start"),
    ({"date": days_ahead(60), "endDate": days_ahead(59)}, "/endDate", "end_before_start"),
    ({"date": next_spring_forward(), "startTime": "02:30"}, "/startTime", "nonexistent_time"),
    ({"timezone": "Mars/Olympus"}, "/timezone", "invalid_choice"),
    ({"description": "x" * 20_001}, "/description", "too_long"),
    ({"summary": "x" * 141}, "/summary", "too_long"),
    ({"slug": "No Good"}, "/slug", "invalid_format"),
    ({"slug": "ab"}, "/slug", "too_short"),
    ({"visibility": "secret"}, "/visibility", "invalid_choice"),
    ({"language": "not a tag"}, "/language", "invalid_format"),
    ({"tags": [str(n) for n in range(11)]}, "/tags", "too_many"),
    ({"tags": ["x" * 31]}, "/tags/0", "too_long"),
]
VENUE: list[tuple[JsonObject, str, str]] = [
    ({"mode": "lunar"}, "/mode", "invalid_choice"),
    ({"mode": "physical"}, "/name", "missing"),
    ({"mode": "physical"}, "/address/line1", "missing"),
    ({"mode": "hybrid"}, "/url", "missing"),
    ({"mode": "virtual"}, "/url", "missing"),
    ({"mode": "virtual", "url": "http://live.example.com"}, "/url", "invalid_format"),
    ({"address": {"country": "USA"}}, "/address/country", "invalid_choice"),
    ({**PHYSICAL, "geo": {"lat": 40.7}}, "/geo/lng", "missing"),
    ({**PHYSICAL, "geo": {"lat": 91, "lng": 0}}, "/geo/lat", "too_large"),
    ({**PHYSICAL, "capacity": 0}, "/capacity", "too_small"),
    ({**PHYSICAL, "capacity": 1_000_001}, "/capacity", "too_large"),
    ({**PHYSICAL, "capacity": "200"}, "/capacity", "invalid_type"),
    ({**PHYSICAL, "doorsTime": "7pm"}, "/doorsTime", "invalid_format"),
]
TICKET: list[tuple[JsonObject, str, str]] = [
    ({"tiers": []}, "/tiers", "too_few"),
    ({"tiers": [tiers()["tiers"][0]] * 51}, "/tiers", "too_many"),
    ({"tiers": "General"}, "/tiers", "invalid_type"),
    (
        {"tiers": [{"name": "VIP", "unit_amount": 0}, {"name": "vip", "unit_amount": 0}]},
        "/tiers/1/name",
        "not_unique",
    ),
    (tiers(unit_amount=-1), "/tiers/0/unit_amount", "too_small"),
    (tiers(unit_amount=25.5), "/tiers/0/unit_amount", "invalid_type"),
    (tiers(unit_amount="25"), "/tiers/0/unit_amount", "invalid_type"),
    (tiers(kind="paid"), "/tiers/0/unit_amount", "kind_mismatch"),
    (tiers(kind="free", unit_amount=100), "/tiers/0/unit_amount", "kind_mismatch"),
    (tiers(unit_amount=10), "/tiers/0/unit_amount", "amount_too_small"),
    (
        {"currency": "kwd", **tiers(unit_amount=5005)},
        "/tiers/0/unit_amount",
        "amount_not_chargeable",
    ),
    (tiers(quantity=-1), "/tiers/0/quantity", "too_small"),
    (tiers(quantity=2, minPerOrder=3), "/tiers/0/quantity", "quantity_inconsistent"),
    (tiers(minPerOrder=0), "/tiers/0/minPerOrder", "too_small"),
    (tiers(minPerOrder=5, maxPerOrder=2), "/tiers/0/minPerOrder", "quantity_inconsistent"),
    (tiers(maxPerOrder=101), "/tiers/0/maxPerOrder", "too_large"),
    (
        tiers(saleStart="2031-05-02T10:00", saleEnd="2031-05-01T10:00"),
        "/tiers/0/saleEnd",
        "sale_end_before_start",
    ),
    (tiers(access="backstage"), "/tiers/0/access", "invalid_choice"),
    (tiers(visibility="secret"), "/tiers/0/visibility", "invalid_choice"),
    (tiers(id="tier-999999"), "/tiers/0/id", "unknown_id"),
    ({"currency": "dollar"}, "/currency", "invalid_format"),
    ({"currency": "btc"}, "/currency", "invalid_choice"),
    ({"currency": "kpw", **tiers(unit_amount=500)}, "/currency", "currency_unsupported"),
    ({"totalCapacity": 5, **tiers(quantity=6)}, "/totalCapacity", "capacity_exceeded"),
    ({"refundPolicy": {"kind": "until_days"}}, "/refundPolicy/days", "missing"),
    ({"refundPolicy": {"kind": "custom"}}, "/refundPolicy/text", "missing"),
]
SPONSOR: list[tuple[JsonObject, str, str]] = [
    ({"sponsors": [{"tier": "gold"}]}, "/sponsors/0/name", "missing"),
    (
        {"sponsors": [{"name": "A", "tier": "title"}, {"name": "B", "tier": "title"}]},
        "/sponsors/1/tier",
        "not_unique",
    ),
    ({"sponsors": [{"name": "A"}] * 51}, "/sponsors", "too_many"),
    ({"sponsors": [{"name": "A", "tier": "bronze"}]}, "/sponsors/0/tier", "invalid_choice"),
    ({"sponsors": [{"name": "A", "url": "ftp://a"}]}, "/sponsors/0/url", "invalid_format"),
    ({"media": {"cover": {"url": COVER["url"]}}}, "/media/cover/alt", "missing"),
    ({"media": {"cover": {"alt": "Hall"}}}, "/media/cover/url", "missing"),
    (
        {"media": {"cover": {**COVER, "focal": {"x": 2, "y": 0}}}},
        "/media/cover/focal/x",
        "too_large",
    ),
    ({"media": {"gallery": [COVER] * 21}}, "/media/gallery", "too_many"),
    ({"videoUrl": "example.com/v"}, "/videoUrl", "invalid_format"),
    ({"hashtag": "two words"}, "/hashtag", "invalid_format"),
]

CASES = [
    pytest.param(stage, data, pointer, code, id=f"{stage}{pointer} {code}")
    for stage, cases in {
        "organizerSetup": ORGANIZER,
        "eventSetup": EVENT,
        "venueSetup": VENUE,
        "ticketSetup": TICKET,
        "sponsorsMedia": SPONSOR,
    }.items()
    for data, pointer, code in cases
]


@pytest.fixture(scope="module")
async def draft(system: System) -> AsyncIterator[Wizard]:
    """One session for all cases, because creating a session takes longer than saving a stage."""
    async with client_for(system.address, token("grace")) as http:
        yield await start(http)


@pytest.mark.parametrize(("stage", "data", "pointer", "code"), CASES)
async def test_an_invalid_value_is_kept_and_reported(
    draft: Wizard, stage: str, data: JsonObject, pointer: str, code: str
) -> None:
    earlier = (await draft.view())["stages"][stage]["data"]
    await draft.save(stage, dict.fromkeys(earlier))

    response = await draft.save(stage, data)

    assert response.status_code == 200, response.text
    shown = response.json()["stages"][stage]
    assert (pointer, code) in [(error["pointer"], error["code"]) for error in shown["errors"]]
    assert shown["valid"] is False
    assert shown["completion"] < 100
    assert _without_tier_ids(shown["data"]) == _without_tier_ids(data)
    kept = (await draft.view(consistent="true"))["stages"][stage]
    assert kept == shown


@pytest.mark.parametrize("stage", ["organizerSetup", "eventSetup", "venueSetup", "ticketSetup"])
async def test_an_empty_stage_reports_its_required_fields(wizard: Wizard, stage: str) -> None:
    required = {
        "organizerSetup": {"/name"},
        "eventSetup": {"/title", "/type", "/date", "/startTime"},
        "venueSetup": {"/mode"},
        "ticketSetup": {"/tiers"},
    }

    shown = (await wizard.view())["stages"][stage]

    assert {error["pointer"] for error in shown["errors"]} == required[stage]
    assert {error["code"] for error in shown["errors"]} == {"missing"}
    assert shown["completion"] == 0


async def test_sponsors_and_media_may_stay_empty(wizard: Wizard) -> None:
    shown = (await wizard.view())["stages"]["sponsorsMedia"]

    assert shown == {"data": {}, "valid": True, "completion": 0, "errors": []}


async def test_doors_must_open_before_the_start(wizard: Wizard) -> None:
    await wizard.save("eventSetup", {"startTime": "19:30"})

    shown = (await wizard.save("venueSetup", {**PHYSICAL, "doorsTime": "20:00"})).json()

    errors = [
        (error["pointer"], error["code"]) for error in shown["stages"]["venueSetup"]["errors"]
    ]
    assert errors == [("/doorsTime", "doors_after_start")]


async def test_a_sale_must_end_with_the_event(wizard: Wizard) -> None:
    await wizard.save("eventSetup", {"date": days_ahead(30), "startTime": "19:30"})

    saved = await wizard.save("ticketSetup", tiers(saleEnd=f"{days_ahead(32)}T10:00"))

    errors = saved.json()["stages"]["ticketSetup"]["errors"]
    assert [(error["pointer"], error["code"]) for error in errors] == [
        ("/tiers/0/saleEnd", "sale_ends_after_event")
    ]


async def test_all_errors_of_a_stage_are_reported_at_once(wizard: Wizard) -> None:
    wrong = {"name": "A", "email": "nobody", "phone": "1", "website": "http://a.example"}

    errors = (await wizard.save("organizerSetup", wrong)).json()["stages"]["organizerSetup"][
        "errors"
    ]

    assert {error["pointer"] for error in errors} == {"/name", "/email", "/phone", "/website"}


async def test_text_is_trimmed_and_composed(wizard: Wizard) -> None:
    saved = await wizard.save("organizerSetup", {"name": "  Zoe\u0308  "})

    assert saved.json()["stages"]["organizerSetup"]["data"] == {"name": "Zo\u00eb"}


def _without_tier_ids(data: JsonObject) -> JsonObject:
    """The section as it was sent: the server adds the ids of tiers."""
    if not isinstance(data.get("tiers"), list):
        return data
    return {**data, "tiers": [{k: v for k, v in t.items() if k != "id"} for t in data["tiers"]]}
