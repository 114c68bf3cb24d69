"""Handing a status on: the order of the sessions, closed ones, and a retry after a crash."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import ActivityEnvironment

from activities.account_changes import AccountChangeActivities, HandAccountOn
from activities.calls import NoAnswer
from activities.signalling import PAGE_SIZE
from domain import ids
from domain.session.messages import PaymentAccountChanged
from domain.values.payments import Payments, PaymentStatus

HANDED = HandAccountOn(
    account_id="acct_ada", payments=Payments(account_id="acct_ada", status=PaymentStatus.READY)
)
NEWEST_FIRST = [f"session-{number:03}" for number in range(2 * PAGE_SIZE + 7)]


@dataclass
class FakeTemporal:
    """Records the signalled sessions; ``refusals`` are answers to sessions."""

    refusals: dict[str, RPCStatusCode] = field(default_factory=dict)
    signalled: list[str] = field(default_factory=list)

    def get_workflow_handle(self, workflow_id: str) -> "FakeSession":
        return FakeSession(ids.session_id_of(workflow_id), self)


@dataclass
class FakeSession:
    session_id: str
    temporal: FakeTemporal

    async def signal(self, name: str, message: PaymentAccountChanged) -> None:
        refusal = self.temporal.refusals.get(self.session_id)
        if refusal is not None:
            raise RPCError("refused", refusal, b"")
        self.temporal.signalled.append(self.session_id)
        assert (name, message) == (
            ids.SIGNAL_PAYMENT_ACCOUNT_CHANGED,
            PaymentAccountChanged(account_id="acct_ada", payments=HANDED.payments),
        )


class FakeAccounts:
    async def open_sessions(self, _account_id: str, *, after: str | None, limit: int) -> list[str]:
        begin = NEWEST_FIRST.index(after) + 1 if after else 0
        return NEWEST_FIRST[begin : begin + limit]


async def hand_on(temporal: FakeTemporal, *heartbeat: Any) -> tuple[int, list[tuple[Any, ...]]]:
    """Returns the number of sessions, and the heartbeats."""
    heartbeats: list[tuple[Any, ...]] = []
    environment = ActivityEnvironment()
    environment.info = replace(environment.info, heartbeat_details=heartbeat)
    environment.on_heartbeat = lambda *details: heartbeats.append(details)
    activities = AccountChangeActivities(FakeAccounts(), temporal)  # type: ignore[arg-type] # fakes
    return await environment.run(activities.hand_account_on, HANDED), heartbeats


async def test_every_open_session_gets_the_status_newest_first() -> None:
    temporal = FakeTemporal()

    number, heartbeats = await hand_on(temporal)

    assert number == len(NEWEST_FIRST)
    assert temporal.signalled == NEWEST_FIRST
    assert heartbeats[-1] == (NEWEST_FIRST[-1], number)


async def test_a_closed_session_is_skipped_and_not_counted() -> None:
    temporal = FakeTemporal({NEWEST_FIRST[3]: RPCStatusCode.NOT_FOUND})

    number, _ = await hand_on(temporal)

    assert number == len(NEWEST_FIRST) - 1
    assert NEWEST_FIRST[3] not in temporal.signalled


async def test_a_retry_continues_after_the_last_heartbeat() -> None:
    temporal = FakeTemporal({NEWEST_FIRST[150]: RPCStatusCode.UNAVAILABLE})
    with pytest.raises(NoAnswer):
        await hand_on(temporal)
    heartbeat = (NEWEST_FIRST[149], 150)
    temporal.refusals.clear()
    temporal.signalled.clear()

    number, heartbeats = await hand_on(temporal, *heartbeat)

    assert number == len(NEWEST_FIRST)
    assert temporal.signalled == NEWEST_FIRST[150:]
    assert heartbeats[-1] == (NEWEST_FIRST[-1], number)
