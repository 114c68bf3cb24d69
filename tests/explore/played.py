"""The result of one schedule."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from tests.explore.rules import Breach
from tests.explore.schedules import Schedule
from tests.explore.steps import Step
from tests.explore.striking import Run


@dataclass(frozen=True)
class Played:
    """``log`` is empty unless a rule is broken."""

    schedule: Schedule
    ended: str
    """The state in which the publication, or the order, ended."""
    steps: Sequence[Step]
    struck: int
    """How many of the faults were reached."""
    breaches: Sequence[Breach] = ()
    log: Sequence[str] = ()

    @classmethod
    def of(cls, run: Run, ended: str, breaches: Sequence[Breach], log: Sequence[str]) -> Self:
        return cls(run.schedule, ended, run.trail.steps, len(run.struck), breaches, log)

    @property
    def has_missed(self) -> bool:
        """Whether a fault was not reached: steps that run at the same time vary."""
        return self.struck < len(self.schedule.strikes)
