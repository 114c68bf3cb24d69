"""Sizes of the measurements: enough for a median, or just enough to check that all parts run."""

from dataclasses import dataclass
from typing import Final

from benchmarks.measuring import Turns


@dataclass(frozen=True)
class Sizes:
    turns: Turns
    """Turns of subjects that are compared side by side."""

    short_turns: Turns
    """Turns of reads."""

    lives: int
    """Sessions from create to publish, with every kind of request."""

    burst_saves: int
    autosave_pause: float
    """Seconds."""

    old_age: int
    """Changes of the old session."""

    young_sessions: int
    sized_saves: int
    """Saves within one run whose bytes of history are measured."""

    published_tiers: tuple[int, ...]
    """Paid tickets of the events that are published."""

    publications: int
    """Small events that are published one after the other, for each response time of Stripe."""

    large_tiers: int
    """Paid tickets of each of the events that another tenant publishes meanwhile."""

    cold_sessions: int
    """Sessions of each age."""

    lag_samples: int
    screen_samples: int
    copilot_answers: int

    streams: int
    """Open streams on one API process."""

    idle_sessions: int
    orphans: int
    """Sessions that are created before a worker is killed."""

    rush_tickets: int
    """Tickets on which twice as many buyers rush."""


FULL: Final = Sizes(
    turns=Turns(rounds=5, seconds=2.0),
    short_turns=Turns(rounds=4, seconds=1.0),
    lives=12,
    burst_saves=240,
    autosave_pause=1.0,
    old_age=2000,
    young_sessions=12,
    sized_saves=60,
    published_tiers=(1, 10, 50),
    publications=5,
    large_tiers=50,
    cold_sessions=20,
    lag_samples=300,
    screen_samples=100,
    copilot_answers=120,
    streams=1000,
    idle_sessions=10_000,
    orphans=40,
    rush_tickets=1000,
)
SMOKE: Final = Sizes(
    turns=Turns(rounds=1, seconds=0.2),
    short_turns=Turns(rounds=1, seconds=0.1),
    lives=1,
    burst_saves=8,
    autosave_pause=0.0,
    old_age=30,
    young_sessions=1,
    sized_saves=5,
    published_tiers=(1,),
    publications=1,
    large_tiers=12,
    cold_sessions=1,
    lag_samples=5,
    screen_samples=5,
    copilot_answers=6,
    streams=30,
    idle_sessions=80,
    orphans=8,
    rush_tickets=40,
)
