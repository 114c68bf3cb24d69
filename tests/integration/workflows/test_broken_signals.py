"""A signal with any argument neither fails nor blocks a session."""

from collections.abc import Sequence
from typing import Any

import pytest
from temporalio.client import WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from domain import ids
from tests.support.session_rows import complete_session_rows
from tests.support.session_workflow import session_handle, settle
from tests.support.system import System
from tests.support.wizard import Wizard

ADA = {"user_id": "ada"}
SAVE = {"stage": "organizerSetup", "data": {"name": "Ada"}, "actor": ADA, "message_id": "m-1"}
MOVE = {
    "from_stage": "organizerSetup",
    "to_stage": "eventSetup",
    "actor": ADA,
    "message_id": "m-2",
}


def without(message: dict[str, Any], field: str) -> dict[str, Any]:
    return {name: value for name, value in message.items() if name != field}


ANYTHING: dict[str, Sequence[Any]] = {
    "no argument": [],
    "null": [None],
    "a number": [42],
    "a text": ["stage_data"],
    "bytes": [b"\x00\xff"],
    "a list": [[SAVE]],
    "an empty object": [{}],
    "two arguments": [SAVE["stage"], SAVE["data"]],
    "nested": [{"data": {"data": {"data": []}}}],
}

BROKEN_SAVES: dict[str, Sequence[Any]] = {
    **ANYTHING,
    "another tenant": [{**SAVE, "actor": {"user_id": "mallory"}}],
    "an organization's member": [{**SAVE, "actor": {**ADA, "organization_id": "acme"}}],
    "no actor": [without(SAVE, "actor")],
    "an actor without id": [{**SAVE, "actor": {"user_id": ""}}],
    "no message id": [without(SAVE, "message_id")],
    "a number as message id": [{**SAVE, "message_id": 7}],
    "an unknown stage": [{**SAVE, "stage": "payment"}],
    "no stage": [without(SAVE, "stage")],
    "data that is a list": [{**SAVE, "data": ["name"]}],
    "no data": [without(SAVE, "data")],
}

BROKEN_MOVES: dict[str, Sequence[Any]] = {
    **ANYTHING,
    "another tenant": [{**MOVE, "actor": {"user_id": "mallory"}}],
    "an unknown stage": [{**MOVE, "to_stage": "done"}],
    "no message id": [without(MOVE, "message_id")],
}


REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "an unknown field": (
        ids.SIGNAL_STAGE_DATA,
        {**SAVE, "data": {"nmae": "Ada"}},
        "invalid_request",
    ),
    "too much data": (
        ids.SIGNAL_STAGE_DATA,
        {**SAVE, "data": {"name": "x" * 100_000}},
        "payload_too_large",
    ),
    "from another stage": (
        ids.SIGNAL_TRANSITION,
        {**MOVE, "from_stage": "venueSetup"},
        "stage_mismatch",
    ),
    "over an incomplete stage": (ids.SIGNAL_TRANSITION, MOVE, "stage_incomplete"),
}


@pytest.mark.parametrize(("signal", "message", "code"), REFUSED.values(), ids=REFUSED.keys())
async def test_a_refused_signal_is_recorded_and_changes_nothing_else(
    system: System, wizard: Wizard, signal: str, message: dict[str, Any], code: str
) -> None:
    """Twice: a refusal is not remembered, so the message may be sent again."""
    handle = session_handle(system.temporal.client, wizard.session_id)
    for _ in range(2):
        await handle.signal(signal, message)

    await settle(system.temporal.client, wizard.session_id)
    await complete_session_rows(system.database, system.temporal.client, wizard.session_id)
    actions = (await wizard.get("/actions")).json()["items"]
    recorded = [(action["name"], action["detail"]) for action in actions]
    assert recorded == [("refuse_message", code)] * 2
    assert {action["idempotency_key"] for action in actions} == {message["message_id"]}
    view = await wizard.view(consistent="true")
    assert view["current_stage"] == "organizerSetup"
    assert view["stages"]["organizerSetup"]["data"] == {}


@pytest.mark.parametrize(
    ("signal", "messages"),
    [
        (ids.SIGNAL_STAGE_DATA, BROKEN_SAVES),
        (ids.SIGNAL_TRANSITION, BROKEN_MOVES),
        (ids.SIGNAL_REFRESH_READ_MODEL, ANYTHING),
    ],
    ids=["stage_data", "transition", "refresh_read_model"],
)
async def test_a_broken_signal_changes_nothing(
    system: System, wizard: Wizard, signal: str, messages: dict[str, Sequence[Any]]
) -> None:
    handle = session_handle(system.temporal.client, wizard.session_id)
    for number, (what, arguments) in enumerate(messages.items(), 1):
        await handle.signal(signal, args=arguments)
        saved = await wizard.save("organizerSetup", {"bio": f"After {what}"})
        assert saved.status_code == 200, what
        view = saved.json()
        assert view["stages"]["organizerSetup"]["data"] == {"bio": f"After {what}"}, what
        assert view["current_stage"] == "organizerSetup", what
        assert view["revision"] == number, what

    await handle.signal("no_such_signal", SAVE)
    assert (await wizard.save("organizerSetup", {"bio": "After all"})).status_code == 200
    described = await handle.describe()
    assert described.status is WorkflowExecutionStatus.RUNNING


async def test_a_repeated_signal_is_applied_once(system: System, wizard: Wizard) -> None:
    handle = session_handle(system.temporal.client, wizard.session_id)

    await handle.signal(ids.SIGNAL_STAGE_DATA, SAVE)
    await handle.signal(ids.SIGNAL_STAGE_DATA, {**SAVE, "data": {"name": "Other"}})
    await handle.signal(ids.SIGNAL_STAGE_DATA, {**SAVE, "data": {"bio": "B"}, "message_id": "m-9"})

    view = await wizard.view(consistent=True)
    assert view["stages"]["organizerSetup"]["data"] == {"name": "Ada", "bio": "B"}
    assert view["revision"] == 2


async def test_signals_move_a_session(system: System, wizard: Wizard) -> None:
    handle = session_handle(system.temporal.client, wizard.session_id)

    await handle.signal(ids.SIGNAL_STAGE_DATA, SAVE)
    await handle.signal(ids.SIGNAL_TRANSITION, MOVE)

    records = await complete_session_rows(
        system.database, system.temporal.client, wizard.session_id
    )
    assert records.names == ["save_stage", "move_to_stage"]
    assert (await wizard.view())["current_stage"] == "eventSetup"


async def test_a_closed_session_ignores_signals(system: System, wizard: Wizard) -> None:
    await wizard.post("/abandon")
    handle = session_handle(system.temporal.client, wizard.session_id)
    await handle.result()

    with pytest.raises(RPCError) as refused:
        await handle.signal(ids.SIGNAL_STAGE_DATA, SAVE)

    assert refused.value.status is RPCStatusCode.NOT_FOUND
    assert (await wizard.view())["status"] == "abandoned"
