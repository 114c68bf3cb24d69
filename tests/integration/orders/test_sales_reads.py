"""The sales of an event, for its organizer and for anyone: these need no worker."""

from datetime import UTC, datetime, timedelta

import asyncpg
import httpx
import pytest
from temporalio.testing import WorkflowEnvironment

from db.orders import Orders
from db.pool import Connection
from domain.actors import Actor
from domain.orders.order import OrderState
from domain.publishing.event import Event
from tests.support.api import SignIn, signing_in
from tests.support.order_rows import an_order, paid_tier, put_event, put_orders, wants
from tests.support.postgres import Database
from tests.support.problem_documents import assert_problem
from tests.support.system import running_api


async def put_own_event(admin: Connection, user: str, *tiers: dict[str, object]) -> Event:
    return await put_event(admin, *tiers, owner=Actor(user_id=user))


async def test_the_sales_count_held_tickets(
    ada: httpx.AsyncClient, user: str, admin: Connection, inventory: Orders
) -> None:
    event = await put_own_event(admin, user, paid_tier("floor", 20), paid_tier("stage", 5))
    await inventory.hold(wants(event, {"floor": 3, "stage": 1}), at=datetime.now(UTC))

    sales = (await ada.get(f"/v1/events/{event.event_id}/sales")).json()

    assert sales.keys() == {"event_id", "sales", "reason", "currency", "tiers", "total"}
    assert (sales["sales"], sales["reason"]) == ("on", None)
    floor = sales["tiers"][0]
    assert floor == {
        "tier_id": "floor",
        "name": "Floor",
        "state": "on_sale",
        "quantity": 20,
        "sold": 0,
        "held": 3,
        "left": 17,
        "amount": 0,
        "refunded": 0,
    }
    assert (sales["total"]["held"], sales["total"]["left"]) == (4, 21)


async def test_orders_are_paged_newest_first(
    ada: httpx.AsyncClient, user: str, admin: Connection
) -> None:
    event = await put_own_event(admin, user)
    now = datetime.now(UTC)
    orders = [
        an_order(event, OrderState.PAID, created_at=now - timedelta(minutes=age))
        for age in range(3)
    ]
    await put_orders(admin, *orders)
    path = f"/v1/events/{event.event_id}/orders"

    first = (await ada.get(path, params={"limit": 2})).json()
    second = (await ada.get(path, params={"limit": 2, "cursor": first["next_cursor"]})).json()

    shown = [order["order_id"] for order in (*first["items"], *second["items"])]
    assert shown == [order.order_id for order in orders]
    assert second["next_cursor"] is None
    assert first["items"][0]["payment_intent_id"] == orders[0].payment_intent_id
    assert not {"holder", "fingerprint", "tenant"} & first["items"][0].keys()
    bad = await ada.get(path, params={"cursor": "x"})
    assert_problem(bad, 422, "invalid_request")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "sales"),
        ("GET", "orders"),
        ("POST", "sales/pause"),
        ("POST", "sales/resume"),
        ("POST", "sales/close"),
    ],
)
async def test_another_tenants_sales_are_not_found(
    sign_in: SignIn, user: str, admin: Connection, method: str, path: str
) -> None:
    event = await put_own_event(admin, user)
    stranger = sign_in(f"{user}-stranger")

    response = await stranger.request(method, f"/v1/events/{event.event_id}/{path}")
    absent = await stranger.request(method, f"/v1/events/{event.session_id}/{path}")

    assert_problem(response, 404, "event_not_found")
    assert response.content == absent.content


async def test_a_public_tier_has_its_sale(
    buyer: httpx.AsyncClient, admin: Connection, inventory: Orders
) -> None:
    later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    event = await put_event(
        admin,
        paid_tier("floor", 12),
        paid_tier("late", 5, saleStart=later),
        paid_tier("secret", 5, visibility="hidden"),
        {**paid_tier("friends", 5), "kind": "free", "unit_amount": 0},
    )
    path = f"/v1/public/events/{event.slug}"
    before = await buyer.get(path)
    await inventory.hold(wants(event, {"floor": 2}), at=datetime.now(UTC))

    after = await buyer.get(path, headers={"If-None-Match": before.headers["ETag"]})

    assert after.status_code == 200
    assert after.headers["Cache-Control"] == "public, max-age=10"
    sale_of = {tier["id"]: tier for tier in after.json()["ticket_tiers"]}
    assert sale_of.keys() == {"floor", "late", "friends"}
    assert (sale_of["floor"]["sale_state"], sale_of["floor"]["left"]) == ("on_sale", 10)
    assert before.json()["ticket_tiers"][0]["left"] is None
    assert sale_of["late"]["sale_state"] == "scheduled"
    assert datetime.fromisoformat(sale_of["late"]["sale_start"]) == datetime.fromisoformat(later)
    assert sale_of["friends"]["sale_state"] is None
    known = await buyer.get(path, headers={"If-None-Match": after.headers["ETag"]})
    assert known.status_code == 304


async def test_a_sold_out_tier_is_public(
    buyer: httpx.AsyncClient, admin: Connection, inventory: Orders
) -> None:
    event = await put_event(admin, paid_tier("floor", 2))
    await inventory.hold(wants(event, {"floor": 2}), at=datetime.now(UTC))

    shown = (await buyer.get(f"/v1/public/events/{event.slug}")).json()

    (floor,) = shown["ticket_tiers"]
    assert (floor["sale_state"], floor["left"]) == ("sold_out", 0)


async def test_changing_sales_needs_the_permission_to_publish(
    temporal: WorkflowEnvironment, database: Database
) -> None:
    """Of the tenant's own event; reading needs none."""
    async with (
        running_api(temporal, database, jwt_publish_permission="wizard:publish") as api,
        signing_in(api.address) as sign_in,
    ):
        connection = await asyncpg.connect(database.admin_dsn)
        event = await put_own_event(connection, "ada")
        await connection.close()
        ada = sign_in("ada")

        for action in ("pause", "resume", "close"):
            response = await ada.post(f"/v1/events/{event.event_id}/sales/{action}")
            assert_problem(response, 403, "permission_missing")
        assert (await ada.get(f"/v1/events/{event.event_id}/sales")).json()["sales"] == "on"
