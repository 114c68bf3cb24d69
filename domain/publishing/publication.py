"""The publication of a session, as pure functions on its state.

none ◄──► scheduled ──► running ──► published
  └───────────────────────▲  └────► failed ──► scheduled, running …
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from domain.actors import Actor
from domain.errors import ErrorCode, FieldError, InvalidRequest, PublishBlocked, WizardError
from domain.session.actions import ActionName
from domain.session.changes import Change, Stamp, accept
from domain.session.state import SessionState, context_of, require_open
from domain.session.view import (
    Publication,
    PublicationError,
    PublicationState,
    PublicationStep,
    Status,
    StepState,
)
from domain.stages import Stage
from domain.validation.assessment import Assessment, assess
from domain.validation.check_codes import Check, CheckCode, Severity
from domain.validation.texts import field_error

GRACE_AFTER_SCHEDULED: Final = timedelta(days=1)
"""A session expires no earlier than this long after its scheduled publication."""

_JOINED: Final = frozenset({PublicationState.RUNNING, PublicationState.PUBLISHED})


class Step(StrEnum):
    """The steps of a publication, in order."""

    REVALIDATE = "revalidate"
    RESERVE = "reserve"
    CATALOGUE = "catalogue"
    PAYMENT_LINKS = "payment_links"
    """Only in publications that began under an earlier release."""
    PUBLISH = "publish"


def require_publishable(
    state: SessionState,
    actor: Actor,
    *,
    now: datetime,
    publish_at: datetime | None = None,
    slug_taken: bool = False,
    account_is_fresh: bool = True,
) -> None:
    """Runs the publish checks for a publication by ``actor``, now or at ``publish_at``.

    If ``account_is_fresh`` is false, the status of a connected account may be outdated, and that of
    an account that was never looked up is unknown. Neither blocks: the account is fetched before
    anything is published.

    Raises:
        PublishBlocked: with all findings in ``extra["checks"]`` and the blocking ones as
        ``errors``.
    """
    assessment = _assess_for(state, actor, now, publish_at, slug_taken=slug_taken)
    blocking = [
        check
        for check in assessment.checks
        if _is_blocking(check, state, account_is_fresh=account_is_fresh)
    ]
    if blocking:
        raise blocked(assessment.checks, blocking)


def _is_blocking(check: Check, state: SessionState, *, account_is_fresh: bool) -> bool:
    if check.code != CheckCode.PAYMENTS_NOT_READY:
        return check.severity is Severity.BLOCK
    has_none = state.payments.account_id is None and not state.payments.is_unknown
    return account_is_fresh or has_none


def blocked(checks: list[Check], blocking: list[Check]) -> PublishBlocked:
    return PublishBlocked(
        _summary(blocking),
        errors=[
            FieldError(
                stage=check.stage,
                pointer=check.pointer,
                code=check.code,
                params=check.params,
                message=check.message,
            )
            for check in blocking
        ],
        extra={"checks": [check.model_dump(mode="json") for check in checks]},
    )


def _summary(blocking: list[Check]) -> str:
    if len(blocking) == 1:
        return f"1 check blocks publishing: {blocking[0].message}"
    return f"{len(blocking)} checks block publishing. First: {blocking[0].message}"


def joins_publication(state: SessionState) -> bool:
    """Whether a request to publish joins the publication that is running or published."""
    return state.publication.state in _JOINED


def require_future(publish_at: datetime | None, now: datetime) -> None:
    """
    Raises:
        InvalidRequest: the time has passed.
    """
    if publish_at is not None and publish_at <= now:
        error = field_error(None, ("publish_at",), ErrorCode.NOT_IN_FUTURE, value="moment")
        raise InvalidRequest(error.message, errors=[error])


def request_publication(state: SessionState, publish_at: datetime | None, stamp: Stamp) -> Change:
    """Starts or schedules the publication. If it is running or published, nothing changes.

    Raises:
        SessionClosed: the session is abandoned or expired.
        PublishBlocked: as :func:`require_publishable`.
    """
    if joins_publication(state):
        return Change(state)
    require_open(state)
    later = publish_at if publish_at is not None and publish_at > stamp.now else None
    require_publishable(
        state,
        stamp.actor or state.owner,
        now=stamp.now,
        publish_at=later,
        account_is_fresh=False,
    )
    if later is not None:
        return schedule_publication(state, later, stamp)
    return start_publication(state, stamp)


def schedule_publication(state: SessionState, publish_at: datetime, stamp: Stamp) -> Change:
    """Schedules the publication, and postpones the session's expiry if necessary."""
    return accept(
        state,
        stamp,
        ActionName.SCHEDULE_PUBLICATION,
        detail=publish_at.isoformat(),
        publication=Publication(state=PublicationState.SCHEDULED, publish_at=publish_at),
        publication_checked=None,
        publisher=stamp.actor,
        expires_at=max(state.expires_at, publish_at + GRACE_AFTER_SCHEDULED),
    )


