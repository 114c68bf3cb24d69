"""What a session's workflow does next, as one pure function of its situation.

The run loop of the workflow takes the step that :func:`next_step` names, until the session is
closed. The read model is written beside it, whenever :func:`is_write_due`, so that the steps of a
publication show while it runs.

Sessions that are open replay their history by these rules: another order, or another condition, is
a change of commands and needs ``workflow.patched``.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RunStep(StrEnum):
    """In the order of precedence: a publication is finished before anything else."""

    PUBLISH = "publish"
    LAUNCH = "launch"
    """Start the publication that was planned for this moment."""
    EXPIRE = "expire"
    CONTINUE_AS_NEW = "continue_as_new"
    REMIND = "remind"
    CHECK_ACCOUNT = "check_account"
    ARM_TIMERS = "arm_timers"
    END = "end"
    """The session is closed."""
    WRITE = "write"
    """Nothing but what the read model's writer does by itself."""
    WAIT = "wait"


class Backlog(StrEnum):
    """What the read model does not have yet, apart from a write that is under way."""

    NONE = "none"
    BURST = "burst"
    """Quick changes, which are written together once nothing more comes."""
    MILESTONE = "milestone"
    """Something that is written at once."""


@dataclass(frozen=True)
class Situation:
    """Everything that the next step depends on, apart from the time."""

    is_open: bool = True
    is_publishing: bool = False
    """A publication is to be run, or to be taken up again."""
    publish_at: datetime | None = None
    """When a planned publication is due; None without one."""
    expires_at: datetime | None = None
    """When the session expires; None while its timer is not set."""
    remind_at: datetime | None = None
    """When the owner is reminded; None while that timer is not set."""
    account_check_is_due: bool = False
    """The Stripe account may have changed."""
    backlog: Backlog = Backlog.NONE
    is_writing: bool = False
    """A write to the read model is under way."""
    run_is_full: bool = False
    """This run has as many changes as it may have."""
    answers_change: bool = False
    """The last change was made by an update, whose sender waits for its answer."""
    new_run_is_suggested: bool = False
    """By the server, or because another version of the worker is current."""
    fits_into_new_run: bool = True
    """What is not written yet fits into the message that starts another run."""


def next_step(situation: Situation, now: datetime) -> RunStep:
    """The first step whose condition holds at ``now`` (aware)."""
    conditions = (
        (RunStep.PUBLISH, situation.is_publishing),
        (RunStep.LAUNCH, _is_reached(situation.publish_at, now)),
        (RunStep.EXPIRE, _is_reached(situation.expires_at, now)),
        (RunStep.CONTINUE_AS_NEW, _is_new_run_due(situation)),
        (RunStep.REMIND, _is_reached(situation.remind_at, now)),
        (RunStep.CHECK_ACCOUNT, situation.account_check_is_due),
        (RunStep.ARM_TIMERS, _can_arm_timers(situation)),
        (RunStep.END, not situation.is_open),
        (RunStep.WRITE, situation.backlog is not Backlog.NONE),
        (RunStep.WAIT, True),
    )
    return next(step for step, holds in conditions if holds)


def is_write_due(situation: Situation, now: datetime) -> bool:
    """Whether the read model is written by this run; else the next one does it."""
    if situation.backlog is Backlog.NONE:
        return False
    is_handed_over = situation.is_open and next_step(situation, now) is RunStep.CONTINUE_AS_NEW
    return not is_handed_over


def _is_reached(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now


def _is_new_run_due(situation: Situation) -> bool:
    """If possible in the very task that answers the last change of a run, else when all is quiet.

    A message that arrives while a task ends the run is delayed by a second, and the sender of
    signals waits for no answer before the next one.
    """
    is_settled = situation.backlog is Backlog.NONE and not situation.is_writing
    is_quiet = is_settled or (situation.answers_change and not situation.is_writing)
    is_due = situation.run_is_full and is_quiet
    return (is_due or situation.new_run_is_suggested) and situation.fits_into_new_run


def _can_arm_timers(situation: Situation) -> bool:
    """Not within a burst: a run that is only a part of one makes do without the timers."""
    in_burst = situation.backlog is Backlog.BURST
    return situation.is_open and situation.expires_at is None and not in_burst
