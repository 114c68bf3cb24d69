"""Events of the other mode are ignored, and a secret accepts the events of its endpoint."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from tests.integration.webhooks.stripe_inbox import redrive, rows_of
from tests.support.api import client_for, serving, settings_for
from tests.support.problem_documents import assert_problem
from tests.support.stripe_events import (
    CONNECT_SECRET,
    PLATFORM_SECRET,
    Delivery,
    deliver,
    signed,
    snapshot,
    thin,
)
from tests.support.system import System

LABELLED = (f"platform:{PLATFORM_SECRET}", f"connect:{CONNECT_SECRET}")
EITHER_SECRET = "whsec_of_both_endpoints"


@asynccontextmanager
async def receiving(api: System, **settings: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an API with these settings."""
    async with (
        serving(settings_for(api.database, **settings), api.temporal.client) as address,
        client_for(address, None) as http,
    ):
        yield http


@pytest.mark.parametrize("is_live", [True, False])
async def test_an_event_of_the_other_mode_is_ignored(
    system: System,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    is_live: bool,
) -> None:
    caplog.set_level(logging.INFO)
    content = {"object": {"id": "acct_1", "object": "account", "email": "ada@example.test"}}
    others = [
        snapshot("acct_1", livemode=not is_live, data=content),
        snapshot(None, "balance.available", livemode=not is_live),
        thin("acct_1", livemode=not is_live),
    ]
    own = thin("acct_1", livemode=is_live)
    async with receiving(
        system, stripe_webhook_secrets=(CONNECT_SECRET,), stripe_livemode=is_live
    ) as http:
        for event in [*others, *others]:
            answer = await deliver(http, signed(event))
            assert (answer.status_code, answer.json()) == (200, {"received": True, "new": False})
        assert_problem(await deliver(http, signed(others[0], "whsec_")), 400, "webhook_refused")
        assert (await deliver(http, signed(own))).json() == {"received": True, "new": True}
        metrics = (await http.get("/metrics")).text

    assert 'wizard_webhooks_total{outcome="other_mode"} 6.0' in metrics
    assert [row.id for row in await rows_of(system.database)] == [own["id"]]
    assert await redrive(system) == 0
    out, err = capfd.readouterr()
    logged = caplog.text + out + err
    assert logged.count("Stripe event of the other mode ignored") == 6
    assert "ada@example.test" not in logged


REFUSED = {
    "account, platform": (snapshot("acct_1"), PLATFORM_SECRET),
    "thin account, platform": (thin("acct_1"), PLATFORM_SECRET),
    "thin in a context, platform": (
        thin("mtr_1", "v1.billing.meter.no_meter_found", related_object=None, context="acct_1"),
        PLATFORM_SECRET,
    ),
    "platform, connect": (snapshot(None, "balance.available"), CONNECT_SECRET),
    "thin platform, connect": (
        thin("mtr_1", "v1.billing.meter.no_meter_found", related_object=None),
        CONNECT_SECRET,
    ),
}


@pytest.mark.parametrize(("event", "secret"), REFUSED.values(), ids=REFUSED)
async def test_a_secret_of_the_other_endpoint_is_refused(
    api: System, event: dict[str, Any], secret: str
) -> None:
    right = CONNECT_SECRET if secret == PLATFORM_SECRET else PLATFORM_SECRET
    secrets = (*LABELLED, EITHER_SECRET)
    async with receiving(api, stripe_webhook_secrets=secrets) as http:
        refused = await deliver(http, signed(event, secret))
        assert await rows_of(api.database) == []
        accepted = [await deliver(http, signed(event, use)) for use in (right, EITHER_SECRET)]

    detail = assert_problem(refused, 400, "webhook_refused")["detail"]
    owner, endpoint = (
        ("a connected account", "connect")
        if right == CONNECT_SECRET
        else ("the platform", "platform")
    )
    assert f"{event['id']} belongs to {owner}" in detail
    assert f"a secret of the {endpoint} endpoint" in detail
    assert "whsec" not in refused.text
    assert [answer.json()["new"] for answer in accepted] == [True, False]


async def test_a_signature_of_the_right_endpoint_suffices(api: System) -> None:
    """During a rotation, a delivery has a signature of each secret of its endpoint."""
    event = snapshot("acct_1")
    ours, foreign = signed(event, CONNECT_SECRET), signed(event, PLATFORM_SECRET)
    signatures = f"{foreign.signature},{(ours.signature or '').partition(',')[2]}"
    async with receiving(api, stripe_webhook_secrets=LABELLED) as http:
        answer = await deliver(http, Delivery(ours.body, signatures))

    assert answer.json() == {"received": True, "new": True}


@pytest.mark.parametrize("secret", [PLATFORM_SECRET, CONNECT_SECRET])
async def test_stripes_test_of_an_endpoint_succeeds(api: System, secret: str) -> None:
    ping = thin(
        "ed_1",
        "v2.core.event_destination.ping",
        related_object={"id": "ed_1", "type": "v2.core.event_destination", "url": "/ed_1"},
    )
    async with receiving(api, stripe_webhook_secrets=LABELLED) as http:
        answer = await deliver(http, signed(ping, secret))

    assert answer.json() == {"received": True, "new": True}
