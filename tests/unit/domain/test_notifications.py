"""What of a session is told, and when its owner is to be reminded."""

from datetime import timedelta
from typing import Any

import pytest

from domain.actors import Actor
from domain.publishing.publication import schedule_publication
from domain.session.actions import Action, ActionName
from domain.session.changes import remind
from domain.session.notifications import Kind, Notification, notifications_of, reminder_at
from domain.session.projection import Projected
from domain.session.state import view_of
from domain.session.view import Status
from tests.unit.domain.samples import ADA, NOW, ready_session, session, stamp

DAY = timedelta(days=1)
TOLD = {
    ActionName.REMIND: (Kind.EXPIRING, {"expires_at": "remark"}),
    ActionName.EXPIRE: (Kind.EXPIRED, {}),
    ActionName.PUBLISH_EVENT: (Kind.PUBLISHED, {"event_id": "remark"}),
    ActionName.FAIL_PUBLICATION: (Kind.PUBLISH_FAILED, {"error": "remark"}),
}


def projected(*names: ActionName, owner: Actor = ADA, **fields: Any) -> Projected:
    actions = tuple(
        Action(revision=number, name=name, actor_id="bob", at=NOW, detail="remark")
        for number, name in enumerate(names, 1)
    )
    return Projected(view=view_of(ready_session(owner, **fields), NOW), actions=actions)


@pytest.mark.parametrize("name", ActionName)
def test_each_action_is_told_or_is_not(name: ActionName) -> None:
    told = [(each.kind, each.payload["data"]) for each in notifications_of([projected(name)])]
    about = {"session_id": "session-1", "user_id": "ada", "organization_id": None, "revision": 1}
    expected = [(kind, {**about, **data}) for kind, data in [TOLD[name]]] if name in TOLD else []
    assert told == expected


def test_a_message_has_the_form_of_the_specification() -> None:
    owner = Actor(user_id="ada", organization_id="acme", email="ada@example.com")
    (message,) = notifications_of([projected(ActionName.EXPIRE, owner=owner)])
    assert message.payload.keys() == {"type", "timestamp", "data"}
    assert (message.payload["type"], message.kind) == ("session.expired", Kind.EXPIRED)
    assert message.payload["timestamp"] == NOW.isoformat()
    assert (message.user_id, message.organization_id) == ("ada", "acme")
    assert "example.com" not in str(message)


def ids_of(*batch: Projected) -> list[str]:
    return [each.id for each in notifications_of(batch)]


def test_an_id_is_that_of_one_action_of_one_session() -> None:
    failed = ActionName.FAIL_PUBLICATION
    twice = ids_of(projected(failed, failed))
    other = ids_of(projected(failed, session_id="session-2"))
    assert len({*twice, *other}) == 3
    assert ids_of(projected(failed, failed)) == twice
    assert all(each.startswith("msg_") and "session" not in each for each in twice)


def test_a_message_says_nothing_of_what_was_typed() -> None:
    assert set(Notification.model_fields) == {
        "id", "session_id", "user_id", "organization_id", "kind", "payload",
    }  # fmt: skip
    everything = notifications_of([projected(*ActionName)])
    assert "Lovelace" not in str(everything)
    assert "Spring Show" not in str(everything)


class TestReminding:
    def test_is_due_so_long_before_the_end(self) -> None:
        assert reminder_at(session(), DAY) == NOW + 6 * DAY

    @pytest.mark.parametrize("status", [Status.COMPLETED, Status.ABANDONED, Status.EXPIRED])
    def test_is_over_with_the_session(self, status: Status) -> None:
        assert reminder_at(session(status=status), DAY) is None

    def test_is_done_once(self) -> None:
        reminded = remind(session(), stamp(actor=None))
        assert reminded.action is not None
        assert reminded.action.detail == (NOW + 7 * DAY).isoformat()
        assert reminder_at(reminded.state, DAY) is None

    def test_waits_while_a_publication_is_planned_and_is_due_anew_after_it(self) -> None:
        state = remind(ready_session(), stamp()).state
        planned = schedule_publication(state, NOW + 20 * DAY, stamp()).state
        assert reminder_at(planned, DAY) is None
        failed = planned.model_copy(update={"publication": state.publication})
        assert reminder_at(failed, DAY) == NOW + 20 * DAY

    @pytest.mark.parametrize("before", [7 * DAY, 8 * DAY])
    def test_makes_no_sense_at_the_start(self, before: timedelta) -> None:
        assert reminder_at(session(), before) is None
