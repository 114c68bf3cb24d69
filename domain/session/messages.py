"""What is sent to a session's workflow, and what comes back.

Every message names its actor: the API has verified the token, the workflow compares the
actor's tenant with its own.
"""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from domain.actors import Actor
from domain.json_values import JsonObject
from domain.session.actions import Action
from domain.session.state import DEFAULT_SESSION_TTL_SECONDS, SessionState
from domain.session.view import SessionView
from domain.stages import Section, Stage

Fingerprint = Annotated[
    str | None,
    Field(description="Hash of the request; tells a repeat from a reused idempotency key"),
]


class Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Handled(Message):
    """What is remembered of a message, so that a repeat is recognised and answered alike.

    ``refused_as`` is the code of the error that it ended with, though something of it was kept.
    """

    fingerprint: Fingerprint = None
    refused_as: str | None = Field(default=None, exclude_if=lambda code: code is None)


class Carried(Message):
    """What one run of a session hands on to the next.

    ``processed`` maps the ids of messages to what is remembered of them, oldest first;
    ``unprojected`` are the actions that the audit trail does not have yet.
    """

    state: SessionState
    processed: dict[str, Handled]
    unprojected: list[Action]
    read_model_is_behind: bool = False
    account_check_is_due: bool = False
    remind_before_seconds: int | None = None


class SessionStart(Message):
    """Argument of ``WizardSession.run``. ``carried`` is set only when a run continues another."""

    session_id: str
    owner: Actor
    created_at: datetime | None = None
    ttl_seconds: int = DEFAULT_SESSION_TTL_SECONDS
    carried: Carried | None = None


class StageData(Message):
    """Signal ``stage_data``: a merge patch, fire and forget."""

    stage: Stage
    data: JsonObject
    actor: Actor
    message_id: str
    fingerprint: Fingerprint = None


class Transition(Message):
    """Signal ``transition``."""

    from_stage: Stage
    to_stage: Stage
    actor: Actor
    message_id: str
    fingerprint: Fingerprint = None


class PaymentAccountChanged(Message):
    """Signal ``payment_account_changed``: something at Stripe is not as it was."""

    account_id: str


class Request(Message):
    """What every update has: who asks, and what it is recognised by when it is repeated."""

    actor: Actor
    fingerprint: Fingerprint = None


class SaveStage(Request):
    stage: Stage
    data: JsonObject
    expected_revision: int | None = None


class CompleteStage(Request):
    stage: Stage
    data: JsonObject | None = None
    expected_revision: int | None = None


class MoveToStage(Request):
    from_stage: Stage
    to_stage: Stage


class Publish(Request):
    publish_at: datetime | None = None


class ConnectPayments(Request):
    """``return_url`` is where the person comes back to, ``refresh_url`` where a used link leads."""

    return_url: str
    refresh_url: str


class Connected(Message):
    """Answer of ``connect_payments``. The link lets its holder in, once, for some minutes."""

    account_id: str
    onboarding_url: str = Field(repr=False)
    expires_at: datetime


class Abandon(Request):
    pass


class AbandonIdle(Message):
    """Update ``abandon_idle``, of the system: nobody asks, so it names no actor.

    ``revision`` is the one at which the session was found idle.
    """

    revision: int


class Restore(Request):
    """``sections`` is the data as the audit trail has it for ``revision``."""

    revision: int
    sections: dict[Section, JsonObject]


class UpdateResult(SessionView):
    """A view, and what the API needs to write it behind and to recognise a reused key."""

    actions: tuple[Action, ...] = ()
    fingerprint: Fingerprint = None

    @property
    def view(self) -> SessionView:
        return SessionView.model_construct(
            **{name: getattr(self, name) for name in SessionView.model_fields}
        )
