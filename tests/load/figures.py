"""The figures of a phase, from the answers and the readings in it."""

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from api.sessions.delivery import ANSWER_TIMEOUT
from benchmarks.measuring import percentile
from tests.load.answers import BROKEN, Answer, Kind, Outcome, requests_in
from tests.load.gauges import PROCESSES, Counts, Reading, median_memory

PROMPT_SECONDS: Final = ANSWER_TIMEOUT / 2
"""A refusal that takes longer is late: its message has probably waited for an answer in vain."""


@dataclass(frozen=True)
class Times:
    """Seconds from the request to its answer."""

    count: int
    p50: float
    p99: float


@dataclass(frozen=True)
class Phase:
    """A phase of the run, or a minute of it. Memory is in bytes, the median of the phase."""

    clients: int
    seconds: float
    outcomes: Mapping[Outcome, int]
    times: Times
    """Of all requests that were done."""
    refusals: Times
    """Of all requests that were answered with 429 or 503."""
    late_refusals: int
    """Those of them that took longer than half of the time that a message waits for its answer."""
    by_kind: Mapping[Kind, Times]
    memory: Mapping[str, float]
    files: Mapping[str, int]
    """The most open file descriptors."""
    cores_elsewhere: float
    lag: float
    """The longest, in seconds."""
    counts: Counts
    """At the end."""
    broken: Sequence[str]
    """Answers that are not as promised."""

    @property
    def rate(self) -> float:
        """Requests that were done, per second."""
        return self.outcomes[Outcome.DONE] / self.seconds

    @property
    def requests(self) -> int:
        return sum(self.outcomes.values())

    @property
    def busy(self) -> int:
        return self.outcomes[Outcome.BUSY]


def phase_of(
    answers: Sequence[Answer],
    readings: Sequence[Reading],
    counts: Counts,
    *,
    clients: int,
    seconds: float,
    lag: float,
) -> Phase:
    requests = requests_in(answers)
    return Phase(
        clients=clients,
        seconds=seconds,
        outcomes=Counter(answer.outcome for answer in requests),
        times=times_of(requests),
        refusals=times_of(requests, Outcome.BUSY),
        late_refusals=sum(
            answer.outcome is Outcome.BUSY and answer.seconds > PROMPT_SECONDS
            for answer in requests
        ),
        by_kind={
            kind: times_of([answer for answer in answers if answer.kind is kind]) for kind in Kind
        },
        memory={name: median_memory(readings, name) for name in PROCESSES},
        files={name: max(reading.files[name] for reading in readings) for name in PROCESSES},
        cores_elsewhere=statistics.mean(reading.cores_elsewhere for reading in readings),
        lag=lag,
        counts=counts,
        broken=[
            f"{answer.kind}: {answer.outcome}, {answer.detail}"
            for answer in answers
            if answer.outcome in BROKEN
        ],
    )


def times_of(answers: Sequence[Answer], outcome: Outcome = Outcome.DONE) -> Times:
    seconds = [answer.seconds for answer in answers if answer.outcome is outcome]
    if not seconds:
        return Times(0, 0.0, 0.0)
    return Times(len(seconds), percentile(seconds, 50), percentile(seconds, 99))
