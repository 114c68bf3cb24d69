"""The command that deactivates the payment links of earlier releases, and counts their sales."""

import asyncio
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
from temporalio import workflow

from db.orders import Orders
from db.pool import create_pool
from dev.demo.client import submit_page
from domain import ids
from domain.json_values import JsonObject
from tests.support.forks import Fork
from tests.support.paid_sessions import THREE_TIERS, Seller, start_seller
from tests.support.stand_in import StandIn
from tests.support.system import System, running_worker

ENDS_WITHIN = 60.0
"""Seconds; the longest pauses of the command take 31."""


async def retire_links(system: System, stand_in: StandIn) -> tuple[int, list[dict[str, str]], str]:
    """Runs the command. Returns its exit code, its rows by their headings, and its errors."""
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": system.database.worker_dsn,
        "STRIPE_API_KEY": "sk_test_tests",
        "STRIPE_API_BASE": stand_in.url,
    }
    with TemporaryDirectory() as directory:
        output = Path(directory) / "output"
        process = Fork("retire_links", environment, output)
        code = await asyncio.to_thread(process.wait, ENDS_WITHIN)
        lines = output.read_text().splitlines()
    headings, *rows = [line.split("\t") for line in lines if "\t" in line]
    errors = [line for line in lines if "\t" not in line]
    return code, [dict(zip(headings, row, strict=True)) for row in rows], "\n".join(errors)


@pytest.fixture
async def linked(
    api: System, stand_in: StandIn, ada: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> tuple[Seller, JsonObject]:
    """An event that an earlier release has published with payment links."""
    monkeypatch.setattr(workflow, "patched", lambda name: name != ids.PATCH_NO_PAYMENT_LINKS)
    async with running_worker(api, stripe_url=stand_in.url):
        sale = await start_seller(ada, stand_in, *THREE_TIERS)
        published = await sale.wizard.post("/publish")
    assert published.status_code == 200, published.text
    return sale, published.json()


async def test_links_are_deactivated_and_their_sales_counted(
    api: System, stand_in: StandIn, linked: tuple[Seller, JsonObject]
) -> None:
    sale, event = linked
    general, front_row, _ = event["ticket_tiers"]
    for tier in (general, general, front_row):
        await asyncio.to_thread(submit_page, tier["paymentLink"])

    for _ in range(2):
        code, rows, errors = await retire_links(api, stand_in)

        assert (code, errors) == (0, "")
        own = [row for row in rows if row["event_id"] == sale.event_id]
        assert [(row["tier_id"], row["orders"], row["tickets"]) for row in own] == [
            (tier["id"], count, count)
            for tier, count in zip(event["ticket_tiers"], "210", strict=True)
        ]
        links = await stand_in.get("/objects", kind="payment_link", account=sale.account)
        assert [link["active"] for link in links] == [False] * 3


async def test_orders_sell_what_the_links_have_left(
    api: System, stand_in: StandIn, linked: tuple[Seller, JsonObject], ada: httpx.AsyncClient
) -> None:
    """A repeat counts again what the links have sold by then."""
    sale, event = linked
    tier = event["ticket_tiers"][0]
    for _ in range(2):
        await asyncio.to_thread(submit_page, tier["paymentLink"])
    intents = await stand_in.get("/objects", kind="payment_intent", account=sale.account)
    pool = await create_pool(api.database.worker_dsn, application_name="tests")
    try:
        await retire_links(api, stand_in)
        first = await Orders(pool).stocks(sale.event_id)
        await stand_in.post(f"/payment_intents/{intents[0]['id']}/refund")
        for _ in range(2):
            await retire_links(api, stand_in)
        second = await Orders(pool).stocks(sale.event_id)
    finally:
        await pool.close()

    assert [(stocks[tier["id"]].sold, stocks[""].sold) for stocks in (first, second)] == [
        (2, 2),
        (1, 1),
    ]
    moved = (await ada.get(f"/v1/events/{sale.event_id}")).json()["ticket_tiers"]
    assert all("priceId" in tier and "paymentLink" not in tier for tier in moved)


async def test_an_account_that_stripe_refuses_is_named(
    api: System, stand_in: StandIn, linked: tuple[Seller, JsonObject]
) -> None:
    sale, _ = linked
    await stand_in.post(f"/accounts/{sale.account}/disconnect")

    code, rows, errors = await retire_links(api, stand_in)

    assert code == 1
    assert sale.account in errors
    assert [row for row in rows if row["event_id"] == sale.event_id] == []


async def test_events_with_links_stay_readable(
    linked: tuple[Seller, JsonObject], ada: httpx.AsyncClient
) -> None:
    sale, event = linked
    view = await sale.wizard.view()
    names = [step["name"] for step in view["publication"]["steps"]]
    shown = (await ada.get(f"/v1/public/events/{event['slug']}")).json()

    assert names == ["revalidate", "reserve", "catalogue", "payment_links", "publish"]
    assert [tier["paymentLink"] for tier in shown["ticket_tiers"]] == [
        tier["paymentLink"] for tier in event["ticket_tiers"]
    ]
