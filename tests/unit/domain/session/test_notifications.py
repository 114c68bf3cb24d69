"""The notifications of a session, and when its owner is reminded."""

from datetime import timedelta
from typing import Any

import pytest

from domain.actors import Actor
from domain.json_values import JsonObject
from domain.publishing.publication import schedule_publication
from domain.session.actions import Action, ActionName
from domain.session.changes import remind
from domain.session.notifications import Kind, Notification, notifications_of, reminder_at
from domain.session.projection import Projected
from domain.session.state import view_of
from domain.session.view import Status
from tests.unit.domain.samples import ADA, NOW, ready_session, session, stamp

DAY = timedelta(days=1)
DATA: dict[ActionName, tuple[Kind, JsonObject]] = {
    ActionName.REMIND: (Kind.EXPIRING, {"expires_at": "remark"}),
    ActionName.EXPIRE: (Kind.EXPIRED, {}),
    ActionName.PUBLISH_EVENT: (Kind.PUBLISHED, {"event_id": "remark"}),
    ActionName.FAIL_PUBLICATION: (Kind.PUBLISH_FAILED, {"error": "remark"}),
    ActionName.PUBLICATION_AT_RISK: (
        Kind.PUBLISH_AT_RISK,
        {"publish_at": None, "checks": ["remark"]},
    ),
}


def projected(*names: ActionName, owner: Actor = ADA, **fields: Any) -> Projected:
    actions = tuple(
        Action(revision=number, name=name, actor_id="bob", at=NOW, detail="remark")
        for number, name in enumerate(names, 1)
    )
    return Projected(view=view_of(ready_session(owner, **fields), NOW), actions=actions)


@pytest.mark.parametrize("name", ActionName)
def test_notifications_are_made_for_the_listed_actions_only(name: ActionName) -> None:
    actual = [
        (message.kind, message.payload["data"]) for message in notifications_of([projected(name)])
    ]
    common = {"session_id": "session-1", "user_id": "ada", "organization_id": None, "revision": 1}
    expected = [(kind, {**common, **data}) for kind, data in [DATA[name]]] if name in DATA else []
    assert actual == expected


def test_message_has_the_standard_webhooks_form() -> None:
    owner = Actor(user_id="ada", organization_id="acme", email="ada@example.com")
    (message,) = notifications_of([projected(ActionName.EXPIRE, owner=owner)])
    assert message.payload.keys() == {"type", "timestamp", "data"}
    assert (message.payload["type"], message.kind) == ("session.expired", Kind.EXPIRED)
    assert message.payload["timestamp"] == NOW.isoformat()
    assert (message.user_id, message.organization_id) == ("ada", "acme")
    assert "example.com" not in str(message)


def test_message_of_a_risk_has_the_time_and_each_check() -> None:
    planned = schedule_publication(ready_session(), NOW + DAY, stamp()).state
    action = Action(
        revision=2,
        name=ActionName.PUBLICATION_AT_RISK,
        actor_id=None,
        at=NOW,
        detail="slug_taken,terms_not_accepted",
    )

    (message,) = notifications_of([Projected(view=view_of(planned, NOW), actions=(action,))])

    assert message.kind == "session.publish_at_risk"
    assert message.payload["data"]["publish_at"] == (NOW + DAY).isoformat()
    assert message.payload["data"]["checks"] == ["slug_taken", "terms_not_accepted"]


def ids_of(*batch: Projected) -> list[str]:
    return [message.id for message in notifications_of(batch)]


def test_message_ids_differ_by_action_and_session() -> None:
    failed = ActionName.FAIL_PUBLICATION
    two_actions = ids_of(projected(failed, failed))
    other_session = ids_of(projected(failed, session_id="session-2"))
    assert len({*two_actions, *other_session}) == 3
    assert ids_of(projected(failed, failed)) == two_actions
    assert all(
        message_id.startswith("msg_") and "session" not in message_id for message_id in two_actions
    )


def test_message_contains_no_entered_data() -> None:
    assert set(Notification.model_fields) == {
        "id", "session_id", "user_id", "organization_id", "kind", "payload",
    }  # fmt: skip
    notifications = notifications_of([projected(*ActionName)])
    assert "Lovelace" not in str(notifications)
    assert "Spring Show" not in str(notifications)


class TestReminding:
    def test_reminder_is_due_before_the_expiry(self) -> None:
        assert reminder_at(session(), DAY) == NOW + 6 * DAY

    @pytest.mark.parametrize("status", [Status.COMPLETED, Status.ABANDONED, Status.EXPIRED])
    def test_reminder_of_a_closed_session_is_none(self, status: Status) -> None:
        assert reminder_at(session(status=status), DAY) is None

    def test_reminder_is_due_once_per_deadline(self) -> None:
        reminded = remind(session(), stamp(actor=None))
        assert reminded.action is not None
        assert reminded.action.detail == (NOW + 7 * DAY).isoformat()
        assert reminder_at(reminded.state, DAY) is None

    def test_reminder_during_a_scheduled_publication_is_none(self) -> None:
        state = remind(ready_session(), stamp()).state
        planned = schedule_publication(state, NOW + 20 * DAY, stamp()).state
        assert reminder_at(planned, DAY) is None
        failed = planned.model_copy(update={"publication": state.publication})
        assert reminder_at(failed, DAY) == NOW + 20 * DAY

    @pytest.mark.parametrize("before", [7 * DAY, 8 * DAY])
    def test_reminder_due_at_the_start_is_none(self, before: timedelta) -> None:
        assert reminder_at(session(), before) is None
