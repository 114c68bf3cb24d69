"""Explores a course: without a fault, then with each fault and message, then with each pair."""

import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from typing import Final

from tests.explore.played import Played
from tests.explore.playing import play_portion
from tests.explore.schedules import Schedule, is_covered, with_one_more, without_doubles
from tests.explore.steps import Step

_PORTION: Final = 48
"""Schedules that a process plays before it reports them."""

Told = Callable[[Sequence[Played], int], None]
"""Called with what was played, and how many schedules of this round are still to be played."""


class Explorer:
    """Plays schedules in ``jobs`` processes."""

    def __init__(self, jobs: int, tell: Told) -> None:
        self._jobs = jobs
        self._tell = tell

    def explore(self, courses: Sequence[str], most_faults: int) -> list[Played]:
        """All schedules of up to so many faults."""
        with self._processes() as pool:
            newest = self._play(pool, [Schedule(course) for course in courses])
            steps = {result.schedule.course: result.steps for result in newest}
            clean = {course: steps[course] for course in courses}
            played = newest
            for _ in range(most_faults):
                newest = self._play(pool, _next_schedules(newest, clean))
                played = [*played, *newest]
        return played

    def play(self, schedules: Sequence[Schedule]) -> list[Played]:
        with self._processes() as pool:
            return self._play(pool, schedules)

    @contextmanager
    def _processes(self) -> Iterator[ProcessPoolExecutor]:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(self._jobs, mp_context=context) as pool:
            try:
                yield pool
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                for process in multiprocessing.active_children():
                    process.terminate()
                raise

    def _play(self, pool: ProcessPoolExecutor, schedules: Sequence[Schedule]) -> list[Played]:
        played: list[Played] = []
        portions = [
            pool.submit(play_portion, portion) for portion in _portions(schedules, self._jobs)
        ]
        for portion in as_completed(portions):
            played += portion.result()
            self._tell(portion.result(), len(schedules) - len(played))
        return played


def _next_schedules(
    played: Sequence[Played], clean: Mapping[str, Sequence[Step]]
) -> list[Schedule]:
    schedules = (
        schedule
        for result in played
        for schedule in with_one_more(result.schedule, result.steps, clean[result.schedule.course])
    )
    return without_doubles(schedule for schedule in schedules if not is_covered(schedule, clean))


def _portions(schedules: Sequence[Schedule], jobs: int) -> Iterator[Sequence[Schedule]]:
    size = max(1, min(_PORTION, -(-len(schedules) // jobs)))
    for start in range(0, len(schedules), size):
        yield schedules[start : start + size]
