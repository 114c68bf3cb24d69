"""Notifications to the owner of a session, and the actions that cause them.

A message identifies the session and the kind of action, and contains no data that a user entered.
Its body follows the Standard Webhooks specification: ``type``, ``timestamp`` (the time of the
action) and ``data``.
"""

from collections.abc import Callable, Iterable, Mapping
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
    PUBLISH_AT_RISK = "session.publish_at_risk"


class Notification(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: str
    session_id: str
    user_id: str
    organization_id: str | None
    kind: str
    payload: JsonObject
    """The complete body, the same at every attempt."""


class _Template(NamedTuple):
    kind: Kind
    details: Callable[[SessionView, str | None], JsonObject]
    """The part of ``data`` that is made of the view and of the action's ``detail``."""


def _no_details(_view: SessionView, _detail: str | None) -> JsonObject:
    return {}


def _risk(view: SessionView, codes: str | None) -> JsonObject:
    """``publish_at`` is None if the publication was cancelled or has ended since."""
    publish_at = view.publication.publish_at
    return {
        "publish_at": publish_at.isoformat() if publish_at else None,
        "checks": (codes or "").split(","),
    }


_TEMPLATES: Final[Mapping[ActionName, _Template]] = {
    ActionName.REMIND: _Template(Kind.EXPIRING, lambda _, detail: {"expires_at": detail}),
    ActionName.EXPIRE: _Template(Kind.EXPIRED, _no_details),
    ActionName.PUBLISH_EVENT: _Template(Kind.PUBLISHED, lambda _, detail: {"event_id": detail}),
    ActionName.FAIL_PUBLICATION: _Template(
        Kind.PUBLISH_FAILED, lambda _, detail: {"error": detail}
    ),
    ActionName.PUBLICATION_AT_RISK: _Template(Kind.PUBLISH_AT_RISK, _risk),
}


def notifications_of(batch: Iterable[Projected]) -> list[Notification]:
    """One notification for each action that has a template."""
    return [
        _notification(projected.view, action, _TEMPLATES[action.name])
        for projected in batch
        for action in projected.actions
        if action.name in _TEMPLATES
    ]


def reminder_at(state: SessionState, before: timedelta) -> datetime | None:
    """When the owner is to be reminded that the session expires; None if there is no reminder.

    There is none if the publication is scheduled, or if the session's whole lifetime is not longer
    than ``before``.
    """
    if not state.is_open or state.reminded_of == state.expires_at:
        return None
    if state.publication.state is PublicationState.SCHEDULED:
        return None
    at = state.expires_at - before
    return at if at > state.created_at else None


def _notification(view: SessionView, action: Action, template: _Template) -> Notification:
    return Notification(
        id=message_id_of(view.session_id, template.kind, action.revision),
        session_id=view.session_id,
        user_id=view.user_id,
        organization_id=view.organization_id,
        kind=template.kind,
        payload={
            "type": template.kind.value,
            "timestamp": action.at.isoformat(),
            "data": {
                "session_id": view.session_id,
                "user_id": view.user_id,
                "organization_id": view.organization_id,
                "revision": action.revision,
                **template.details(view, action.detail),
            },
        },
    )
