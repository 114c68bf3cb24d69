"""What the read model is told about a session."""

from pydantic import BaseModel, ConfigDict

from domain.actions import Action
from domain.view import SessionView


class Projected(BaseModel):
    """The newest view, and the actions that the audit trail may not have yet.

    Writing it is idempotent and harmless when late: an older revision never replaces a newer one.
    """

    model_config = ConfigDict(frozen=True)

    view: SessionView
    actions: tuple[Action, ...] = ()
