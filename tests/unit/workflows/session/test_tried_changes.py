"""The handler of an update takes the change that its validator has tried, if it makes the same one.

With this version of the SDK nothing comes between the two. A session must not depend on that.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from temporalio import workflow

from domain.session.actions import Action
from domain.session.changes import Change, Stamp, note_check, save_stage
from domain.session.messages import Abandon
from domain.session.repeats import HandledRequests
from domain.session.state import SessionState, assess_session, view_of
from domain.session.view import SessionView
from domain.stages import Stage
from domain.validation.assessment import Assessment
from tests.unit.domain.samples import ADA, NOW, READY, session
from workflows.session.messages import SessionMessages, change_step

REQUEST = Abandon(actor=ADA, key="first", attempt="a")
GRACE = ADA.model_copy(update={"user_id": "grace"})


@dataclass
class Update:
    """A session, and an update of it."""

    now: datetime = NOW
    state: SessionState = field(default_factory=session)
    request: Abandon = REQUEST
    bio: str = "Bio"
    actions: list[Action] = field(default_factory=list)
    computed: int = 0
    """How many times a change was computed."""

    def __post_init__(self) -> None:
        self.messages = SessionMessages(self, HandledRequests())

    def save(self, state: SessionState, bio: str, stamp: Stamp) -> Change:
        self.computed += 1
        return save_stage(state, Stage.ORGANIZER_SETUP, {"bio": bio}, stamp)

    def validate(self) -> None:
        self.messages.admit(self.request, change_step(self.save, self.bio))

    def handle(self) -> None:
        self.messages.answer(self.request, change_step(self.save, self.bio))

    def accept(self, change: Change) -> None:
        self.state = change.state
        self.actions += [change.action] if change.action else []

    def require_editable(self, *, is_acknowledged: bool = False) -> None:
        """Nothing prevents a change."""

    def assess(self) -> Assessment:
        return assess_session(self.state, self.now)

    def session(self) -> SessionView:
        return view_of(self.state, self.now)


@pytest.fixture
def update(monkeypatch: pytest.MonkeyPatch) -> Update:
    """The validator has admitted it."""
    update = Update()
    monkeypatch.setattr(workflow, "now", lambda: update.now)
    monkeypatch.setattr(workflow.unsafe, "is_replaying", lambda: False)
    update.validate()
    return update


def test_a_tried_change_is_computed_once(update: Update) -> None:
    update.handle()

    assert update.computed == 1
    assert update.state.section(Stage.ORGANIZER_SETUP) == {"bio": "Bio"}


def test_the_next_update_has_a_trial_of_its_own(update: Update) -> None:
    update.handle()
    update.request = update.request.model_copy(update={"key": "second"})
    update.bio = "Later"
    update.validate()
    update.handle()

    assert update.computed == 2
    assert [action.revision for action in update.actions] == [1, 2]
    assert update.state.section(Stage.ORGANIZER_SETUP) == {"bio": "Later"}


def another_change(update: Update) -> None:
    stamp = Stamp(update.now, GRACE, "another")
    update.accept(save_stage(update.state, Stage.EVENT_SETUP, {"title": "Show"}, stamp))


def a_payment_check(update: Update) -> None:
    """It replaces the state without a new revision."""
    update.accept(note_check(update.state, READY))


def time_passes(update: Update) -> None:
    update.now += timedelta(seconds=1)


def another_request(**fields: object) -> Callable[[Update], None]:
    def replace(update: Update) -> None:
        update.request = update.request.model_copy(update=fields)

    return replace


def other_data(update: Update) -> None:
    update.bio = "Other"


@pytest.mark.parametrize(
    "comes_between",
    [
        another_change,
        a_payment_check,
        time_passes,
        another_request(key="second"),
        another_request(actor=GRACE),
        other_data,
    ],
)
def test_another_change_than_the_tried_one_is_computed(
    update: Update, comes_between: Callable[[Update], None]
) -> None:
    comes_between(update)
    stamp = Stamp(update.now, update.request.actor, update.request.key or "")
    expected = update.save(update.state, update.bio, stamp)

    update.handle()

    assert update.state == expected.state
    assert update.actions[-1] == expected.action
