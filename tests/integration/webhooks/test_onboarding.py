"""Webhooks update the open sessions after an onboarding at Stripe."""

from typing import Any

import httpx

from tests.integration.webhooks.connected_accounts import deliver_to, payments_with_status, selling
from tests.support.paid_sessions import connect, onboard
from tests.support.session_rows import complete_session_rows
from tests.support.stand_in import StandIn
from tests.support.system import System
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, publish


async def view_with(wizard: Wizard, status: str) -> dict[str, Any]:
    """The view from the read model, once its payments have this status."""

    async def has_status() -> dict[str, Any] | None:
        view = await wizard.view()
        return view if view["payments"]["status"] == status else None

    return await eventually(has_status, what=f"a view with payments that are {status}")


async def test_a_completed_onboarding_allows_publishing(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    await deliver_to(system, stand_in)
    wizard, second = await selling(ada), await selling(ada)
    connected = await connect(wizard)
    assert (await payments_with_status(wizard, "onboarding"))["requirements"]

    await onboard(connected)

    for session in (wizard, second):
        payments = (await view_with(session, "ready"))["payments"]
        assert payments["account_id"] == connected["account_id"]
        assert payments["requirements"] == []
        records = await complete_session_rows(
            system.database, system.temporal.client, session.session_id
        )
        assert records.names.count("check_payments") <= 3  # not connected, onboarding, ready
    await publish(wizard)


async def test_an_incomplete_onboarding_names_requirements(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    await deliver_to(system, stand_in)
    wizard = await selling(ada)
    connected = await connect(wizard)

    await onboard(connected, "needs_more")

    view = await view_with(wizard, "restricted")
    assert view["payments"]["requirements"]
    await stand_in.move(connected["account_id"], "ready")
    await view_with(wizard, "ready")


async def test_an_onboarding_left_early_stays_open(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    await deliver_to(system, stand_in)
    wizard = await selling(ada)
    connected = await connect(wizard)
    before = await payments_with_status(wizard, "onboarding")

    await onboard(connected, "leave")

    async def are_delivered() -> bool:
        deliveries = await stand_in.get("/deliveries")
        return bool(deliveries) and all(delivery["delivered"] for delivery in deliveries)

    await eventually(are_delivered, what="the deliveries")
    assert (await payments_with_status(wizard, "onboarding"))["requirements"] == before[
        "requirements"
    ]
