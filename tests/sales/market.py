"""The system in which sales are played, and events that are on sale in it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import asyncpg
import httpx
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from db.errors import DatabaseUnavailable, translated_errors
from domain.ids import event_id_of
from domain.json_values import JsonObject
from tests.sales.plans import Delivery, SalePlan
from tests.support.paid_sessions import connect, paid_event
from tests.support.waiting import eventually
from tests.support.wizard import fill_in, published_event, start

WEBHOOK_PATH: Final = "/v1/webhooks/stripe"

_OF_CHECKOUTS: Final = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
)
_OF_MONEY: Final = (
    "charge.refunded",
    "refund.updated",
    "charge.dispute.created",
    "charge.dispute.closed",
)
"""Events that always arrive: nothing else informs the system of a refund."""

_LATE_SECONDS: Final = 0.3
_RESTARTED_WITHIN_SECONDS: Final = 60.0


@dataclass(frozen=True)
class Market:
    """``sign_in`` returns a client of the API with a user's token. Without ``environment``, the
    clocks of workflows cannot be moved."""

    address: str
    temporal: Client
    database_dsn: str
    """The owner's, who sees everything."""
    stand_in: httpx.AsyncClient
    """Its controls."""
    webhook_secret: str = field(repr=False)
    sign_in: Callable[[str], httpx.AsyncClient]
    environment: WorkflowEnvironment | None = None

    async def control(self, path: str, **body: Any) -> Any:
        response = await self.stand_in.post(path, json=body)
        response.raise_for_status()
        return response.json()

    async def objects(self, kind: str, account: str) -> list[JsonObject]:
        response = await self.stand_in.get("/objects", params={"kind": kind, "account": account})
        response.raise_for_status()
        found: list[JsonObject] = response.json()
        return found

    async def fetch(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        """The rows, even if Postgres is restarted in the meantime."""
        rows: list[asyncpg.Record] = []

        async def answers() -> bool:
            nonlocal rows
            try:
                with translated_errors():
                    rows = await self._fetch(statement, *arguments)
            except DatabaseUnavailable:
                return False
            return True

        await eventually(answers, within=_RESTARTED_WITHIN_SECONDS, what="an answer of Postgres")
        return rows

    async def _fetch(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.database_dsn)
        try:
            return list(await connection.fetch(statement, *arguments))
        finally:
            await connection.close()

    async def deliver(self, delivery: Delivery) -> None:
        """Webhooks arrive like this from now on; those that were held back are sent."""
        of_checkouts = () if delivery is Delivery.NEVER else _OF_CHECKOUTS
        await self.control(
            "/webhooks",
            url=f"{self.address}{WEBHOOK_PATH}",
            secret=self.webhook_secret,
            connect=True,
            enabled_events=[*of_checkouts, *_OF_MONEY],
        )
        await self.control(
            "/deliveries/mode",
            held=delivery is Delivery.SHUFFLED,
            seconds=_LATE_SECONDS if delivery is Delivery.LATE else 0,
            times=2 if delivery is Delivery.DOUBLED else 1,
        )

    async def release_webhooks(self) -> None:
        """Sends those that were held back, in random order."""
        await self.control("/deliveries/mode", shuffled=True)


@dataclass(frozen=True)
class Sale:
    """An event on sale. ``tiers`` are the ids of the plan's tiers, in its order."""

    market: Market
    plan: SalePlan
    organizer: httpx.AsyncClient
    account: str
    event_id: str
    slug: str
    tiers: tuple[str, ...]

    @property
    def orders_path(self) -> str:
        return f"/v1/public/events/{self.slug}/orders"

    async def switch(self, change: str) -> None:
        """``pause``, ``resume`` or ``close``; repeated until it is answered."""
        headers = {"Idempotency-Key": secrets.token_urlsafe(24)}

        async def is_done() -> bool:
            path = f"/v1/events/{self.event_id}/sales/{change}"
            try:
                return (await self.organizer.post(path, headers=headers)).is_success
            except httpx.TransportError:
                return False

        await eventually(is_done, within=_RESTARTED_WITHIN_SECONDS, what=change)


async def open_sale(market: Market, plan: SalePlan) -> Sale:
    """Publishes the event of the plan, by an organizer with a new account."""
    user = f"organizer-{plan.seed}-{secrets.token_hex(4)}"
    organizer = market.sign_in(user)
    wizard = await start(organizer)
    account = (await connect(wizard))["account_id"]
    await market.control(f"/accounts/{account}", state="ready")
    await fill_in(wizard, _stages(plan))
    event = await published_event(wizard)
    return Sale(
        market=market,
        plan=plan,
        organizer=organizer,
        account=account,
        event_id=event_id_of(wizard.session_id),
        slug=event["slug"],
        tiers=tuple(tier["id"] for tier in event["ticket_tiers"]),
    )


def _stages(plan: SalePlan) -> dict[str, JsonObject]:
    tiers = [
        {
            "name": tier.name,
            "unit_amount": tier.unit_amount,
            **({} if tier.quantity is None else {"quantity": tier.quantity}),
        }
        for tier in plan.tiers
    ]
    stages = paid_event(*tiers, title=f"Sale {plan.seed}")
    stages["venueSetup"] = {**stages["venueSetup"], "capacity": plan.hall}
    if plan.total_capacity is not None:
        stages["ticketSetup"]["totalCapacity"] = plan.total_capacity
    return stages
