"""An account that revoked the platform's access: a state of the sessions, not a failure."""

from datetime import timedelta

import httpx

from tests.integration.webhooks.connected_accounts import (
    account_fetches,
    deliver_to,
    payments_with_status,
    selling,
)
from tests.support.paid_sessions import connect, on_sale, start_seller
from tests.support.problem_documents import assert_problem
from tests.support.session_workflow import session_handle
from tests.support.stand_in import StandIn
from tests.support.system import System
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, publish


async def disconnect(stand_in: StandIn, account: str) -> None:
    await stand_in.control.delete("/requests")
    await stand_in.post(f"/accounts/{account}/disconnect")


async def test_a_lost_account_is_fetched_once_for_all_sessions(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    await deliver_to(system, stand_in, "snapshot")
    wizard = await selling(ada)
    account = (await connect(wizard))["account_id"]
    wizards = [wizard, *[await selling(ada) for _ in range(2)]]
    for session in wizards:
        await payments_with_status(session, "onboarding")

    await disconnect(stand_in, account)

    for session in wizards:
        payments = await payments_with_status(session, "disconnected")
        assert (payments["account_id"], payments["reason"]) == (account, "account_gone")
    for session in wizards:
        await pass_two_minutes(system, session)
    assert len(await account_fetches(stand_in)) == 1


async def pass_two_minutes(system: System, wizard: Wizard) -> None:
    handle = session_handle(system.temporal.client, wizard.session_id)
    await system.temporal.fast_forward(handle, timedelta(minutes=2))
    assert (await wizard.save("organizerSetup", {"bio": "Later"})).status_code == 200


async def test_a_new_session_takes_over_the_stored_status(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    await deliver_to(system, stand_in, "snapshot")
    wizard = await selling(ada)
    account = (await connect(wizard))["account_id"]
    await disconnect(stand_in, account)
    await payments_with_status(wizard, "disconnected")

    later = await selling(ada)

    assert (await payments_with_status(later, "disconnected"))["reason"] == "account_gone"
    assert len(await account_fetches(stand_in)) == 1


async def test_publishing_with_a_lost_account_says_to_connect_again(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    """The session still has the account as ready: the publication fetches it."""
    sale = await start_seller(ada, stand_in)
    await disconnect(stand_in, sale.account)

    for fetches in (1, 2):
        blocked = assert_problem(await sale.wizard.post("/publish"), 422, "publish_blocked")

        (error,) = blocked["errors"]
        assert (error["code"], error["params"]) == (
            "payments_not_ready",
            {"reason": "disconnected"},
        )
        assert "Connect again" in error["message"]
        assert len(await account_fetches(stand_in)) == fetches
    view = await sale.wizard.view(consistent="true")
    assert view["payments"]["reason"] == "account_gone"

    async def is_shown() -> bool:
        checks = (await sale.wizard.get("/checks")).json()["checks"]
        found = [check["params"] for check in checks if check["code"] == "payments_not_ready"]
        return found == [{"reason": "disconnected"}]

    await eventually(is_shown, what="the check of the read model")


async def test_a_session_publishes_through_a_replacing_account(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    sale = await start_seller(ada, stand_in)
    await disconnect(stand_in, sale.account)
    assert_problem(await sale.wizard.post("/publish"), 422, "publish_blocked")

    replacement = (await connect(sale.wizard))["account_id"]
    await stand_in.move(replacement, "ready")
    await publish(sale.wizard)
    assert replacement != sale.account
    assert [len(objects) for objects in (await on_sale(stand_in, replacement)).values()] == [1, 1]
