"""A Stripe account that changes while two clients publish an event with paid tickets."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import cycle, product
from typing import Final, TypeAlias
from uuid import uuid4

import pytest

from domain.json_values import JsonObject
from tests.races.arena import Arena
from tests.support.full_size import IS_FULL
from tests.support.paid_sessions import (
    THREE_TIERS,
    WAY_BACK,
    Seller,
    assert_nothing_on_sale,
    assert_on_sale_once,
    start_seller,
)
from tests.support.session_rows import complete_session_rows
from tests.support.stand_in import StandIn
from tests.support.stripe_events import CONNECT_SECRET, PATH
from tests.support.waiting import eventually
from tests.support.wizard import Wizard

RACES: Final = 10 if IS_FULL else 1

CATALOGUE: Final = {"method": "POST", "path": "/v1/products"}

Change: TypeAlias = Callable[[StandIn, Seller], Awaitable[None]]


async def loses_access(stand_in: StandIn, seller: Seller) -> None:
    await stand_in.post(f"/accounts/{seller.account}/disconnect")


async def is_restricted(stand_in: StandIn, seller: Seller) -> None:
    await stand_in.move(seller.account, "restricted")


async def is_restricted_for_a_moment(stand_in: StandIn, seller: Seller) -> None:
    await is_restricted(stand_in, seller)
    await stand_in.move(seller.account, "ready")


async def is_replaced(stand_in: StandIn, seller: Seller) -> None:
    """By the organizer: the tenant disconnects its account, and connects another one."""
    answer = await seller.wizard.post("/payments/disconnect")
    assert answer.status_code in {200, 409, 503}, answer.text
    answer = await seller.wizard.post("/payments/connect", WAY_BACK)
    assert answer.status_code in {200, 409, 503}, answer.text
    if answer.status_code == 200:
        await stand_in.move(answer.json()["account_id"], "ready")


CHANGES: Final[tuple[Change, ...]] = (
    loses_access,
    is_restricted,
    is_restricted_for_a_moment,
    is_replaced,
)


@pytest.fixture(scope="module")
async def told_arena(selling_arena: Arena, running_stand_in: StandIn) -> Arena:
    """Stripe tells it what happens to accounts."""
    await running_stand_in.post(
        "/webhooks",
        url=f"{selling_arena.addresses[1]}{PATH}",
        secret=CONNECT_SECRET,
        connect=True,
        payload="snapshot",
    )
    return selling_arena


@pytest.mark.parametrize(
    ("change", "in_catalogue"),
    list(product(CHANGES, (False, True)) if IS_FULL else zip(CHANGES, cycle((False, True)))),
    ids=lambda value: getattr(value, "__name__", value),
)
async def test_an_account_that_changes_while_publishing_has_one_outcome(
    told_arena: Arena, running_stand_in: StandIn, change: Change, in_catalogue: bool
) -> None:
    for _ in range(RACES):
        async with told_arena.one_person() as pair:
            earlier = await accounts_at(running_stand_in)
            title = f"Show {uuid4().hex[:12]}"
            seller = await start_seller(pair[0], running_stand_in, *THREE_TIERS, title=title)
            await running_stand_in.control.delete("/requests")

            first, last, _changed = await asyncio.gather(
                seller.wizard.post("/publish", prefer="wait=30"),
                Wizard(pair[1], seller.wizard.session_id).post("/publish", prefer="wait=30"),
                change_account(change, running_stand_in, seller, in_catalogue=in_catalogue),
            )

            for answer in (first, last):
                assert answer.status_code in {200, 202, 409, 422, 503}, answer.text
            view = await ended(seller.wizard)
            accounts = await accounts_at(running_stand_in) - earlier
            if view["status"] == "completed":
                event = await only_event(seller)
                sells_at = event["stripe_account_id"]
                await assert_on_sale_once(running_stand_in, sells_at, event)
                others = accounts - {sells_at}
                assert len(others) == len(accounts) - 1
            else:
                assert view["status"] == "in_progress"
                assert 200 not in {first.status_code, last.status_code}
                assert await events_of(seller) == []
                # Of an account that it has lost, the platform can take nothing off sale.
                others = accounts - {seller.account} if change is loses_access else accounts
            for account in others:
                await assert_nothing_on_sale(running_stand_in, account)
            await complete_session_rows(
                told_arena.system.database,
                told_arena.system.temporal.client,
                seller.wizard.session_id,
            )


async def change_account(
    change: Change, stand_in: StandIn, seller: Seller, *, in_catalogue: bool
) -> None:
    async def is_offering() -> bool:
        return bool(await stand_in.get("/requests", **CATALOGUE))

    if in_catalogue:
        await eventually(is_offering, what="the first product")
    await change(stand_in, seller)


async def accounts_at(stand_in: StandIn) -> set[str]:
    return {account["id"] for account in await stand_in.get("/objects", kind="v2.core.account")}


async def events_of(seller: Seller) -> list[JsonObject]:
    events: list[JsonObject] = (await seller.wizard.http.get("/v1/events")).json()["items"]
    return events


async def only_event(seller: Seller) -> JsonObject:
    (event,) = await events_of(seller)
    return event


async def ended(wizard: Wizard) -> JsonObject:
    """The session once its publication has ended."""

    async def found() -> JsonObject | None:
        response = await wizard.get(consistent="true")
        if response.status_code != 200:
            return None
        view: JsonObject = response.json()
        return view if view["publication"]["state"] in {"none", "published", "failed"} else None

    return await eventually(found, what="the end of the publication")
