"""Judges the end of a run: what was acknowledged, against what the system has. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from domain.json_values import JsonObject
from tests.chaos.model import ERASED, SessionModel
from tests.sales import judge as sales


class Harm(StrEnum):
    LOST = "lost"
    """Something acknowledged is missing."""
    DOUBLED = "doubled"
    STUCK = "stuck"
    WRONG = "wrong"
    """Anything else, such as an answer that a client may not get."""


@dataclass(frozen=True)
class Violation:
    """``session_id`` and ``order_id`` say whose history explains it; ``is_final``: no more time can
    end it."""

    harm: Harm
    detail: str
    session_id: str | None = None
    order_id: str | None = None
    is_final: bool = False


@dataclass(frozen=True)
class StoredSession:
    """Its row. ``data`` is by stage."""

    status: str
    revision: int
    data: Mapping[str, JsonObject]


@dataclass(frozen=True)
class StoredAction:
    """A row of the audit trail."""

    revision: int
    part: int
    name: str
    key: str | None


@dataclass(frozen=True)
class StoredEvent:
    event_id: str
    status: str
    title: str
    paid_tiers: frozenset[str]
    sales: str
    """How they are switched."""


@dataclass(frozen=True)
class StoredMessage:
    """Of a conversation with the assistant. ``calls`` are the ids of its calls."""

    message_id: str
    text: str
    calls: tuple[str, ...]


@dataclass(frozen=True)
class CatalogueObject:
    """A product or a price at Stripe."""

    kind: str
    tier_id: str
    active: bool


@dataclass(frozen=True)
class SessionEvidence:
    """What the system has of a session at the end. Views have the shape of the API's answers.

    ``accounts`` are the ids at Stripe of its owner, ``pictures`` the HTTP status of each by its
    address.
    """

    model: SessionModel
    view: JsonObject | None
    row: StoredSession | None
    actions: Sequence[StoredAction]
    events: Sequence[StoredEvent]
    accounts: Sequence[str]
    objects: Sequence[CatalogueObject]
    is_open: bool
    """Whether its workflow runs."""
    shown: JsonObject | None
    """The last view of its stream."""
    steps_back: Sequence[str]
    pictures: Mapping[str, int]
    threads: Mapping[str, Sequence[StoredMessage]]
    """By their ids."""


@dataclass(frozen=True)
class RunEvidence:
    """``open_workflows`` are those of no open session; ``failed_tasks`` describe workflow tasks
    that failed, ``unhandled_errors`` the lines of logs about them."""

    sessions: Sequence[SessionEvidence]
    sales: Sequence[sales.Evidence]
    open_workflows: Sequence[str]
    failed_tasks: Sequence[str]
    unhandled_errors: Sequence[str]


def judge(evidence: RunEvidence) -> list[Violation]:
    """All violations; empty if the run was right."""
    violations = [
        violation
        for session in evidence.sessions
        if session.model.exists
        for rule in (RULES_OF_ERASED if session.model.status == ERASED else RULES)
        for violation in rule(session)
    ]
    violations += [violation for session in evidence.sessions for violation in _answers(session)]
    violations += [violation for sale in evidence.sales for violation in _sale(sale)]
    violations += [
        Violation(Harm.STUCK, f"{name} is still open") for name in evidence.open_workflows
    ]
    violations += [Violation(Harm.STUCK, failed) for failed in evidence.failed_tasks]
    violations += [Violation(Harm.WRONG, line) for line in evidence.unhandled_errors]
    return violations


def _answers(session: SessionEvidence) -> Iterator[Violation]:
    model = session.model
    for operation in model.unanswered:
        yield Violation(
            Harm.STUCK, f"{operation} was never answered", model.session_id, is_final=True
        )
    for answer in model.wrong_answers:
        yield Violation(Harm.WRONG, answer, model.session_id, is_final=True)


def _state(session: SessionEvidence) -> Iterator[Violation]:
    """The session, as its workflow has it, is what was acknowledged."""
    model, view = session.model, session.view
    if view is None:
        yield Violation(Harm.LOST, "the session does not answer", model.session_id)
        return
    if model.unanswered:
        return  # whether the last operation took effect is not known
    data = {stage: shown["data"] for stage, shown in view["stages"].items()}
    yield from _differences(model, data, "the session")
    if view["status"] != model.status:
        detail = f"the session is {view['status']}, acknowledged is {model.status}"
        yield Violation(Harm.LOST, detail, model.session_id)
    if view["publication"]["state"] in {"running", "scheduled"}:
        yield Violation(Harm.STUCK, "the publication is still running", model.session_id)


_OF_SERVER: Final = frozenset({"acceptedTerms", "acceptTerms", "email"})
"""Fields that the server sets by itself, or stores in another form."""

_OF_TIERS: Final = ("name", "unit_amount", "quantity")


def _differences(
    model: SessionModel, data: Mapping[str, JsonObject], place: str
) -> Iterator[Violation]:
    for stage in sorted({*model.data, *data}):
        expected, found = model.data.get(stage, {}), data.get(stage, {})
        for field in sorted({*expected, *found} - _OF_SERVER):
            wanted, has = _comparable(expected.get(field)), _comparable(found.get(field))
            if wanted != has:
                harm = Harm.WRONG if wanted is None else Harm.LOST
                detail = f"{place}: {stage}/{field} is {has!r}, acknowledged is {wanted!r}"
                yield Violation(harm, detail, model.session_id)


def _comparable(value: Any) -> Any:
    """Tiers without what the server adds to them."""
    if isinstance(value, list) and value and "unit_amount" in value[0]:
        return [{name: tier.get(name) for name in _OF_TIERS} for tier in value]
    return value


def _read_model(session: SessionEvidence) -> Iterator[Violation]:
    """The rows have the session's last revision."""
    model, view, row = session.model, session.view, session.row
    if row is None:
        yield Violation(Harm.LOST, "the read model has no row", model.session_id)
        return
    if view is None:
        return
    if (row.status, row.revision) != (view["status"], view["revision"]):
        detail = (
            f"the read model has {row.status} at revision {row.revision}, "
            f"the session {view['status']} at {view['revision']}"
        )
        yield Violation(Harm.STUCK, detail, model.session_id)
    elif row.data != {stage: shown["data"] for stage, shown in view["stages"].items()}:
        yield Violation(Harm.LOST, "the read model has other data", model.session_id)


