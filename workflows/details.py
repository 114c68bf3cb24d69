"""A session for operators, as the Markdown that the Temporal UI shows on its page.

Names the places of errors, never the values: nothing that people typed gets here.
"""

from collections.abc import Iterator
from typing import Final

from domain.view import PublicationState, SessionView, StepState

_MOST_ERRORS: Final = 10
_BAR_LENGTH: Final = 20
_STEP_MARKS: Final[dict[StepState, str]] = {
    StepState.RUNNING: "⏳",
    StepState.DONE: "✅",
    StepState.FAILED: "❌",
    StepState.UNDONE: "↩️",
}


def markdown(view: SessionView) -> str:
    return "\n".join(
        [*_headline(view), "", *_stage_table(view), *_errors(view), *_publication(view)]
    )


def _headline(view: SessionView) -> Iterator[str]:
    filled = view.completion_percentage * _BAR_LENGTH // 100
    bar = "█" * filled + "░" * (_BAR_LENGTH - filled)
    yield f"**{view.status.value}** at **{view.current_stage.value}** · revision {view.revision}"
    yield ""
    yield f"`{bar}` {view.completion_percentage} %"
    yield ""
    owner = f"user `{view.user_id}`"
    if view.organization_id is not None:
        owner = f"organization `{view.organization_id}`, {owner}"
    yield f"Owner: {owner} · expires {view.expires_at:%Y-%m-%d %H:%M} UTC"


def _stage_table(view: SessionView) -> Iterator[str]:
    yield "| stage | done | valid | errors |"
    yield "| --- | ---: | --- | ---: |"
    for stage, shown in view.stages.items():
        name = f"**{stage.value}**" if stage is view.current_stage else stage.value
        valid = "yes" if shown.valid else "no"
        yield f"| {name} | {shown.completion} % | {valid} | {len(shown.errors) or ''} |"


def _errors(view: SessionView) -> Iterator[str]:
    found = [
        f"- `{stage.value}{error.pointer}` {error.code}"
        for stage, shown in view.stages.items()
        for error in shown.errors
        if shown.data or stage is view.current_stage
    ]
    if found:
        yield ""
        yield "**To correct**"
        yield ""
        yield from found[:_MOST_ERRORS]
        if len(found) > _MOST_ERRORS:
            yield f"- and {len(found) - _MOST_ERRORS} more"


def _publication(view: SessionView) -> Iterator[str]:
    publication = view.publication
    if publication.state is PublicationState.NONE:
        return
    yield ""
    yield f"**Publication: {publication.state.value}**"
    if publication.publish_at is not None:
        yield f"Planned for {publication.publish_at:%Y-%m-%d %H:%M:%S %Z}"
    yield ""
    for step in publication.steps:
        yield f"- {_STEP_MARKS[step.state]} {step.name} · {step.at:%Y-%m-%d %H:%M:%S} UTC"
    if publication.error is not None:
        yield f"- failed with `{publication.error.code}`"
