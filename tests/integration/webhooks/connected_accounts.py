"""Sessions with a connected account, and their payments."""

from typing import Any

import httpx

from tests.support.paid_sessions import connect
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, start


async def connected(http: httpx.AsyncClient) -> tuple[Wizard, str]:
    """A session whose account is not onboarded yet, and the account."""
    wizard = await start(http)
    account: str = (await connect(wizard))["account_id"]
    await payments_with_status(wizard, "onboarding")
    return wizard, account


async def payments_with_status(wizard: Wizard, status: str) -> dict[str, Any]:
    """Waits until the session's payments have this status, and returns them."""

    async def has_status() -> dict[str, Any] | None:
        view = await wizard.view(consistent="true")
        payments: dict[str, Any] = view["payments"]
        return payments if payments["status"] == status else None

    return await eventually(has_status, what=f"payments that are {status}")
