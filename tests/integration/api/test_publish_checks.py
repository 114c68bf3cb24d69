"""Blocking publish checks: a refusal lists all of them."""

import httpx
import pytest

from domain.json_values import JsonObject
from tests.support.api import client_for, serving, settings_for, token
from tests.support.problem_documents import assert_problem, error_places
from tests.support.stage_data import days_ahead, free_event, free_sections
from tests.support.system import System
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, fill_in, start, untouched


async def blocking(wizard: Wizard) -> list[tuple[str, str]]:
    checks = (await wizard.get("/checks")).json()["checks"]
    return [(check["pointer"], check["code"]) for check in checks if check["severity"] == "block"]


async def account_is_known(wizard: Wizard) -> None:
    """An unknown account does not block: the publication itself fetches it first."""

    async def is_known() -> bool:
        checks = (await wizard.get("/checks")).json()["checks"]
        return all(check["params"].get("reason") != "unknown" for check in checks)

    await eventually(is_known, what="the status of the Stripe account")


async def test_an_empty_session_is_refused_with_every_check(wizard: Wizard) -> None:
    async with untouched(wizard):
        refused = assert_problem(await wizard.post("/publish"), 422, "publish_blocked")

    checks = (await wizard.get("/checks")).json()
    assert checks["ready"] is False
    assert refused["checks"] == checks["checks"]
    invalid = [check["stage"] for check in refused["checks"] if check["code"] == "stage_invalid"]
    assert invalid == ["organizerSetup", "eventSetup", "venueSetup", "ticketSetup"]
    assert "terms_not_accepted" in {error["code"] for error in refused["errors"]}
    warnings = {check["code"] for check in refused["checks"] if check["severity"] == "warn"}
    assert "cover_missing" in warnings
    assert not warnings & {error["code"] for error in refused["errors"]}


BLOCKED: list[tuple[str, str, JsonObject, tuple[str, str]]] = [
    (
        "paid tier without an account",
        "ticketSetup",
        {"tiers": [{"name": "A", "unit_amount": 5000}]},
        ("/tiers", "payments_not_ready"),
    ),
    (
        "donation without an account",
        "ticketSetup",
        {"tiers": [{"name": "A", "kind": "donation", "unit_amount": 0}]},
        ("/tiers", "payments_not_ready"),
    ),
    (
        "amount under the minimum",
        "ticketSetup",
        {"tiers": [{"name": "A", "unit_amount": 10}]},
        ("/tiers/0/unit_amount", "amount_too_small"),
    ),
    (
        "hidden tiers only",
        "ticketSetup",
        {"tiers": [{"name": "A", "unit_amount": 0, "visibility": "hidden"}]},
        ("/tiers", "no_tier_for_sale"),
    ),
    (
        "a sale that is over",
        "ticketSetup",
        {"tiers": [{"name": "A", "unit_amount": 0, "saleEnd": "2020-01-01T00:00"}]},
        ("/tiers", "no_tier_for_sale"),
    ),
    (
        "a sale of one tier that is over",
        "ticketSetup",
        {
            "tiers": [
                {"name": "A", "unit_amount": 0},
                {"name": "B", "unit_amount": 0, "saleEnd": "2020-01-01T00:00"},
            ]
        },
        ("/tiers/1/saleEnd", "sale_over"),
    ),
    (
        "more tickets than places",
        "ticketSetup",
        {"tiers": [{"name": "A", "unit_amount": 0, "quantity": 201}]},
        ("/capacity", "capacity_exceeded"),
    ),
    (
        "more tickets than the event has",
        "ticketSetup",
        {"totalCapacity": 100},
        ("/totalCapacity", "capacity_exceeded"),
    ),
    (
        "order limits that contradict",
        "ticketSetup",
        {"tiers": [{"name": "A", "unit_amount": 0, "minPerOrder": 5, "maxPerOrder": 1}]},
        ("/tiers/0/minPerOrder", "quantity_inconsistent"),
    ),
    (
        "hybrid without online tickets",
        "venueSetup",
        {"mode": "hybrid", "url": "https://live.example.com"},
        ("/tiers", "access_incomplete"),
    ),
    (
        "a start that has gone by",
        "eventSetup",
        {"date": days_ahead(-2)},
        ("/date", "event_not_in_future"),
    ),
    ("a stage that is not valid", "venueSetup", {"name": None}, ("", "stage_invalid")),
    (
        "withdrawn terms",
        "reviewPublish",
        {"acceptTerms": False},
        ("/acceptedTerms", "terms_not_accepted"),
    ),
]


@pytest.mark.parametrize(
    ("stage", "patch", "expected"), [pytest.param(*case[1:], id=case[0]) for case in BLOCKED]
)
async def test_a_failed_check_blocks(
    wizard: Wizard, stage: str, patch: JsonObject, expected: tuple[str, str]
) -> None:
    stages = free_event()
    if patch.get("mode") == "hybrid":
        stages["ticketSetup"]["tiers"][0]["access"] = "in_person"
    await fill_in(wizard, stages)
    await wizard.save(stage, patch)
    if stage != "reviewPublish":
        await wizard.save("reviewPublish", {"acceptTerms": True})
    await account_is_known(wizard)

    async with untouched(wizard):
        refused = assert_problem(await wizard.post("/publish"), 422, "publish_blocked")

    assert expected in error_places(refused)
    assert await blocking(wizard) == error_places(refused)


async def test_terms_accepted_before_a_later_edit_do_not_count(ada: httpx.AsyncClient) -> None:
    wizard = await start(ada, free_sections())
    await wizard.save("organizerSetup", {"bio": "One more thing."})

    refused = assert_problem(await wizard.post("/publish"), 422, "publish_blocked")

    assert error_places(refused) == [("/acceptedTerms", "terms_not_accepted")]
    assert refused["errors"][0]["params"] == {"reason": "outdated"}


async def test_a_ready_session_has_no_blocking_check(ada: httpx.AsyncClient) -> None:
    wizard = await start(ada, free_sections())

    assert (await wizard.get("/checks")).json() == {"ready": True, "checks": []}


async def test_a_member_without_the_right_may_not_publish(system: System, user: str) -> None:
    settings = settings_for(system.database, jwt_publish_permission="events:publish")
    async with (
        serving(settings, system.temporal.client) as address,
        client_for(address, token(user, "acme")) as member,
        client_for(address, token(user, "acme", permissions=["events:publish"])) as publisher,
    ):
        wizard = await start(member)
        await fill_in(wizard, free_event())

        refused = assert_problem(await wizard.post("/publish"), 422, "publish_blocked")
        assert error_places(refused) == [("", "not_allowed")]
        assert await blocking(wizard) == [("", "not_allowed")]

        accepted = await Wizard(publisher, wizard.session_id).post("/publish")
        assert accepted.status_code == 200
