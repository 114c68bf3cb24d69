"""A Stripe SDK client, and the objects that most tests of the stand-in need."""

from collections.abc import AsyncIterator

import httpx
import pytest
import stripe

from tests.integration.dev.stripe_stand_in.receiver import Receiver, receiving
from tests.support.stand_in import StandIn


@pytest.fixture
def client(stand_in: StandIn) -> stripe.StripeClient:
    return stand_in.stripe()


@pytest.fixture
async def account(stand_in: StandIn, client: stripe.StripeClient) -> str:
    """A connected account that takes cards."""
    created = await client.v2.core.accounts.create_async(
        {
            "contact_email": "ada@example.com",
            "configuration": {"merchant": {"capabilities": {"card_payments": {"requested": True}}}},
        }
    )
    await stand_in.move(created.id, "ready")
    return created.id


@pytest.fixture
async def price(client: stripe.StripeClient, account: str) -> str:
    """25.00 USD, of product ``vip``."""
    options: stripe.RequestOptions = {"stripe_account": account}
    await client.v1.products.create_async({"id": "vip", "name": "VIP"}, options)
    created = await client.v1.prices.create_async(
        {"product": "vip", "currency": "usd", "unit_amount": 2500}, options
    )
    return created.id


@pytest.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=30, trust_env=False, verify=False) as client:
        yield client


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as new_receiver:
        yield new_receiver
