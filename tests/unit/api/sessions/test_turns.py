"""Messages wait for a slot in their order, for a short time, and give it back in any case. So they
do for their lane."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.errors import headers_of, problem_of
from api.sessions import turns
from api.sessions.turns import Lanes, MessageSlots
from domain.errors import Unavailable
from tests.support.waiting import until

SLOTS = 2


class Messages:
    """Messages that are sent when they have a slot, and answered when a test says so."""

    def __init__(self) -> None:
        self.slots = MessageSlots(SLOTS)
        self.sent: list[int] = []
        self._answers: dict[int, asyncio.Future[None]] = {}

    def send(self, number: int) -> "asyncio.Task[None]":
        return asyncio.create_task(self._send(number))

    async def _send(self, number: int) -> None:
        async with self.slots.slot():
            self.sent.append(number)
            self._answers[number] = asyncio.get_running_loop().create_future()
            await self._answers[number]

    def answer(self, number: int, error: Exception | None = None) -> None:
        if error is None:
            self._answers[number].set_result(None)
        else:
            self._answers[number].set_exception(error)


@asynccontextmanager
async def all_slots_held() -> AsyncIterator[tuple[Messages, list["asyncio.Task[None]"]]]:
    """By the messages 0 and 1."""
    messages = Messages()
    tasks = [messages.send(number) for number in range(SLOTS)]
    await until(lambda: len(messages.sent) == SLOTS)
    yield messages, tasks
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_messages_beyond_the_slots_are_sent_in_order() -> None:
    async with all_slots_held() as (messages, tasks):
        tasks += [messages.send(number) for number in (2, 3, 4)]
        await asyncio.sleep(0)
        assert messages.sent == [0, 1]

        messages.answer(1)
        messages.answer(0)
        await until(lambda: len(messages.sent) == 2 * SLOTS)
        messages.answer(2)
        await until(lambda: len(messages.sent) == len(tasks))

        assert messages.sent == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("ends", ["answered", "failed", "cancelled"])
async def test_a_slot_is_given_back(ends: str) -> None:
    async with all_slots_held() as (messages, tasks):
        waiting = messages.send(2)
        tasks.append(waiting)
        if ends == "cancelled":  # as of a client that disconnects
            tasks[0].cancel()
        else:
            messages.answer(0, ValueError() if ends == "failed" else None)

        await until(lambda: 2 in messages.sent)


async def test_a_message_that_waits_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST_WAIT", 0)
    async with all_slots_held() as (messages, _):
        with pytest.raises(Unavailable) as refusal:
            await messages.send(2)

        assert messages.sent == [0, 1]
        assert problem_of(refusal.value)["code"] == "unavailable"
        assert int(headers_of(refusal.value, token_given=True)["Retry-After"]) > 0


async def test_a_message_that_gives_up_takes_no_slot(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused or cancelled while it waits."""
    async with all_slots_held() as (messages, tasks):
        cancelled = messages.send(2)
        await asyncio.sleep(0)
        cancelled.cancel()
        with monkeypatch.context() as short_wait:
            short_wait.setattr(turns, "LONGEST_WAIT", 0)
            refused = messages.send(3)
            ended = await asyncio.gather(cancelled, refused, return_exceptions=True)
        assert [type(error) for error in ended] == [asyncio.CancelledError, Unavailable]

        tasks += [messages.send(number) for number in (4, 5)]
        messages.answer(0)
        messages.answer(1)
        await until(lambda: {4, 5} <= set(messages.sent))


async def test_a_lane_has_one_message_at_a_time_when_others_give_up() -> None:
    lanes = Lanes()
    sending = 0

    async def send() -> None:
        nonlocal sending
        async with lanes.lane("session"):
            sending += 1
            assert sending == 1
            await asyncio.sleep(0)
            sending -= 1

    async with lanes.lane("session"):
        given_up = [asyncio.create_task(send()) for _ in range(3)]
        await asyncio.sleep(0)
        for message in given_up[1:]:
            message.cancel()
    given_up[0].cancel()  # at its turn
    later = [asyncio.create_task(send()) for _ in range(3)]
    await asyncio.wait_for(asyncio.gather(*given_up, *later, return_exceptions=True), timeout=10)

    assert [message.cancelled() for message in given_up] == [True, True, True]
    assert [message.exception() for message in later] == [None, None, None]


LANES = ("first", "second")


class Callers:
    """Callers of two lanes. Each holds its lane until a test says so."""

    def __init__(self, lanes: Lanes) -> None:
        self._lanes = lanes
        self.tasks: list[asyncio.Task[None]] = []
        self._ends: list[asyncio.Event] = []
        self._held: set[str] = set()
        self.entered: dict[str, list[int]] = {lane: [] for lane in LANES}

    async def step(self, name: str, choice: int) -> None:
        match name:
            case "call":
                self._call(LANES[choice % 2], within=None)
            case "call briefly":
                self._call(LANES[choice % 2], within=0)
            case "end" if self.tasks:
                self._ends[choice % len(self.tasks)].set()
            case "cancel" if self.tasks:
                self.tasks[choice % len(self.tasks)].cancel()
            case _:
                await asyncio.sleep(0)

    def _call(self, lane: str, *, within: float | None) -> None:
        self._ends.append(asyncio.Event())
        self.tasks.append(asyncio.create_task(self._hold(len(self.tasks), lane, within)))

    async def _hold(self, number: int, lane: str, within: float | None) -> None:
        async with self._lanes.lane(lane, within=within):
            assert lane not in self._held
            self._held.add(lane)
            self.entered[lane].append(number)
            try:
                await self._ends[number].wait()
            finally:
                self._held.remove(lane)

    async def all_ended(self) -> set[type]:
        for end in self._ends:
            end.set()
        for _ in range(10 * len(self.tasks)):
            await asyncio.sleep(0)
        assert all(task.done() for task in self.tasks), "a caller waits in vain"
        ended = (task for task in self.tasks if not task.cancelled())
        return {type(task.exception()) for task in ended}


STEPS = st.lists(
    st.tuples(st.sampled_from(["call", "call briefly", "end", "cancel", "run"]), st.integers(0, 9)),
    max_size=40,
)


@given(STEPS)
@settings(max_examples=300, deadline=None)
def test_lanes_keep_their_order_when_callers_give_up(steps: list[tuple[str, int]]) -> None:
    """Callers end, give up, and are cancelled at any moment: each lane has one at a time, in the
    order in which they called, none waits in vain, and no lane is kept."""

    async def play() -> None:
        lanes = Lanes()
        callers = Callers(lanes)
        for name, choice in steps:
            await callers.step(name, choice)

        outcomes = await callers.all_ended()

        assert outcomes <= {type(None), Unavailable}
        assert all(entered == sorted(entered) for entered in callers.entered.values())
        del callers
        gc.collect()
        assert not lanes._lanes

    asyncio.run(play())
