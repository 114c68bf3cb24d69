"""Clients of one session at the same moment: some order of their requests explains every answer."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)
from temporalio.testing import WorkflowEnvironment

from tests.races.arena import Arena, open_arena
from tests.races.model import REVIEW, Model
from tests.races.model import Phase as SessionPhase
from tests.races.operations import FIELDS, Kind, Operation
from tests.support.full_size import IS_FULL
from tests.support.postgres import Database
from tests.support.stage_data import STAGES

EXAMPLES: Final = 400 if IS_FULL else 10
RACES: Final = 8
LONGEST_SECONDS: Final = 1_800 if IS_FULL else 300

SETTINGS: Final = settings(
    max_examples=EXAMPLES,
    stateful_step_count=RACES,
    deadline=None,
    derandomize=not IS_FULL,  # the sample plays the same requests each time
    phases=(Phase.generate,),  # the same requests race differently: no example can be shrunk
    suppress_health_check=list(HealthCheck),
    database=None,
)


@dataclass(frozen=True)
class Drawn:
    """A request before the session is known.

    ``here`` means the current stage instead of ``stage``; ``shared_key`` is one of two keys that
    requests have in common; ``back`` counts revisions before the current one.
    """

    kind: Kind
    stage: str
    to_stage: str
    text: str
    here: bool
    back: int
    conditional: bool
    shared_key: int | None
    is_repeated: bool

    def at(self, model: Model, keys: Sequence[str]) -> list[Operation]:
        """The requests of its client: a client that loses the answer repeats the request."""
        number = self.shared_key
        operation = Operation(
            kind=self.kind,
            key=uuid4().hex if number is None else keys[number],
            if_match=model.revision if self.conditional else None,
        )
        return [self._addressed(operation, model)] * (2 if self.is_repeated else 1)

    def _addressed(self, operation: Operation, model: Model) -> Operation:
        stage = model.stage if self.here else self.stage
        match self.kind:
            case Kind.SAVE:
                return replace(operation, stage=self.stage, text=self.text or "a")
            case Kind.COMPLETE:
                text = self.text if stage in FIELDS else ""
                return replace(operation, stage=stage, text=text)
            case Kind.ACCEPT_TERMS:
                return replace(operation, stage=REVIEW)
            case Kind.MOVE:
                return replace(operation, stage=stage, to_stage=self.to_stage)
            case Kind.RESTORE:
                return replace(operation, revision=max(model.revision - self.back, 0))
            case _:
                return operation


def drawn(*kinds: Kind) -> st.SearchStrategy[Drawn]:
    return st.builds(
        Drawn,
        kind=st.sampled_from(kinds),
        stage=st.sampled_from(list(FIELDS)),
        to_stage=st.sampled_from(STAGES),
        text=st.sampled_from(["", "a", "b", "c"]),
        here=st.booleans(),
        back=st.integers(0, 4),
        conditional=st.sampled_from([False, False, True]),
        shared_key=st.sampled_from([None, None, None, None, 0, 1]),
        is_repeated=st.sampled_from([False, False, True]),
    )


EDITS: Final = (Kind.SAVE, Kind.COMPLETE, Kind.ACCEPT_TERMS, Kind.MOVE, Kind.RESTORE)
PLANS: Final = (Kind.SCHEDULE, Kind.CANCEL)
ENDINGS: Final = (Kind.PUBLISH, Kind.ABANDON, Kind.ERASE)


class SessionRaces(RuleBasedStateMachine):
    """Each rule is one race. ``run`` waits in the loop of the servers."""

    def __init__(self, arena: Arena, run: Callable[[Awaitable[Any]], Any]) -> None:
        super().__init__()
        self.arena = arena
        self.run = run
        self.session_id = ""
        self.model = Model(data={})
        self.keys = [uuid4().hex, uuid4().hex]

    @initialize(is_filled=st.sampled_from([True, True, False]))
    def begin(self, is_filled: bool) -> None:
        opening = self.arena.new_session(is_filled=is_filled)
        self.session_id, self.model = self.run(opening)

    @rule(requests=st.lists(drawn(*EDITS, *PLANS), min_size=2, max_size=4))
    def race_edits(self, requests: list[Drawn]) -> None:
        self.race(requests)

    @rule(
        requests=st.lists(drawn(Kind.SAVE, Kind.ACCEPT_TERMS), max_size=2),
        endings=st.lists(drawn(*PLANS, *ENDINGS), min_size=1, max_size=2),
    )
    def race_endings(self, requests: list[Drawn], endings: list[Drawn]) -> None:
        self.race([*requests, *endings])

    def race(self, requests: list[Drawn]) -> None:
        if self.model.phase is not SessionPhase.OPEN:
            requests = requests[:1]
        programs = [request.at(self.model, self.keys) for request in requests]
        raced = self.run(self.arena.race(self.session_id, programs))
        self.model = self.run(self.arena.explained(self.session_id, self.model, raced))

    def teardown(self) -> None:
        if self.session_id:
            self.run(self.arena.assert_recorded(self.session_id, self.model))


@pytest.mark.timeout(LONGEST_SECONDS)
async def test_some_order_explains_each_race(
    temporal: WorkflowEnvironment, database: Database
) -> None:
    loop = asyncio.get_running_loop()

    def run(awaited: Any) -> Any:
        waiting: Future[Any] = asyncio.run_coroutine_threadsafe(awaited, loop)
        return waiting.result()

    async with open_arena(temporal, database) as arena:

        class OpenedRaces(SessionRaces):
            def __init__(self) -> None:
                super().__init__(arena, run)

        await asyncio.to_thread(run_state_machine_as_test, OpenedRaces, settings=SETTINGS)
