"""The next step of a session: one row per situation, without a server."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.publishing.publication import Step
from domain.session.actions import Action, ActionName
from domain.session.run_policy import (
    Backlog,
    RunStep,
    Situation,
    backlog_with,
    is_write_due,
    next_step,
)

NOW = datetime(2031, 5, 9, 12, 0, tzinfo=UTC)
PAST = NOW - timedelta(seconds=1)
LATER = NOW + timedelta(hours=1)

QUIET = Situation(expires_at=LATER)
"""An open session with its timers set and nothing to do."""

FULL: dict[str, Any] = {"run_is_full": True}
CLOSED: dict[str, Any] = {"is_open": False, "expires_at": None}
BURST: dict[str, Any] = {"backlog": Backlog.BURST}
MILESTONE: dict[str, Any] = {"backlog": Backlog.MILESTONE}

STEPS: dict[str, tuple[dict[str, Any], RunStep]] = {
    "nothing to do": ({}, RunStep.WAIT),
    "every timer ahead": ({"publish_at": LATER, "remind_at": LATER}, RunStep.WAIT),
    # publishing
    "a publication was asked for": ({"is_publishing": True}, RunStep.PUBLISH),
    "publishing, and expired": ({"is_publishing": True, "expires_at": PAST}, RunStep.PUBLISH),
    "publishing, and full": ({"is_publishing": True, **FULL}, RunStep.PUBLISH),
    "publishing, and urged": (
        {"is_publishing": True, "new_run_is_suggested": True},
        RunStep.PUBLISH,
    ),
    "a scheduled publication is due": ({"publish_at": PAST}, RunStep.LAUNCH),
    "a scheduled publication is due now": ({"publish_at": NOW}, RunStep.LAUNCH),
    "planned, and expired": ({"publish_at": PAST, "expires_at": PAST}, RunStep.LAUNCH),
    "planned, and full": ({"publish_at": PAST, **FULL}, RunStep.LAUNCH),
    # expiry
    "expired": ({"expires_at": PAST}, RunStep.EXPIRE),
    "expired this moment": ({"expires_at": NOW}, RunStep.EXPIRE),
    "expired, and full": ({"expires_at": PAST, **FULL}, RunStep.EXPIRE),
    "expired, and a reminder is due": (
        {"expires_at": PAST, "remind_at": PAST},
        RunStep.EXPIRE,
    ),
    "expired within a burst": ({"expires_at": PAST, **BURST}, RunStep.EXPIRE),
    # continue as new
    "full, and at rest": (FULL, RunStep.CONTINUE_AS_NEW),
    "full, in the task that answers": (
        {**FULL, **BURST, "answers_change": True},
        RunStep.CONTINUE_AS_NEW,
    ),
    "full, a milestone, in the task that answers": (
        {**FULL, **MILESTONE, "answers_change": True},
        RunStep.CONTINUE_AS_NEW,
    ),
    "full, after a signal, within a burst": ({**FULL, **BURST}, RunStep.WRITE),
    "full, while a write is under way": ({**FULL, "is_writing": True}, RunStep.WAIT),
    "full, answering while a write is under way": (
        {**FULL, "is_writing": True, "answers_change": True},
        RunStep.WAIT,
    ),
    "full, with more than a new run can take": (
        {**FULL, "answers_change": True, "fits_into_new_run": False, **BURST},
        RunStep.WRITE,
    ),
    "urged by the server": ({"new_run_is_suggested": True}, RunStep.CONTINUE_AS_NEW),
    "urged within a burst": (
        {"new_run_is_suggested": True, **BURST},
        RunStep.CONTINUE_AS_NEW,
    ),
    "urged while a write is under way": (
        {"new_run_is_suggested": True, "is_writing": True},
        RunStep.CONTINUE_AS_NEW,
    ),
    "urged, with more than a new run can take": (
        {"new_run_is_suggested": True, "fits_into_new_run": False},
        RunStep.WAIT,
    ),
    "full, and a reminder is due": ({**FULL, "remind_at": PAST}, RunStep.CONTINUE_AS_NEW),
    "full, and the account is to be checked": (
        {**FULL, "account_check_is_due": True},
        RunStep.CONTINUE_AS_NEW,
    ),
    "answering, and not full": ({"answers_change": True}, RunStep.WAIT),
    # reminder and account
    "a reminder is due": ({"remind_at": PAST}, RunStep.REMIND),
    "a reminder, and the account": (
        {"remind_at": PAST, "account_check_is_due": True},
        RunStep.REMIND,
    ),
    "the account is to be checked": ({"account_check_is_due": True}, RunStep.CHECK_ACCOUNT),
    "the account, within a burst": (
        {"account_check_is_due": True, **BURST},
        RunStep.CHECK_ACCOUNT,
    ),
    "the account, before the timers": (
        {"account_check_is_due": True, "expires_at": None},
        RunStep.CHECK_ACCOUNT,
    ),
    # timers
    "timers are not set": ({"expires_at": None}, RunStep.ARM_TIMERS),
    "timers are not set, a milestone waits": (
        {"expires_at": None, **MILESTONE},
        RunStep.ARM_TIMERS,
    ),
    "timers are not set, while a write is under way": (
        {"expires_at": None, "is_writing": True},
        RunStep.ARM_TIMERS,
    ),
    "timers are not set, within a burst": ({"expires_at": None, **BURST}, RunStep.WRITE),
    "timers are not set, a burst during a write": (
        {"expires_at": None, "is_writing": True, **BURST},
        RunStep.WRITE,
    ),
    # the check of a scheduled publication
    "a scheduled publication is to be checked": (
        {"publish_at": LATER, "check_publication_at": PAST},
        RunStep.CHECK_PUBLICATION,
    ),
    "its check is ahead": ({"check_publication_at": LATER}, RunStep.WAIT),
    "its check, within a burst": ({"check_publication_at": PAST, **BURST}, RunStep.WRITE),
    "its check, while a write is under way": (
        {"check_publication_at": PAST, "is_writing": True},
        RunStep.WAIT,
    ),
    "its check, and it is due": (
        {"publish_at": PAST, "check_publication_at": PAST},
        RunStep.LAUNCH,
    ),
    "its check, and full": ({"check_publication_at": PAST, **FULL}, RunStep.CONTINUE_AS_NEW),
    "its check, and the account": (
        {"check_publication_at": PAST, "account_check_is_due": True},
        RunStep.CHECK_ACCOUNT,
    ),
    # the read model
    "a burst waits": (BURST, RunStep.WRITE),
    "a milestone waits": (MILESTONE, RunStep.WRITE),
    "a write is under way": ({"is_writing": True}, RunStep.WAIT),
    # the end
    "closed": (CLOSED, RunStep.END),
    "closed, and not written": ({**CLOSED, **MILESTONE}, RunStep.END),
    "closed by the last change of a run": (
        {**CLOSED, **FULL, **MILESTONE, "answers_change": True},
        RunStep.CONTINUE_AS_NEW,
    ),
    "closed while the account is to be checked": (
        {**CLOSED, "account_check_is_due": True},
        RunStep.CHECK_ACCOUNT,
    ),
}

WRITES: dict[str, tuple[dict[str, Any], bool]] = {
    "nothing waits": ({}, False),
    "a burst waits": (BURST, True),
    "a milestone waits": (MILESTONE, True),
    "a milestone, while the publication runs": ({**MILESTONE, "is_publishing": True}, True),
    "a burst, and the next run begins": ({**BURST, **FULL, "answers_change": True}, False),
    "a milestone, and the next run begins": (
        {**MILESTONE, "new_run_is_suggested": True},
        False,
    ),
    "too much for a new run": (
        {**BURST, "new_run_is_suggested": True, "fits_into_new_run": False},
        True,
    ),
    "urged, while the publication runs": (
        {**MILESTONE, "new_run_is_suggested": True, "is_publishing": True},
        True,
    ),
    "urged, and expired": (
        {**MILESTONE, "new_run_is_suggested": True, "expires_at": PAST},
        True,
    ),
    "urged, and a publication is due": (
        {**MILESTONE, "new_run_is_suggested": True, "publish_at": PAST},
        True,
    ),
    "closed, and not written": ({**MILESTONE, **CLOSED}, True),
    "closed by the last change of a run": (
        {**MILESTONE, **CLOSED, **FULL, "answers_change": True},
        True,
    ),
}


@pytest.mark.parametrize("situation", STEPS)
def test_next_step_by_situation(situation: str) -> None:
    differences, expected = STEPS[situation]

    assert next_step(replace(QUIET, **differences), NOW) is expected


@pytest.mark.parametrize("situation", WRITES)
def test_write_is_due_by_situation(situation: str) -> None:
    differences, expected = WRITES[situation]

    assert is_write_due(replace(QUIET, **differences), NOW) is expected


def test_every_step_has_a_situation() -> None:
    assert {expected for _, expected in STEPS.values()} == set(RunStep)


START, STEP = ActionName.START_PUBLICATION, ActionName.PUBLICATION_STEP
ADA = {"actor_id": "ada"}

BACKLOGS: dict[str, tuple[ActionName, dict[str, Any], Backlog, Backlog]] = {
    "a save": (ActionName.SAVE_STAGE, ADA, Backlog.NONE, Backlog.BURST),
    "the end of a session": (ActionName.ABANDON, ADA, Backlog.NONE, Backlog.MILESTONE),
    "a start that a user requested": (START, ADA, Backlog.NONE, Backlog.BURST),
    "a start by schedule": (START, {}, Backlog.NONE, Backlog.MILESTONE),
    "the draft is reserved": (STEP, {"detail": Step.RESERVE}, Backlog.NONE, Backlog.NONE),
    "reserved, within a burst": (STEP, {"detail": Step.RESERVE}, Backlog.BURST, Backlog.BURST),
    "Stripe is called": (STEP, {"detail": Step.CATALOGUE}, Backlog.NONE, Backlog.MILESTONE),
    "Stripe, within a burst": (STEP, {"detail": Step.CATALOGUE}, Backlog.BURST, Backlog.MILESTONE),
    "links, of an earlier release": (
        STEP,
        {"detail": Step.PAYMENT_LINKS},
        Backlog.NONE,
        Backlog.MILESTONE,
    ),
    "the event goes public": (STEP, {"detail": Step.PUBLISH}, Backlog.NONE, Backlog.NONE),
    "public, and a milestone waits": (
        STEP,
        {"detail": Step.PUBLISH},
        Backlog.MILESTONE,
        Backlog.MILESTONE,
    ),
    "it is published": (ActionName.PUBLISH_EVENT, ADA, Backlog.NONE, Backlog.MILESTONE),
}


def action(name: ActionName, fields: dict[str, Any]) -> Action:
    return Action(**{"revision": 1, "name": name, "actor_id": None, "at": NOW, **fields})


@pytest.mark.parametrize("situation", BACKLOGS)
def test_each_action_makes_its_backlog(situation: str) -> None:
    name, fields, before, after = BACKLOGS[situation]

    assert backlog_with(before, action(name, fields), follows_publications=True) is after


@pytest.mark.parametrize("fields", [ADA, {}, {"detail": Step.CATALOGUE}])
@pytest.mark.parametrize("name", [START, STEP])
def test_earlier_rules_write_publications_as_bursts(name: ActionName, fields: Any) -> None:
    backlog = backlog_with(Backlog.NONE, action(name, fields), follows_publications=False)

    assert backlog is Backlog.BURST
