"""Events with paid tickets: the catalogue after publishing, and refused publications."""

import asyncio
from datetime import date

import httpx
import pytest

from tests.support.api import SignIn
from tests.support.paid_sessions import (
    KINDS,
    THREE_TIERS,
    WAY_BACK,
    assert_nothing_on_sale,
    assert_on_sale_once,
    connect,
    objects_of,
    on_sale,
    paid_event,
    start_seller,
)
from tests.support.problem_documents import assert_problem, error_places
from tests.support.session_rows import complete_session_rows
from tests.support.stage_data import free_event
from tests.support.stand_in import StandIn
from tests.support.system import System, running_worker
from tests.support.wizard import Wizard, fill_in, publish, published_event, start

FREE_TIER = {"name": "Friends", "unit_amount": 0, "quantity": 10}


async def test_each_paid_tier_has_a_product_and_a_price(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    sale = await start_seller(ada, stand_in, *THREE_TIERS, FREE_TIER)

    event = await published_event(sale.wizard)
    assert event["stripe_account_id"] == sale.account
    await assert_on_sale_once(stand_in, sale.account, event)
    assert not {"priceId", "paymentLink"} & event["ticket_tiers"][3].keys()
    view = await sale.wizard.view(consistent="true")
    assert [step["name"] for step in view["publication"]["steps"]] == [
        "revalidate",
        "reserve",
        "catalogue",
        "publish",
    ]
    shown = (await ada.get(f"/v1/public/events/{event['slug']}")).json()
    assert not any("priceId" in tier for tier in shown["ticket_tiers"])
    records = await complete_session_rows(
        system.database, system.temporal.client, sale.wizard.session_id
    )
    assert records.status == "completed"


async def test_a_product_says_what_the_buyer_pays_for(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    tier = {"name": "Front row", "unit_amount": 2500, "description": "Seats in row one"}
    sale = await start_seller(ada, stand_in, tier)
    event = await published_event(sale.wizard)

    (product,) = (await on_sale(stand_in, sale.account))["product"]

    assert product["name"] == f"{event['title']}: Front row"
    day = date.fromisoformat(event["event_date"])
    for part in (str(day.year), event["start_time"][:5], event["timezone"], "Seats in row one"):
        assert part in product["description"]
    venue = event["venue_data"]
    assert f"{venue['name']}, {venue['address']['city']}" in product["description"]
    assert product["metadata"] == {
        "session_id": event["session_id"],
        "event_id": event["event_id"],
        "tier_id": event["ticket_tiers"][0]["id"],
    }


async def test_fifty_tiers_take_few_requests(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    """None of them depends on how many objects the account has."""
    tiers = [{"name": f"Row {number}", "unit_amount": 2500} for number in range(50)]
    sale = await start_seller(ada, stand_in, *tiers)
    await stand_in.control.delete("/requests")

    await publish(sale.wizard)
    requests = await stand_in.get("/requests")
    assert len(requests) <= 3 * len(tiers) + 20
    assert {request["path"] for request in requests if request["method"] == "GET"} == {
        f"/v2/core/accounts/{sale.account}"
    }


@pytest.mark.parametrize(("currency", "amount"), [("jpy", 3000), ("kwd", 12_340), ("isk", 250_000)])
async def test_a_zero_decimal_currency_is_sold_in_whole_units(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient, currency: str, amount: int
) -> None:
    tier = {"name": "General", "unit_amount": amount, "quantity": 10}
    sale = await start_seller(ada, stand_in, tier, currency=currency)

    event = await published_event(sale.wizard)
    await assert_on_sale_once(stand_in, sale.account, event)
    (price,) = (await on_sale(stand_in, sale.account))["price"]
    assert (price["currency"], price["unit_amount"]) == (currency, amount)


async def test_ten_concurrent_publishes_make_one_catalogue(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient, sign_in: SignIn, user: str
) -> None:
    sale = await start_seller(ada, stand_in, *THREE_TIERS)
    windows = [sale.wizard, Wizard(sign_in(user), sale.wizard.session_id)] * 5

    answers = await asyncio.gather(
        *(window.post("/publish", prefer="wait=20") for window in windows)
    )

    assert [answer.status_code for answer in answers] == [200] * len(windows)
    assert len({answer.text for answer in answers}) == 1
    await assert_on_sale_once(stand_in, sale.account, answers[0].json())
    created = await objects_of(stand_in, sale.account)
    assert {kind: len(objects) for kind, objects in created.items()} == dict.fromkeys(KINDS, 3)


async def test_a_free_event_sends_nothing_to_stripe(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    """Not even if the tenant has an account."""
    await connect(await start(ada))
    await stand_in.control.delete("/requests")
    wizard = await start(ada)
    await fill_in(wizard, free_event())
    assert (await wizard.get("/checks")).json()["ready"] is True

    await publish(wizard)
    await complete_session_rows(system.database, system.temporal.client, wizard.session_id)
    assert await stand_in.get("/requests") == []


async def test_an_event_made_free_sends_nothing_to_stripe(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    sale = await start_seller(ada, stand_in)
    await sale.wizard.save("ticketSetup", {"tiers": [FREE_TIER]})
    await sale.wizard.save("reviewPublish", {"acceptTerms": True})
    await stand_in.control.delete("/requests")

    event = await published_event(sale.wizard)
    assert event["stripe_account_id"] is None
    assert await stand_in.get("/requests") == []


async def test_a_paid_event_without_an_account_is_not_published(
    system: System, stand_in: StandIn, wizard: Wizard
) -> None:
    await fill_in(wizard, paid_event())

    refused = assert_problem(await wizard.post("/publish"), 422, "publish_blocked")

    assert [code for _, code in error_places(refused)] == ["payments_not_ready"]
    assert await stand_in.get("/requests") == []


async def test_an_account_is_checked_before_its_event_is_published(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    """The session gets no webhook about the change of the account."""
    sale = await start_seller(ada, stand_in)
    await connect(sale.wizard)
    assert (await sale.wizard.view(consistent="true"))["payments"]["status"] == "ready"
    await stand_in.move(sale.account, "restricted")

    refused = assert_problem(await sale.wizard.post("/publish"), 422, "publish_blocked")

    assert [code for _, code in error_places(refused)] == ["payments_not_ready"]
    view = await sale.wizard.view(consistent="true")
    assert view["status"] == "in_progress"
    assert view["publication"]["state"] == "failed"
    assert view["payments"]["status"] == "restricted"
    assert view["payments"]["requirements"]
    await assert_nothing_on_sale(stand_in, sale.account)

    await stand_in.move(sale.account, "ready")
    await publish(sale.wizard)


async def test_disabled_payouts_are_a_warning(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    sale = await start_seller(ada, stand_in)
    await stand_in.move(sale.account, "payouts_disabled")
    await connect(sale.wizard)

    checks = (await sale.wizard.get("/checks")).json()
    published = await sale.wizard.post("/publish")

    assert ("payouts_disabled", "warn") in {
        (check["code"], check["severity"]) for check in checks["checks"]
    }
    assert published.status_code == 200, published.text
    view = await sale.wizard.view(consistent="true")
    assert view["payments"]["payouts_enabled"] is False


async def test_a_worker_without_a_key_publishes_only_free_events(
    api: System, ada: httpx.AsyncClient
) -> None:
    async with running_worker(api):
        wizard = await start(ada)
        refused = assert_problem(
            await wizard.post("/payments/connect", WAY_BACK), 409, "payments_refused"
        )
        assert "not configured" in refused["detail"]

        await fill_in(wizard, paid_event())
        blocked = assert_problem(await wizard.post("/publish"), 422, "publish_blocked")
        assert [code for _, code in error_places(blocked)] == ["payments_not_ready"]

        await wizard.save("ticketSetup", {"tiers": [FREE_TIER]})
        await wizard.save("reviewPublish", {"acceptTerms": True})
        await publish(wizard)
