"""``If-Match`` on every route that changes a session (RFC 9110, section 13.1.1)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from tests.support.api import SignIn, client_for, token
from tests.support.problem_documents import assert_problem, error_places
from tests.support.session_workflow import session_handle
from tests.support.stage_data import days_ahead
from tests.support.system import System
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, start_filled, untouched

Change = Callable[..., Awaitable[httpx.Response]]

BACK = {"from_stage": "reviewPublish", "to_stage": "eventSetup"}
URLS = {"return_url": "https://app.example/back", "refresh_url": "https://app.example/again"}
PLAN = {"publish_at": f"{days_ahead(2)}T12:00:00Z"}

CHANGES: dict[str, Callable[[Wizard], Change]] = {
    "save": lambda ada: lambda **headers: ada.save("organizerSetup", {"bio": "B"}, **headers),
    "complete": lambda ada: lambda **headers: ada.complete("organizerSetup", **headers),
    "transition": lambda ada: lambda **headers: ada.post("/transition", BACK, **headers),
    "restore": lambda ada: lambda **headers: ada.post("/restore", {"revision": 1}, **headers),
    "abandon": lambda ada: lambda **headers: ada.post("/abandon", **headers),
    "publish": lambda ada: lambda **headers: ada.post("/publish", **headers),
    "plan": lambda ada: lambda **headers: ada.post("/publish", PLAN, **headers),
    "connect": lambda ada: lambda **headers: ada.post("/payments/connect", URLS, **headers),
    "disconnect": lambda ada: lambda **headers: ada.post("/payments/disconnect", **headers),
    "cancel": lambda ada: lambda **headers: ada.delete("/publication", **headers),
    "erase": lambda ada: ada.delete,
}
CONNECTS_WITHOUT_STRIPE = 409

NEVER = [
    '"0"',
    '"0", "1"',
    '"abc"',
    '""',
    'W/"{now}"',
    '"0{now}"',
    '"{now}x"',
    '"' + "9" * 400 + '"',
]
ONE_OF = ['"{now}"', '"0", "{now}"', '"{now}","abc"', '"{now}" , W/"3",,', "*"]
MALFORMED = [
    "3",
    "three",
    '"3',
    '3"',
    "'3'",
    "",
    ",",
    'w/"3"',
    '"1" "2"',
    '*, "3"',
    "W/3",
    '"a b"',
]


def with_each(tags: list[str]) -> list[tuple[str, str]]:
    """Each header with a save, and one header with each other change: all read it in one place."""
    return [("save", header) for header in tags] + [
        (name, tags[0]) for name in CHANGES if name != "save"
    ]


async def start_recorded(http: httpx.AsyncClient) -> Wizard:
    """A session that can be published, with a complete audit trail."""
    wizard = await start_filled(http)
    revision = (await wizard.view(consistent="true"))["revision"]

    async def recorded() -> bool:
        return len((await wizard.get("/actions")).json()["items"]) == int(revision)

    await eventually(recorded, what="the audit trail")
    return wizard


@pytest.fixture
async def filled(system: System, ada: httpx.AsyncClient) -> Wizard:
    return await start_recorded(ada)


@pytest.fixture(scope="module")
async def shared(system: System) -> AsyncIterator[Wizard]:
    """One session for all tests that must not change it."""
    async with client_for(system.address, token("grace")) as http:
        yield await start_recorded(http)


@pytest.mark.parametrize(("name", "tags"), with_each(NEVER))
async def test_a_change_of_another_revision_is_refused(
    shared: Wizard, name: str, tags: str
) -> None:
    current = await shared.view(consistent="true")

    async with untouched(shared):
        refused = await CHANGES[name](shared)(
            if_match=tags.replace("{now}", str(current["revision"]))
        )

    assert assert_problem(refused, 412, "revision_conflict")["session"] == current


@pytest.mark.parametrize("tags", ONE_OF)
async def test_one_matching_tag_of_a_list_is_accepted(wizard: Wizard, tags: str) -> None:
    current = (await wizard.save("organizerSetup", {"name": "Ada"})).json()["revision"]

    saved = await wizard.save(
        "organizerSetup", {"bio": "B"}, if_match=tags.replace("{now}", str(current))
    )

    assert saved.status_code == 200, saved.text
    assert saved.json()["revision"] == current + 1


async def test_a_list_may_be_sent_in_several_lines(wizard: Wizard) -> None:
    saved = await wizard.http.patch(
        wizard.path("/stages/organizerSetup"),
        json={"name": "Ada"},
        headers=[("If-Match", '"7"'), ("If-Match", '"0"')],
    )

    assert saved.status_code == 200, saved.text


@pytest.mark.parametrize("name", CHANGES)
async def test_a_change_of_the_current_revision_is_accepted(filled: Wizard, name: str) -> None:
    revision = (await filled.view(consistent="true"))["revision"]

    changed = await CHANGES[name](filled)(if_match=f'"0", "{revision}"')

    if name == "connect":
        assert_problem(changed, CONNECTS_WITHOUT_STRIPE, "payments_refused")
    else:
        assert changed.is_success, changed.text


@pytest.mark.parametrize(("name", "tags"), with_each(MALFORMED))
async def test_a_malformed_if_match_is_named(shared: Wizard, name: str, tags: str) -> None:
    async with untouched(shared):
        refused = await CHANGES[name](shared)(if_match=tags)

    problem = assert_problem(refused, 422, "invalid_request")
    assert error_places(problem) == [("/header/If-Match", "invalid_format")]
    assert problem["detail"].startswith("If-Match ")


@pytest.mark.parametrize("tags", ['"0"', '"abc"', "*"])
async def test_an_async_save_with_a_condition_is_refused(shared: Wizard, tags: str) -> None:
    async with untouched(shared):
        refused = await shared.save(
            "organizerSetup", {"bio": "B"}, if_match=tags, prefer="respond-async"
        )

    problem = assert_problem(refused, 422, "invalid_request")
    assert error_places(problem) == [("/header/If-Match", "not_supported")]


@pytest.mark.parametrize(("name", "tags"), with_each(['"0"', '"0", "1"', '"abc"']))
async def test_another_tenants_session_is_not_found(
    shared: Wizard, sign_in: SignIn, user: str, name: str, tags: str
) -> None:
    eve = Wizard(sign_in(f"eve-{user}"), shared.session_id)

    refused = await CHANGES[name](eve)(if_match=tags)

    assert_problem(refused, 404, "session_not_found")


@pytest.mark.parametrize("name", ["save", "complete", "transition", "restore", "plan", "abandon"])
async def test_a_repeated_change_is_not_a_conflict(filled: Wizard, name: str) -> None:
    revision = (await filled.view(consistent="true"))["revision"]
    headers = {"if_match": f'"{revision}"', "idempotency_key": "once"}

    first, repeated = [await CHANGES[name](filled)(**headers) for _ in range(2)]

    assert first.is_success, first.text
    assert repeated.status_code == first.status_code, repeated.text


async def test_a_refused_change_may_be_repeated_with_its_key(wizard: Wizard) -> None:
    await wizard.save("organizerSetup", {"name": "Ada"})
    refused = await wizard.post("/abandon", if_match='"0"', idempotency_key="stop")
    assert_problem(refused, 412, "revision_conflict")

    changed = await wizard.post("/abandon", if_match='"1"', idempotency_key="stop")

    assert changed.status_code == 200, changed.text


async def test_publishing_again_at_an_old_revision_joins(filled: Wizard) -> None:
    revision = (await filled.view(consistent="true"))["revision"]
    first = await filled.post("/publish", if_match=f'"{revision}"')
    assert first.status_code == 200, first.text

    repeated = await filled.post("/publish", if_match=f'"{revision}"')

    assert repeated.json() == first.json()


async def test_a_closed_session_is_erased_at_its_last_revision(
    system: System, wizard: Wizard
) -> None:
    closed = (await wizard.post("/abandon")).json()
    await session_handle(system.temporal.client, wizard.session_id).result()

    refused = await wizard.delete(if_match='"0"')
    assert assert_problem(refused, 412, "revision_conflict")["session"]["status"] == "abandoned"

    erased = await wizard.delete(if_match=f'"{closed["revision"]}"')
    assert erased.status_code == 204
    assert (await wizard.delete(if_match='"0"')).status_code == 204


async def test_concurrent_saves_of_one_revision_apply_once(
    wizard: Wizard, sign_in: SignIn, user: str
) -> None:
    elsewhere = Wizard(sign_in(user), wizard.session_id)

    answers = await asyncio.gather(
        wizard.save("organizerSetup", {"name": "Ada"}, if_match='"0"'),
        elsewhere.save("organizerSetup", {"bio": "Counts."}, if_match='"0"'),
    )

    first, second = sorted(answers, key=lambda answer: answer.status_code)
    assert first.status_code == 200
    assert assert_problem(second, 412, "revision_conflict")["session"] == first.json()
