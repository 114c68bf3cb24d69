"""The answer of a change: the session without the data that the API has already.

A request names the revision of the view that the API has (``known_revision``). The answer holds the
data of the sections that changed since, and everything that is derived from data, which may also
change with time. So the size of an answer follows the size of the change, not of the session.

:func:`answer_of` leaves data out, :func:`completed_view` and :func:`completed_actions` fill it in.
"""

from collections.abc import Sequence
from typing import Final

from domain.json_values import JsonObject
from domain.session.actions import Action
from domain.session.messages import Fingerprint, Request
from domain.session.state import SessionState, fields_of, progress_of
from domain.session.view import SessionFields, SessionView, StageProgress
from domain.stages import STAGE_OF, STAGES, Section, Stage
from domain.validation.assessment import Assessment

NO_VIEW: Final = -1
"""The ``known_revision`` of an API process that has no view of the session."""


class StageAnswer(StageProgress):
    data: JsonObject | None = None
    """None if it has not changed since the revision on which the answer builds."""


class UpdateResult(SessionFields):
    """The answer of a change.

    To an API of an earlier version, which names no ``known_revision``, it holds all data.
    """

    stages: dict[Stage, StageAnswer]
    actions: tuple[Action, ...] = ()
    """What the request changed. If the answer builds on a revision, the actions name the sections
    that they wrote, and ``stages`` alone holds the data."""
    builds_on: int | None = None
    """The known revision. None if no data is left out."""
    fingerprint: Fingerprint = None
    attempt: str | None = None
    """The attempt that this answers. Temporal keeps the answers of a run: a repeat in the same run
    gets the answer of the first attempt."""
    is_repeat: bool = False
    """The request was handled before, and had no effect this time."""

    @property
    def revision_before(self) -> int:
        """The session's revision when it handled the request: below the known one, if its workflow
        was reset and has lost that one."""
        return _revision_before(self.revision, self.actions)


def answer_of(
    request: Request,
    state: SessionState,
    assessment: Assessment,
    actions: Sequence[Action],
    *,
    is_repeat: bool = False,
) -> UpdateResult:
    """``state`` is that of the session after the change, and ``assessment`` its assessment."""
    known = request.known_revision
    revision_before = _revision_before(state.revision, actions)
    return UpdateResult(
        **fields_of(state, assessment),
        stages={
            stage: StageAnswer(
                data=state.section(stage)
                if _is_new(state, stage, known, revision_before)
                else None,
                **progress_of(assessment.stages[stage]),
            )
            for stage in STAGES
        },
        actions=tuple(actions if known is None else map(_without_data, actions)),
        builds_on=known,
        fingerprint=request.fingerprint,
        attempt=request.attempt,
        is_repeat=is_repeat,
    )


def completed_view(answer: UpdateResult, known: SessionView | None) -> SessionView:
    """The whole view. ``known`` is the view whose revision the request named.

    Raises:
        ValueError: the answer leaves out data, and no view is known.
    """
    stages = {
        stage: {**vars(answered), "data": _data(stage, answered, known)}
        for stage, answered in answer.stages.items()
    }
    return SessionView.model_validate({**vars(answer), "stages": stages})


def completed_actions(
    answer: UpdateResult, view: SessionView, *, execution_time_ms: int | None
) -> tuple[Action, ...]:
    """The actions as the audit trail keeps them: with the data that they wrote, and with how long
    the request waited for the session."""
    is_complete = answer.builds_on is None
    return tuple(
        action.model_copy(
            update={
                "execution_time_ms": execution_time_ms,
                "sections": action.sections if is_complete else _written(action, view),
            }
        )
        for action in answer.actions
    )


def _revision_before(revision: int, actions: Sequence[Action]) -> int:
    """Each action of a request is a revision."""
    return revision - len(actions)


def _is_new(state: SessionState, stage: Stage, known: int | None, revision_before: int) -> bool:
    if known is None or not NO_VIEW < known <= revision_before:
        return True
    return state.section_revision(stage.section) > known


def _data(stage: Stage, answered: StageAnswer, known: SessionView | None) -> JsonObject:
    if answered.data is not None:
        return answered.data
    if known is None:
        raise ValueError("The answer leaves out data, and no view is known.")
    return known.stages[stage].data


def _without_data(action: Action) -> Action:
    if action.sections is None:
        return action
    return action.model_copy(update={"sections": {section: {} for section in action.sections}})


def _written(action: Action, view: SessionView) -> dict[str, JsonObject] | None:
    if action.sections is None:
        return None
    return {section: view.stages[STAGE_OF[Section(section)]].data for section in action.sections}
