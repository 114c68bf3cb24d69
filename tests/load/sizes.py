"""How long the phases of a run are: for figures, or to check that all of it works."""

from dataclasses import dataclass, replace
from typing import Final

ONE_SESSION: Final = 35
"""Requests, at least, from the creation of a session to the orders of its tickets."""


@dataclass(frozen=True)
class LoadSizes:
    """Times are in seconds."""

    clients: tuple[int, ...]
    """Of the steps of the ramp."""

    step: float
    period: float
    """The hold is reported in so long periods, minutes."""

    periods: int
    overload_clients: int
    overload: float
    recovery: float
    least: int
    """Requests of each phase, which is longer if it takes longer to have them answered."""

    is_full: bool
    """Whether it is long enough for rules that compare figures."""

    def for_minutes(self, minutes: float) -> "LoadSizes":
        return replace(self, periods=max(1, round(minutes * 60 / self.period)))


FULL: Final = LoadSizes(
    clients=(1, 2, 4, 8, 16, 32, 64),
    step=10.0,
    period=60.0,
    periods=5,
    overload_clients=200,
    overload=30.0,
    recovery=20.0,
    least=1,
    is_full=True,
)

SMOKE: Final = LoadSizes(
    clients=(1,),
    step=0.5,
    period=0.5,
    periods=2,
    overload_clients=12,
    overload=1.0,
    recovery=0.5,
    least=ONE_SESSION,
    is_full=False,
)
