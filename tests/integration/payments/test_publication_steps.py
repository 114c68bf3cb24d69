"""Each step of a publication is in the read model, and so on every stream, while it runs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

import asyncpg
import httpx
import pytest

from db.pool import Connection
from dev.session_histories import billed_actions, histories_of, wait_until_idle
from domain import ids
from tests.support.activity_faults import Gate
from tests.support.paid_sessions import Seller, start_seller
from tests.support.session_rows import complete_session_rows
from tests.support.stage_data import free_event
from tests.support.stand_in import StandIn
from tests.support.streams import Stream, opened
from tests.support.system import System, pass_time, running_worker
from tests.support.wizard import fill_in, publish, start

AT_ONCE: Final = 1.0
"""Seconds, on a busy machine. The pause after which a burst is written is twice as long."""

MOST_ACTIONS: Final = {"free": 8, "paid": 14}
"""Billed actions from the request to the end: two more than on an idle machine, where no step takes
long enough for a pause. A write at each step would take three more."""


@pytest.fixture
def system(api: System) -> System:
    """Each test starts a worker of its own."""
    return api


@pytest.fixture
async def admin(api: System) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(api.database.admin_dsn)
    yield connection
    await connection.close()


@asynccontextmanager
async def events_locked(admin: Connection) -> AsyncIterator[None]:
    """No event can be written, but sessions can."""
    async with admin.transaction():
        await admin.execute("LOCK TABLE events IN EXCLUSIVE MODE")
        yield


class Steps:
    """The states of steps that a stream sends."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self.seen: list[tuple[str, str]] = []

    async def until(self, name: str, state: str) -> None:
        async with asyncio.timeout(AT_ONCE):
            while (name, state) not in self.seen:
                message = await self._stream.next("publication")
                self.seen.append((message.data["name"], message.data["state"]))


async def test_a_stream_sees_each_step_while_it_runs(
    api: System, stand_in: StandIn, ada: httpx.AsyncClient, admin: Connection
) -> None:
    checking, offering = Gate(ids.ACTIVITY_CHECK_ACCOUNT), Gate("offer_tier")
    async with running_worker(api, stripe_url=stand_in.url):
        sale = await start_seller(ada, stand_in)
        await wait_until_idle(api.temporal.client, sale.wizard.session_id)
    async with (
        running_worker(api, stripe_url=stand_in.url, interceptors=[checking, offering]),
        opened(ada, sale.wizard.session_id) as stream,
    ):
        steps = Steps(stream)
        assert (await sale.wizard.post("/publish", prefer="wait=0")).status_code == 202
        await checking.reached()
        await steps.until("revalidate", "running")
        async with events_locked(admin):
            checking.open()
            await steps.until("reserve", "running")
        await steps.until("catalogue", "running")
        async with events_locked(admin):
            offering.open()
            await steps.until("publish", "running")
            assert (await sale.wizard.view())["publication"]["state"] == "running"
            assert await audited_steps(sale) == ["reserve", "catalogue", "publish"]
        await steps.until("publish", "done")

    assert steps.seen == [
        ("revalidate", "running"),
        ("revalidate", "done"),
        ("reserve", "running"),
        ("reserve", "done"),
        ("catalogue", "running"),
        ("catalogue", "done"),
        ("publish", "running"),
        ("publish", "done"),
    ]


async def audited_steps(sale: Seller) -> list[str]:
    actions = (await sale.wizard.get("/actions")).json()["items"]
    begun = [action for action in actions if action["name"] == "publication_step"]
    return [action["detail"] for action in sorted(begun, key=lambda action: action["revision"])]


async def test_a_scheduled_start_is_seen_while_stripe_is_slow(
    api: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    checking = Gate(ids.ACTIVITY_CHECK_ACCOUNT)
    async with running_worker(api, stripe_url=stand_in.url):
        sale = await start_seller(ada, stand_in)
        at = datetime.now(UTC) + timedelta(days=2)
        planned = await sale.wizard.post("/publish", {"publish_at": at.isoformat()})
        assert planned.status_code == 202, planned.text
        await pass_time(api, sale.wizard, timedelta(days=1, hours=12))
        await wait_until_idle(api.temporal.client, sale.wizard.session_id)
    async with (
        running_worker(api, stripe_url=stand_in.url, interceptors=[checking]),
        opened(ada, sale.wizard.session_id) as stream,
    ):
        steps = Steps(stream)
        # The session's clock does not pass a running activity.
        passing = asyncio.create_task(pass_time(api, sale.wizard, timedelta(days=1)))
        await checking.reached()  # the new worker replays the session before that
        await steps.until("revalidate", "running")
        checking.open()
        await steps.until("publish", "done")
        await passing


@pytest.mark.parametrize("kind", MOST_ACTIONS)
async def test_a_publication_costs_few_actions(
    api: System, stand_in: StandIn, ada: httpx.AsyncClient, kind: str
) -> None:
    async with running_worker(api, stripe_url=stand_in.url):
        if kind == "paid":
            wizard = (await start_seller(ada, stand_in)).wizard
        else:
            wizard = await start(ada)
            await fill_in(wizard, free_event())
        client = api.temporal.client
        await wait_until_idle(client, wizard.session_id)
        before = billed_actions(*await histories_of(client, wizard.session_id))
        await publish(wizard)
        await complete_session_rows(api.database, client, wizard.session_id)

    after = billed_actions(*await histories_of(client, wizard.session_id))
    assert after - before <= MOST_ACTIONS[kind]
