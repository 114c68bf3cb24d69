"""Renders a session for operators, as Markdown for its page in the Temporal UI.

The page names the location and code of an error, never the data that a user entered. Tables are in
code blocks, because the UI renders Markdown tables without space between the columns. Times are
absolute and in UTC.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.errors import PaymentsRefused, PublishBlocked, PublishFailed, SlugTaken
from domain.session.view import PublicationState, SessionView, StepState
from domain.values.payments import PaymentReason, Payments, PaymentStatus
from workflows.timer import utc

_MAX_LISTED: Final = 10
_BAR_LENGTH: Final = 20
_STEP_WORDS: Final[dict[StepState, str]] = {
    StepState.RUNNING: "**running** since",
    StepState.DONE: "done",
    StepState.FAILED: "**failed**",
    StepState.UNDONE: "undone",
}

_CAUSE: Final = "the failed activity, red in the timeline, shows the cause"

_AFTER_A_FAILURE: Final[dict[str, str]] = {
    PublishBlocked.code: "The organizer corrects the listed errors, then publishes again.",
    SlugTaken.code: "The organizer chooses another slug, then publishes again.",
    PaymentsRefused.code: (
        f"Stripe declined the request, and a retry does not help: {_CAUSE}. The organizer corrects "
        "the account at Stripe, then publishes again."
    ),
    PublishFailed.code: (
        f"A step kept failing for five minutes: {_CAUSE}. When the cause is removed, the organizer "
        "publishes again."
    ),
}
"""By the code of the publication's error."""

_PAYMENTS: Final[dict[PaymentStatus, str]] = {
    PaymentStatus.NOT_CONNECTED: "To sell tickets, the organizer connects a Stripe account.",
    PaymentStatus.ONBOARDING: "The organizer completes the onboarding at Stripe.",
    PaymentStatus.RESTRICTED: (
        "The organizer provides what Stripe requires; a webhook then updates the session."
    ),
    PaymentStatus.DISCONNECTED: (
        "The platform has no access to the Stripe account. To sell tickets, the organizer connects "
        "again."
    ),
}

_REASONS: Final[dict[str, str]] = {
    PaymentReason.UNAUTHORIZED: (
        "Stripe does not accept `STRIPE_API_KEY`, so the account cannot be checked. Correct the "
        "key and restart the workers; the organizer then connects or publishes again."
    ),
    PaymentReason.REJECTED: (
        "Stripe does not allow the account to accept payments. The organizer asks Stripe for the "
        "reason."
    ),
}
"""By the reason of the account's status, if it calls for something else than the status."""

_NOTHING_LOST: Final = (
    "All steps were undone: nothing is on sale, and the organizer's input is kept."
)

STATIC_DETAILS: Final = """\
An organizer creates an event in six stages. The session ends when the event is published, or when \
the session is abandoned or expires.

- **Current Details** show the current stage, the errors to correct, and what to do.
- **Pending Activities** show what is running or being retried, with the last error.
- The **timeline** and the **event history** show what was done.
"""
"""Identical for all sessions."""


@dataclass(frozen=True)
class Unwritten:
    """The changes that the read model lacks, and the time of the oldest."""

    changes: int
    since: datetime


def summary(view: SessionView) -> str:
    """One line that holds for the whole session: a static summary cannot be updated."""
    return f"Event wizard session of {_owner(view)}"


def markdown(view: SessionView, unwritten: Unwritten | None = None) -> str:
    """The whole page, with the parts that need an operator first.

    ``unwritten`` is None if the read model is up to date.
    """
    return "\n".join(
        [
            *_headline(view),
            *_what_to_do(view),
            *_publication(view),
            *_errors(view),
            *_stripe(view),
            *_stages(view),
            *_read_model(unwritten),
        ]
    )


def _headline(view: SessionView) -> Iterator[str]:
    filled = view.completion_percentage * _BAR_LENGTH // 100
    bar = "█" * filled + "░" * (_BAR_LENGTH - filled)
    yield f"**{view.status.value}** at **{view.current_stage.value}**"
    yield ""
    yield f"`{bar}` {view.completion_percentage}%"
    yield ""
    yield f"- Owner: {_owner(view)}"
    yield f"- Last change: {utc(view.updated_at)}, revision {view.revision}"
    if view.is_active:
        yield f"- Expires: {utc(view.expires_at)}"
    if view.event_id is not None:
        yield f"- Event: `{view.event_id}`"


