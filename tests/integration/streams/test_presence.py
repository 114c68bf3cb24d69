"""Who has a session open is shown to those who have it open, with names."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.support.api import SignIn, serving, settings_for, signing_in, unique_user
from tests.support.erasures import rows_with
from tests.support.session_rows import complete_session_rows
from tests.support.streams import Stream, opened
from tests.support.system import System
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, start


@pytest.fixture
def org(user: str) -> str:
    return f"org-of-{user}"


@pytest.fixture
def ada(sign_in: SignIn, user: str, org: str) -> httpx.AsyncClient:
    return sign_in(user, org, name="Ada Lovelace")


@pytest.fixture
async def sign_in_elsewhere(system: System, wizard: Wizard) -> AsyncIterator[SignIn]:
    """At another API process, which reads the session from the database."""
    settings = settings_for(system.database)
    await complete_session_rows(system.database, system.temporal.client, wizard.session_id)
    async with serving(settings, system.temporal.client) as address, signing_in(address) as sign_in:
        yield sign_in


async def people(stream: Stream, *names: str | None) -> list[dict[str, Any]]:
    """The first list of people with these names, in their order."""
    while True:
        viewers: list[dict[str, Any]] = (await stream.next("presence")).data
        if [viewer["name"] for viewer in viewers] == list(names):
            return viewers


async def test_who_opens_a_session_is_shown_with_a_name(
    wizard: Wizard, sign_in_elsewhere: SignIn, user: str, org: str
) -> None:
    bob = sign_in_elsewhere(f"bob-{user}", org, given_name="Bob", family_name="Ross")
    async with opened(wizard.http, wizard.session_id) as stream:
        (alone,) = await people(stream, "Ada Lovelace")
        async with opened(bob, wizard.session_id) as other:
            both = await people(stream, "Ada Lovelace", "Bob Ross")
            assert await people(other, "Ada Lovelace", "Bob Ross") == both
        left = await people(stream, "Ada Lovelace")

    assert [viewer["user_id"] for viewer in both] == [user, f"bob-{user}"]
    assert both[0].keys() == {"user_id", "name", "since"}
    assert left == both[:1] == [alone]


async def test_several_streams_of_a_person_are_one_person(wizard: Wizard) -> None:
    async with opened(wizard.http, wizard.session_id) as first:
        await people(first, "Ada Lovelace")
        async with opened(wizard.http, wizard.session_id) as second:
            await people(second, "Ada Lovelace")


async def test_an_email_address_is_no_name(wizard: Wizard, sign_in: SignIn, org: str) -> None:
    eve = sign_in(unique_user(), org, name="eve@example.com")
    async with opened(eve, wizard.session_id) as stream:
        await people(stream, None)


async def test_the_audit_trail_has_the_names_of_members(
    system: System, wizard: Wizard, sign_in: SignIn, user: str, org: str
) -> None:
    bob = Wizard(sign_in(f"bob-{user}", org), wizard.session_id)
    await wizard.save("organizerSetup", {"name": "Ada"})
    await bob.save("organizerSetup", {"bio": "Painter"})

    async def names() -> list[tuple[str, str | None]] | None:
        items = (await wizard.get("/actions")).json()["items"]
        found = [(item["actor_id"], item["user_name"]) for item in items]
        is_whole = len(found) == 2 and "Ada Lovelace" in {name for _, name in found}
        return found if is_whole else None

    named = await eventually(names, what="both changes and the name in the audit trail")
    summaries = (await wizard.get("/actions", view="summary")).json()["items"]

    assert named == [(f"bob-{user}", None), (user, "Ada Lovelace")]
    assert [item["user_name"] for item in summaries] == [None, "Ada Lovelace"]
    stored = await rows_with(system.database, "Ada Lovelace")
    assert stored.keys() == {"members"}


async def test_another_tenant_learns_no_name(wizard: Wizard, sign_in: SignIn, user: str) -> None:
    eve = await start(sign_in("eve", "globex"))
    await eve.save("organizerSetup", {"name": "Eve"})

    async def listed() -> bool:
        return bool((await eve.get("/actions")).json()["items"])

    await eventually(listed, what="the audit trail")
    items = (await eve.get("/actions")).json()["items"]
    assert [item["user_name"] for item in items] == [None]
