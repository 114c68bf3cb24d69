"""A publication that fails for good takes everything off sale, and can be repeated."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from temporalio import workflow

from domain import ids
from domain.json_values import JsonObject
from tests.support.activity_faults import Fault, Faults, Moment, fail_for_good
from tests.support.paid_sessions import (
    THREE_TIERS,
    Seller,
    assert_nothing_on_sale,
    assert_on_sale_once,
    on_sale,
    start_seller,
)
from tests.support.problem_documents import assert_problem, error_places
from tests.support.session_rows import complete_session_rows, session_rows_of
from tests.support.stand_in import StandIn
from tests.support.system import System, running_worker
from tests.support.wizard import publish, published_event


@pytest.fixture(scope="module")
def faults() -> Faults:
    return Faults()


@pytest.fixture(scope="module")
async def system(api: System, running_stand_in: StandIn, faults: Faults) -> AsyncIterator[System]:
    """One worker for all tests of the file, whose faults are each of one session."""
    async with running_worker(api, stripe_url=running_stand_in.url, interceptors=[faults]):
        yield api


def first_time_only(strike: Callable[[], object]) -> Callable[[], None]:
    pending = [strike]

    def first() -> None:
        if pending:
            pending.pop()()

    return first


def at(sale: Seller, activity: str, moment: Moment, strike: Callable[[], object]) -> Fault:
    workflow_id = ids.session_workflow_id(sale.wizard.session_id)
    return Fault(workflow_id, activity, moment, first_time_only(strike))


async def assert_undone(system: System, stand_in: StandIn, sale: Seller) -> JsonObject:
    """Asserts that nothing is on sale and no event exists; returns the publication."""
    await assert_nothing_on_sale(stand_in, sale.account)
    assert (await session_rows_of(system.database, sale.wizard.session_id)).events == []
    view = await sale.wizard.view(consistent="true")
    assert view["status"] == "in_progress"
    assert view["event_id"] is None
    publication: JsonObject = view["publication"]
    assert publication["state"] == "failed"
    assert "running" not in {step["state"] for step in publication["steps"]}
    return publication


async def second_try(system: System, stand_in: StandIn, sale: Seller) -> None:
    """Publishes with a higher price; the earlier price is no longer on sale."""
    tiers = (await sale.wizard.view(consistent="true"))["stages"]["ticketSetup"]["data"]["tiers"]
    tiers[0]["unit_amount"] = 2700
    saved = await sale.wizard.save("ticketSetup", {"tiers": tiers})
    assert saved.status_code == 200, saved.text
    await sale.wizard.save("reviewPublish", {"acceptTerms": True})

    event = await published_event(sale.wizard)
    await assert_on_sale_once(stand_in, sale.account, event)
    amounts = [price["unit_amount"] for price in (await on_sale(stand_in, sale.account))["price"]]
    assert sorted(amount for amount in amounts if amount) == [2700, 9000]
    records = await complete_session_rows(
        system.database, system.temporal.client, sale.wizard.session_id
    )
    assert records.names.count("publish_event") == 1


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(
    "activity",
    [
        "check_payment_account",
        "reserve_event",
        "offer_tier",
    ],
)
async def test_a_failed_step_is_undone_and_tried_again(
    faults: Faults,
    system: System,
    stand_in: StandIn,
    ada: httpx.AsyncClient,
    *,
    activity: str,
    moment: Moment,
) -> None:
    sale = await start_seller(ada, stand_in, *THREE_TIERS)
    faults.add(at(sale, activity, moment, fail_for_good))

    failed = await sale.wizard.post("/publish")

    assert failed.status_code == 409, failed.text
    assert (await assert_undone(system, stand_in, sale))["error"]["message"]
    await second_try(system, stand_in, sale)


async def test_a_failed_publication_is_taken_off_sale(
    faults: Faults, system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    sale = await start_seller(ada, stand_in, *THREE_TIERS)
    faults.add(at(sale, "publish_event", "before", fail_for_good))

    assert_problem(await sale.wizard.post("/publish"), 409, "publish_failed")

    publication = await assert_undone(system, stand_in, sale)
    assert publication["error"]["code"] == "publish_failed"
    await second_try(system, stand_in, sale)


async def test_a_published_event_reported_as_failed_stays_on_sale(
    faults: Faults, system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    sale = await start_seller(ada, stand_in, *THREE_TIERS)
    faults.add(at(sale, "publish_event", "after", fail_for_good))

    event = await published_event(sale.wizard)
    await assert_on_sale_once(stand_in, sale.account, event)
    records = await complete_session_rows(
        system.database, system.temporal.client, sale.wizard.session_id
    )
    assert records.status == "completed"
    assert "fail_publication" not in records.names


async def test_an_account_deleted_while_publishing_keeps_the_session(
    faults: Faults, system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    """Stripe also refuses to take tickets off sale, but a deleted account sells nothing."""
    sale = await start_seller(ada, stand_in, *THREE_TIERS)
    faults.add(
        at(
            sale,
            "reserve_event",
            "before",
            lambda: httpx.post(f"{stand_in.url}/_stand_in/reset", trust_env=False),
        )
    )

    refused = assert_problem(await sale.wizard.post("/publish"), 409, "payments_refused")

    publication = await assert_undone(system, stand_in, sale)
    assert publication["error"]["message"] == refused["detail"]
    assert [(step["name"], step["state"]) for step in publication["steps"]] == [
        ("revalidate", "done"),
        ("reserve", "undone"),
        ("catalogue", "failed"),
    ]
    assert (await sale.wizard.save("eventSetup", {"title": "Later"})).status_code == 200


async def test_a_failed_compensation_leaves_an_open_session(
    faults: Faults, system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    sale = await start_seller(ada, stand_in, *THREE_TIERS)
    faults.add(
        at(sale, "publish_event", "before", fail_for_good),
        at(sale, "retire_catalogue", "before", fail_for_good),
    )

    failed = await sale.wizard.post("/publish")

    assert failed.status_code == 409, failed.text
    view = await sale.wizard.view(consistent="true")
    assert view["status"] == "in_progress"
    assert view["publication"]["state"] == "failed"
    assert (await session_rows_of(system.database, sale.wizard.session_id)).events == []
    await second_try(system, stand_in, sale)


async def test_a_slug_taken_while_publishing_sells_nothing(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient, user: str
) -> None:
    slug = f"show-{user[-10:]}"
    first = await start_seller(ada, stand_in, *THREE_TIERS, slug=slug)
    await publish(first.wizard)
    event = (await ada.get(f"/v1/events/{first.event_id}")).json()
    second = await start_seller(ada, stand_in, *THREE_TIERS, slug=slug)

    refused = assert_problem(await second.wizard.post("/publish"), 422, "publish_blocked")

    assert error_places(refused) == [("/slug", "slug_taken")]
    assert second.account == first.account
    await assert_on_sale_once(stand_in, first.account, event)


async def test_a_failed_sale_leaves_other_sessions_on_sale(
    faults: Faults, system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    first = await start_seller(ada, stand_in, *THREE_TIERS)
    event = await published_event(first.wizard)
    second = await start_seller(ada, stand_in, *THREE_TIERS)
    faults.add(at(second, "publish_event", "before", fail_for_good))

    assert (await second.wizard.post("/publish")).status_code == 409

    await assert_on_sale_once(stand_in, first.account, event)


async def test_a_session_of_an_earlier_release_retires_its_links(
    faults: Faults,
    system: System,
    stand_in: StandIn,
    ada: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its publication began before the upgrade, so it makes links, and then fails."""
    sale = await start_seller(ada, stand_in, *THREE_TIERS)
    patched = workflow.patched
    monkeypatch.setattr(
        workflow, "patched", lambda name: name != ids.PATCH_NO_PAYMENT_LINKS and patched(name)
    )
    faults.add(at(sale, "publish_event", "before", fail_for_good))

    assert_problem(await sale.wizard.post("/publish"), 409, "publish_failed")

    publication = await assert_undone(system, stand_in, sale)
    assert [(step["name"], step["state"]) for step in publication["steps"]][2:] == [
        ("catalogue", "undone"),
        ("payment_links", "undone"),
        ("publish", "failed"),
    ]
    links = await stand_in.get("/objects", kind="payment_link", account=sale.account)
    assert [link["active"] for link in links] == [False] * 3
