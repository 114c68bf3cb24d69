"""The start of a session that has data from the beginning.

Its workflow begins with the state that the API has computed, as a run that continues another does
(``Carried``), so the session needs no worker to exist.
"""

from collections.abc import Iterator, Mapping

from domain.errors import FieldError, InvalidRequest
from domain.json_values import JsonObject
from domain.session.actions import Action, ActionName
from domain.session.changes import Stamp, accept, has_same_values
from domain.session.messages import AccountCheck, Carried
from domain.session.state import SessionState, takes_payment
from domain.stages import SECTION_OF, STAGE_OF, STAGES, Section
from domain.validation.drafts import apply_patch, check_total_size


def fill_in(
    state: SessionState, sections: Mapping[Section, JsonObject], stamp: Stamp
) -> tuple[SessionState, tuple[Action, ...]]:
    """Saves sections of a new session in one change: one revision, and an action for each section.

    A section that stays empty has no action. Terms that are accepted count for all of the data.

    Raises:
        InvalidRequest: with the errors of every section, as a save of each would be refused.
        PayloadTooLarge: a section, or all of them together, are too large.
    """
    drafts, tiers_issued = _drafts(state, sections, stamp)
    if not drafts:
        return state, ()
    written = accept(
        state,
        stamp,
        ActionName.SAVE_STAGE,
        sections=drafts,
        tiers_issued=tiers_issued,
        terms_current=Section.REVIEW in drafts,
    )
    check_total_size(written.state.sizes().values())
    return written.state, tuple(_parts(written.action, drafts))


def carried_into_first_run(state: SessionState, actions: tuple[Action, ...]) -> Carried | None:
    """The input of the first run of a session; None if the session begins empty."""
    if not actions:
        return None
    check = AccountCheck(accepts_stored=True) if takes_payment(state) else None
    return Carried(
        state=state,
        unprojected=list(actions),
        read_model_is_behind=True,
        account_check_is_due=check is not None,
        account_check=check,
    )


def _parts(action: Action | None, drafts: Mapping[Section, JsonObject]) -> Iterator[Action]:
    """The action of a change of several sections, as one for each section."""
    if action is not None:
        for part, (section, data) in enumerate(drafts.items()):
            sections = {section.value: data}
            yield action.model_copy(
                update={"part": part, "stage": STAGE_OF[section], "sections": sections}
            )


def _drafts(
    state: SessionState, sections: Mapping[Section, JsonObject], stamp: Stamp
) -> tuple[dict[Section, JsonObject], int]:
    """The sections that are not empty, in the order of the wizard, and the number of tier ids."""
    drafts: dict[Section, JsonObject] = {}
    tiers_issued = state.tiers_issued
    errors: list[FieldError] = []
    refusal = ""
    for stage in STAGES:
        section, current = SECTION_OF[stage], state.section(stage)
        if section not in sections:
            continue
        try:
            draft = apply_patch(
                stage, current, sections[section], now=stamp.now, tiers_issued=tiers_issued
            )
        except InvalidRequest as refused:
            errors += refused.errors
            refusal = refusal or refused.detail
            continue
        tiers_issued = draft.tiers_issued
        if not has_same_values(state, draft.data, current):
            drafts[section] = draft.data
    if errors:
        raise InvalidRequest(refusal, errors=errors)
    return drafts, tiers_issued