_BY_REQUEST: Final = frozenset(
    {
        "save_stage",
        "complete_stage",
        "move_to_stage",
        "restore",
        "schedule_publication",
        "cancel_publication",
        "abandon",
    }
)


def _audit_trail(session: SessionEvidence) -> Iterator[Violation]:
    """Each acknowledged change exactly once."""
    model = session.model
    by_key: dict[str, Counter[str]] = defaultdict(Counter)
    for action in _heads(session):
        by_key[action.key or ""][action.name] += 1
    for key, expected in model.keys.items():
        yield from _counted(model, f"request {key}", expected, by_key[key])
    if not model.unanswered:
        made = Counter(action.name for action in _heads(session) if action.name in _BY_REQUEST)
        yield from _counted(model, "all requests", model.actions, made)


def _revisions(session: SessionEvidence) -> Iterator[Violation]:
    """Each revision has one action, or one for each section with which it began."""
    session_id = session.model.session_id
    revisions = Counter(action.revision for action in _heads(session))
    for revision, count in revisions.items():
        if count > 1:
            yield Violation(Harm.DOUBLED, f"revision {revision} has {count} actions", session_id)
    newest = session.row.revision if session.row else 0
    missing = sorted(set(range(1, newest + 1)) - revisions.keys())
    if missing:
        yield Violation(Harm.LOST, f"no action of revisions {missing}", session_id)


def _heads(session: SessionEvidence) -> list[StoredAction]:
    return [action for action in session.actions if action.part == 0]


def _counted(
    model: SessionModel, whose: str, expected: Counter[str], made: Counter[str]
) -> Iterator[Violation]:
    for name in sorted({*expected, *made}):
        detail = f"{whose}: {made[name]} {name}, acknowledged {expected[name]}"
        if made[name] < expected[name]:
            yield Violation(Harm.LOST, detail, model.session_id)
        elif made[name] > expected[name]:
            yield Violation(Harm.DOUBLED, detail, model.session_id)


def _event(session: SessionEvidence) -> Iterator[Violation]:
    """A completed session has one event, and any other one neither event nor reservation."""
    model = session.model
    if len(session.events) > 1:
        yield Violation(Harm.DOUBLED, f"{len(session.events)} events", model.session_id)
    published = [event for event in session.events if event.status == "published"]
    is_completed = session.view is not None and session.view["status"] == "completed"
    if is_completed and not published:
        yield Violation(Harm.LOST, "the session is completed without an event", model.session_id)
    if not is_completed and session.events:
        states = [event.status for event in session.events]
        yield Violation(Harm.WRONG, f"events of an open session: {states}", model.session_id)
    wanted = model.data.get("eventSetup", {}).get("title")
    for event in published:
        if event.title != wanted:
            detail = f"the event is {event.title!r}, acknowledged is {wanted!r}"
            yield Violation(Harm.LOST, detail, model.session_id)
        if event.sales != (model.sales or "on"):
            detail = f"the sales are {event.sales}, acknowledged is {model.sales}"
            yield Violation(Harm.LOST, detail, model.session_id)
    names = Counter(action.name for action in session.actions)
    if names["publish_event"] > 1:
        detail = f"published {names['publish_event']} times"
        yield Violation(Harm.DOUBLED, detail, model.session_id)


def _stripe(session: SessionEvidence) -> Iterator[Violation]:
    """One account, and on sale is each paid tier of a published event once."""
    model = session.model
    if len(session.accounts) > 1:
        detail = f"{len(session.accounts)} accounts: {sorted(session.accounts)}"
        yield Violation(Harm.DOUBLED, detail, model.session_id)
    if model.account is not None and not model.lost_account:
        if model.account not in session.accounts:
            yield Violation(Harm.LOST, f"Stripe has no {model.account}", model.session_id)
        yield from _catalogue(session)


