"""The projection of a session into the read model."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from domain.session.actions import Action, ActionName
from domain.session.view import SessionView, Status


class Projected(BaseModel):
    """A view, and the actions that the audit trail may lack.

    It can be written late or repeatedly: an older revision never replaces a newer one.
    """

    model_config = ConfigDict(frozen=True)

    view: SessionView
    actions: tuple[Action, ...] = ()


def expired_without_workflow(view: SessionView, *, at: datetime, reason: str) -> Projected:
    """The expiry of an open session whose workflow no longer exists.

    ``reason`` is the ``detail`` of the action.
    """
    revision = view.revision + 1
    closed = {
        "status": Status.EXPIRED,
        "is_active": False,
        "revision": revision,
        "updated_at": at,
    }
    action = Action(revision=revision, name=ActionName.EXPIRE, actor_id=None, at=at, detail=reason)
    return Projected(view=view.model_copy(update=closed), actions=(action,))
