from collections.abc import AsyncIterator

import httpx
import pytest
import stripe

from tests.integration.dev.stripe_stand_in.receiver import Receiver, receiving
from tests.support.stand_in import StandIn, stand_in_process


@pytest.fixture(scope="session")
async def running_stand_in(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[StandIn]:
    async with stand_in_process(tmp_path_factory.mktemp("stand-in")) as stand_in:
        yield stand_in


@pytest.fixture
async def stand_in(running_stand_in: StandIn) -> StandIn:
    for endpoint in await running_stand_in.get("/webhooks"):
        await running_stand_in.control.delete(f"/webhooks/{endpoint['id']}")
    await running_stand_in.post("/reset")
    return running_stand_in


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
    made = await client.v1.prices.create_async(
        {"product": "vip", "currency": "usd", "unit_amount": 2500}, options
    )
    return made.id


@pytest.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as client:
        yield client


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as one:
        yield one
