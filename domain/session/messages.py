"""Messages to the workflow of a session, and its answers.

Every message of a user names its actor. The API has verified the actor's token; the workflow
compares the actor's tenant with its own.
"""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from domain.actors import Actor
from domain.json_values import JsonObject
from domain.session.actions import Action
from domain.session.repeats import HandledRequest
from domain.session.state import DEFAULT_SESSION_TTL_SECONDS, SessionState
from domain.stages import Section, Stage
from domain.values.payments import Payments

Fingerprint = Annotated[
    str | None,
    Field(description="Hash of the request; distinguishes a repeat from a reused idempotency key"),
]


class Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Handled(Message):
    """The record of a handled message, as earlier versions hand it to the next run."""

    fingerprint: Fingerprint = None
    refused_as: str | None = Field(default=None, exclude_if=lambda code: code is None)
    """The code of the error that was returned, if a part of the message took effect."""


class AccountCheck(Message):
    """A check of the Stripe account that has to be made."""

    accepts_stored: bool = False
    """The status that is stored for the tenant is enough, if there is one."""
    failures: int = 0
    """How many times in a row Stripe could not be reached."""
    not_before: datetime | None = None


class Carried(Message):
    """The input of the next run of a session, when it continues as new; and of the first run of a
    session that is created with data."""

    state: SessionState
    processed: dict[str, Handled] = Field(default_factory=dict)
    """From an earlier version: the handled messages by their ids, oldest first."""
    handled: list[HandledRequest] = Field(default_factory=list)
    """Oldest first."""
    unprojected: list[Action]
    """Actions that the audit trail does not have yet."""
    unprojected_bytes: int | None = Field(default=None, exclude_if=lambda size: size is None)
    """Of the sections in them, as JSON; None if the sender has not measured them."""
    read_model_is_behind: bool = False
    account_check_is_due: bool = False
    """From an earlier version, and for it: ``account_check`` is set."""
    account_check: AccountCheck | None = Field(default=None, exclude_if=lambda check: check is None)
    remind_before_seconds: int | None = None


class SessionStart(Message):
    """Argument of ``WizardSession.run``. The lifetime is in seconds."""

    session_id: str
    owner: Actor
    created_at: datetime | None = None
    ttl_seconds: int = DEFAULT_SESSION_TTL_SECONDS
    carried: Carried | None = None
    """Set if the run continues another, or if the session begins with data."""
    rules: int = 1
    """The version of the rules by which the run decides (ADR 28). A run keeps the rules that it
    began with, so that its history replays."""


class StageData(Message):
    """Signal ``stage_data``: a merge patch for which the sender gets no answer."""

    stage: Stage
    data: JsonObject
    actor: Actor
    message_id: str
    fingerprint: Fingerprint = None

    @property
    def target(self) -> Stage:
        """The stage that the message is about."""
        return self.stage


class Transition(Message):
    """Signal ``transition``."""

    from_stage: Stage
    to_stage: Stage
    actor: Actor
    message_id: str
    fingerprint: Fingerprint = None

    @property
    def target(self) -> Stage:
        """The stage that the message is about."""
        return self.to_stage


class PaymentAccountChanged(Message):
    """Signal ``payment_account_changed``: the account was changed at Stripe."""

    account_id: str
    payments: Payments | None = Field(default=None, exclude_if=lambda payments: payments is None)
    """Its status, if the sender has fetched it; otherwise the session fetches it."""


class Request(Message):
    """Base of the updates that a user requests."""

    actor: Actor
    fingerprint: Fingerprint = None
    expected_revision: int | None = None
    """The revision that the session has to be at; None if any will do. Of several it is the newest,
    for workers of earlier releases, which do not know the others."""
    expected_revisions: tuple[int, ...] = Field(default=(), exclude_if=lambda several: not several)
    """If there are several: the session has to be at one of them."""
    key: str | None = None
    """The idempotency key, if the id of the update is another one."""
    attempt: str | None = None
    """A new one for each attempt; the answer repeats it. None from an API of an earlier
    version."""
    known_revision: int | None = None
    """The revision of the view that the API has: see :mod:`domain.session.answers`."""

    @property
    def expected(self) -> tuple[int, ...] | None:
        """The revisions of which one has to be the current one; None if any will do."""
        if self.expected_revisions:
            return self.expected_revisions
        return None if self.expected_revision is None else (self.expected_revision,)


class SaveStage(Request):
    stage: Stage
    data: JsonObject


class CompleteStage(Request):
    stage: Stage
    data: JsonObject | None = None


class MoveToStage(Request):
    from_stage: Stage
    to_stage: Stage


class Publish(Request):
    publish_at: datetime | None = None


class CancelPublication(Request):
    pass


class ConnectPayments(Request):
    return_url: str
    """Stripe redirects here after the onboarding."""
    refresh_url: str
    """Stripe redirects here if the link has expired or was used."""


class Connected(Message):
    """Answer of ``connect_payments``. The link is a secret: it works once, for a few minutes."""

    account_id: str
    onboarding_url: str = Field(repr=False)
    expires_at: datetime
    fingerprint: Fingerprint = None
    attempt: str | None = None
    """As in :class:`domain.session.answers.UpdateResult`."""
    is_repeat: bool = False


class DisconnectPayments(Request):
    pass


class Abandon(Request):
    pass


class AbandonIdle(Message):
    """Update ``abandon_idle``, which the system requests: it has no actor."""

    revision: int
    """The revision at which the session was found idle."""


class Restore(Request):
    revision: int
    sections: dict[Section, JsonObject]
    """The data of that revision, from the audit trail."""
