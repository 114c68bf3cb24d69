"""Sessions whose tenant sells through an account, and what they know of it."""

from typing import Any

import httpx

from tests.support.paid_sessions import connect
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, start


async def connected(http: httpx.AsyncClient) -> tuple[Wizard, str]:
    """A session of a tenant whose account is not onboarded yet, and that account."""
    wizard = await start(http)
    account: str = (await connect(wizard))["account_id"]
    await comes_to_be(wizard, "onboarding")
    return wizard, account


async def comes_to_be(wizard: Wizard, status: str) -> dict[str, Any]:
    """The payments of the session, once they have this status, without a request for it."""

    async def seen() -> dict[str, Any] | None:
        view = await wizard.view(consistent="true")
        payments: dict[str, Any] = view["payments"]
        return payments if payments["status"] == status else None

    return await eventually(seen, what=f"payments that are {status}")