def _owner(view: SessionView) -> str:
    user = f"user `{view.user_id}`"
    return f"organization `{view.organization_id}`, {user}" if view.organization_id else user


def _what_to_do(view: SessionView) -> Iterator[str]:
    lines = [f"- {advice}" for advice in _advice(view)]
    if lines:
        yield ""
        yield "**What to do**"
        yield ""
        yield from lines


def _advice(view: SessionView) -> Iterator[str]:
    if not view.is_active:
        return
    publication = view.publication
    if publication.state is PublicationState.RUNNING:
        yield (
            "Nothing for now. A step that fails or takes too long is retried: "
            "*Pending Activities* shows its attempts and its last error. After five minutes "
            "without success, all steps are undone."
        )
        return
    if publication.state is PublicationState.SCHEDULED and publication.error is not None:
        yield "The organizer corrects the listed errors, or else the scheduled publication fails."
    elif publication.error is not None:
        what_to_do = _AFTER_A_FAILURE.get(
            publication.error.code, _AFTER_A_FAILURE[PublishFailed.code]
        )
        yield f"{what_to_do} {_NOTHING_LOST}"
        if publication.error.code == PaymentsRefused.code:
            return
    yield from _advice_on_account(view.payments)


def _advice_on_account(payments: Payments) -> Iterator[str]:
    if payments.reason in _REASONS:
        yield _REASONS[payments.reason]
    elif not payments.is_unknown and payments.status in _PAYMENTS:
        yield _PAYMENTS[payments.status]


def _publication(view: SessionView) -> Iterator[str]:
    publication = view.publication
    if publication.state is PublicationState.NONE:
        return
    yield ""
    yield f"**Publication: {publication.state.value}**"
    yield ""
    if publication.publish_at is not None:
        yield f"- scheduled for {utc(publication.publish_at)}"
    for step in publication.steps:
        yield f"- {step.name}: {_STEP_WORDS[step.state]} {utc(step.at)}"
    if publication.error is not None:
        yield f"- error code: `{publication.error.code}`"
        yield from _at_most(
            [
                f"- `{error.stage.value if error.stage else ''}{error.pointer}` {error.code}"
                for error in publication.error.errors
            ]
        )


def _errors(view: SessionView) -> Iterator[str]:
    """Errors of stages without data are omitted, except for the current stage."""
    found = [
        f"- `{stage.value}{error.pointer}` {error.code}"
        for stage, judged in view.stages.items()
        for error in judged.errors
        if judged.data or stage is view.current_stage
    ]
    if found:
        yield ""
        yield "**Errors to correct**"
        yield ""
        yield from _at_most(found)


def _stripe(view: SessionView) -> Iterator[str]:
    """Empty for a session that sells nothing: it never fetches an account."""
    payments = view.payments
    if payments.is_unknown:
        return
    account = f" `{payments.account_id}`" if payments.account_id else ""
    yield ""
    checked = f"checked {utc(payments.checked_at)}" if payments.checked_at else "never checked"
    reason = f" ({payments.reason})" if payments.reason else ""
    yield f"**Stripe account{account}: {payments.status.value}{reason}**, {checked}"
    if payments.requirements:
        yield ""
        yield from _at_most(
            [f"- requires `{requirement}`" for requirement in payments.requirements]
        )


def _stages(view: SessionView) -> Iterator[str]:
    yield ""
    yield "```text"
    yield f"{'stage':18} {'done':>5}  valid  errors"
    for stage, judged in view.stages.items():
        name = f"{'>' if stage is view.current_stage else ' '} {stage.value}"
        valid = "yes" if judged.valid else "no"
        row = f"{name:18} {judged.completion:>4}%  {valid:5}  {len(judged.errors) or ''}"
        yield row.rstrip()
    yield "```"


def _read_model(unwritten: Unwritten | None) -> Iterator[str]:
    yield ""
    if unwritten is None:
        yield "**Read model**: up to date"
        return
    yield (
        f"**Read model**: behind since {utc(unwritten.since)}, "
        f"changes to write: {unwritten.changes}. If this lasts for minutes, Postgres does not "
        "accept writes: *Pending Activities* shows the last error. Saving still works, and no data "
        "is lost."
    )


def _at_most(lines: list[str]) -> Iterator[str]:
    yield from lines[:_MAX_LISTED]
    if len(lines) > _MAX_LISTED:
        yield f"- and {len(lines) - _MAX_LISTED} more"
