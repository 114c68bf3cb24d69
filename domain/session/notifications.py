"""What the owner of a session is told, and by which action it became true.

A message says what happened to which session, and nothing that a person typed. Its form is that
of the Standard Webhooks specification: ``type``, ``timestamp`` (of when it happened) and ``data``.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from pydantic import BaseModel, ConfigDict

from domain.ids import message_id_of
from domain.json_values import JsonObject
from domain.session.actions import Action, ActionName
from domain.session.projection import Projected
from domain.session.state import SessionState
from domain.session.view import PublicationState, SessionView

DEFAULT_REMIND_BEFORE_SECONDS: Final = 24 * 60 * 60


class Kind(StrEnum):
    EXPIRING = "session.expiring"
    EXPIRED = "session.expired"
    PUBLISHED = "session.published"
    PUBLISH_FAILED = "session.publish_failed"


class Notification(BaseModel):
    """``payload`` is what is sent, whole and the same at every attempt."""

    model_config = ConfigDict(frozen=True)

    id: str
    session_id: str
    user_id: str
    organization_id: str | None
    kind: Kind
    payload: JsonObject


class _Announced(NamedTuple):
    """``detail``: the name in ``data`` under which the action's remark is told."""

    kind: Kind
    detail: str | None


_ANNOUNCED: Final[Mapping[ActionName, _Announced]] = {
    ActionName.REMIND: _Announced(Kind.EXPIRING, "expires_at"),
    ActionName.EXPIRE: _Announced(Kind.EXPIRED, None),
    ActionName.PUBLISH_EVENT: _Announced(Kind.PUBLISHED, "event_id"),
    ActionName.FAIL_PUBLICATION: _Announced(Kind.PUBLISH_FAILED, "error"),
}


def notifications_of(batch: Iterable[Projected]) -> list[Notification]:
    """One for each action that the owner is told of."""
    return [
        _notification(each.view, action, _ANNOUNCED[action.name])
        for each in batch
        for action in each.actions
        if action.name in _ANNOUNCED
    ]


def reminder_at(state: SessionState, before: timedelta) -> datetime | None:
    """When the owner is to be reminded; None where there is nothing to remind of.

    A planned publication is what a session waits for, not forgotten. A session that lives for no
    longer than ``before`` would be reminded of while it is being started.
    """
    if not state.is_open or state.reminded_of == state.expires_at:
        return None
    if state.publication.state is PublicationState.SCHEDULED:
        return None
    at = state.expires_at - before
    return at if at > state.created_at else None


def _notification(view: SessionView, action: Action, announced: _Announced) -> Notification:
    told = {} if announced.detail is None else {announced.detail: action.detail}
    return Notification(
        id=message_id_of(view.session_id, announced.kind, action.revision),
        session_id=view.session_id,
        user_id=view.user_id,
        organization_id=view.organization_id,
        kind=announced.kind,
        payload={
            "type": announced.kind.value,
            "timestamp": action.at.isoformat(),
            "data": {
                "session_id": view.session_id,
                "user_id": view.user_id,
                "organization_id": view.organization_id,
                "revision": action.revision,
                **told,
            },
        },
    )
