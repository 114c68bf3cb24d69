"""What happens in a run: faults at their times, and the journeys of each client. Pure.

A seed always has the same plan. How far the clients get in it depends on the machine.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random
from typing import Final

from dev.stack.supervisor import DEATH_WINDOW_SECONDS, DEATHS_ALLOWED
from domain.json_values import JsonObject
from tests.sales.plans import NEEDS_A_CLOCK, Asking, BuyerPlan, Deed, TierPlan, Wish
from tests.support.paid_sessions import paid_event
from tests.support.stage_data import STAGES, free_event

CLIENTS: Final = 8

PROCESSES: Final = ("worker", "api", "temporal", "postgres")
LINKS: Final = ("clients", "temporal", "postgres", "stripe")
"""What a network connects: the clients to the API, and worker and API to the others."""


DATA, LOG = "data", "log"
"""What of Postgres cannot grow. Without space for its log, it ends."""


class FaultKind(StrEnum):
    KILL = "kill"
    FREEZE = "freeze"
    """SIGSTOP, and SIGCONT after some seconds."""
    RESTART = "restart"
    CUT = "cut"
    """All connections are reset."""
    REFUSE = "refuse"
    """The same, and new ones for some seconds."""
    DELAY = "delay"
    HALF_OPEN = "half open"
    """Connections stay open, and nothing arrives."""
    FULL_DISK = "full disk"
    """The disk of Postgres is full for some seconds."""
    LOSE_ANSWERS = "lose answers"
    """Stripe does what it is asked, and the connection breaks before its answer."""


DEATHS: Final = {FaultKind.KILL: 1, FaultKind.RESTART: 1, FaultKind.FULL_DISK: 3}
"""How often a process ends by a fault. Postgres cannot be started while its disk is full."""

LASTING: Final = frozenset({FaultKind.FREEZE, FaultKind.REFUSE, FaultKind.DELAY})

OF_PROCESSES: Final = (FaultKind.KILL, FaultKind.FREEZE, FaultKind.RESTART)
_OF_LINKS: Final = (FaultKind.CUT, FaultKind.REFUSE, FaultKind.DELAY, FaultKind.HALF_OPEN)

_DECK: Final = (
    *((kind, process) for kind in OF_PROCESSES for process in PROCESSES),
    *((kind, link) for kind in _OF_LINKS for link in LINKS),
    (FaultKind.FULL_DISK, DATA),
    (FaultKind.FULL_DISK, LOG),
    *[(FaultKind.LOSE_ANSWERS, "stripe")] * 3,
)
"""Cards that are drawn without replacement. Lost answers hinder no other operation, so there are
more of them."""

_FIRST_FAULT_SECONDS: Final = 2.0
_PAUSE_SECONDS: Final = (1.5, 5.5)
_DURATION_SECONDS: Final = (1.0, 6.0)
_FULL_DISK_SECONDS: Final = (1.0, 2.0)
_DELAYS_SECONDS: Final = (0.05, 0.5)

_MAX_DEATHS: Final = DEATHS_ALLOWED - 1
"""Of a component within the window: the stack gives up a component that dies more often."""


@dataclass(frozen=True)
class PlannedFault:
    """``at`` and ``seconds``, its duration, are seconds; ``delay`` is that of each chunk."""

    at: float
    kind: FaultKind
    target: str
    seconds: float = 0.0
    delay: float = 0.0

    @property
    def component(self) -> str:
        """The component that is disturbed, or the connections to it."""
        return "postgres" if self.kind is FaultKind.FULL_DISK else self.target

    @property
    def deaths(self) -> int:
        return DEATHS.get(self.kind, 0)

    def __str__(self) -> str:
        lasting = f" for {self.seconds:.1f} s" if self.seconds else ""
        return f"{self.kind} {self.target}{lasting}"


def faults_of(seed: int, seconds: float) -> list[PlannedFault]:
    """The faults of so many seconds. Each one occurs before the deck begins again, or as soon as
    the stack can bear it."""
    random = Random(f"faults {seed}")
    faults: list[PlannedFault] = []
    at = _FIRST_FAULT_SECONDS
    cards: list[tuple[FaultKind, str]] = []
    while at < seconds:
        drawn = [PlannedFault(at, *card) for card in cards]
        fault = next((fault for fault in drawn if _is_bearable(fault, faults)), None)
        if fault is None:
            cards += random.sample(_DECK, len(_DECK))
            continue
        cards.remove((fault.kind, fault.target))
        duration = min(_duration(random, fault.kind), seconds - at)
        delay = random.uniform(*_DELAYS_SECONDS) if fault.kind is FaultKind.DELAY else 0.0
        faults.append(replace(fault, seconds=duration, delay=delay))
        at += random.uniform(*_PAUSE_SECONDS)
    return faults


def _is_bearable(fault: PlannedFault, earlier: Sequence[PlannedFault]) -> bool:
    return deaths_within(earlier, fault.component, fault.at) + fault.deaths <= _MAX_DEATHS


def _duration(random: Random, kind: FaultKind) -> float:
    """Zero for what happens at a moment."""
    if kind is FaultKind.FULL_DISK:
        return random.uniform(*_FULL_DISK_SECONDS)
    return random.uniform(*_DURATION_SECONDS) if kind in LASTING else 0.0


def deaths_within(faults: Sequence[PlannedFault], component: str, at: float) -> int:
    """How often the component dies in the window before."""
    return sum(
        fault.deaths
        for fault in faults
        if fault.component == component and at - DEATH_WINDOW_SECONDS < fault.at <= at
    )


class Action(StrEnum):
    SAVE = "save"
    COMPLETE = "complete"
    MOVE = "move"
    RESTORE = "restore"
    UPLOAD = "upload"
    CONNECT = "connect"
    PUBLISH = "publish"
    ABANDON = "abandon"
    ERASE = "erase"
    SELL = "sell"
    CLOSE_SALES = "close sales"
    SCHEDULE = "schedule"
    CANCEL_PUBLICATION = "cancel the publication"
    LEAVE_ORGANIZATION = "leave the organization"
    """Of the two members who take turns, one is now a member of another organization."""
    SAY = "say"
    """A sentence to the assistant, over AG-UI."""


@dataclass(frozen=True)
class Step:
    """One operation of a client. ``data`` is of the stage; ``refusal`` the code of the error with
    which the operation is refused, which saves the data nevertheless; ``text`` the sentence."""

    action: Action
    stage: str = ""
    data: JsonObject | None = None
    refusal: str | None = None
    to_stage: str = ""
    text: str = ""
    chance: float = 0.0
    """Decides what depends on the run: to which of the known revisions to restore. How a sentence
    is sent, too: once, twice, or again after its answer was cut."""


class JourneyKind(StrEnum):
    EDIT = "edit"
    PUBLISH = "publish"
    SELL = "sell"
    LOSE_ACCOUNT = "lose the account"
    """The account is disconnected while the event is published."""
    AGENT = "agent"
    """By the tools of the assistant, over MCP."""
    TALK = "talk"
    """By sentences to the assistant, over AG-UI."""


_WEIGHTS: Final = {
    JourneyKind.EDIT: 3,
    JourneyKind.PUBLISH: 3,
    JourneyKind.SELL: 4,
    JourneyKind.LOSE_ACCOUNT: 2,
    JourneyKind.AGENT: 2,
    JourneyKind.TALK: 2,
}


@dataclass(frozen=True)
class JourneyPlan:
    """One session from its creation. ``name`` is unique in the run."""

    seed: int
    client: int
    number: int
    kind: JourneyKind
    steps: tuple[Step, ...]
    tiers: tuple[TierPlan, ...] = ()
    buyers: tuple[BuyerPlan, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.seed}-{self.client}-{self.number}"

    @property
    def organization(self) -> str | None:
        """Whose members edit the session; None for a person alone."""
        return f"organization-{self.name}" if self.kind is JourneyKind.EDIT else None


HALL: Final = 200
"""Places of every venue."""

_TEXTS: Final = (
    ("organizerSetup", "name"),
    ("organizerSetup", "organization"),
    ("organizerSetup", "bio"),
    ("eventSetup", "title"),
    ("eventSetup", "summary"),
    ("eventSetup", "description"),
    ("venueSetup", "name"),
    ("venueSetup", "accessibility"),
)
"""Fields of text that are saved in between."""

_DEEDS: Final = tuple(deed for deed in Deed if deed not in NEEDS_A_CLOCK)


def journey_of(seed: int, client: int, number: int) -> JourneyPlan:
    """Clients begin with different kinds, so that even a short run has all of them."""
    random = Random(f"journey {seed} {client} {number}")
    kinds = list(_WEIGHTS)
    kind = (
        kinds[(seed + client) % len(kinds)]
        if number == 0
        else random.choices(kinds, list(_WEIGHTS.values()))[0]
    )
    plan = JourneyPlan(seed, client, number, kind, ())
    match kind:
        case JourneyKind.EDIT:
            return JourneyPlan(seed, client, number, kind, tuple(_editing(random, plan.name)))
        case JourneyKind.TALK:
            return JourneyPlan(seed, client, number, kind, tuple(_talking(random, plan.name)))
        case JourneyKind.PUBLISH | JourneyKind.AGENT:
            steps = list(_filling(random, plan.name, free_event(), pays=False))
            if kind is JourneyKind.PUBLISH and random.random() < 0.5:
                steps[-1:-1] = [Step(Action.SCHEDULE), Step(Action.CANCEL_PUBLICATION)]
            return JourneyPlan(seed, client, number, kind, tuple(steps))
        case _:
            return _selling(random, plan)


def _selling(random: Random, plan: JourneyPlan) -> JourneyPlan:
    tiers = tuple(
        TierPlan(f"Row {row}", 100 * random.randint(5, 90), random.randint(3, 8))
        for row in range(random.randint(1, 2))
    )
    event = paid_event(
        *(
            {"name": tier.name, "unit_amount": tier.unit_amount, "quantity": tier.quantity}
            for tier in tiers
        )
    )
    steps = _filling(random, plan.name, event, pays=True)
    sells = plan.kind is JourneyKind.SELL
    return JourneyPlan(
        plan.seed,
        plan.client,
        plan.number,
        plan.kind,
        (*steps, Step(Action.SELL), *_end_of_sales(random)) if sells else tuple(steps),
        tiers,
        tuple(_buyers(random, len(tiers))) if sells else (),
    )


def _end_of_sales(random: Random) -> Iterator[Step]:
    if random.random() < 0.5:
        yield Step(Action.CLOSE_SALES)


def _buyers(random: Random, tiers: int) -> Iterator[BuyerPlan]:
    for number in range(random.randint(3, 6)):
        yield BuyerPlan(
            number=number,
            wish=Wish(((random.randrange(tiers), random.randint(1, 2)),)),
            deed=random.choice(_DEEDS),
            asking=random.choice((Asking.ONCE, Asking.DOUBLE_CLICK, Asking.AFTER_A_DROPPED_ANSWER)),
        )


def _text(random: Random, name: str, number: int) -> Step:
    stage, field = random.choice(_TEXTS)
    return Step(Action.SAVE, stage, {field: f"{field} {name} {number}"})


def _editing(random: Random, name: str) -> Iterator[Step]:
    """Saves, a stage that is not complete yet, a step back, restored data, and perhaps an end."""
    event = free_event()
    yield Step(Action.COMPLETE, "organizerSetup", event["organizerSetup"])
    title = {"title": f"title {name}"}
    yield Step(Action.COMPLETE, "eventSetup", title, refusal="stage_incomplete")
    for number in range(random.randint(3, 8)):
        yield _text(random, name, number)
    yield Step(Action.RESTORE, chance=random.random())
    yield Step(Action.COMPLETE, "eventSetup", {**event["eventSetup"], "summary": f"new {name}"})
    yield Step(Action.MOVE, "venueSetup", to_stage="organizerSetup")
    if random.random() < 0.5:
        yield Step(Action.LEAVE_ORGANIZATION)
    if random.random() < 0.5:
        yield Step(Action.UPLOAD)
    for number in range(10, 10 + random.randint(1, 5)):
        yield _text(random, name, number)
    yield Step(Action.RESTORE, chance=random.random())
    yield from _ending(random)


def _ending(random: Random) -> Iterator[Step]:
    """Most sessions end, and some of them by their erasure alone."""
    if random.random() < 0.5:
        yield Step(Action.ABANDON)
    if random.random() < 0.4:
        yield Step(Action.ERASE)


def _talking(random: Random, name: str) -> Iterator[Step]:
    """A proposal of several values and its acceptance, then single values."""
    yield Step(Action.SAY, text=f"A pop-up called {name}, 150 people", chance=random.random())
    yield Step(Action.SAY, text="yes", chance=random.random())
    for number in range(random.randint(2, 5)):
        title = f"Title {name} {number}"
        yield Step(Action.SAY, text=f'The title is "{title}"', chance=random.random())
        yield _text(random, name, number)
    yield from _ending(random)


def _filling(
    random: Random, name: str, event: dict[str, JsonObject], *, pays: bool
) -> Iterator[Step]:
    """All stages in order, with saves in between, up to the publication."""
    number = 0
    for stage in STAGES:
        if stage == "ticketSetup" and pays:
            yield Step(Action.CONNECT)
        if stage == "sponsorsMedia" and random.random() < 0.4:
            yield Step(Action.UPLOAD)
        if stage != "reviewPublish":
            for _ in range(random.randint(0, 2)):
                number += 1
                yield _text(random, name, number)
        data = {**event[stage], **({"title": f"Show {name}"} if stage == "eventSetup" else {})}
        yield Step(Action.COMPLETE, stage, data)
    yield Step(Action.PUBLISH)
