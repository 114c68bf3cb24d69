"""Orders of a published event, placed at Temporal as the API does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateHandle,
    WorkflowUpdateStage,
)
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import ApplicationError

from db import rows
from db.orders import Orders
from db.pool import create_pool
from domain import ids
from domain.errors import WizardError
from domain.json_values import JsonObject
from domain.orders.accounting import total_of
from domain.orders.inventory import WHOLE_EVENT
from domain.orders.messages import CancelOrder, OrderAnswer
from domain.orders.order import NEWEST_ORDER_RULES, Order, OrderRequest, WantedItem
from domain.orders.transitions import OrderReason
from temporal.failures import to_error
from temporal.order_starts import order_start
from tests.support.paid_sessions import Seller
from tests.support.stand_in import StandIn
from tests.support.system import System
from tests.support.wizard import published_event


@dataclass(frozen=True)
class Sale:
    """A published event with paid tickets."""

    system: System
    stand_in: StandIn
    account: str
    event: JsonObject

    @property
    def event_id(self) -> str:
        return str(self.event["event_id"])

    @property
    def client(self) -> Client:
        return self.system.temporal.client

    def request(self, *quantities: int, **changed: Any) -> OrderRequest:
        """Of so many tickets of the first, the second … tier; one of the first by default."""
        tiers = self.event["ticket_tiers"]
        items = [
            WantedItem(tier_id=tier["id"], quantity=quantity)
            for tier, quantity in zip(tiers, quantities or (1,), strict=False)
            if quantity
        ]
        return OrderRequest(
            **{
                "order_id": str(uuid4()),
                "event_id": self.event_id,
                "items": items,
                "holder": "holder",
                "fingerprint": "fingerprint",
                "page_url": f"https://shop.example/e/{self.event['slug']}",
                "rules": NEWEST_ORDER_RULES,
                **changed,
            }
        )

    async def place(self, *quantities: int) -> "Placed":
        """An order whose checkout is open."""
        request = self.request(*quantities)
        await self.ask(request)
        return Placed(self, request)

    async def ask(self, request: OrderRequest) -> OrderAnswer:
        """
        Raises:
            WizardError: the order is refused.
        """
        asking = await self.start_asking(request, WorkflowUpdateStage.COMPLETED)
        try:
            return await asking.result()
        except WorkflowUpdateFailedError as failed:
            raise error_of(failed) from failed

    async def start_asking(
        self, request: OrderRequest, until: WorkflowUpdateStage
    ) -> WorkflowUpdateHandle[OrderAnswer]:
        """Returns when the request has reached the stage."""
        starting: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
            ids.TICKET_ORDER,
            request,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            **order_start(request),
        )
        return await self.client.start_update_with_start_workflow(
            ids.UPDATE_CHECKOUT,
            {},
            wait_for_stage=until,
            start_workflow_operation=starting,
            result_type=OrderAnswer,
        )

    def handle(self, order_id: str) -> WorkflowHandle[Any, Any]:
        return self.client.get_workflow_handle(ids.order_workflow_id(order_id), result_type=Order)

    async def checkouts(self) -> list[JsonObject]:
        """All that were ever created."""
        found: list[JsonObject] = await self.stand_in.get(
            "/objects", kind="checkout.session", account=self.account
        )
        return found

    async def orders(self) -> list[Order]:
        return [rows.order(row["row"]) for row in await self._fetch("ticket_orders")]

    async def stock(self, tier_id: str = WHOLE_EVENT) -> tuple[int, int]:
        """How many tickets are sold and held. Asserts that these are the sums of the orders."""
        sums = total_of(await self.orders())
        stocks = {row["row"]["tier_id"]: row["row"] for row in await self._fetch("event_inventory")}
        for name, stock in stocks.items():
            share = sums.get(name)
            numbers = (share.sold, share.held, share.amount) if share else (0, 0, 0)
            assert (stock["sold"], stock["held"], stock["amount"]) == numbers, name
        return stocks[tier_id]["sold"], stocks[tier_id]["held"]

    @asynccontextmanager
    async def records(self) -> AsyncIterator[Orders]:
        """The orders, as the worker changes them."""
        async with await create_pool(
            self.system.database.worker_dsn, application_name="tests"
        ) as pool:
            yield Orders(pool)

    async def _fetch(self, table: str) -> list[Any]:
        async with await create_pool(
            self.system.database.worker_dsn, application_name="tests"
        ) as pool:
            found = await pool.fetch(
                f"SELECT to_jsonb(t) AS row FROM {table} AS t WHERE event_id = $1",
                rows.as_uuid(self.event_id),
            )
        return list(found)


@dataclass(frozen=True)
class Placed:
    """An order, and what its buyer and Stripe do."""

    sale: Sale
    request: OrderRequest

    @property
    def order_id(self) -> str:
        return self.request.order_id

    @property
    def handle(self) -> WorkflowHandle[Any, Any]:
        return self.sale.handle(self.order_id)

    async def now(self) -> Order:
        order = await self.handle.query(ids.QUERY_ORDER, result_type=Order)
        assert isinstance(order, Order)
        return order

    async def result(self) -> Order:
        order = await self.handle.result()
        assert isinstance(order, Order)
        return order

    async def checkout_id(self) -> str:
        checkout_id = (await self.now()).checkout_session_id
        assert checkout_id is not None
        return checkout_id

    async def pay(self, **purchase: Any) -> JsonObject:
        """Completes the checkout, without a webhook."""
        session_id = await self.checkout_id()
        paid: JsonObject = await self.sale.stand_in.post(
            f"/checkout_sessions/{session_id}/pay", **purchase
        )
        return paid

    async def settle(self, *, succeeds: bool) -> None:
        session_id = await self.checkout_id()
        await self.sale.stand_in.post(f"/checkout_sessions/{session_id}/settle", succeeds=succeeds)

    async def webhook(self) -> None:
        """As the process of an event of Stripe signals it."""
        await self.handle.signal(ids.SIGNAL_CHECKOUT_CHANGED, {"checkout_id": "cs_any"})

    async def cancel(self) -> Order:
        cancelled: Order = await self.handle.execute_update(
            ids.UPDATE_CANCEL, CancelOrder(reason=OrderReason.BUYER), result_type=Order
        )
        return cancelled

    async def pass_time(self, duration: timedelta) -> None:
        await self.sale.system.temporal.fast_forward(self.handle, duration)


def error_of(failed: WorkflowUpdateFailedError | WorkflowFailureError) -> WizardError:
    assert isinstance(failed.cause, ApplicationError), failed.cause
    return to_error(failed.cause)


async def open_sale(system: System, stand_in: StandIn, seller: Seller) -> Sale:
    """Publishes the seller's event."""
    return Sale(system, stand_in, seller.account, await published_event(seller.wizard))
