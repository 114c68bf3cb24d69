"""``Prefer: respond-async``: the response is immediate, the save follows shortly."""

import asyncio
from uuid import uuid4

import httpx
import pytest
from temporalio.api.enums.v1 import EventType

from dev.session_histories import histories_of
from domain import ids
from domain.json_values import JsonObject
from tests.support.api import SignIn
from tests.support.problem_documents import assert_problem
from tests.support.refused_messages import refusal_of, signal_save
from tests.support.session_rows import complete_session_rows
from tests.support.session_workflow import session_handle, settle
from tests.support.stage_data import STAGES, free_sections
from tests.support.system import System
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, publish, start, untouched

LARGE = {
    "organizerSetup": {"bio": "x" * 95_000},
    "eventSetup": {"description": "x" * 95_000},
    "venueSetup": {"accessNote": "x" * 95_000},
    "ticketSetup": {"refundPolicy": {"text": "x" * 95_000}},
    "sponsorsMedia": {"pressContact": "x" * 95_000},
}
"""Four of them fit into a session."""

PREFERENCES = ["respond-async", "Respond-Async", "respond-async, wait=5"]


@pytest.mark.parametrize("prefer", PREFERENCES)
async def test_an_async_save_is_applied(wizard: Wizard, prefer: str) -> None:
    accepted = await wizard.save("organizerSetup", {"name": "Ada"}, prefer=prefer)

    assert accepted.status_code == 202
    assert accepted.headers["Preference-Applied"] == "respond-async"
    assert accepted.headers["Location"] == wizard.path()
    assert accepted.json()["session_id"] == wizard.session_id

    async def is_applied() -> bool:
        view = await wizard.view(consistent="true")
        return bool(view["stages"]["organizerSetup"]["data"] == {"name": "Ada"})

    await eventually(is_applied, what="the save")


async def test_the_read_model_has_async_saves(wizard: Wizard) -> None:
    await wizard.save("organizerSetup", {"name": "Ada"}, prefer="respond-async")

    async def shown() -> bool:
        return bool((await wizard.view())["revision"] == 1)

    await eventually(shown, what="the save in the read model")


async def test_async_saves_keep_their_order(wizard: Wizard) -> None:
    for name in ("Ada", "Grace", "Radia"):
        await wizard.save("organizerSetup", {"name": name}, prefer="respond-async")

    saved = await wizard.save("organizerSetup", {"bio": "Last."})

    assert saved.json()["stages"]["organizerSetup"]["data"] == {"name": "Radia", "bio": "Last."}


async def test_concurrent_saves_share_a_signal_but_not_an_action(
    system: System, wizard: Wizard
) -> None:
    saves = [
        wizard.save("organizerSetup", {"name": f"Ada {number}"}, prefer="respond-async")
        for number in range(8)
    ]
    assert {answer.status_code for answer in await asyncio.gather(*saves)} == {202}
    await wizard.save("organizerSetup", {"bio": "Last."})
    (history,) = await histories_of(system.temporal.client, wizard.session_id)
    await settle(system.temporal.client, wizard.session_id)

    records = await complete_session_rows(
        system.database, system.temporal.client, wizard.session_id
    )
    assert records.names == ["save_stage"] * 9
    kinds = [event.event_type for event in history.events]
    assert kinds.count(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED) < 5


async def test_a_repeat_with_the_same_key_has_no_second_effect(wizard: Wizard) -> None:
    key = uuid4().hex
    for _ in range(3):
        accepted = await wizard.save(
            "organizerSetup", {"name": "Ada"}, prefer="respond-async", idempotency_key=key
        )
        assert accepted.json()["message_id"] == key
        await wizard.save("organizerSetup", {"name": "Grace"})

    view = await wizard.view(consistent="true")

    assert view["stages"]["organizerSetup"]["data"] == {"name": "Grace"}
    assert view["revision"] == 2


async def test_an_invalid_draft_is_refused_at_once(wizard: Wizard) -> None:
    async with untouched(wizard):
        refused = await wizard.save("organizerSetup", {"nick": "A"}, prefer="respond-async")

    assert_problem(refused, 422, "invalid_request")


