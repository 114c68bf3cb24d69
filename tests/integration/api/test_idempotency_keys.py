"""``Idempotency-Key``: a repeated key gets the first response and has no second effect."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

import httpx
import pytest

from domain.json_values import JsonObject
from domain.session.run_rules import CHANGES_PER_RUN
from tests.support.api import SignIn
from tests.support.problem_documents import assert_problem
from tests.support.stage_data import days_ahead, free_sections
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, start, untouched

MORE_THAN_A_RUN = CHANGES_PER_RUN + 2

Request = Callable[[Wizard, str], Awaitable[httpx.Response]]

REQUESTS: dict[str, Request] = {
    "save": lambda ada, key: ada.save("organizerSetup", {"name": "Ada"}, idempotency_key=key),
    "complete": lambda ada, key: ada.complete(
        "organizerSetup", {"name": "Ada"}, idempotency_key=key
    ),
    "transition": lambda ada, key: ada.post(
        "/transition",
        {"from_stage": "eventSetup", "to_stage": "organizerSetup"},
        idempotency_key=key,
    ),
    "restore": lambda ada, key: ada.post("/restore", {"revision": 0}, idempotency_key=key),
}


@pytest.fixture
async def ready(wizard: Wizard) -> Wizard:
    """A session with a completed first stage, as the requests above need it."""
    await wizard.complete("organizerSetup", {"name": "Grace"})

    async def recorded() -> bool:
        return len((await wizard.get("/actions")).json()["items"]) == 2

    await eventually(recorded, what="the audit trail")
    return wizard


async def change_often(wizard: Wizard, times: int = MORE_THAN_A_RUN) -> None:
    for number in range(times):
        saved = await wizard.save("venueSetup", {"name": f"Hall {number}"})
        assert saved.status_code == 200, saved.text


@pytest.mark.parametrize("name", REQUESTS)
async def test_a_repeat_has_the_same_answer_and_no_second_effect(ready: Wizard, name: str) -> None:
    key = uuid4().hex
    first = await REQUESTS[name](ready, key)
    assert first.status_code == 200, first.text
    assert first.json()["revision"] == 3

    async with untouched(ready):
        repeated = [await REQUESTS[name](ready, key) for _ in range(2)]

    assert [answer.json() for answer in repeated] == [first.json()] * 2


async def test_a_repeat_after_other_changes_undoes_none(ready: Wizard) -> None:
    key = uuid4().hex
    await REQUESTS["save"](ready, key)
    await ready.save("organizerSetup", {"name": "Radia"})

    async with untouched(ready):
        repeated = await REQUESTS["save"](ready, key)

    assert repeated.status_code == 200


@pytest.mark.parametrize("name", REQUESTS)
async def test_a_repeat_in_a_later_run_has_no_effect(ready: Wizard, name: str) -> None:
    key = uuid4().hex
    assert (await REQUESTS[name](ready, key)).status_code == 200
    await change_often(ready)
    await ready.save("organizerSetup", {"name": "Radia"})

    async with untouched(ready):
        repeated = await REQUESTS[name](ready, key)

    assert repeated.status_code == 200, repeated.text


@pytest.mark.parametrize("second", REQUESTS)
@pytest.mark.parametrize("first", REQUESTS)
async def test_a_key_of_another_request_is_refused(ready: Wizard, first: str, second: str) -> None:
    key = uuid4().hex
    await REQUESTS[first](ready, key)

    async with untouched(ready):
        if first == second:
            reused = await ready.save("organizerSetup", {"bio": "x"}, idempotency_key=key)
        else:
            reused = await REQUESTS[second](ready, key)

    assert_problem(reused, 409, "idempotency_key_reused")


async def test_a_key_of_another_request_is_refused_in_a_later_run(ready: Wizard) -> None:
    key = uuid4().hex
    await REQUESTS["save"](ready, key)
    await change_often(ready)

    async with untouched(ready):
        reused = await ready.save("organizerSetup", {"bio": "x"}, idempotency_key=key)

    assert_problem(reused, 409, "idempotency_key_reused")


@pytest.mark.parametrize("changes", [0, MORE_THAN_A_RUN])
async def test_a_refused_completion_is_judged_anew(wizard: Wizard, changes: int) -> None:
    """Its data was saved when it came first, and is not saved a second time."""

    async def complete() -> httpx.Response:
        return await wizard.complete("organizerSetup", {"name": "A"}, idempotency_key="once")

    assert_problem(await complete(), 422, "stage_incomplete")
    await change_often(wizard, changes)
    async with untouched(wizard):
        refused = await complete()
    assert_problem(refused, 422, "stage_incomplete")
    assert refused.json()["errors"]
    await wizard.save("organizerSetup", {"name": "Ada"})

    completed = await complete()

    assert completed.status_code == 200, completed.text
    assert completed.json()["stages"]["organizerSetup"]["data"] == {"name": "Ada"}
    assert completed.json()["current_stage"] == "eventSetup"
    async with untouched(wizard):
        repeated = await complete()
    assert repeated.status_code == 200, repeated.text
    assert repeated.headers["idempotent-replayed"] == "true"


@pytest.mark.parametrize("changes", [0, MORE_THAN_A_RUN])
async def test_a_refused_completion_belongs_to_its_request(wizard: Wizard, changes: int) -> None:
    await wizard.complete("organizerSetup", {"name": "A"}, idempotency_key="once")
    await change_often(wizard, changes)

    async with untouched(wizard):
        reused = await wizard.complete("organizerSetup", {"name": "B"}, idempotency_key="once")

    assert_problem(reused, 409, "idempotency_key_reused")


async def test_a_refusal_without_effect_leaves_the_key_free(wizard: Wizard) -> None:
    refused = await wizard.complete("organizerSetup", idempotency_key="k")
    assert_problem(refused, 422, "stage_incomplete")
    await wizard.save("organizerSetup", {"name": "Ada"})

    completed = await wizard.complete("organizerSetup", idempotency_key="k")

    assert completed.status_code == 200, completed.text
    assert completed.json()["current_stage"] == "eventSetup"


@pytest.mark.parametrize("changes", [3, MORE_THAN_A_RUN])
async def test_a_repeat_shows_the_session_as_it_is_now(wizard: Wizard, changes: int) -> None:
    first = await wizard.save("organizerSetup", {"name": "first"}, idempotency_key="k")
    assert "idempotent-replayed" not in first.headers
    await wizard.save("organizerSetup", {"name": "second"})
    await change_often(wizard, changes)

    repeated = await wizard.save("organizerSetup", {"name": "first"}, idempotency_key="k")

    assert repeated.status_code == 200, repeated.text
    assert repeated.headers["idempotent-replayed"] == "true"
    assert repeated.json() == await wizard.view(consistent="true")


async def test_a_key_outlives_a_hundred_other_requests(wizard: Wizard) -> None:
    await wizard.save("organizerSetup", {"name": "first"}, idempotency_key="k")
    for number in range(130):
        key = f"other-{number}"
        await wizard.save("venueSetup", {"name": f"Hall {number}"}, idempotency_key=key)
    await wizard.save("organizerSetup", {"name": "second"})

    async with untouched(wizard):
        repeated = await wizard.save("organizerSetup", {"name": "first"}, idempotency_key="k")

    assert repeated.status_code == 200, repeated.text
    assert repeated.headers["idempotent-replayed"] == "true"


async def test_sessions_do_not_share_keys(ada: httpx.AsyncClient, wizard: Wizard) -> None:
    other_wizard = Wizard(ada, (await ada.post("/v1/sessions")).json()["session_id"])
    await wizard.save("organizerSetup", {"name": "Ada"}, idempotency_key="k")

    saved = await other_wizard.save("organizerSetup", {"name": "Grace"}, idempotency_key="k")

    assert saved.json()["stages"]["organizerSetup"]["data"] == {"name": "Grace"}


async def test_a_repeated_publish_publishes_once(ada: httpx.AsyncClient) -> None:
    wizard = await start(ada, free_sections())

    answers = [await wizard.post("/publish", idempotency_key="go") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len({answer.text for answer in answers}) == 1
    assert len((await wizard.http.get("/v1/events")).json()["items"]) == 1


async def test_a_repeated_schedule_is_one_publication(ada: httpx.AsyncClient) -> None:
    wizard = await start(ada, free_sections())
    body: JsonObject = {"publish_at": f"{days_ahead(2)}T12:00:00Z"}

    first, repeated = [await wizard.post("/publish", body, idempotency_key="go") for _ in range(2)]

    assert first.status_code == repeated.status_code == 202
    assert first.json() == repeated.json()


async def test_a_repeated_abandon_has_the_same_answer(wizard: Wizard) -> None:
    first, repeated = [await wizard.post("/abandon", idempotency_key="stop") for _ in range(2)]

    assert first.status_code == 200
    assert first.json()["status"] == "abandoned"
    assert repeated.status_code == 200, repeated.text
    assert repeated.json() == first.json()


async def test_a_repeated_create_finds_the_session(ada: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": uuid4().hex}

    first, repeated = [await ada.post("/v1/sessions", headers=key) for _ in range(2)]

    assert (first.status_code, repeated.status_code) == (201, 200)
    assert first.json() == repeated.json()


async def test_tenants_do_not_share_keys_of_new_sessions(
    ada: httpx.AsyncClient, sign_in: SignIn, user: str
) -> None:
    key = {"Idempotency-Key": "shared"}

    own = await ada.post("/v1/sessions", headers=key)
    foreign = await sign_in(f"eve-{user}").post("/v1/sessions", headers=key)

    assert (own.status_code, foreign.status_code) == (201, 201)
    assert own.json()["session_id"] != foreign.json()["session_id"]


async def test_a_create_without_a_key_is_a_new_session(ada: httpx.AsyncClient) -> None:
    first, second = [await ada.post("/v1/sessions") for _ in range(2)]

    assert first.json()["session_id"] != second.json()["session_id"]
