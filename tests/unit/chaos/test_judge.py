"""The judge of runs finds each kind of violation in a run that is otherwise right."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pytest

from tests.chaos.judge import (
    CatalogueObject,
    Harm,
    RunEvidence,
    SessionEvidence,
    StoredAction,
    StoredEvent,
    StoredMessage,
    StoredSession,
    judge,
)
from tests.chaos.model import ERASED, SessionModel, ThreadModel
from tests.chaos.plan import journey_of
from tests.sales import judge as sales
from tests.sales.judge import ChargeAtStripe, CheckoutAtStripe, Counts, StoredOrder

TIERS: Final = [{"name": "Row", "unit_amount": 2500, "quantity": 5}]
SAVED: Final[dict[str, dict[str, Any]]] = {
    "eventSetup": {"title": "Show"},
    "ticketSetup": {"tiers": TIERS},
}
STORED: Final[dict[str, dict[str, Any]]] = {
    "eventSetup": {"title": "Show"},
    "ticketSetup": {"tiers": [{**TIERS[0], "id": "row"}]},
}


THREAD: Final = ThreadModel(
    ({"id": "m1", "role": "user", "content": "The title is Show"},),
    ({"id": "m2", "role": "assistant", "content": "Saved", "toolCalls": [{"id": "c1"}]},),
)
SAID: Final = StoredMessage("m1", "The title is Show", ())
ANSWERED: Final = StoredMessage("m2", "Saved", ("c1",))


def model(**changed: Any) -> SessionModel:
    """A session that saved two stages, and was published with a paid ticket."""
    return SessionModel(
        **{
            "plan": journey_of(1, 0, 0),
            "session_id": "s",
            "user": "ada",
            "data": SAVED,
            "actions": Counter(save_stage=2),
            "keys": {"key-1": Counter(save_stage=1), "key-2": Counter(save_stage=1)},
            "status": "completed",
            "account": "acct_1",
            "threads": {"t": THREAD},
            **changed,
        }
    )


def view(revision: int = 3, status: str = "completed", **data: Any) -> dict[str, Any]:
    return {
        "revision": revision,
        "status": status,
        "publication": {"state": "published"},
        "stages": {stage: {"data": found} for stage, found in {**STORED, **data}.items()},
    }


ACTIONS: Final = [
    StoredAction(1, 0, "save_stage", "key-1"),
    StoredAction(2, 0, "save_stage", "key-2"),
    StoredAction(3, 0, "publish_event", None),
]
ON_SALE: Final = [CatalogueObject("product", "row", True), CatalogueObject("price", "row", True)]
EVENT: Final = StoredEvent("e", "published", "Show", frozenset({"row"}), "on")


def session(**changed: Any) -> SessionEvidence:
    return SessionEvidence(
        **{
            "model": model(),
            "view": view(),
            "row": StoredSession("completed", 3, STORED),
            "actions": ACTIONS,
            "events": [EVENT],
            "accounts": ["acct_1"],
            "objects": ON_SALE,
            "is_open": False,
            "shown": view(),
            "steps_back": [],
            "pictures": {"/media/a.webp": 200},
            "threads": {"t": [SAID, ANSWERED]},
            **changed,
        }
    )


def in_progress(**changed: Any) -> SessionEvidence:
    """One that is not published."""
    return session(
        **{
            "model": model(status="in_progress"),
            "view": {**view(2, "in_progress"), "publication": {"state": "none"}},
            "shown": {**view(2, "in_progress"), "publication": {"state": "none"}},
            "row": StoredSession("in_progress", 2, STORED),
            "actions": ACTIONS[:2],
            "events": [],
            "objects": [],
            "is_open": True,
            **changed,
        }
    )


def erased(**changed: Any) -> SessionEvidence:
    return session(
        **{
            "model": model(status=ERASED),
            "view": None,
            "row": None,
            "actions": [],
            "events": [],
            "objects": [],
            "threads": {},
            **changed,
        }
    )


SALE: Final = sales.Evidence(
    quantities={"row": 5},
    capacity=200,
    inventory={"row": Counts(2, 0, 5000, 0), "": Counts(2, 0, 5000, 0)},
    orders=[StoredOrder("o", "paid", {"row": 2}, 5000, 0, "pi")],
    checkouts=[CheckoutAtStripe("cs", "o", "complete", "paid")],
    charges=[ChargeAtStripe("pi", "o", True, 5000, 0)],
    orders_by_key={"k": frozenset({"o"})},
    refused=[],
    open_workflows=[],
)


def run(*sessions: SessionEvidence, **changed: Any) -> RunEvidence:
    return RunEvidence(
        **{
            "sessions": sessions,
            "sales": [SALE],
            "open_workflows": (),
            "failed_tasks": (),
            "unhandled_errors": (),
        }
        | changed
    )


@pytest.mark.parametrize("right", [session, in_progress, erased])
def test_a_run_that_is_right_has_no_violation(right: Callable[[], SessionEvidence]) -> None:
    assert judge(run(right())) == []


def test_a_session_that_was_never_created_has_only_its_answers() -> None:
    nameless = session(model=model(session_id="", wrong_answers=["500"]), view=None, row=None)
    assert [found.harm for found in judge(run(nameless))] == [Harm.WRONG]


def test_an_operation_without_an_answer_may_have_taken_effect() -> None:
    late = session(
        model=model(unanswered=["save"]),
        view=view(4, venueSetup={"name": "Hall"}),
        shown=view(4, venueSetup={"name": "Hall"}),
        row=StoredSession("completed", 4, {**STORED, "venueSetup": {"name": "Hall"}}),
        actions=[*ACTIONS, StoredAction(4, 0, "save_stage", "key-3")],
    )
    assert [found.harm for found in judge(run(late))] == [Harm.STUCK]


def test_the_last_answer_of_the_assistant_may_be_missing() -> None:
    assert judge(run(session(threads={"t": [SAID]}))) == []


LOST_SAVE: Final = view(eventSetup={"title": "Earlier"})

OF_SESSIONS: Final[dict[str, tuple[Harm, SessionEvidence]]] = {
    "save that is lost": (Harm.LOST, session(view=LOST_SAVE, shown=LOST_SAVE)),
    "session that does not answer": (Harm.LOST, session(view=None)),
    "session that is open again": (
        Harm.LOST,
        session(view=view(status="in_progress"), shown=view(status="in_progress")),
    ),
    "data that no request saved": (
        Harm.WRONG,
        session(view=view(venueSetup={"name": "x"}), shown=view(venueSetup={"name": "x"})),
    ),
    "row that is missing": (Harm.LOST, session(row=None)),
    "row that is behind": (Harm.STUCK, session(row=StoredSession("completed", 2, STORED))),
    "row with other data": (Harm.LOST, session(row=StoredSession("completed", 3, {}))),
    "action that is missing": (Harm.LOST, session(actions=[ACTIONS[0], ACTIONS[2]])),
    "save that was made twice": (
        Harm.DOUBLED,
        session(actions=[*ACTIONS, StoredAction(4, 0, "save_stage", "key-2")]),
    ),
    "save without a key that was made twice": (
        Harm.DOUBLED,
        session(actions=[*ACTIONS, StoredAction(4, 0, "save_stage", None)]),
    ),
    "revision with two actions": (
        Harm.DOUBLED,
        session(actions=[*ACTIONS, StoredAction(3, 0, "remind", None)]),
    ),
    "event that is missing": (Harm.LOST, session(events=[])),
    "event with other data": (Harm.LOST, session(events=[replace(EVENT, title="Earlier")])),
    "second event": (Harm.DOUBLED, session(events=[EVENT, replace(EVENT, event_id="f")])),
    "event that was published twice": (
        Harm.DOUBLED,
        session(actions=[*ACTIONS, StoredAction(4, 0, "publish_event", None)]),
    ),
    "reservation of an open session": (
        Harm.WRONG,
        in_progress(events=[replace(EVENT, status="draft")], objects=ON_SALE),
    ),
    "publication that is stuck": (
        Harm.STUCK,
        in_progress(view={**view(2, "in_progress"), "publication": {"state": "running"}}),
    ),
    "second account": (Harm.DOUBLED, session(accounts=["acct_1", "acct_2"])),
    "account that is missing": (Harm.LOST, session(accounts=[])),
    "price that is missing": (Harm.LOST, session(objects=ON_SALE[:1])),
    "second price": (Harm.DOUBLED, session(objects=[*ON_SALE, ON_SALE[1]])),
    "tickets on sale without an event": (Harm.WRONG, in_progress(objects=ON_SALE)),
    "stream that is behind": (Harm.STUCK, session(shown=view(2))),
    "stream without a message": (Harm.STUCK, session(shown=None)),
    "stream with other data": (Harm.LOST, session(shown=LOST_SAVE)),
    "stream that went back": (Harm.WRONG, session(steps_back=["revision 1 after 2"])),
    "workflow that is still open": (Harm.STUCK, session(is_open=True)),
    "workflow that ended early": (Harm.STUCK, in_progress(is_open=False)),
    "picture that is missing": (Harm.LOST, session(pictures={"/media/a.webp": 404})),
    "sales that are on again": (Harm.LOST, session(model=model(sales="closed"))),
    "thread that is missing": (Harm.LOST, session(threads={})),
    "message that is missing": (Harm.LOST, session(threads={"t": []})),
    "message with another text": (
        Harm.LOST,
        session(threads={"t": [replace(SAID, text="Help"), ANSWERED]}),
    ),
    "answer with another call": (
        Harm.WRONG,
        session(threads={"t": [SAID, replace(ANSWERED, calls=("c2",))]}),
    ),
    "second thread": (
        Harm.DOUBLED,
        session(threads={"t": [SAID, ANSWERED], "u": [SAID, ANSWERED]}),
    ),
    "erased session that answers": (Harm.STUCK, erased(view=view())),
    "row of an erased session": (
        Harm.STUCK,
        erased(row=StoredSession("abandoned", 3, STORED)),
    ),
    "audit trail of an erased session": (Harm.STUCK, erased(actions=ACTIONS)),
    "thread of an erased session": (Harm.STUCK, erased(threads={"t": [SAID]})),
    "workflow of an erased session": (Harm.STUCK, erased(is_open=True)),
    "answer that is wrong": (Harm.WRONG, session(model=model(wrong_answers=["save: 500"]))),
}


@pytest.mark.parametrize("name", OF_SESSIONS)
def test_a_violation_of_a_session_is_found(name: str) -> None:
    harm, wrong = OF_SESSIONS[name]
    found = judge(run(session(), wrong))
    assert harm in {violation.harm for violation in found}
    assert {violation.session_id for violation in found} == {"s"}


OF_RUNS: Final[dict[str, tuple[Harm, RunEvidence]]] = {
    "second charge": (
        Harm.DOUBLED,
        run(sales=[replace(SALE, charges=[*SALE.charges, ChargeAtStripe("p", "o", True, 1, 0)])]),
    ),
    "second checkout": (
        Harm.DOUBLED,
        run(
            sales=[
                replace(
                    SALE, checkouts=[*SALE.checkouts, replace(SALE.checkouts[0], checkout_id="c")]
                )
            ]
        ),
    ),
    "two orders of one request": (
        Harm.DOUBLED,
        run(sales=[replace(SALE, orders_by_key={"k": frozenset({"o", "p"})})]),
    ),
    "order that holds its tickets": (
        Harm.STUCK,
        run(sales=[replace(SALE, orders=[*SALE.orders, replace(SALE.orders[0], state="open")])]),
    ),
    "oversold": (Harm.WRONG, run(sales=[replace(SALE, capacity=1)])),
    "workflow of no session": (Harm.STUCK, run(open_workflows=["stripe-event-evt_1"])),
    "workflow task that failed": (Harm.STUCK, run(failed_tasks=["wizard-session-s: failed"])),
    "unhandled error": (Harm.WRONG, run(unhandled_errors=["unhandled error"])),
}


@pytest.mark.parametrize("name", OF_RUNS)
def test_a_violation_of_a_run_is_found(name: str) -> None:
    harm, wrong = OF_RUNS[name]
    assert harm in {violation.harm for violation in judge(wrong)}


def test_what_time_does_not_heal_is_final() -> None:
    wrong = session(model=model(wrong_answers=["500"], unanswered=["save"]), steps_back=["1"])
    assert all(violation.is_final for violation in judge(run(wrong)))
    assert not any(violation.is_final for violation in judge(run(session(row=None))))
