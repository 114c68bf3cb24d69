"""The projection of a session into the read model."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from domain.errors import SessionLost
from domain.session.actions import Action, ActionName
from domain.session.view import (
    Publication,
    PublicationError,
    PublicationState,
    SessionView,
    Status,
    StepState,
)


class Projected(BaseModel):
    """A view, and the actions that the audit trail may lack.

    It can be written late or repeatedly: an older revision never replaces a newer one.
    """

    model_config = ConfigDict(frozen=True)

    view: SessionView
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True)
class RecoveredSession:
    """What Temporal still keeps of a session that it ended."""

    projected: Projected
    """The newest view that was found, and all actions."""
    is_newest: bool
    """False if the newest run could not be replayed: there may be a newer view."""
    ended_as: str
    """How Temporal ended it, such as ``terminated: Workflow history size exceeds limit.``"""
    publishing: Projected | None
    """What the publication of the event writes, if it came that far."""


def lost(view: SessionView, *, at: datetime, ended_as: str) -> Projected:
    """The end of an open session whose workflow Temporal ended.

    ``ended_as`` is the ``detail`` of the action. A publication that was running has failed: its
    event is not published.
    """
    revision = view.revision + 1
    closed = {
        "status": Status.ABANDONED,
        "is_active": False,
        "publication": _interrupted(view.publication, at),
        "revision": revision,
        "updated_at": at,
    }
    action = Action(
        revision=revision, name=ActionName.SESSION_LOST, actor_id=None, at=at, detail=ended_as
    )
    return Projected(view=view.model_copy(update=closed), actions=(action,))


def _interrupted(publication: Publication, at: datetime) -> Publication:
    """Steps that are done stay done, because nothing undoes them: operators see what is left."""
    if publication.state is not PublicationState.RUNNING:
        return publication
    steps = [
        step.model_copy(update={"state": StepState.FAILED, "at": at})
        if step.state is StepState.RUNNING
        else step
        for step in publication.steps
    ]
    error = PublicationError(
        code=SessionLost.code, message="Temporal ended the session while it was being published."
    )
    return publication.model_copy(
        update={"state": PublicationState.FAILED, "steps": steps, "error": error}
    )
