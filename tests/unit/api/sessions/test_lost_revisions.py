"""A session whose workflow was reset to an earlier revision, or whose history was restored."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, cast

import pytest

from api.sessions.delivery import Delivery
from api.sessions.idempotency import Attempt
from api.sessions.known_views import KnownViews
from api.sessions.live_projection import LiveProjectionQueue
from api.sessions.turns import MessageSlots
from api.sessions.updates import ChangeRequest, Updates
from api.sessions.views import Views
from domain import ids
from domain.session import changes, messages
from domain.session.actions import Action
from domain.session.answers import UpdateResult, answer_of
from domain.session.changes import Stamp
from domain.session.state import SessionState, assess_session, view_of
from domain.session.view import SessionView
from domain.stages import STAGES, Stage
from tests.unit.domain.samples import ADA, NOW, session


class Workflow:
    """A session's workflow, and the delivery of updates to it."""

    def __init__(self) -> None:
        self.state: SessionState = session()
        self.left_out = 0
        """The number of sections that the last answer left out."""

    async def answered(
        self, _actor: object, _session_id: str, send: Callable[[Any], Awaitable[Any]], **_: Any
    ) -> Any:
        return await send(self)

    async def execute_update(
        self, _name: str, request: messages.SaveStage, **_: Any
    ) -> UpdateResult:
        stamp = Stamp(now=NOW, actor=ADA)
        change = changes.save_stage(self.state, request.stage, request.data, stamp)
        self.state = change.state
        accepted = [change.action] if change.action else []
        answer = answer_of(request, self.state, assess_session(self.state, NOW), accepted)
        self.left_out = sum(stage.data is None for stage in answer.stages.values())
        return UpdateResult.model_validate_json(answer.model_dump_json())


class Projected:
    def __init__(self) -> None:
        self.view: SessionView | None = None
        self.actions: Sequence[Action] = ()

    def add(self, view: SessionView, actions: Sequence[Action] = ()) -> None:
        self.view, self.actions = view, actions


@pytest.mark.parametrize("lost", [1, 2, 3])
async def test_an_answer_has_nothing_of_lost_revisions(lost: int) -> None:
    workflow, projected = Workflow(), Projected()
    updates = Updates(
        cast(Delivery, workflow),
        cast(Views, None),
        KnownViews(),
        cast(LiveProjectionQueue, projected),
        MessageSlots(),
    )

    async def save(stage: Stage, text: str) -> None:
        name = "title" if stage is Stage.EVENT_SETUP else "name"
        changed = await updates.change(
            ids.UPDATE_SAVE_STAGE,
            ChangeRequest(ADA, workflow.state.session_id, Attempt.of(None)),
            messages.SaveStage,
            stage=stage,
            data={name: text},
        )
        assert changed.view == projected.view == view_of(workflow.state, NOW)
        assert projected.actions[0].sections == {stage.section: {name: text}}

    states = [workflow.state]
    for number in range(3):
        await save(Stage.EVENT_SETUP, f"lost {number}")
        states.append(workflow.state)
    workflow.state = states[-1 - lost]

    for number in range(2 * lost):
        await save(Stage.VENUE_SETUP, f"after the loss {number}")

    assert workflow.left_out == len(STAGES) - 1, "the view after the loss is not known"