def _catalogue(session: SessionEvidence) -> Iterator[Violation]:
    on_sale = Counter((item.kind, item.tier_id) for item in session.objects if item.active)
    tiers = {tier for event in session.events for tier in event.paid_tiers}
    expected = {(kind, tier) for kind in ("product", "price") for tier in tiers}
    for kind, tier in sorted(expected - on_sale.keys()):
        yield Violation(Harm.LOST, f"no {kind} of {tier} is on sale", session.model.session_id)
    for (kind, tier), count in on_sale.items():
        if (kind, tier) not in expected:
            detail = f"a {kind} of {tier} is on sale without an event"
            yield Violation(Harm.WRONG, detail, session.model.session_id)
        elif count > 1:
            yield Violation(
                Harm.DOUBLED, f"{tier} has {count} times a {kind}", session.model.session_id
            )


def _stream(session: SessionEvidence) -> Iterator[Violation]:
    """The last message is the final state, and no message was older than one before."""
    model, shown, view = session.model, session.shown, session.view
    for step in session.steps_back:
        yield Violation(
            Harm.WRONG, f"the stream went back: {step}", model.session_id, is_final=True
        )
    if view is None:
        return
    if shown is None or shown["revision"] != view["revision"]:
        revision = shown["revision"] if shown else None
        detail = f"the stream shows revision {revision}, the session is at {view['revision']}"
        yield Violation(Harm.STUCK, detail, model.session_id)
    elif (shown["status"], shown["stages"]) != (view["status"], view["stages"]):
        yield Violation(Harm.LOST, "the stream shows another state", model.session_id)


def _workflow(session: SessionEvidence) -> Iterator[Violation]:
    """A session's process ends with it, and not before."""
    view = session.view
    if view is not None and session.is_open != (view["status"] == "in_progress"):
        state = "open" if session.is_open else "closed"
        detail = f"the workflow is {state}, the session {view['status']}"
        yield Violation(Harm.STUCK, detail, session.model.session_id)


def _pictures(session: SessionEvidence) -> Iterator[Violation]:
    for address, status in session.pictures.items():
        if status != 200:
            yield Violation(Harm.LOST, f"{address} is answered {status}", session.model.session_id)


def _threads(session: SessionEvidence) -> Iterator[Violation]:
    """Each conversation once, up to what was sent. The last answer may be missing: it is stored
    with the next run, if Postgres did not respond."""
    model = session.model
    for thread_id in sorted(session.threads.keys() - model.threads.keys()):
        yield Violation(Harm.DOUBLED, f"the thread {thread_id} is unknown", model.session_id)
    for thread_id, thread in model.threads.items():
        sent, answers = _all_stored(thread.sent), _all_stored(thread.answers)
        found = list(session.threads.get(thread_id, ()))
        if found[: len(sent)] != sent:
            detail = f"the thread has {len(found)} messages of {len(sent)} that were sent"
            yield Violation(Harm.LOST, detail, model.session_id)
        elif found[len(sent) :] not in ([], answers):
            detail = f"the thread ends with {found[len(sent) :]}, answered was {answers}"
            yield Violation(Harm.WRONG, detail, model.session_id)


def _all_stored(messages: Sequence[JsonObject]) -> list[StoredMessage]:
    """Messages of AG-UI as they are stored."""
    return [
        StoredMessage(
            message["id"],
            message.get("content", ""),
            tuple(call["id"] for call in message.get("toolCalls", ())),
        )
        for message in messages
    ]


def _erased(session: SessionEvidence) -> Iterator[Violation]:
    """Nothing is left of it."""
    left = {
        "the session": session.view,
        "its row": session.row,
        "its audit trail": session.actions,
        "a thread": session.threads,
        "its workflow": session.is_open,
    }
    for name, found in left.items():
        if found:
            yield Violation(
                Harm.STUCK, f"{name} is left after the erasure", session.model.session_id
            )


_HARMS_OF_SALES: Final = {
    "charged": Harm.DOUBLED,
    "checkouts": Harm.DOUBLED,
    "doubled": Harm.DOUBLED,
    "still held": Harm.STUCK,
    "still running": Harm.STUCK,
}


def _sale(evidence: sales.Evidence) -> Iterator[Violation]:
    for found in sales.judge(evidence):
        harm = _HARMS_OF_SALES.get(found.rule, Harm.WRONG)
        yield Violation(harm, f"{found.rule}: {found.detail}", order_id=found.order_id)


RULES: Final[tuple[Callable[[SessionEvidence], Iterator[Violation]], ...]] = (
    _state,
    _read_model,
    _audit_trail,
    _revisions,
    _event,
    _stripe,
    _stream,
    _workflow,
    _pictures,
    _threads,
)
RULES_OF_ERASED: Final = (_erased,)
