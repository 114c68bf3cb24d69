"""The durable path from a session to the read model, and to its page in the Temporal UI.

The API writes each change live, but may lose it. This path always delivers the newest view and
every action: at once at a milestone, otherwise when a burst of changes is over.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.sessions import SessionActivities
    from domain.session.actions import BURST_ACTIONS, Action, ActionName
    from domain.session.projection import Projected
    from domain.session.run_policy import Backlog
    from domain.session.view import SessionView
    from domain.validation.drafts import size_of
    from temporal.search_attributes import Values, changes, values_of
    from workflows.session.host import SessionHost
    from workflows.session.operator_page import Unwritten, markdown

PAUSES: Final = (timedelta(seconds=2), timedelta(seconds=8), timedelta(seconds=30))
"""A burst is over if nothing changes during one of these pauses, and is written after the last one
in any case. Each pause is a timer; meanwhile the API keeps the read model current."""

MAX_WAITING_ACTIONS: Final = 128
"""A burst is written at this size: each run receives the unwritten actions as its input."""

MAX_ACTIONS_BYTES: Final = 512 * 1024
"""The limit of one write. With the view it is far below Temporal's limit of 2 MB."""

MAX_UNPROJECTED_BYTES: Final = 8 * 1024 * 1024
"""The limit of unwritten actions while Postgres is unavailable. The history holds the data of a
save several times."""

_ATTEMPT: Final = timedelta(seconds=5)
_ROUND: Final = timedelta(minutes=5)
"""The time for all attempts to write one view. After it the newest view is written instead."""

_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(seconds=10)
)


class ReadModel:
    """Writes the session to Postgres and to its page in the Temporal UI.

    Args:
        host: the session.
        is_write_due: whether this run writes the backlog, or leaves it to the next run.
        on_written: called with the result of each write; see ``project_session``.
        unprojected: the actions that the previous run did not write; None in the first run.
        is_behind: whether the previous run did not write the newest view.
        known_attributes: the search attributes that Temporal has already.
    """

    def __init__(
        self,
        host: SessionHost,
        *,
        is_write_due: Callable[[], bool],
        on_written: Callable[[int | None], None],
        unprojected: list[Action] | None,
        is_behind: bool,
        known_attributes: Values,
    ) -> None:
        self.unprojected = list(unprojected or ())
        self.backlog = _initial_backlog(unprojected, is_behind=is_behind)
        self.is_writing = False
        self._host = host
        self._is_write_due = is_write_due
        self._on_written = on_written
        self._known_attributes = known_attributes
        self._unprojected_bytes = _bytes_of(self.unprojected)

    @property
    def is_full(self) -> bool:
        """Whether edits are refused, so that the history stays below Temporal's size limit."""
        return self._unprojected_bytes > MAX_UNPROJECTED_BYTES

    @property
    def is_portable(self) -> bool:
        """Whether the unwritten actions fit into the input of a new run.

        After a long outage of Postgres they do not; the run then continues until they are written.
        """
        return self._unprojected_bytes <= MAX_ACTIONS_BYTES

    @property
    def is_settled(self) -> bool:
        return self.backlog is Backlog.NONE and not self.is_writing

    def add(self, action: Action) -> None:
        self.unprojected.append(action)
        self._unprojected_bytes += _bytes_of([action])
        if self.backlog is not Backlog.MILESTONE:
            self.backlog = _backlog_of(action)
        if self.is_writing and action.name is not ActionName.SAVE_STAGE:
            # While Postgres is unavailable, the next write may be minutes away.
            self._describe(self._host.session())

    def refresh(self) -> None:
        """Writes the newest view at once, even if it has been written before."""
        self.backlog = Backlog.MILESTONE

    async def keep_up(self) -> None:
        """Writes whenever a write is due. Never returns; the run cancels it."""
        if self.backlog is not Backlog.BURST:
            self._describe(self._host.session())
        while True:
            await workflow.wait_condition(self._is_write_due)
            await self._wait_for_a_pause()
            if self._is_write_due():
                await self._write()

    async def _wait_for_a_pause(self) -> None:
        for pause in PAUSES:
            seen = len(self.unprojected)
            if await self._is_cut_within(pause) or seen == len(self.unprojected):
                return
            self._describe(self._host.session())

    async def _is_cut_within(self, pause: timedelta) -> bool:
        try:
            await workflow.wait_condition(
                lambda: (
                    self.backlog is Backlog.MILESTONE
                    or len(self.unprojected) >= MAX_WAITING_ACTIONS
                ),
                timeout=pause,
                timeout_summary="Wait for a pause in the changes",
            )
        except TimeoutError:
            return False
        return True

    async def _write(self) -> None:
        view, actions = self._host.session(), self._next_actions()
        is_partial = len(actions) < len(self.unprojected)
        self.backlog = Backlog.MILESTONE if is_partial else Backlog.NONE
        self.is_writing = True
        self._index(view)
        self._describe(view)
        try:
            answer = await self._project(view, actions)
        except ActivityError:
            if self.backlog is Backlog.NONE:
                self.backlog = Backlog.BURST
        else:
            self._forget(actions)
            self._on_written(answer)
        finally:
            self.is_writing = False
        if self.backlog is Backlog.NONE:
            self._describe(view)

    def _next_actions(self) -> list[Action]:
        """The oldest unwritten actions: as many as fit, at least one."""
        chosen: list[Action] = []
        size = 0
        for action in self.unprojected:
            size += size_of(action.sections)
            if chosen and size > MAX_ACTIONS_BYTES:
                break
            chosen.append(action)
        return chosen

    async def _project(self, view: SessionView, actions: Sequence[Action]) -> int | None:
        return await workflow.execute_activity_method(
            SessionActivities.project_session,
            Projected(view=view, actions=tuple(actions)),
            start_to_close_timeout=_ATTEMPT,
            schedule_to_close_timeout=_ROUND,
            retry_policy=_RETRY,
            summary=f"Write to the read model, up to revision {view.revision}",
        )

    def _forget(self, written: Sequence[Action]) -> None:
        revisions = {action.revision for action in written}
        self.unprojected = [
            action for action in self.unprojected if action.revision not in revisions
        ]
        self._unprojected_bytes -= _bytes_of(written)

    def _index(self, view: SessionView) -> None:
        updates = changes(self._known_attributes, values_of(view))
        if updates:
            workflow.upsert_search_attributes(updates)
            upserted = {update.key: update.value for update in updates}
            self._known_attributes = {**self._known_attributes, **upserted}

    def _describe(self, view: SessionView) -> None:
        workflow.set_current_details(markdown(view, self._unwritten(view)))

    def _unwritten(self, view: SessionView) -> Unwritten | None:
        if self.is_settled:
            return None
        oldest = self.unprojected[0].at if self.unprojected else view.updated_at
        return Unwritten(changes=len(self.unprojected), since=oldest)


def _initial_backlog(unprojected: list[Action] | None, *, is_behind: bool) -> Backlog:
    """A new session is written at once; so is a view that the previous run left without actions."""
    if unprojected:
        is_burst = all(action.name in BURST_ACTIONS for action in unprojected)
        return Backlog.BURST if is_burst else Backlog.MILESTONE
    return Backlog.MILESTONE if is_behind or unprojected is None else Backlog.NONE


def _backlog_of(action: Action) -> Backlog:
    return Backlog.BURST if action.name in BURST_ACTIONS else Backlog.MILESTONE


def _bytes_of(actions: Sequence[Action]) -> int:
    return sum(size_of(action.sections) for action in actions)
