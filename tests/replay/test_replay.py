"""Sessions of an earlier version replay in this one."""

import json
import sys
from base64 import b64decode
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

import pytest
from temporalio.client import WorkflowHistory

from tests.replay.recording import HISTORIES, NEWEST, ORDERS
from tests.support.session_workflow import replayer

RECORDED: Final = {
    str(path.relative_to(HISTORIES).with_suffix("")): path.read_text()
    for path in sorted(HISTORIES.rglob("*.json"))
}

BOUND_TO_PYTHON: Final = {"rules-5/compensated-catalogue", "rules-5/published-catalogue"}
"""Recorded with Python 3.11. In runs of these rules, the order of the commands depends on the
version of Python (ADR 76)."""

KINDS: Final[dict[str, set[str]]] = {
    "abandoned": set(),
    "at-risk": {"gather_publish_facts"},
    "compensated-catalogue": {"offer_tier", "retire_catalogue"},
    "connected": {
        "connect_account",
        "create_onboarding_link",
        "check_payment_account",
    },
    "continued-1": set(),
    "continued-2": set(),
    "created-with-data": {"project_session", "stored_status"},
    "expired": set(),
    "failed-after-publish-event": {"publish_event", "release_event"},
    "failed-after-reserve-event": {"reserve_event", "release_event"},
    "failed-before-publish-event": {"publish_event", "release_event"},
    "failed-before-reserve-event": {"reserve_event", "release_event"},
    "handed-on": {"connect_account"},
    "in-progress": set(),
    "long-1": set(),
    "long-2": {"publish_event"},
    "change-sales": {"set_sales", "close_open_orders"},
    "planned": {"publish_event"},
    "published": {"publish_event"},
    "published-catalogue": {"offer_tier", "publish_event"},
    "refused": {"gather_publish_facts"},
    "reminded": set(),
    "signals-refused": set(),
    "stored-status": {"stored_status"},
    "stripe-event": {"fetch_account", "hand_account_on"},
    "stripe-event-checkout": set(),
    "stripe-event-refund": {"fetch_charge", "record_charge"},
    "sweep": {"sweep_workflows", "sweep_rows", "sweep_orders"},
}
"""The activities that the history of each kind contains at least."""

ORDER_KINDS: Final[dict[str, set[str]]] = {
    "order-cancelled": {"expire_checkout", "release_order"},
    "order-expired": {"open_checkout", "expire_checkout", "release_order"},
    "order-paid": {"hold_tickets", "open_checkout", "look_at_checkout", "confirm_order"},
    "order-processing": {"payment_processing", "look_at_checkout", "confirm_order"},
    "order-refunded": {"hold_tickets"},
    "order-refused": {"hold_tickets"},
    "order-resumed": {"hold_tickets", "find_checkout", "confirm_order"},
}

EARLIER_KINDS: Final[dict[str, set[str]]] = {
    "rules-2/connected": {"ensure_payment_account", "create_onboarding_link"},
    "rules-2/compensated": {"link_tier", "retire_catalogue"},
    "rules-2/published-paid": {"offer_tier", "link_tier", "publish_event"},
}
"""Kinds of sessions that new ones do not have: they made payment links, or had accounts created by
an earlier activity."""

ALL_KINDS: Final = (
    {f"{NEWEST}/{kind}": names for kind, names in KINDS.items()}
    | {f"{ORDERS}/{kind}": names for kind, names in ORDER_KINDS.items()}
    | EARLIER_KINDS
)

ADVICE: Final = """\
This version makes other decisions than the session in {name}.json did. An open session like it
is blocked at its next message until an older worker replays it.

- Was the order or number of activities, timers, signals or search attributes changed by mistake?
  Revert the change.
- Is it intended, and is the system deployed without WORKER_BUILD_ID? Put it behind
  workflow.patched("..."), so that running sessions continue as before.
- Is it intended, and is every worker deployed with a WORKER_BUILD_ID? Then a session is replayed
  only by the build that it started on: release the change under a new build id (docs/operations.md,
  "Upgrading the workers") and record the histories again: make record-histories
- Was this version never in production? Record the histories again: make record-histories
"""


async def replay_failures(recorded: Mapping[str, str]) -> dict[str, Exception | None]:
    """By name. One worker replays all of them: to prepare it takes longer than a replay."""

    async def histories() -> AsyncIterator[WorkflowHistory]:
        for name, history in recorded.items():
            yield WorkflowHistory.from_json(name, history)

    async with replayer().workflow_replay_iterator(histories()) as results:
        return {result.history.workflow_id: result.replay_failure async for result in results}


def require_replay(name: str, failure: Exception | None) -> None:
    if failure is not None:
        pytest.fail(f"{failure}\n\n{ADVICE.format(name=name)}", pytrace=False)


def activities_in(recorded: str) -> set[str]:
    """The names of all activities, local ones included."""
    events: list[dict[str, Any]] = json.loads(recorded)["events"]
    scheduled = [event.get("activityTaskScheduledEventAttributes") for event in events]
    markers = [event.get("markerRecordedEventAttributes", {}) for event in events]
    return {attributes["activityType"]["name"] for attributes in scheduled if attributes} | {
        local_activity_of(marker)
        for marker in markers
        if marker.get("markerName") == "core_local_activity"
    }


def local_activity_of(marker: dict[str, Any]) -> str:
    (payload,) = marker["details"]["data"]["payloads"]
    name: str = json.loads(b64decode(payload["data"]))["activity_type"]
    return name


@pytest.fixture(scope="module")
async def failures() -> dict[str, Exception | None]:
    return await replay_failures(RECORDED)


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_session_replays(name: str, failures: dict[str, Exception | None]) -> None:
    if name in BOUND_TO_PYTHON and sys.version_info >= (3, 12):
        pytest.skip("its run has rules by which only Python 3.11 replays it")
    require_replay(name, failures[name])


async def test_a_failed_replay_is_explained_with_advice() -> None:
    recorded = RECORDED["published"]
    changed = recorded.replace("reserve_event", "something_else")
    assert changed != recorded

    failures = await replay_failures({"published": changed, "expired": RECORDED["expired"]})
    assert failures["expired"] is None
    with pytest.raises(pytest.fail.Exception) as failed:
        require_replay("published", failures["published"])

    message = str(failed.value)
    assert "something_else" in message
    for advice in (
        "published.json",
        "workflow.patched",
        "WORKER_BUILD_ID",
        "make record-histories",
    ):
        assert advice in message


def test_every_kind_of_session_is_recorded() -> None:
    assert ALL_KINDS.keys() <= RECORDED.keys()


@pytest.mark.parametrize("name", ALL_KINDS)
def test_a_recorded_session_has_the_activities_of_its_kind(name: str) -> None:
    assert ALL_KINDS[name] <= activities_in(RECORDED[name])
