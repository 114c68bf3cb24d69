"""A tenant whose account is over connects another one, and keeps the earlier one as history."""

import asyncio

from dev.stripe_stand_in.protocol.faults import FaultKind
from domain.json_values import JsonObject
from tests.support.api import SignIn
from tests.support.paid_sessions import connect, onboard, paid_event, start_seller
from tests.support.postgres import Database, as_owner
from tests.support.problem_documents import assert_problem
from tests.support.stand_in import StandIn
from tests.support.system import System
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, fill_in, publish, start, untouched

ACCOUNTS = "/v2/core/accounts"


async def accounts_at(stand_in: StandIn) -> list[str]:
    return [account["id"] for account in await stand_in.get("/objects", kind="v2.core.account")]


async def generations_of(database: Database, tenant: str) -> list[tuple[str, int, str | None]]:
    """Account, generation, and why it ended; in order."""
    async with as_owner(database) as connection:
        rows = await connection.fetch(
            "SELECT account_id, generation, end_reason FROM stripe_accounts "
            "WHERE tenant = $1 AND livemode = false ORDER BY generation",
            tenant,
        )
    return [tuple(row) for row in rows]


async def payments_of(wizard: Wizard) -> JsonObject:
    payments: JsonObject = (await wizard.view(consistent="true"))["payments"]
    return payments


async def disconnect(wizard: Wizard) -> JsonObject:
    response = await wizard.post("/payments/disconnect")
    assert response.status_code == 200, response.text
    payments: JsonObject = response.json()["payments"]
    return payments


async def is_disconnected(wizard: Wizard) -> None:
    async def shows_it() -> bool:
        return bool((await payments_of(wizard))["status"] == "disconnected")

    await eventually(shows_it, what="a session that shows the disconnected account")


async def test_members_get_one_account_while_it_is_created(
    system: System, stand_in: StandIn, sign_in: SignIn, user: str
) -> None:
    """The creation takes three seconds, and the members' requests differ in the email address."""
    members = [await start(sign_in(f"{user}-{name}", f"org-{user}")) for name in ("ada", "bob")]
    await stand_in.fail(FaultKind.SLOW, method="POST", path=ACCOUNTS, seconds=3)

    connected = await asyncio.gather(*(connect(wizard) for wizard in members))

    (account,) = await accounts_at(stand_in)
    assert [answer["account_id"] for answer in connected] == [account, account]


async def test_an_account_without_access_is_replaced(
    system: System, stand_in: StandIn, wizard: Wizard, user: str
) -> None:
    first = (await connect(wizard))["account_id"]
    await stand_in.post(f"/accounts/{first}/disconnect")

    second = await connect(wizard)

    assert second["account_id"] != first
    assert await generations_of(system.database, f"user:{user}") == [
        (first, 1, "replaced"),
        (second["account_id"], 2, None),
    ]
    assert (await payments_of(wizard))["account_id"] == second["account_id"]
    await onboard(second)
    assert (await connect(wizard))["account_id"] == second["account_id"]
    assert (await payments_of(wizard))["status"] == "ready"


async def test_members_replace_an_account_by_the_same_one(
    system: System, stand_in: StandIn, sign_in: SignIn, user: str
) -> None:
    members = [await start(sign_in(f"{user}-{name}", f"org-{user}")) for name in ("ada", "bob")]
    first = (await connect(members[0]))["account_id"]
    await stand_in.post(f"/accounts/{first}/disconnect")

    connected = await asyncio.gather(*(connect(wizard) for wizard in members))

    (second,) = {answer["account_id"] for answer in connected}
    assert sorted(await accounts_at(stand_in)) == sorted([first, second])


async def test_after_a_change_of_the_mode_another_account_is_connected(
    system: System, stand_in: StandIn, wizard: Wizard, user: str
) -> None:
    async with as_owner(system.database) as connection:
        await connection.execute(
            "INSERT INTO stripe_accounts (tenant, account_id, livemode) VALUES ($1, $2, true)",
            f"user:{user}",
            f"acct_live_{user}",
        )

    connected = await connect(wizard)

    assert await accounts_at(stand_in) == [connected["account_id"]]
    assert await generations_of(system.database, f"user:{user}") == [
        (connected["account_id"], 1, None)
    ]
    async with as_owner(system.database) as connection:
        live = await connection.fetchval(
            "SELECT ended_at IS NULL FROM stripe_accounts WHERE account_id = $1",
            f"acct_live_{user}",
        )
    assert live is True


async def test_a_new_account_is_shown_by_the_tenants_other_sessions(
    stand_in: StandIn, wizard: Wizard
) -> None:
    other = await start(wizard.http)

    async def is_listed() -> bool:
        listed = (await wizard.http.get("/v1/sessions")).json()["items"]
        return other.session_id in {session["session_id"] for session in listed}

    await eventually(is_listed, what="the other session in the read model")

    account = (await connect(wizard))["account_id"]

    async def shows_it() -> bool:
        return bool((await payments_of(other))["account_id"] == account)

    await eventually(shows_it, what="the other session with the account")


