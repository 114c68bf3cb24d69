"""The policy of a session's workflow: its next step, as a pure function of its situation.

The run loop takes the steps that :func:`next_step` returns, until the session is closed. A
concurrent task writes the read model whenever :func:`is_write_due` is true, so that the steps of a
publication are visible while it runs.

Open sessions replay their histories by these rules. A different order or condition changes the
commands, and needs ``workflow.patched``.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from domain.publishing.publication import Step
from domain.session.actions import BURST_ACTIONS, Action, ActionName


class RunStep(StrEnum):
    """In order of precedence: a running publication ends before any other step."""

    PUBLISH = "publish"
    LAUNCH = "launch"
    """Start the scheduled publication."""
    EXPIRE = "expire"
    CONTINUE_AS_NEW = "continue_as_new"
    REMIND = "remind"
    CHECK_ACCOUNT = "check_account"
    ARM_TIMERS = "arm_timers"
    CHECK_PUBLICATION = "check_publication"
    """Check the scheduled publication before its time."""
    END = "end"
    """The session is closed."""
    WRITE = "write"
    """Nothing for the run loop: the read model's task writes."""
    WAIT = "wait"


class Backlog(StrEnum):
    """What the read model lacks, not counting a write in progress."""

    NONE = "none"
    BURST = "burst"
    """Frequent changes, written together after the last one."""
    MILESTONE = "milestone"
    """At least one change that is written at once."""


WRITE_TO_POSTGRES: Final = frozenset({Step.RESERVE, Step.PUBLISH})
"""Steps whose activity writes to Postgres, and so writes the session as the step begins as well."""


@dataclass(frozen=True)
class Situation:
    """Everything that the next step depends on, except the time."""

    is_open: bool = True
    is_publishing: bool = False
    """The publication has to be run, or resumed."""
    publish_at: datetime | None = None
    """When the scheduled publication is due; None if none is scheduled."""
    check_publication_at: datetime | None = None
    """When the scheduled publication is checked; None if that timer is not set."""
    expires_at: datetime | None = None
    """When the session expires; None before its timer is set."""
    remind_at: datetime | None = None
    """When the owner is reminded; None if that timer is not set."""
    account_check_is_due: bool = False
    """The Stripe account may have changed."""
    backlog: Backlog = Backlog.NONE
    is_writing: bool = False
    """A write to the read model is in progress."""
    run_is_full: bool = False
    """This run has reached its limit of changes."""
    answers_change: bool = False
    """The last change came from an update, so its sender waits for the answer."""
    new_run_is_suggested: bool = False
    """The server suggests a new run, or another version of the worker is current."""
    fits_into_new_run: bool = True
    """The unwritten actions fit into the input of a new run."""


def next_step(situation: Situation, now: datetime) -> RunStep:
    """The first step, in order of precedence, whose condition holds at ``now`` (timezone-aware)."""
    conditions = (
        (RunStep.PUBLISH, situation.is_publishing),
        (RunStep.LAUNCH, _is_reached(situation.publish_at, now)),
        (RunStep.EXPIRE, _is_reached(situation.expires_at, now)),
        (RunStep.CONTINUE_AS_NEW, _is_new_run_due(situation)),
        (RunStep.REMIND, _is_reached(situation.remind_at, now)),
        (RunStep.CHECK_ACCOUNT, situation.account_check_is_due),
        (RunStep.ARM_TIMERS, _can_arm_timers(situation)),
        (RunStep.CHECK_PUBLICATION, _is_check_due(situation, now)),
        (RunStep.END, not situation.is_open),
        (RunStep.WRITE, situation.backlog is not Backlog.NONE),
        (RunStep.WAIT, True),
    )
    return next(step for step, holds in conditions if holds)


def backlog_with(backlog: Backlog, action: Action, *, follows_publications: bool) -> Backlog:
    """What the read model lacks after one more action.

    Args:
        follows_publications: a rule of the run: each step of a publication reaches the read model
            as it begins.
    """
    if backlog is Backlog.MILESTONE:
        return backlog
    if follows_publications and action.name is ActionName.PUBLICATION_STEP:
        return backlog if action.detail in WRITE_TO_POSTGRES else Backlog.MILESTONE
    if follows_publications and _is_start_of_schedule(action):
        return Backlog.MILESTONE
    return Backlog.BURST if action.name in BURST_ACTIONS else Backlog.MILESTONE


def _is_start_of_schedule(action: Action) -> bool:
    """The API writes the start that a user requested."""
    return action.name is ActionName.START_PUBLICATION and action.actor_id is None


def is_write_due(situation: Situation, now: datetime) -> bool:
    """Whether this run writes the backlog, rather than handing it to the next run."""
    if situation.backlog is Backlog.NONE:
        return False
    is_handed_over = situation.is_open and next_step(situation, now) is RunStep.CONTINUE_AS_NEW
    return not is_handed_over


def _is_reached(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now


def _is_new_run_due(situation: Situation) -> bool:
    """A full run ends in the task that answers its last update, else once nothing is unwritten.

    A message that arrives while a task ends the run is delayed by a second. The sender of an update
    waits for its answer before it sends another message; the sender of a signal does not.
    """
    is_settled = situation.backlog is Backlog.NONE and not situation.is_writing
    is_quiet = is_settled or (situation.answers_change and not situation.is_writing)
    is_due = situation.run_is_full and is_quiet
    return (is_due or situation.new_run_is_suggested) and situation.fits_into_new_run


def _is_check_due(situation: Situation, now: datetime) -> bool:
    """Not within a burst: the terms are accepted again after the last edit."""
    is_settled = situation.backlog is Backlog.NONE and not situation.is_writing
    return is_settled and _is_reached(situation.check_publication_at, now)


def _can_arm_timers(situation: Situation) -> bool:
    """Not within a burst, so that a run within one burst creates no timers."""
    in_burst = situation.backlog is Backlog.BURST
    return situation.is_open and situation.expires_at is None and not in_burst
