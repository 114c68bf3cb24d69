"""The limits by which a run of a session decides when to write and when to continue as new, and the
checks that a run of an earlier version does not make.

A run keeps the rules that it began with: they are part of its history. ``SessionStart.rules`` names
them, so that a new version needs no marker in the history of each run (ADR 28).

Bytes are bytes of compact JSON, or of Temporal's history. Temporal's own limits, for comparison:
2 MiB for one payload, 50 MiB and 51 200 events for the history of a run, 2 000 updates in a run.
"""

import sys
from dataclasses import dataclass, replace
from typing import Final

CHANGES_PER_RUN: Final = 28
"""Replaying a change takes milliseconds: short histories keep the first touch of a session that
was evicted from a worker's cache fast."""

MAX_WAITING_ACTIONS: Final = 128
"""Then a burst is written: the backlog is handed from run to run, as input of each."""

_UNLIMITED: Final = sys.maxsize


@dataclass(frozen=True)
class RunRules:
    history_growth: int
    """Bytes of history, beyond those that the run began with, after which it continues as new."""
    burst_bytes: int
    """Bytes of waiting actions at which a burst is written."""
    write_bytes: int
    """Bytes of the actions in one write. The view comes on top of them."""
    handed_over_bytes: int
    """Bytes of waiting actions that fit into the input of a new run, beside the largest state."""
    action_overhead: int
    """Bytes of an action beside the data that it wrote."""
    backlog_bytes: int
    """Bytes of waiting actions beyond which changes are refused."""
    history_bytes: int
    """Bytes of history beyond which changes are refused."""
    history_events: int
    """Events of the history beyond which changes are refused."""
    changes: int
    """Changes of a run that cannot continue as new beyond which further ones are refused."""
    follows_stages: bool
    """Whether a change of stage or status reaches the search attributes at once, and a burst ends
    in time though it spans several runs."""
    refuses_ended_sales: bool
    """Whether a tier whose sale is over blocks publishing."""
    follows_real_events: bool
    """Whether an event may have begun, and end or open its doors on the other side of midnight,
    whether one of address line, city and coordinates is enough, and whether a save that only
    empties absent fields is no change."""
    follows_publications: bool
    """Whether the steps of a publication reach the read model as they begin (ADR 61)."""
    pauses_by_timer: bool
    """Whether the commands of a pause have the same order in every version of Python (ADR 76)."""


_FIRST: Final = RunRules(
    history_growth=_UNLIMITED,
    burst_bytes=_UNLIMITED,
    write_bytes=512 * 1024,
    handed_over_bytes=512 * 1024,
    action_overhead=0,
    backlog_bytes=8 * 1024 * 1024,
    history_bytes=_UNLIMITED,
    history_events=_UNLIMITED,
    changes=_UNLIMITED,
    follows_stages=False,
    refuses_ended_sales=False,
    follows_real_events=False,
    follows_publications=False,
    pauses_by_timer=False,
)

_BY_BYTES: Final = RunRules(
    history_growth=2 * 1024 * 1024,
    burst_bytes=512 * 1024,
    write_bytes=1_300_000,
    handed_over_bytes=1_500_000,
    action_overhead=512,
    backlog_bytes=_UNLIMITED,
    # What waits is written once Postgres is back, and each write is in the history as well.
    history_bytes=24 * 1024 * 1024,
    history_events=40_000,
    changes=1_800,
    follows_stages=True,
    refuses_ended_sales=False,
    follows_real_events=False,
    follows_publications=False,
    pauses_by_timer=False,
)

_WITH_ENDED_SALES: Final = replace(_BY_BYTES, refuses_ended_sales=True)

_WITH_REAL_EVENTS: Final = replace(_WITH_ENDED_SALES, follows_real_events=True)

_WITH_STEPS: Final = replace(_WITH_REAL_EVENTS, follows_publications=True)

_WITH_TIMERS: Final = replace(_WITH_STEPS, pauses_by_timer=True)

_RULES: Final = (
    _FIRST,
    _BY_BYTES,
    _WITH_ENDED_SALES,
    _WITH_REAL_EVENTS,
    _WITH_STEPS,
    _WITH_TIMERS,
)

NEWEST_RULES: Final = len(_RULES)


def rules_of(version: int) -> RunRules:
    """The newest rules, if the version is that of a newer API and this worker does not know it."""
    return _RULES[min(version, NEWEST_RULES) - 1]
