"""Connecting a tenant's Stripe account: one account per tenant, and a new link each time."""

import asyncio
from itertools import product
from typing import Final

import pytest

from dev.stripe_stand_in.protocol.faults import TEMPORARY, FaultKind
from domain import ids
from domain.json_values import JsonObject
from domain.session.run_rules import CHANGES_PER_RUN
from tests.support.api import SignIn
from tests.support.paid_sessions import WAY_BACK, connect, onboard, paid_event
from tests.support.postgres import Database, as_owner
from tests.support.problem_documents import assert_problem, error_places
from tests.support.session_workflow import session_handle
from tests.support.stand_in import StandIn
from tests.support.system import System, running_worker
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, fill_in, publish, start

ACCOUNTS = "/v2/core/accounts"
ACCOUNT_LINKS = "/v2/core/account_links"

INVALID_URLS: Final = (
    "http://app.example/back",
    "https://",
    "https:///back",
    "/back",
    "https://ada:secret@app.example/back",
    "https://app.example\\@evil.example/",
    "javascript:alert(1)",
    "data:text/html,hello",
    "https://[::1",
    "https://app.example/back\r\nLocation: https://evil.example",
    "https://app.example/\tback",
    " https://app.example/back",
    "https://app.example/a way back",
    "https://app.example:99999/",
    "https://app.example:0/",
    "https://app.example:port/",
    "http://localhost:99999/",
    "http://localhost/a way back",
    "https://app.example/" + 2048 * "x",
    "",
    None,
    7,
)


async def accounts_at(stand_in: StandIn) -> list[str]:
    return [account["id"] for account in await stand_in.get("/objects", kind="v2.core.account")]


async def stored_account(database: Database, tenant: str) -> list[str]:
    async with as_owner(database) as connection:
        rows = await connection.fetch(
            "SELECT account_id FROM stripe_accounts WHERE tenant = $1", tenant
        )
    return [row["account_id"] for row in rows]


async def payments_of(wizard: Wizard) -> JsonObject:
    payments: JsonObject = (await wizard.view(consistent="true"))["payments"]
    return payments


async def payments_with_status(wizard: Wizard, status: str) -> JsonObject:
    async def has_status() -> JsonObject | None:
        payments = await payments_of(wizard)
        return payments if payments["status"] == status else None

    return await eventually(has_status, what=f"an account that is {status}")


async def is_listed_as_restricted(system: System, wizard: Wizard) -> None:
    workflow_id = ids.session_workflow_id(wizard.session_id)
    query = f'WorkflowId="{workflow_id}" AND WizardPayments="restricted"'

    async def is_listed() -> bool:
        found = system.temporal.client.list_workflows(query)
        return [workflow.id async for workflow in found] == [workflow_id]

    await eventually(is_listed, what="the session in the list of restricted accounts")


async def test_ten_connects_of_ten_sessions_make_one_account(
    system: System, stand_in: StandIn, sign_in: SignIn, user: str
) -> None:
    """The members have different email addresses, so their requests to Stripe differ."""
    members = [sign_in(f"{user}-{number % 3}", f"org-{user}") for number in range(10)]
    wizards = [await start(browser) for browser in members]

    connected = await asyncio.gather(*(connect(wizard) for wizard in wizards))

    (account,) = await accounts_at(stand_in)
    assert {account["account_id"] for account in connected} == {account}
    assert await stored_account(system.database, f"organization:org-{user}") == [account]
    assert len({account["onboarding_url"] for account in connected}) == len(wizards)
    for wizard in wizards:
        assert (await payments_of(wizard))["account_id"] == account


async def test_ten_connects_of_one_session_make_one_account(
    stand_in: StandIn, wizard: Wizard
) -> None:
    connected = await asyncio.gather(*(connect(wizard) for _ in range(10)))

    (account,) = await accounts_at(stand_in)
    assert {account["account_id"] for account in connected} == {account}
    assert len({account["onboarding_url"] for account in connected}) == len(connected)


async def test_another_tenant_has_another_account(
    stand_in: StandIn, wizard: Wizard, sign_in: SignIn, user: str
) -> None:
    others = [
        await start(sign_in(f"eve-{user}")),
        await start(sign_in(user, f"org-{user}")),
    ]

    connected = [await connect(session) for session in (wizard, *others)]

    assert len({account["account_id"] for account in connected}) == len(connected)
    assert len(await accounts_at(stand_in)) == len(connected)


async def test_the_next_read_shows_the_account(stand_in: StandIn, wizard: Wizard) -> None:
    before = await payments_of(wizard)
    assert (before["status"], before["account_id"]) == ("not_connected", None)
    await stand_in.fail(FaultKind.SLOW, method="GET", path=ACCOUNTS, seconds=0.5)

    connected = await connect(wizard)

    after = await payments_of(wizard)
    assert (after["status"], after["account_id"]) == ("onboarding", connected["account_id"])


async def test_an_account_becomes_ready_and_restricted_again(
    system: System, stand_in: StandIn, wizard: Wizard
) -> None:
    connected = await connect(wizard)
    account = connected["account_id"]
    assert (await payments_of(wizard))["requirements"]

    back = await onboard(connected, "needs_more")
    assert back.headers["location"] == WAY_BACK["return_url"]
    await changed(system, wizard, account)
    assert (await payments_with_status(wizard, "restricted"))["requirements"]

    await onboard(await connect(wizard), "complete")
    await changed(system, wizard, account)
    ready = await payments_with_status(wizard, "ready")
    assert ready["requirements"] == []
    assert ready["payouts_enabled"] is True
    assert ready["livemode"] is False

    await stand_in.move(account, "restricted", requirements=["identity.individual.address"])
    await changed(system, wizard, account)
    restricted = await payments_with_status(wizard, "restricted")
    assert restricted["requirements"] == ["identity.individual.address"]
    await is_listed_as_restricted(system, wizard)


