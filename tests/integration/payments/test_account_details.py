"""What the organizer has typed goes along to Stripe, so that its onboarding does not ask for it."""

from typing import Any

import pytest

from domain.json_values import JsonObject
from tests.support.api import SignIn
from tests.support.paid_sessions import connect
from tests.support.stand_in import StandIn
from tests.support.system import System
from tests.support.wizard import Wizard, start

IN_LISBON = {
    "mode": "physical",
    "name": "Estufa Fria",
    "address": {"line1": "Parque Eduardo VII", "city": "Lisboa", "country": "PT"},
}


async def account_of(stand_in: StandIn) -> JsonObject:
    (account,) = await stand_in.get("/objects", kind="v2.core.account")
    assert isinstance(account, dict)
    return account


def details_of(account: JsonObject) -> tuple[str | None, str | None]:
    return account["contact_email"], account["identity"]["country"]


async def test_a_new_account_has_the_typed_email_and_the_venues_country(
    stand_in: StandIn, wizard: Wizard
) -> None:
    await wizard.save("organizerSetup", {"name": "Ada", "email": "sales@acme.example"})
    await wizard.save("venueSetup", IN_LISBON)

    await connect(wizard)

    assert details_of(await account_of(stand_in)) == ("sales@acme.example", "PT")
    (created,) = await stand_in.get("/requests", method="POST", path="/v2/core/accounts")
    assert created["params"]["contact_email"] == "sales@acme.example"
    assert created["params"]["identity"] == {"country": "PT"}


async def test_the_email_of_the_token_is_the_default(
    stand_in: StandIn, wizard: Wizard, user: str
) -> None:
    await connect(wizard)

    assert details_of(await account_of(stand_in)) == (f"{user}@example.com", None)


@pytest.mark.parametrize(
    ("organizer", "venue"),
    [
        ({"email": "not an address"}, {"address": {"country": "Portugal"}}),
        ({"email": None}, {"address": None}),
        ({"email": 7}, {"address": {"country": 7}}),
        ({}, {**IN_LISBON, "mode": "virtual"}),
    ],
)
async def test_a_value_that_is_not_valid_is_not_sent(
    stand_in: StandIn, wizard: Wizard, user: str, organizer: Any, venue: Any
) -> None:
    for stage, data in (("organizerSetup", organizer), ("venueSetup", venue)):
        assert (await wizard.save(stage, data)).status_code == 200

    await connect(wizard)

    assert details_of(await account_of(stand_in)) == (f"{user}@example.com", None)


@pytest.mark.parametrize(
    ("organizer", "sent"),
    [
        ({"organization": "Acme", "name": "Ada"}, "Acme"),
        ({"organization": "A" * 151, "name": "Ada"}, "Ada"),
        ({"organization": ["Acme"], "name": "A" * 101}, None),
    ],
)
async def test_the_first_valid_name_is_sent(
    stand_in: StandIn, wizard: Wizard, organizer: Any, sent: str | None
) -> None:
    await wizard.save("organizerSetup", organizer)

    await connect(wizard)

    assert (await account_of(stand_in))["display_name"] == sent


async def test_changed_details_are_sent_during_the_onboarding(
    stand_in: StandIn, wizard: Wizard
) -> None:
    await wizard.save("organizerSetup", {"name": "Ada", "email": "ada@acme.example"})
    account_id = (await connect(wizard))["account_id"]
    await wizard.save("organizerSetup", {"email": "sales@acme.example"})
    await wizard.save("venueSetup", IN_LISBON)

    assert (await connect(wizard))["account_id"] == account_id

    account = await account_of(stand_in)
    assert details_of(account) == ("sales@acme.example", "PT")

    await stand_in.move(account_id, "ready")
    await wizard.save("organizerSetup", {"email": "later@acme.example"})
    await connect(wizard)
    assert details_of(await account_of(stand_in)) == ("sales@acme.example", "PT")


async def test_a_members_token_does_not_replace_a_typed_email(
    system: System, stand_in: StandIn, sign_in: SignIn, user: str
) -> None:
    ada, bob = [await start(sign_in(f"{user}-{name}", f"org-{user}")) for name in ("ada", "bob")]
    await ada.save("organizerSetup", {"email": "sales@acme.example"})

    for wizard in (ada, bob):
        await connect(wizard)

    assert details_of(await account_of(stand_in))[0] == "sales@acme.example"
