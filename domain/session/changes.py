"""Changes of a session, as pure functions.

A function takes a state and returns the next one, with the action for the audit trail. A change
that alters nothing returns the same state and no action, and the revision stays the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from domain.actors import Actor
from domain.errors import Publishing, StageIncomplete, StageMismatch
from domain.json_values import JsonObject, same_json
from domain.schemas.base import present
from domain.session.actions import IDLE, Action, ActionName
from domain.session.state import (
    SessionState,
    assess_session,
    closed_error,
    require_editable,
    require_revision,
)
from domain.session.view import PublicationState, SessionView, Status
from domain.stages import STAGES, TITLES, Section, Stage
from domain.validation.drafts import (
    MAX_SECTION_BYTES,
    MAX_SECTIONS_BYTES,
    acceptance,
    apply_patch,
    check_total_size,
    size_of,
)
from domain.values.payments import Payments

_SERVER_FIELDS_BYTES: Final = 4096
"""More than the ids of all tiers, or the accepted terms, add to a section."""


@dataclass(frozen=True)
class Change:
    """The outcome of a change."""

    state: SessionState
    action: Action | None = None
    """None if nothing changed."""


@dataclass(frozen=True)
class Stamp:
    """When a change is made, by whom, and under which idempotency key or id of a message."""

    now: datetime
    actor: Actor | None = None
    """None if the session acts by itself."""
    key: str = ""
    """Empty if no message requests the change."""


def accept(
    state: SessionState,
    stamp: Stamp,
    name: ActionName,
    *,
    stage: Stage | None = None,
    sections: Mapping[Section, JsonObject] | None = None,
    sizes: Mapping[Section, int] | None = None,
    detail: str | None = None,
    **changed: Any,
) -> Change:
    """Creates the next revision and its action; every change ends with this call.

    Args:
        sizes: of ``sections``, if they are known.
        changed: new values for fields of the state, by name.
    """
    revision = state.revision + 1
    action = Action(
        revision=revision,
        name=name,
        stage=stage,
        actor_id=stamp.actor.user_id if stamp.actor else None,
        at=stamp.now,
        sections={section.value: data for section, data in sections.items()} if sections else None,
        detail=detail,
        idempotency_key=stamp.key or None,
    )
    if sections:
        changed["sections"] = {**state.sections, **sections}
        changed["section_revisions"] = {
            **{section: state.section_revision(section) for section in state.sections},
            **dict.fromkeys(sections, revision),
        }
        sizes = sizes or {section: size_of(data) for section, data in sections.items()}
        changed["section_sizes"] = {**state.sizes(), **sizes}
    following = state.model_copy(
        update={**changed, "revision": revision, "updated_at": stamp.now},
    )
    return Change(following, action)


def save_stage(state: SessionState, stage: Stage, patch: object, stamp: Stamp) -> Change:
    """Merges a patch into a stage's draft.

    Raises:
        InvalidRequest, PayloadTooLarge: as :func:`domain.validation.drafts.apply_patch`.
    """
    current = state.section(stage)
    draft = apply_patch(stage, current, patch, now=stamp.now, tiers_issued=state.tiers_issued)
    accepts_terms = _accepts_terms(stage, patch)
    renews_terms = accepts_terms and not state.terms_current
    if has_same_values(state, draft.data, current) and not renews_terms:
        return Change(state)
    change = accept(
        state,
        stamp,
        ActionName.SAVE_STAGE,
        stage=stage,
        sections={stage.section: draft.data},
        sizes={stage.section: draft.size},
        tiers_issued=draft.tiers_issued,
        terms_current=accepts_terms,
    )
    check_total_size(change.state.sizes().values())
    return change


def has_same_values(state: SessionState, left: JsonObject, right: JsonObject) -> bool:
    """Whether two sections have the same values. An empty value is an absent one, except in runs
    of earlier rules, whose histories count such a save as a change."""
    if state.follows_real_events:
        left, right = present(left), present(right)
    return same_json(left, right)


def complete_stage(state: SessionState, stage: Stage, stamp: Stamp) -> Change:
    """Completes a valid stage. If it is the current one, the session moves to the next stage.

    Raises:
        StageMismatch: the stage comes after the current one.
        StageIncomplete: with every error of the stage.
    """
    if stage.position > state.current_stage.position:
        raise StageMismatch(
            f"The session is at stage {state.current_stage.value}. Complete that stage first."
        )
    _require_valid(state, (stage,), stamp.now)
    is_current = stage is state.current_stage
    following = (stage.next or stage) if is_current else state.current_stage
    passed = _passed(state, stage)
    if passed == state.passed and following is state.current_stage:
        return Change(state)
    return accept(
        state,
        stamp,
        ActionName.COMPLETE_STAGE,
        stage=stage,
        passed=passed,
        current_stage=following,
    )


def move_to_stage(state: SessionState, from_stage: Stage, to_stage: Stage, stamp: Stamp) -> Change:
    """Moves back to any stage, and forward only past valid stages.

    Raises:
        StageMismatch: ``from_stage`` is not the current stage.
        StageIncomplete: with every error of the stages between the two.
    """
    if state.current_stage is not from_stage:
        raise StageMismatch(f"The session is at stage {state.current_stage.value}.")
    if from_stage is to_stage:
        return Change(state)
    crossed = STAGES[from_stage.position : to_stage.position]
    _require_valid(state, crossed, stamp.now)
    return accept(
        state,
        stamp,
        ActionName.MOVE_TO_STAGE,
        stage=to_stage,
        detail=f"{from_stage.value} -> {to_stage.value}",
        passed=_passed(state, *crossed),
        current_stage=to_stage,
    )


def restore(
    state: SessionState, revision: int, sections: Mapping[Section, JsonObject], stamp: Stamp
) -> Change:
    """Restores the data of an earlier revision, as a new change. Terms must be accepted again.

    ``sections`` are the data of that revision; a missing section becomes empty.
    """
    changed = {
        section: sections.get(section) or {}
        for section in Section
        if not same_json(sections.get(section) or {}, state.sections.get(section) or {})
    }
    if not changed:
        return Change(state)
    return accept(
        state,
        stamp,
        ActionName.RESTORE,
        sections=changed,
        detail=f"revision {revision}",
        terms_current=False,
    )


def abandon(state: SessionState, stamp: Stamp) -> Change:
    return accept(state, stamp, ActionName.ABANDON, status=Status.ABANDONED)


def abandon_idle(state: SessionState, revision: int, stamp: Stamp) -> Change:
    """Closes an idle session. ``revision`` is the one at which it was found idle.

    Raises:
        SessionClosed: the session is completed, abandoned or expired.
        Publishing: its publication is scheduled or running.
        RevisionConflict: it has changed since.
    """
    require_editable(state)
    if state.publication.state is PublicationState.SCHEDULED:
        raise Publishing("The publication of the session is scheduled.")
    require_revision(state, (revision,), stamp.now)
    return accept(state, stamp, ActionName.ABANDON, detail=IDLE, status=Status.ABANDONED)


def expire(state: SessionState, stamp: Stamp) -> Change:
    return accept(state, stamp, ActionName.EXPIRE, status=Status.EXPIRED)


def remind(state: SessionState, stamp: Stamp) -> Change:
    """Records that the owner is reminded of the current deadline."""
    return accept(
        state,
        stamp,
        ActionName.REMIND,
        detail=state.expires_at.isoformat(),
        reminded_of=state.expires_at,
    )


def refuse_message(state: SessionState, stage: Stage, code: str, stamp: Stamp) -> Change:
    """Records that a message was refused whose sender waits for no response. No data changes.

    ``code`` is the error's, ``stamp.key`` the id of the message.
    """
    return accept(state, stamp, ActionName.REFUSE_MESSAGE, stage=stage, detail=code)


def check_save(view: SessionView, stage: Stage, patch: object, now: datetime) -> None:
    """Tries a save on a view, which the session may have left since.

    Raises:
        SessionClosed, Publishing: the session cannot be edited.
        InvalidRequest, PayloadTooLarge: as :func:`save_stage`. The caller has checked the patch.
    """
    if not view.is_active:
        raise closed_error(view.status)
    if view.publication.state is PublicationState.RUNNING:
        raise Publishing
    sizes = {known: size_of(shown.data) for known, shown in view.stages.items() if shown.data}
    growth = size_of(patch) + _SERVER_FIELDS_BYTES
    has_room = (
        sizes.get(stage, 0) + growth <= MAX_SECTION_BYTES
        and sum(sizes.values()) + growth <= MAX_SECTIONS_BYTES
    )
    if has_room:  # to apply the patch would take most of the time of an asynchronous save
        return
    draft = apply_patch(stage, view.stages[stage].data, patch, now=now, tiers_issued=0)
    check_total_size({**sizes, stage: draft.size}.values())


def update_payments(state: SessionState, payments: Payments, stamp: Stamp) -> Change:
    """Stores the account's status. Accepted terms stay accepted, because no data was edited.

    A later ``checked_at`` alone is stored without an action and a revision, except with the first
    answer: until then, the publish checks say that the account is unknown.
    """
    is_same = payments == state.payments.model_copy(update={"checked_at": payments.checked_at})
    if is_same and not state.payments.is_unknown:
        return note_check(state, payments)
    return accept(
        state,
        stamp,
        ActionName.CHECK_PAYMENTS,
        detail=payments.status.value,
        payments=payments,
    )


def note_check(state: SessionState, payments: Payments) -> Change:
    """Stores a status without an action and a revision."""
    return Change(state.model_copy(update={"payments": payments}))


def _accepts_terms(stage: Stage, patch: object) -> bool:
    if stage is not Stage.REVIEW_PUBLISH or not isinstance(patch, dict):
        return False
    return acceptance(patch) is True


def _require_valid(state: SessionState, stages: tuple[Stage, ...], now: datetime) -> None:
    if not stages:
        return
    assessed = assess_session(state, now).stages
    invalid = [stage for stage in stages if not assessed[stage].valid]
    if invalid:
        raise StageIncomplete(
            f"{TITLES[invalid[0]]} is not complete. Correct the listed errors, then try again.",
            errors=[error for stage in invalid for error in assessed[stage].errors],
        )


def _passed(state: SessionState, *stages: Stage) -> list[Stage]:
    passed = {*state.passed, *stages}
    return [stage for stage in STAGES if stage in passed]