async def test_disconnecting_ends_the_account_of_all_sessions(
    system: System, stand_in: StandIn, wizard: Wizard, user: str
) -> None:
    other = await start(wizard.http)
    account = (await connect(wizard))["account_id"]
    await stand_in.move(account, "ready")
    await connect(other)
    await stand_in.control.delete("/requests")

    ended = await disconnect(wizard)

    assert (ended["status"], ended["reason"]) == ("disconnected", "disconnected_by_organizer")
    assert ended["account_id"] == account
    await is_disconnected(other)
    assert await stand_in.get("/requests") == []
    assert await generations_of(system.database, f"user:{user}") == [
        (account, 1, "disconnected_by_organizer")
    ]
    later = await start(wizard.http)
    await fill_in(later, paid_event())
    await is_disconnected(later)
    assert_problem(await later.post("/publish"), 422, "publish_blocked")


async def test_connecting_after_a_disconnect_begins_anew(
    system: System, stand_in: StandIn, wizard: Wizard, user: str
) -> None:
    accounts = []
    for _ in range(3):
        accounts.append((await connect(wizard))["account_id"])
        assert (await payments_of(wizard))["status"] == "onboarding"
        await disconnect(wizard)
        assert (await payments_of(wizard))["status"] == "disconnected"

    assert await generations_of(system.database, f"user:{user}") == [
        (account, number, "disconnected_by_organizer") for number, account in enumerate(accounts, 1)
    ]
    assert sorted(await accounts_at(stand_in)) == sorted(accounts)


async def test_a_repeated_disconnect_does_not_end_a_later_account(wizard: Wizard) -> None:
    await connect(wizard)
    first = await wizard.post("/payments/disconnect", idempotency_key="once")
    again = (await connect(wizard))["account_id"]

    async with untouched(wizard):
        repeated = await wizard.post("/payments/disconnect", idempotency_key="once")

    assert (first.status_code, repeated.status_code) == (200, 200)
    assert repeated.headers["idempotent-replayed"] == "true"
    assert (await payments_of(wizard))["account_id"] == again


async def test_without_an_account_disconnecting_changes_nothing(
    stand_in: StandIn, wizard: Wizard
) -> None:
    before = await wizard.view(consistent="true")

    checked = await disconnect(wizard)

    assert checked == {**before["payments"], "checked_at": checked["checked_at"]}
    after = await wizard.view(consistent="true")
    assert {**after, "payments": before["payments"]} == before
    assert await stand_in.get("/requests") == []


async def test_a_disconnect_is_part_of_the_audit_trail(wizard: Wizard, user: str) -> None:
    await connect(wizard)
    await wizard.post("/payments/disconnect", idempotency_key="stop")

    async def last_action() -> JsonObject | None:
        actions: list[JsonObject] = (await wizard.get("/actions")).json()["items"]
        return next((action for action in actions if action["detail"] == "disconnected"), None)

    action = await eventually(last_action, what="the disconnect in the audit trail")
    assert (action["name"], action["actor_id"]) == ("check_payments", user)
    assert action["idempotency_key"] == "stop"


async def test_a_closed_session_refuses_to_disconnect(
    system: System, wizard: Wizard, user: str
) -> None:
    account = (await connect(wizard))["account_id"]
    await wizard.post("/abandon")

    assert_problem(await wizard.post("/payments/disconnect"), 409, "session_closed")

    assert await generations_of(system.database, f"user:{user}") == [(account, 1, None)]


async def test_a_publication_refuses_to_disconnect(
    system: System, stand_in: StandIn, sign_in: SignIn, user: str
) -> None:
    """Its event keeps the account, also after a later disconnect."""
    seller = await start_seller(sign_in(user), stand_in)
    await stand_in.fail(FaultKind.SLOW, path="/v1/products", seconds=1)
    assert (await seller.wizard.post("/publish", prefer="wait=0")).status_code == 202

    assert_problem(await seller.wizard.post("/payments/disconnect"), 409, "publishing")

    await publish(seller.wizard)
    other = await start(seller.wizard.http)
    await disconnect(other)
    async with as_owner(system.database) as connection:
        kept = await connection.fetchval(
            "SELECT stripe_account_id FROM events WHERE session_id = $1", seller.wizard.session_id
        )
    assert kept == seller.account
    await connect(other)
    assert len(await accounts_at(stand_in)) == 2


async def test_another_tenant_keeps_its_account(
    system: System, sign_in: SignIn, user: str, wizard: Wizard
) -> None:
    other = await start(sign_in(user, f"org-{user}"))
    account = (await connect(other))["account_id"]
    await connect(wizard)

    await disconnect(wizard)

    assert await generations_of(system.database, f"organization:org-{user}") == [(account, 1, None)]
    assert (await connect(other))["account_id"] == account
