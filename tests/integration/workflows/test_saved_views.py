"""Each saved view of the operations guide finds the documented workflows on a real server."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from domain import ids
from domain.actors import Actor
from domain.session.messages import SessionStart
from domain.session.state import start_session, view_of
from domain.session.view import Publication, PublicationState, SessionView, Status
from domain.stages import Stage
from domain.values.payments import Payments, PaymentStatus
from temporal.search_attributes import at_start
from tests.support.system import System
from tests.support.waiting import eventually

GUIDE = Path(__file__).parents[3] / "docs" / "operations.md"
ROW = re.compile(r"^\| (?P<name>[^|`]+) \| `(?P<query>[^`|]+)` \|$", re.MULTILINE)
TIME = re.compile(r'"\d{4}-\d\d-\d\dT[\d:]+Z"')

NOW = datetime.now(UTC)
TTL = timedelta(days=7)


def documented() -> dict[str, str]:
    section = GUIDE.read_text().partition("### Saved views")[2].partition("\n### ")[0]
    return {row["name"]: row["query"] for row in ROW.finditer(section)}


def session(
    *, org: str | None = "acme", user: str = "ada", age: int = 0, **shown: Any
) -> SessionView:
    """A session that is ``age`` days old; keywords replace fields of its view."""
    state = start_session(
        str(uuid4()),
        Actor(user_id=user, organization_id=org),
        created_at=NOW - timedelta(days=age),
    )
    return view_of(state, NOW).model_copy(update=shown)


def publication(state: PublicationState) -> Publication:
    return Publication(state=state)


SESSIONS: Final = {
    "fresh": session(),
    "alone": session(org=None),
    "other": session(org="other", user="eve"),
    "failed": session(org="o1", publication=publication(PublicationState.FAILED)),
    "running": session(org="o1", publication=publication(PublicationState.RUNNING)),
    "scheduled": session(org="o1", publication=publication(PublicationState.SCHEDULED)),
    "restricted": session(
        org="o1", payments=Payments(account_id="acct_1", status=PaymentStatus.RESTRICTED)
    ),
    "ready": session(org="o1", payments=Payments(account_id="acct_2", status=PaymentStatus.READY)),
    "last day": session(org="o1", age=6, expires_at=NOW + timedelta(hours=20)),
    "stuck": session(org="o1", age=4, current_stage=Stage.TICKET_SETUP),
    "at tickets": session(org="o1", age=1, current_stage=Stage.TICKET_SETUP),
    "abandoned": session(org="o1", status=Status.ABANDONED),
    "lost": session(org="o1"),
}

IN_A_DAY = NOW + timedelta(days=1)
THREE_DAYS_OLD = NOW + TTL - timedelta(days=3)

FOUND: Final[dict[str, tuple[datetime | None, set[str]]]] = {
    "All sessions": (None, set(SESSIONS)),
    "Failed publications": (None, {"failed"}),
    "Running publications": (None, {"running"}),
    "Scheduled publications": (None, {"scheduled"}),
    "Waiting for Stripe": (None, {"restricted"}),
    "Expires within a day": (IN_A_DAY, {"last day"}),
    "One organization": (None, {"fresh"}),
    "One user without an organization": (None, {"alone"}),
    "At one stage, three days old or more": (THREE_DAYS_OLD, {"stuck"}),
    "Abandoned or expired": (None, {"abandoned"}),
    "Stripe events not processed yet": (None, {"event"}),
    "Notifications not delivered yet, or failed": (None, {"notification"}),
    "Running erasures": (None, {"erasure"}),
    "Lost sessions": (None, {"lost"}),
    "Failing workflow tasks: a bug, or a missing key": (None, set()),
}
"""The time that replaces the one in the query, and the names that the query finds."""


async def begin(system: System, kind: str, workflow_id: str, argument: Any, **options: Any) -> str:
    handle = await system.temporal.client.start_workflow(
        kind, argument, id=workflow_id, task_queue=ids.TASK_QUEUE, **options
    )
    return handle.id


async def begin_all(system: System) -> dict[str, str]:
    """Starts all workflows without a worker, so that they stay unchanged, and terminates the lost
    one; names by workflow id."""
    names = {}
    for name, view in SESSIONS.items():
        actor = Actor(user_id=view.user_id, organization_id=view.organization_id)
        workflow_id = await begin(
            system,
            ids.WIZARD_SESSION,
            ids.session_workflow_id(view.session_id),
            SessionStart(session_id=view.session_id, owner=actor, ttl_seconds=60),
            search_attributes=at_start(view),
        )
        names[workflow_id] = name
        if name == "lost":
            await system.temporal.client.get_workflow_handle(workflow_id).terminate()
    event = ids.stripe_event_workflow_id(f"evt_{uuid4()}")
    names[await begin(system, ids.WIZARD_STRIPE_EVENT, event, "evt")] = "event"
    delivery = ids.delivery_workflow_id(f"msg_{uuid4()}")
    names[await begin(system, ids.WIZARD_DELIVER_NOTIFICATION, delivery, "msg")] = "notification"
    erasure = ids.erasure_workflow_id(str(uuid4()))
    names[await begin(system, ids.WIZARD_ERASE_SESSION, erasure, None)] = "erasure"
    return names


def at(time: datetime | None, query: str) -> str:
    return TIME.sub(f'"{time.isoformat()}"', query) if time else query


def test_every_documented_view_is_tested() -> None:
    assert documented().keys() == FOUND.keys()


async def test_every_documented_view_finds_its_workflows(api: System) -> None:
    names = await begin_all(api)

    async def found_by(query: str) -> set[str]:
        workflows = api.temporal.client.list_workflows(query)
        return {names[workflow.id] async for workflow in workflows if workflow.id in names}

    async def all_are_listed() -> bool:
        ended = await found_by('ExecutionStatus = "Terminated"')
        return await found_by("") == set(names.values()) and ended == {"lost"}

    await eventually(all_are_listed, what="every workflow in Temporal's list")
    queries = {name: at(FOUND[name][0], query) for name, query in documented().items()}
    found = {name: await found_by(query) for name, query in queries.items()}
    assert found == {name: expected for name, (_, expected) in FOUND.items()}
