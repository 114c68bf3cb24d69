"""A replay of a session makes the changes that the session has made.

The handler of an update reuses the change that its validator has tried. A replay runs no
validators: it computes every change in the handler.
"""

import asyncio
from collections.abc import Iterable
from itertools import pairwise
from random import Random
from typing import Final
from uuid import uuid4

import pytest
from temporalio.client import Client, WorkflowHistory, WorkflowUpdateFailedError
from temporalio.service import RPCError, RPCStatusCode

from dev.session_histories import histories_of
from domain import ids
from domain.json_values import JsonObject
from domain.session.actions import Action
from domain.session.answers import UpdateResult
from domain.session.messages import SessionStart
from domain.session.run_rules import CHANGES_PER_RUN
from domain.stages import STAGE_OF, Section, Stage
from domain.validation.drafts import size_of
from domain.values.payments import Payments, PaymentStatus
from rebuild.replay import ReplayedRun, replay_run
from tests.support.api import client_for, token, unique_user
from tests.support.session_workflow import query_session, session_handle, settle
from tests.support.stage_data import SECTIONS, STAGES, free_event
from tests.support.system import System, running_worker
from tests.support.wizard import start

AT_ONCE: Final = 9
"""Messages that are sent together. A workflow task has several of them."""

SHARED_KEYS: Final = ("first", "second")

UPDATES: Final = (
    ids.UPDATE_SAVE_STAGE,
    ids.UPDATE_COMPLETE_STAGE,
    ids.UPDATE_MOVE_TO_STAGE,
    ids.UPDATE_RESTORE,
    ids.UPDATE_DISCONNECT_PAYMENTS,  # waits for an activity
)
SIGNALS: Final = (
    ids.SIGNAL_STAGE_DATA,
    ids.SIGNAL_TRANSITION,
    ids.SIGNAL_PAYMENT_ACCOUNT_CHANGED,
)


def drawn(random: Random) -> tuple[str, JsonObject]:
    """The name of a message, and its arguments without those of an attempt."""
    number = random.randrange(len(STAGES))
    stage, other = STAGES[number], random.choice(STAGES)
    valid = {**free_event(), STAGES[-1]: {"acceptTerms": True}}[stage]
    data = random.choice([valid, dict.fromkeys(valid), {"name": f"Ada {random.random()}"}, {}])
    name = random.choice((*UPDATES, *UPDATES, *SIGNALS))
    arguments: dict[str, JsonObject] = {
        ids.UPDATE_SAVE_STAGE: {"stage": stage, "data": data},
        ids.UPDATE_COMPLETE_STAGE: {"stage": stage, "data": random.choice([None, data])},
        ids.UPDATE_MOVE_TO_STAGE: {"from_stage": other, "to_stage": stage},
        ids.UPDATE_RESTORE: {"revision": 1, "sections": {SECTIONS[number]: valid}},
        ids.UPDATE_DISCONNECT_PAYMENTS: {},
        ids.SIGNAL_STAGE_DATA: {"stage": stage, "data": data},
        ids.SIGNAL_TRANSITION: {"from_stage": other, "to_stage": stage},
        ids.SIGNAL_PAYMENT_ACCOUNT_CHANGED: account(random.choice(list(PaymentStatus))),
    }
    return name, arguments[name]


def account(status: PaymentStatus) -> JsonObject:
    payments = Payments(account_id="acct_1", status=status)
    return {"account_id": "acct_1", "payments": payments.model_dump(mode="json")}


async def send(client: Client, session_id: str, user: str, random: Random) -> UpdateResult | None:
    """The answer of an update that was not refused."""
    name, arguments = drawn(random)
    handle, attempt = session_handle(client, session_id), uuid4().hex
    message = {"actor": {"user_id": user, "email": f"{user}@example.com"}, **arguments}
    if name in SIGNALS:
        await handle.signal(name, {**message, "message_id": attempt})
        return None
    key = random.choice([None, None, None, *SHARED_KEYS])
    request = {**message, "key": key, "attempt": attempt, "fingerprint": repr(message)}
    try:
        answer: UpdateResult = await handle.execute_update(
            name, request, id=attempt, result_type=UpdateResult
        )
    except WorkflowUpdateFailedError:
        return None
    except RPCError as error:
        if error.status is not RPCStatusCode.FAILED_PRECONDITION:
            raise
        return None  # it came as the session continued as new, and had no effect
    return answer


async def assert_handed_over(
    client: Client, replayed: ReplayedRun, next_run: WorkflowHistory
) -> None:
    """The next run began with what the replay of the run before it ends with."""
    started = next_run.events[0].workflow_execution_started_event_attributes
    [start] = await client.data_converter.decode(started.input.payloads, [SessionStart])
    carried = start.carried
    written = len(replayed.actions) - len(carried.unprojected)
    sections = [action.sections for action in carried.unprojected]

    assert carried.state == replayed.state
    assert carried.unprojected == replayed.actions[written:]
    assert carried.unprojected_bytes == sum(map(size_of, sections))


def data_at(revision: int, actions: Iterable[Action]) -> dict[Stage, JsonObject]:
    data: dict[Stage, JsonObject] = {stage: {} for stage in Stage}
    for action in actions:
        if action.revision <= revision:
            for section, written in (action.sections or {}).items():
                data[STAGE_OF[Section(section)]] = written
    return data


@pytest.mark.parametrize(("seed", "cached"), [(0, 100), (1, 100), (2, 0)])
async def test_a_replay_makes_the_same_changes(api: System, seed: int, cached: int) -> None:
    client, random, user = api.temporal.client, Random(seed), unique_user()
    answers: list[UpdateResult | None] = []
    async with (
        running_worker(api, max_cached_workflows=cached),
        client_for(api.address, token(user)) as http,
    ):
        # The start of a session with data does not say how many bytes wait.
        session_id = (await start(http, {"organizer": {"name": "Ada"}})).session_id
        while (await query_session(client, session_id)).revision <= CHANGES_PER_RUN:
            messages = [send(client, session_id, user, random) for _ in range(AT_ONCE)]
            answers += await asyncio.gather(*messages)
        await settle(client, session_id)
        shown = await query_session(client, session_id)

    histories = await histories_of(client, session_id)
    replayed = [await replay_run(client, history) for history in histories]
    assert [run.failure for run in replayed] == [None] * len(histories)
    assert len(histories) > 1
    for run, next_run in pairwise(zip(replayed, histories, strict=True)):
        await assert_handed_over(client, run[0], next_run[1])
    assert replayed[-1].projected is not None
    assert replayed[-1].projected.view == shown
    actions = {action.revision: action for run in replayed for action in run.actions}
    assert list(actions) == list(range(1, shown.revision + 1))
    for answer in filter(None, answers):
        # It names no known revision, so it has all data.
        assert [actions[made.revision] for made in answer.actions] == list(answer.actions)
        data = {stage: answered.data for stage, answered in answer.stages.items()}
        assert data == data_at(answer.revision, actions.values())
