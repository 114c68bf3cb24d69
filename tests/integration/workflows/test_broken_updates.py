"""An update with any argument, sent past the API, fails at most and never blocks the session."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowUpdateFailedError
from temporalio.common import RawValue

from api.sessions.rpc_errors import temporal_errors
from dev.session_histories import events_by_type, histories_of
from domain import ids
from domain.errors import Unavailable
from tests.support.session_workflow import session_handle
from tests.support.system import System
from tests.support.wizard import Wizard

ADA = {"user_id": "ada"}

VALID: dict[str, dict[str, Any]] = {
    ids.UPDATE_SAVE_STAGE: {"actor": ADA, "stage": "organizerSetup", "data": {"name": "Ada"}},
    ids.UPDATE_COMPLETE_STAGE: {"actor": ADA, "stage": "organizerSetup", "data": {"name": "Ada"}},
    ids.UPDATE_MOVE_TO_STAGE: {
        "actor": ADA,
        "from_stage": "organizerSetup",
        "to_stage": "eventSetup",
    },
    ids.UPDATE_PUBLISH: {"actor": ADA},
    ids.UPDATE_CANCEL_PUBLICATION: {"actor": ADA},
    ids.UPDATE_ABANDON: {"actor": ADA},
    ids.UPDATE_RESTORE: {"actor": ADA, "revision": 0, "sections": {"organizer": {}}},
}


def json_text(text: str) -> RawValue:
    """An argument that no client library would send."""
    return RawValue(Payload(metadata={"encoding": b"json/plain"}, data=text.encode()))


def save_of(data: str) -> RawValue:
    return json_text(
        f'{{"actor": {{"user_id": "ada"}}, "stage": "organizerSetup", "data": {data}}}'
    )


ANYTHING: dict[str, Sequence[Any]] = {
    "no argument": [],
    "null": [None],
    "a number": [42],
    "a text": ["abc"],
    "bytes": [b"\x00\xff"],
    "a list": [[1, 2]],
    "an empty object": [{}],
    "many arguments": [1, 2, 3],
    "not JSON": [json_text("{")],
    "no actor": [{"actor": None}],
    "another tenant": [{"actor": {"user_id": "mallory"}}],
}

BROKEN_SAVES: dict[str, Sequence[Any]] = {
    "data that is a list": [save_of("[]")],
    "an unknown field": [save_of('{"nmae": "Ada"}')],
    "not a number": [save_of('{"name": NaN}')],
    "infinity": [save_of('{"name": [Infinity]}')],
    "unpaired surrogate": [save_of('{"name": "\\ud800"}')],
    "a zero character": [save_of('{"name": {"a": "\\u0000"}}')],
    "an endless number": [save_of('{"bio": ' + "9" * 5000 + "}")],
    "deeper than anything": [save_of('{"bio": ' + "[" * 900 + "]" * 900 + "}")],
    "an unknown stage": [{**VALID[ids.UPDATE_SAVE_STAGE], "stage": "payment"}],
    "a revision that is none": [{**VALID[ids.UPDATE_SAVE_STAGE], "expected_revision": "new"}],
    "a section too large": [{**VALID[ids.UPDATE_SAVE_STAGE], "data": {"name": "x" * 100_000}}],
    "as large as can be sent": [
        {**VALID[ids.UPDATE_SAVE_STAGE], "data": {"name": "x" * 1_500_000}}
    ],
}

BROKEN_OTHERS: list[tuple[str, str, dict[str, Any]]] = [
    (ids.UPDATE_COMPLETE_STAGE, "a later stage", {"stage": "venueSetup", "data": None}),
    (ids.UPDATE_COMPLETE_STAGE, "data that is a text", {"data": "x"}),
    (ids.UPDATE_MOVE_TO_STAGE, "nowhere", {"to_stage": "done"}),
    (ids.UPDATE_MOVE_TO_STAGE, "from elsewhere", {"from_stage": "venueSetup"}),
    (ids.UPDATE_PUBLISH, "at no time", {"publish_at": "soon"}),
    (ids.UPDATE_PUBLISH, "at a local time", {"publish_at": "2099-01-01T10:00:00"}),
    (ids.UPDATE_PUBLISH, "at the end of time", {"publish_at": "9999-12-31T23:59:59Z"}),
    (ids.UPDATE_RESTORE, "an unknown section", {"sections": {"payment": {}}}),
    (ids.UPDATE_RESTORE, "sections that are a list", {"sections": []}),
    (ids.UPDATE_RESTORE, "no revision", {"revision": None}),
]

CASES = [
    *((name, what, arguments) for name in VALID for what, arguments in ANYTHING.items()),
    *((ids.UPDATE_SAVE_STAGE, what, arguments) for what, arguments in BROKEN_SAVES.items()),
    *((name, what, [{**VALID[name], **changed}]) for name, what, changed in BROKEN_OTHERS),
    ("no_such_update", "anything", [1]),
]


async def test_a_broken_update_fails_and_changes_nothing(system: System, wizard: Wizard) -> None:
    handle = session_handle(system.temporal.client, wizard.session_id)
    blocked = []
    for name, what, arguments in CASES:
        try:
            async with asyncio.timeout(20):
                with pytest.raises(WorkflowUpdateFailedError):
                    await handle.execute_update(name, args=arguments)
        except TimeoutError:
            blocked.append((name, what))
            break

    assert blocked == []
    saved = await wizard.save("organizerSetup", {"bio": "Still works"})
    assert saved.json()["revision"] == 1
    assert saved.json()["stages"]["organizerSetup"]["data"] == {"bio": "Still works"}
    histories = await histories_of(system.temporal.client, wizard.session_id)
    assert events_by_type(*histories)[EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED] == 0
    assert events_by_type(*histories)[EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT] == 0


async def test_an_update_of_a_later_release_is_unavailable(system: System, wizard: Wizard) -> None:
    """A session that is pinned to an earlier build does not have it."""
    handle = session_handle(system.temporal.client, wizard.session_id)

    with pytest.raises(Unavailable, match="earlier release"), temporal_errors():
        await handle.execute_update("of_a_later_release", {"actor": ADA})


@pytest.mark.parametrize(
    "sections",
    [
        {"organizer": {"nmae": 1}, "event": {"date": []}, "ticket": {"tiers": 7}},
        {"event": {"timezone": "Mars/Olympus", "date": "9999-12-31", "startTime": "99:99"}},
        {"ticket": {"currency": "xxx", "tiers": [None, {"unit_amount": -1}, {"id": 3}]}},
        {"venue": {"mode": "moon", "geo": {"lat": "x"}}, "review": {"acceptedTerms": 1}},
    ],
)
async def test_restored_data_of_any_shape_can_be_shown_and_corrected(
    system: System, wizard: Wizard, sections: dict[str, Any]
) -> None:
    handle = session_handle(system.temporal.client, wizard.session_id)
    request = {**VALID[ids.UPDATE_RESTORE], "sections": sections}

    async with asyncio.timeout(20):
        await handle.execute_update(ids.UPDATE_RESTORE, request)
        saved = await wizard.save("organizerSetup", {"name": "Ada"})

    assert saved.status_code == 200, saved.text
