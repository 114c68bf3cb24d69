"""Orders as checkouts sell them, and an organizer's account at the stand-in."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from domain.actors import Tenant
from domain.json_values import JsonObject
from payments.adapter import StripeAdapter
from payments.checkout_models import Checkout, CheckoutItem, CheckoutRequest
from payments.models import AccountDetails, TierSale
from tests.support.stand_in import StandIn

PAGE_URL = "https://tickets.example/e/summer-show"


def tier(number: int = 1, **changes: Any) -> TierSale:
    values: JsonObject = {
        "session_id": str(uuid4()),
        "event_id": str(uuid4()),
        "tier_id": f"tier-{number}",
        "name": f"Summer Show: Tier {number}",
        "currency": "usd",
        "amount": 2_500,
        "min_per_order": 1,
        "max_per_order": 10,
    }
    return TierSale(**{**values, **changes})


@dataclass(frozen=True)
class Organizer:
    """An account that takes cards, and the adapter that the platform uses for it."""

    account: str
    adapter: StripeAdapter
    stand_in: StandIn

    async def offer(self, *tiers: TierSale, **changes: Any) -> CheckoutRequest:
        """An order of two tickets of each tier, whose products and prices it creates."""
        items = [
            CheckoutItem(
                tier_id=sale.tier_id,
                name=sale.name,
                product_id=sale.product_id,
                price_id=await self.adapter.offer(self.account, sale),
                quantity=2,
                unit_amount=sale.amount,
            )
            for sale in tiers
        ]
        donations = {sale.tier_id for sale in tiers if sale.is_donation}
        now = datetime.now(UTC)
        values: JsonObject = {
            "order_id": str(uuid4()),
            "event_id": tiers[0].event_id,
            "session_id": tiers[0].session_id,
            "account_id": self.account,
            "currency": tiers[0].currency,
            "items": [
                item.model_copy(update={"price_id": None}) if item.tier_id in donations else item
                for item in items
            ],
            "page_url": PAGE_URL,
            "created_at": now,
            "expires_at": now + timedelta(minutes=35),
        }
        return CheckoutRequest(**{**values, **changes})

    async def look_at(self, checkout: Checkout) -> Checkout:
        return await self.adapter.checkout(self.account, checkout.id)

    async def pay(self, checkout: Checkout, **purchase: Any) -> JsonObject:
        paid: JsonObject = await self.stand_in.post(
            f"/checkout_sessions/{checkout.id}/pay", **purchase
        )
        return paid

    async def sessions(self) -> list[JsonObject]:
        """The account's checkout sessions at the stand-in, with its own data of them."""
        found: list[JsonObject] = await self.stand_in.get(
            "/objects", kind="checkout.session", account=self.account
        )
        return found


async def new_organizer(stand_in: StandIn, adapter: StripeAdapter) -> Organizer:
    account = await adapter.create_account(Tenant("user", str(uuid4())), 1, AccountDetails())
    await stand_in.move(account, "ready")
    return Organizer(account, adapter, stand_in)
