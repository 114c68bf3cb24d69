"""The rate of Stripe's task queue is shared fairly between tenants."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import httpx
from temporalio.client import Client

from domain import ids
from domain.actors import Tenant
from tests.support.api import SignIn
from tests.support.paid_sessions import Seller, start_seller
from tests.support.session_workflow import session_handle
from tests.support.stand_in import StandIn
from tests.support.system import System, running_worker
from tests.support.waiting import eventually
from tests.support.wizard import publish

ACTIVITIES_PER_SECOND = 10
EVENTS = 8
MOST_BEFORE = 5
"""Activities of the large tenant that may start while one of the small tenant waits. Without
fairness, these are all that wait: four for each event."""


@dataclass(frozen=True)
class StripeActivity:
    scheduled_at: datetime
    started_at: datetime
    fairness_key: str


async def stripe_activities(client: Client, sale: Seller) -> list[StripeActivity]:
    """The activities of a session on Stripe's task queue that have started."""
    history = await session_handle(client, sale.wizard.session_id).fetch_history()
    scheduled = {
        event.event_id: event
        for event in history.events
        if event.activity_task_scheduled_event_attributes.task_queue.name == ids.STRIPE_TASK_QUEUE
    }
    started = [
        (event, event.activity_task_started_event_attributes.scheduled_event_id)
        for event in history.events
    ]
    return [
        StripeActivity(
            scheduled_at=scheduled[number].event_time.ToDatetime(),
            started_at=event.event_time.ToDatetime(),
            fairness_key=scheduled[
                number
            ].activity_task_scheduled_event_attributes.priority.fairness_key,
        )
        for event, number in started
        if number in scheduled
    ]


def tiers(count: int) -> list[dict[str, object]]:
    return [{"name": f"Row {number}", "unit_amount": 2500} for number in range(count)]


async def test_a_small_publication_does_not_wait_for_large_ones(
    api: System, stand_in: StandIn, ada: httpx.AsyncClient, sign_in: SignIn
) -> None:
    client = api.temporal.client
    async with running_worker(api, stripe_url=stand_in.url):
        large = [await start_seller(ada, stand_in, *tiers(18)) for _ in range(EVENTS)]
        small = await start_seller(sign_in(uuid4().hex), stand_in, *tiers(2))
    async with running_worker(
        api, stripe_url=stand_in.url, stripe_activities_per_second=ACTIVITIES_PER_SECOND
    ):
        publications = [
            asyncio.create_task(sale.wizard.post("/publish", prefer="wait=30")) for sale in large
        ]
        before = [len(await stripe_activities(client, sale)) for sale in large]

        async def offers_tiers() -> bool:
            """Each of the large events has had its account fetched."""
            now = [len(await stripe_activities(client, sale)) for sale in large]
            return all(more > less + 1 for more, less in zip(now, before, strict=True))

        await eventually(offers_tiers, within=30, what="the large publications")
        noted = len(await stripe_activities(client, small))
        await publish(small.wizard)
        own = (await stripe_activities(client, small))[noted:]
        answers = await asyncio.gather(*publications)

    assert {answer.status_code for answer in answers} == {200}
    others = [activity for sale in large for activity in await stripe_activities(client, sale)]
    assert len(own) == 3
    assert max(other.started_at for other in others) > own[-1].started_at
    waited = [
        sum(activity.scheduled_at < other.started_at < activity.started_at for other in others)
        for activity in own
    ]
    assert max(waited) <= MOST_BEFORE


async def test_an_activity_names_its_tenant_without_its_id(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient, user: str
) -> None:
    sale = await start_seller(ada, stand_in)
    await publish(sale.wizard)

    keys = {
        activity.fairness_key for activity in await stripe_activities(system.temporal.client, sale)
    }

    assert keys == {ids.fairness_key(str(Tenant("user", user)))}
    assert user not in keys.pop()
