"""The durable path from a session to the read model, and to its page in the Temporal UI.

The API writes each change live, but may lose it. This path always delivers the newest view and
every action: at once at a milestone, otherwise when a burst of changes is over. The activities of a
publication that write to Postgres write its steps as well, as they begin.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Final

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.sessions import SessionActivities
    from domain.session.actions import BURST_ACTIONS, Action, ActionName, batches
    from domain.session.projection import Projected
    from domain.session.run_policy import Backlog, backlog_with
    from domain.session.run_rules import MAX_WAITING_ACTIONS, RunRules
    from domain.session.view import SessionView
    from domain.validation.drafts import size_of
    from temporal.search_attributes import STAGE, STATUS, Values, changes, values_of
    from workflows.session.host import SessionHost
    from workflows.session.operator_page import Unwritten, markdown
    from workflows.timer import holds_within

PAUSES: Final = (timedelta(seconds=2), timedelta(seconds=8), timedelta(seconds=30))
"""A burst is over if nothing changes during one of these pauses, and is written after the last one
in any case. Each pause is a timer; meanwhile the API keeps the read model current."""

_BURST: Final = sum(PAUSES, timedelta())

_ATTEMPT: Final = timedelta(seconds=5)

_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(seconds=10)
)
"""Without a limit: an attempt that is given up and started again with newer data would put that
data into the history once more, while Postgres is unavailable."""

_AFTER_FAILURE: Final = timedelta(minutes=1)


class ReadModel:
    """Writes the session to Postgres and to its page in the Temporal UI.

    Args:
        host: the session.
        is_write_due: whether this run writes the backlog, or leaves it to the next run.
        on_written: called with the result of each write; see ``project_session``.
        unprojected: the actions that the previous run did not write; None in the first run.
        unprojected_bytes: of the sections in them, as JSON; None if the previous run did not say.
        is_behind: whether the previous run did not write the newest view.
        known_attributes: the search attributes that Temporal has already.
        rules: the rules of the run.
    """

    def __init__(
        self,
        host: SessionHost,
        *,
        is_write_due: Callable[[], bool],
        on_written: Callable[[int | None], None],
        unprojected: list[Action] | None,
        unprojected_bytes: int | None,
        is_behind: bool,
        known_attributes: Values,
        rules: RunRules,
    ) -> None:
        self._rules = rules
        self.unprojected = list(unprojected or ())
        self.backlog = _initial_backlog(unprojected, is_behind=is_behind)
        self.is_writing = False
        self._host = host
        self._is_write_due = is_write_due
        self._on_written = on_written
        self._known_attributes = known_attributes
        self.unprojected_bytes = (
            _section_bytes(self.unprojected) if unprojected_bytes is None else unprojected_bytes
        )
        self._indexed_at = workflow.now()

    @property
    def is_full(self) -> bool:
        """Whether more actions wait than the rules of the run allow."""
        return self._backlog_bytes > self._rules.backlog_bytes

    @property
    def is_portable(self) -> bool:
        """Whether the unwritten actions fit into the input of a new run.

        After a long outage of Postgres they do not; the run then continues until they are written.
        """
        return self._backlog_bytes <= self._rules.handed_over_bytes

    @property
    def _backlog_bytes(self) -> int:
        """Of the actions that wait, with what they have beside sections."""
        return self.unprojected_bytes + len(self.unprojected) * self._rules.action_overhead

    @property
    def is_settled(self) -> bool:
        return self.backlog is Backlog.NONE and not self.is_writing

    def add(self, action: Action) -> None:
        self.unprojected.append(action)
        self.unprojected_bytes += size_of(action.sections)
        self.backlog = backlog_with(
            self.backlog, action, follows_publications=self._rules.follows_publications
        )
        if self._rules.follows_stages and self._is_index_due():
            view = self._host.session()
            self._index(view)
            self._describe(view)
        elif self.is_writing and action.name is not ActionName.SAVE_STAGE:
            # While Postgres is unavailable, the next write may be minutes away.
            self._describe(self._host.session())

    def _is_index_due(self) -> bool:
        """At once for the stage and the status, which operators search by."""
        state, known = self._host.state, self._known_attributes
        return (
            known.get(STAGE) != state.current_stage.value
            or known.get(STATUS) != state.status.value
            or (self.is_writing and workflow.now() - self._indexed_at >= _BURST)
        )

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
            left = min(pause, self._left_of_burst())
            if await self._is_cut_within(left) or seen == len(self.unprojected):
                return
            self._describe(self._host.session())

    def _left_of_burst(self) -> timedelta:
        """The burst's end stays the same when the session continues as new."""
        if not self._rules.follows_stages or not self.unprojected:
            return _BURST
        return max(self.unprojected[0].at + _BURST - workflow.now(), timedelta())

    async def _is_cut_within(self, pause: timedelta) -> bool:
        summary = "Wait for a pause in the changes"
        if self._rules.pauses_by_timer:
            return await holds_within(self._is_cut, pause, summary=summary)
        try:
            await workflow.wait_condition(self._is_cut, timeout=pause, timeout_summary=summary)
        except TimeoutError:
            return False
        return True

    def _is_cut(self) -> bool:
        """Whether the burst is written without a pause."""
        return (
            self.backlog is Backlog.MILESTONE
            or len(self.unprojected) >= MAX_WAITING_ACTIONS
            or self._backlog_bytes >= self._rules.burst_bytes
        )

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
            if self._rules.follows_stages:
                await workflow.sleep(_AFTER_FAILURE)
        else:
            self._forget(actions)
            self._on_written(answer)
        finally:
            self.is_writing = False
        if self.backlog is Backlog.NONE:
            self._describe(view)

    def _next_actions(self) -> tuple[Action, ...]:
        """The oldest unwritten actions: as many as fit, at least one."""
        in_writes = batches(
            self.unprojected,
            lambda action: size_of(action.sections) + self._rules.action_overhead,
            limit=self._rules.write_bytes,
        )
        return next(in_writes, ())

    async def _project(self, view: SessionView, actions: tuple[Action, ...]) -> int | None:
        return await workflow.execute_activity_method(
            SessionActivities.project_session,
            Projected(view=view, actions=actions),
            start_to_close_timeout=_ATTEMPT,
            retry_policy=_RETRY,
            summary=f"Write to the read model, up to revision {view.revision}",
        )

    def _forget(self, written: Sequence[Action]) -> None:
        """``written`` are the oldest ones, as :meth:`_next_actions` returns them."""
        self.unprojected = self.unprojected[len(written) :]
        self.unprojected_bytes -= _section_bytes(written)

    def _index(self, view: SessionView) -> None:
        updates = changes(self._known_attributes, values_of(view))
        if updates:
            workflow.upsert_search_attributes(updates)
            upserted = {update.key: update.value for update in updates}
            self._known_attributes = {**self._known_attributes, **upserted}
        self._indexed_at = workflow.now()

    def _describe(self, view: SessionView) -> None:
        workflow.set_current_details(markdown(view, self._unwritten(view)))

    def _unwritten(self, view: SessionView) -> Unwritten | None:
        if self.is_settled:
            return None
        oldest = self.unprojected[0].at if self.unprojected else view.updated_at
        return Unwritten(changes=len(self.unprojected), since=oldest)


def _section_bytes(actions: Iterable[Action]) -> int:
    return sum(size_of(action.sections) for action in actions)


def _initial_backlog(unprojected: list[Action] | None, *, is_behind: bool) -> Backlog:
    """A new session is written at once; so is a view that the previous run left without actions."""
    if unprojected:
        is_burst = all(action.name in BURST_ACTIONS for action in unprojected)
        return Backlog.BURST if is_burst else Backlog.MILESTONE
    return Backlog.MILESTONE if is_behind or unprojected is None else Backlog.NONE
