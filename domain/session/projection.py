"""What the read model is told about a session."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from domain.session.actions import Action, ActionName
from domain.session.view import SessionView, Status


class Projected(BaseModel):
    """The newest view, and the actions that the audit trail may not have yet.

    Writing it is idempotent and harmless when late: an older revision never replaces a newer one.
    """

    model_config = ConfigDict(frozen=True)

    view: SessionView
    actions: tuple[Action, ...] = ()


def expired_without_workflow(view: SessionView, *, at: datetime, reason: str) -> Projected:
    """An open session that nothing can bring to its end any more, as expired; ``reason`` is the
    remark of the action."""
    revision = view.revision + 1
    closed = {
        "status": Status.EXPIRED,
        "is_active": False,
        "revision": revision,
        "updated_at": at,
    }
    action = Action(revision=revision, name=ActionName.EXPIRE, actor_id=None, at=at, detail=reason)
    return Projected(view=view.model_copy(update=closed), actions=(action,))
