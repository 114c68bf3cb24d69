"""The durable way of a session to the read model and to the operators.

The API writes each change live, and may lose it. From here the newest view and every action
get there in any case: at once at a milestone, else once a burst of changes is over.
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
    from domain.session.view import SessionView
    from domain.validation.drafts import size_of
    from temporal.search_attributes import Values, changes, values_of
    from workflows.session.operator_page import Unwritten, markdown

PAUSES: Final = (timedelta(seconds=2), timedelta(seconds=8), timedelta(seconds=30))
"""A burst is over when nothing was changed in one of these, and is cut after the last: each is a
timer, and while somebody types the API keeps the read model fresh."""

MAX_WAITING_ACTIONS: Final = 128
"""Then a burst is cut as well: what waits is handed from run to run, each of which starts with it
all."""

MAX_ACTIONS_BYTES: Final = 512 * 1024
"""Actions of one write; with the view it stays far below Temporal's limit of 2 MB."""

MAX_UNPROJECTED_BYTES: Final = 8 * 1024 * 1024
"""What may pile up while Postgres is away. Each save stands in the history a few times over."""

_ATTEMPT: Final = timedelta(seconds=5)
_ROUND: Final = timedelta(minutes=5)
"""For how long one view is tried; after that a newer one may have taken its place."""

_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(seconds=10)
)


class ReadModel:
    """``view`` gives the session as it is now; ``hands_over`` says whether the next run is to
    write what waits; ``unprojected`` is what an earlier run left over, None in the first one, and
    ``is_behind`` whether it left the newest view to be written.

    ``known`` are the search attributes that Temporal has already; ``told`` gets what each write
    answers, as ``project_session`` explains.
    """

    def __init__(
        self,
        view: Callable[[], SessionView],
        hands_over: Callable[[], bool],
        *,
        told: Callable[[int | None], None],
        unprojected: list[Action] | None,
        is_behind: bool,
        known: Values,
    ) -> None:
        self.unprojected = list(unprojected or ())
        self._unprojected_bytes = _bytes_of(self.unprojected)
        self.writing = False
        self._view = view
        self._hands_over = hands_over
        self._told = told
        self._known = known
        self._behind = is_behind or unprojected is None or bool(unprojected)
        view_alone = self._behind and not unprojected
        self._urgent = view_alone or any(map(_is_milestone, self.unprojected))

    @property
    def is_full(self) -> bool:
        """Whether more would bring the history near the size at which Temporal ends a workflow."""
        return self._unprojected_bytes > MAX_UNPROJECTED_BYTES

    @property
    def is_portable(self) -> bool:
        """Whether what is not written yet fits into the message that starts another run.

        After a long outage of Postgres it does not, and the run goes on until it is written.
        """
        return self._unprojected_bytes <= MAX_ACTIONS_BYTES

    @property
    def settled(self) -> bool:
        return not (self._behind or self.writing or self.unprojected)

    @property
    def in_burst(self) -> bool:
        """Whether what waits is written in a moment, when nothing more comes."""
        return self._behind and not self._urgent

    def add(self, action: Action) -> None:
        self.unprojected.append(action)
        self._unprojected_bytes += _bytes_of([action])
        self._behind = True
        self._urgent = self._urgent or _is_milestone(action)
        if self.writing and action.name is not ActionName.SAVE_STAGE:
            # While Postgres is away, the next write is minutes ahead.
            self._describe(self._view())

    def refresh(self) -> None:
        """Writes the newest view at once, though it may have been written before."""
        self._behind = self._urgent = True

    async def keep_up(self) -> None:
        """Runs for as long as the session does."""
        if not self.in_burst:
            self._describe(self._view())
        while True:
            await workflow.wait_condition(lambda: self._behind and not self._hands_over())
            await self._wait_for_a_pause()
            if not self._hands_over():
                await self._write()

    async def _wait_for_a_pause(self) -> None:
        for pause in PAUSES:
            seen = len(self.unprojected)
            if await self._is_cut_within(pause) or seen == len(self.unprojected):
                return
            self._describe(self._view())

    async def _is_cut_within(self, pause: timedelta) -> bool:
        try:
            await workflow.wait_condition(
                lambda: self._urgent or len(self.unprojected) >= MAX_WAITING_ACTIONS,
                timeout=pause,
                timeout_summary="Burst of changes",
            )
        except TimeoutError:
            return False
        return True

    async def _write(self) -> None:
        view, actions = self._view(), self._next_actions()
        more = len(actions) < len(self.unprojected)
        self._behind, self._urgent, self.writing = more, more, True
        self._index(view)
        self._describe(view)
        try:
            answer = await workflow.execute_activity_method(
                SessionActivities.project_session,
                Projected(view=view, actions=tuple(actions)),
                start_to_close_timeout=_ATTEMPT,
                schedule_to_close_timeout=_ROUND,
                retry_policy=_RETRY,
                summary=f"Read model, up to revision {view.revision}",
            )
        except ActivityError:
            self._behind = True
        else:
            written = {each.revision for each in actions}
            self.unprojected = [e for e in self.unprojected if e.revision not in written]
            self._unprojected_bytes -= _bytes_of(actions)
            self._told(answer)
        finally:
            self.writing = False
        if not self._behind:
            self._describe(view)

    def _next_actions(self) -> list[Action]:
        """The oldest ones, at least one, as many as fit."""
        chosen: list[Action] = []
        size = 0
        for action in self.unprojected:
            size += size_of(action.sections)
            if chosen and size > MAX_ACTIONS_BYTES:
                break
            chosen.append(action)
        return chosen

    def _index(self, view: SessionView) -> None:
        updates = changes(self._known, values_of(view))
        if updates:
            workflow.upsert_search_attributes(updates)
            self._known = {**self._known, **{each.key: each.value for each in updates}}

    def _describe(self, view: SessionView) -> None:
        workflow.set_current_details(markdown(view, self._unwritten(view)))

    def _unwritten(self, view: SessionView) -> Unwritten | None:
        if self.settled:
            return None
        oldest = self.unprojected[0].at if self.unprojected else view.updated_at
        return Unwritten(changes=len(self.unprojected), since=oldest)


def _is_milestone(action: Action) -> bool:
    return action.name not in BURST_ACTIONS


def _bytes_of(actions: Sequence[Action]) -> int:
    return sum(size_of(each.sections) for each in actions)