async def changed(system: System, wizard: Wizard, account: str) -> None:
    """Sends the signal that a session gets after a webhook."""
    await session_handle(system.temporal.client, wizard.session_id).signal(
        ids.SIGNAL_PAYMENT_ACCOUNT_CHANGED, {"account_id": account}
    )


async def test_leaving_the_onboarding_page_keeps_it_open(system: System, wizard: Wizard) -> None:
    connected = await connect(wizard)
    await onboard(connected, "leave")

    again = await connect(wizard)

    assert again["account_id"] == connected["account_id"]
    assert again["onboarding_url"] != connected["onboarding_url"]
    assert (await payments_of(wizard))["status"] == "onboarding"


@pytest.mark.parametrize("changes", [0, CHANGES_PER_RUN + 2])
async def test_a_repeated_connect_links_to_the_same_account(
    system: System, wizard: Wizard, changes: int
) -> None:
    """In the same run and in a later one; a link works only once, so it is another one."""
    first = await wizard.post("/payments/connect", WAY_BACK, idempotency_key="k")
    for number in range(changes):
        await wizard.save("organizerSetup", {"name": f"Ada {number}"})

    again = await wizard.post("/payments/connect", WAY_BACK, idempotency_key="k")

    assert again.status_code == 200, again.text
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert again.json()["account_id"] == first.json()["account_id"]
    assert again.json()["onboarding_url"] != first.json()["onboarding_url"]
    other = {**WAY_BACK, "return_url": "https://app.example.com/elsewhere"}
    reused = await wizard.post("/payments/connect", other, idempotency_key="k")
    assert_problem(reused, 409, "idempotency_key_reused")


async def test_a_refused_connect_leaves_its_key_free(
    stand_in: StandIn, system: System, wizard: Wizard
) -> None:
    stand_in.stop()
    refused = await wizard.post("/payments/connect", WAY_BACK, idempotency_key="k")
    assert_problem(refused, 503, "unavailable")
    await stand_in.start()

    again = await wizard.post("/payments/connect", WAY_BACK, idempotency_key="k")

    assert again.status_code == 200, again.text


async def test_a_new_session_of_the_tenant_has_the_account(
    system: System, stand_in: StandIn, wizard: Wizard
) -> None:
    account = (await connect(wizard))["account_id"]
    await stand_in.move(account, "ready")
    await changed(system, wizard, account)
    await payments_with_status(wizard, "ready")
    later = await start(wizard.http)

    await fill_in(later, paid_event())

    assert (await payments_with_status(later, "ready"))["account_id"] == account
    await publish(later)
    assert await accounts_at(stand_in) == [account]


async def test_invalid_return_urls_are_refused(stand_in: StandIn, wizard: Wizard) -> None:
    for name, url in product(WAY_BACK, INVALID_URLS):
        response = await wizard.post("/payments/connect", {**WAY_BACK, name: url})

        assert response.status_code == 422, (name, url)
        refused = assert_problem(response, 422, "invalid_request")
        assert [pointer for pointer, _ in error_places(refused)] == [f"/{name}"], url
    assert await stand_in.get("/requests") == []


async def test_a_return_url_on_loopback_needs_no_tls(wizard: Wizard) -> None:
    for host in ("localhost:3000", "127.0.0.1:3000", "[::1]:3000"):
        urls = dict.fromkeys(WAY_BACK, f"http://{host}/wizard")

        assert (await wizard.post("/payments/connect", urls)).status_code == 200, host


async def test_another_tenants_session_is_not_found(
    stand_in: StandIn, wizard: Wizard, sign_in: SignIn, user: str
) -> None:
    eve = Wizard(sign_in(f"eve-{user}"), wizard.session_id)

    assert_problem(await eve.post("/payments/connect", WAY_BACK), 404, "session_not_found")

    assert await stand_in.get("/requests") == []


async def test_a_closed_session_refuses_to_connect(stand_in: StandIn, wizard: Wizard) -> None:
    await wizard.post("/abandon")

    refused = assert_problem(
        await wizard.post("/payments/connect", WAY_BACK), 409, "session_closed"
    )

    assert refused["session_status"] == "abandoned"
    assert await stand_in.get("/requests") == []


async def test_connecting_survives_each_fault_of_stripe(
    api: System, stand_in: StandIn, sign_in: SignIn, user: str
) -> None:
    """Each tenant connects with a fault of another kind, and has one account at the end."""
    kinds = list(TEMPORARY)
    async with running_worker(api, stripe_url=stand_in.url, stripe_timeout=2):
        wizards = [await start(sign_in(f"{user}-{kind}")) for kind in kinds]
        for kind in kinds:
            for path in (ACCOUNTS, ACCOUNT_LINKS):
                await stand_in.fail(kind, method="POST", path=path, seconds=3)

        connected = await asyncio.gather(*(connect(wizard) for wizard in wizards))

    assert await stand_in.get("/faults") == []
    assert sorted(account["account_id"] for account in connected) == sorted(
        await accounts_at(stand_in)
    )