def cancel_publication(state: SessionState, lifetime: timedelta, stamp: Stamp) -> Change:
    """Cancels the scheduled publication. If none is scheduled, nothing changes.

    The session, which may have been due to expire long ago, gets a new ``lifetime``.
    """
    publish_at = state.publication.publish_at
    if state.publication.state is not PublicationState.SCHEDULED or publish_at is None:
        return Change(state)
    return accept(
        state,
        stamp,
        ActionName.CANCEL_PUBLICATION,
        detail=publish_at.isoformat(),
        publication=Publication(),
        publisher=None,
        expires_at=stamp.now + lifetime,
    )


def start_publication(state: SessionState, stamp: Stamp) -> Change:
    """Starts the publication. A stamp without an actor starts the scheduled one."""
    return accept(
        state,
        stamp,
        ActionName.START_PUBLICATION,
        publication=Publication(
            state=PublicationState.RUNNING,
            steps=[_step(Step.REVALIDATE, StepState.RUNNING, stamp.now)],
            publish_at=None if stamp.actor else state.publication.publish_at,
        ),
        publisher=stamp.actor or state.publisher,
    )


def begin_step(state: SessionState, step: Step, stamp: Stamp) -> Change:
    """Marks the running step as done, and starts the next one."""
    steps = [*_ended(state, StepState.DONE, stamp.now), _step(step, StepState.RUNNING, stamp.now)]
    return accept(
        state,
        stamp,
        ActionName.PUBLICATION_STEP,
        detail=step.value,
        publication=state.publication.model_copy(update={"steps": steps}),
    )


def fail_publication(state: SessionState, error: WizardError, stamp: Stamp) -> Change:
    """Marks the running step as failed and the others as undone. Allows edits again."""
    steps = [
        step.model_copy(update={"state": StepState.UNDONE, "at": stamp.now})
        if step.state is StepState.DONE and step.name != Step.REVALIDATE
        else step
        for step in _ended(state, StepState.FAILED, stamp.now)
    ]
    return accept(
        state,
        stamp,
        ActionName.FAIL_PUBLICATION,
        detail=error.code,
        publication=state.publication.model_copy(
            update={
                "state": PublicationState.FAILED,
                "steps": steps,
                "error": PublicationError(
                    code=error.code, message=error.detail, errors=error.errors
                ),
            }
        ),
    )


def finish_publication(state: SessionState, event_id: str, stamp: Stamp) -> Change:
    """Marks the event as published, and completes the session."""
    return accept(
        state,
        stamp,
        ActionName.PUBLISH_EVENT,
        detail=event_id,
        publication=state.publication.model_copy(
            update={
                "state": PublicationState.PUBLISHED,
                "steps": _ended(state, StepState.DONE, stamp.now),
                "error": None,
            }
        ),
        status=Status.COMPLETED,
        passed=list(Stage),
        event_id=event_id,
    )


def _assess_for(
    state: SessionState,
    actor: Actor,
    now: datetime,
    publish_at: datetime | None,
    *,
    slug_taken: bool,
) -> Assessment:
    context = context_of(
        state, slug_taken=slug_taken, may_publish=actor.may_publish, publish_at=publish_at
    )
    return assess(state.sections, context=context, now=now)


def _step(step: Step, state: StepState, at: datetime) -> PublicationStep:
    return PublicationStep(name=step.value, state=state, at=at)


def _ended(state: SessionState, outcome: StepState, at: datetime) -> list[PublicationStep]:
    return [
        step.model_copy(update={"state": outcome, "at": at})
        if step.state is StepState.RUNNING
        else step
        for step in state.publication.steps
    ]
