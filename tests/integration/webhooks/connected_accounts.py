"""Sessions with a connected account, and their payments."""

from typing import Any

import httpx

from tests.support.paid_sessions import connect, paid_event
from tests.support.stand_in import StandIn
from tests.support.stripe_events import CONNECT_SECRET, PATH
from tests.support.system import System
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, fill_in, start


async def connected(http: httpx.AsyncClient) -> tuple[Wizard, str]:
    """A session whose account is not onboarded yet, and the account. Its row is written, by which
    an event of the account finds the session."""
    wizard = await start(http)
    account: str = (await connect(wizard))["account_id"]
    await payments_with_status(wizard, "onboarding")

    async def has_row() -> bool:
        rows = (await http.get("/v1/sessions", params={"limit": 100})).json()["items"]
        return any(
            row["session_id"] == wizard.session_id and row["payments"]["account_id"] == account
            for row in rows
        )

    await eventually(has_row, what="the row of the session with its account")
    return wizard, account


async def payments_with_status(wizard: Wizard, status: str) -> dict[str, Any]:
    """Waits until the session's payments have this status, and returns them."""

    async def has_status() -> dict[str, Any] | None:
        view = await wizard.view(consistent="true")
        payments: dict[str, Any] = view["payments"]
        return payments if payments["status"] == status else None

    return await eventually(has_status, what=f"payments that are {status}")


async def deliver_to(system: System, stand_in: StandIn, payload: str = "thin") -> None:
    """Makes the stand-in deliver events of connected accounts to the API."""
    await stand_in.post(
        "/webhooks",
        url=f"{system.address}{PATH}",
        secret=CONNECT_SECRET,
        connect=True,
        payload=payload,
    )


async def selling(http: httpx.AsyncClient) -> Wizard:
    """A filled session with paid tickets, without an account of its own."""
    wizard = await start(http)
    await fill_in(wizard, paid_event())
    return wizard


async def account_fetches(stand_in: StandIn) -> list[dict[str, Any]]:
    """The requests for an account."""
    requests: list[dict[str, Any]] = await stand_in.get(
        "/requests", method="GET", path="/v2/core/accounts/"
    )
    return requests