async def test_another_tenants_session_is_not_found(
    wizard: Wizard, sign_in: SignIn, user: str
) -> None:
    eve = Wizard(sign_in(f"eve-{user}"), wizard.session_id)

    async with untouched(wizard):
        refused = await eve.save("organizerSetup", {"name": "Eve"}, prefer="respond-async")

    assert_problem(refused, 404, "session_not_found")


async def test_a_missing_session_is_not_found(ada: httpx.AsyncClient) -> None:
    missing = Wizard(ada, str(uuid4()))

    refused = await missing.save("organizerSetup", {"name": "Ada"}, prefer="respond-async")

    assert_problem(refused, 404, "session_not_found")


async def test_a_closed_session_refuses_async_saves(wizard: Wizard) -> None:
    """At once, though Temporal takes signals until the workflow has ended."""
    await wizard.post("/abandon")

    refused = await wizard.save("organizerSetup", {"name": "A"}, prefer="respond-async")

    assert assert_problem(refused, 409, "session_closed")["session_status"] == "abandoned"


async def test_a_published_session_refuses_async_saves(ada: httpx.AsyncClient) -> None:
    wizard = await start(ada, free_sections())
    await publish(wizard)

    refused = await wizard.save("organizerSetup", {"name": "A"}, prefer="respond-async")

    assert assert_problem(refused, 409, "session_closed")["session_status"] == "completed"


@pytest.mark.parametrize(
    ("stage", "first", "second"),
    [
        ("eventSetup", {"description": "x" * 60_000}, {"summary": "x" * 60_000}),
        (
            "ticketSetup",
            {"tiers": [{"name": "x" * 60_000}]},
            {"refundPolicy": {"text": "x" * 60_000}},
        ),
    ],
)
async def test_an_async_save_that_makes_a_section_too_large_is_refused(
    wizard: Wizard, stage: str, first: JsonObject, second: JsonObject
) -> None:
    await wizard.save(stage, first)

    async with untouched(wizard):
        refused = await wizard.save(stage, second, prefer="respond-async")

    problem = assert_problem(refused, 413, "payload_too_large")
    assert [(error["stage"], error["code"]) for error in problem["errors"]] == [
        (stage, "too_many_bytes")
    ]


async def test_an_async_save_that_makes_the_session_too_large_is_refused(wizard: Wizard) -> None:
    for stage in STAGES[:4]:
        assert (await wizard.save(stage, LARGE[stage])).status_code == 200

    async with untouched(wizard):
        refused = await wizard.save("sponsorsMedia", LARGE["sponsorsMedia"], prefer="respond-async")

    assert_problem(refused, 413, "payload_too_large")


async def test_a_message_that_is_refused_later_leaves_a_trace(
    system: System, wizard: Wizard, user: str
) -> None:
    await wizard.save("eventSetup", {"description": "x" * 60_000})
    await signal_save(system, wizard, "too-large", {"summary": "x" * 60_000}, stage="eventSetup")
    await signal_save(system, wizard, "unknown", {"nmae": "Ada"})
    handle = session_handle(system.temporal.client, wizard.session_id)
    move = {"from_stage": "venueSetup", "to_stage": "ticketSetup"}
    sent = {"actor": {"user_id": user}, "message_id": "elsewhere"}
    await handle.signal(ids.SIGNAL_TRANSITION, {**sent, **move})
    await signal_save(system, wizard, "foreign", {"name": "Eve"}, user_id=f"eve-{user}")
    await settle(system.temporal.client, wizard.session_id)

    found = [await refusal_of(wizard, key) for key in ("too-large", "unknown", "elsewhere")]

    assert [(action["stage"], action["detail"]) for action in found] == [
        ("eventSetup", "payload_too_large"),
        ("organizerSetup", "invalid_request"),
        ("ticketSetup", "stage_mismatch"),
    ]
    assert [action["revision"] for action in found] == [2, 3, 4]
    for action in found:
        assert action["actor_id"] == user
        assert action["sections"] is None
    view = await wizard.view(consistent="true")
    assert view["revision"] == 4
    assert view["stages"]["organizerSetup"]["data"] == {}
    saved = await wizard.save("organizerSetup", {"name": "Ada"}, idempotency_key="unknown")
    assert saved.json()["revision"] == 5
