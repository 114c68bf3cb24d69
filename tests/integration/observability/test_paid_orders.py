"""The metric of paid orders. The observed processes have no Stripe, and so none."""

from typing import Final

import httpx
from prometheus_client.parser import text_string_to_metric_families
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from observability.telemetry import runtime_at
from tests.support.paid_sessions import start_seller
from tests.support.ports import free_port
from tests.support.stand_in import StandIn
from tests.support.system import System, running_worker
from tests.support.ticket_orders import open_sale

PAID: Final = "wizard_order_paid_duration_seconds"

OF_PAID_ORDERS: Final = {f"{PAID}_bucket": {"le"}}
"""Labels by metric."""


async def test_an_order_is_timed_from_its_hold_to_its_payment(
    api: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    address = f"127.0.0.1:{free_port()}"
    config = api.temporal.client.service_client.config
    client = await Client.connect(
        config.target_host,
        namespace=api.temporal.client.namespace,
        data_converter=pydantic_data_converter,
        runtime=runtime_at(address),
    )
    async with running_worker(api, stripe_url=stand_in.url, client=client):
        placed = await (await open_sale(api, stand_in, await start_seller(ada, stand_in))).place(1)
        await placed.pay()
        await placed.webhook()
        assert (await placed.result()).state == "paid"

    async with httpx.AsyncClient(timeout=30) as http:
        text = (await http.get(f"http://{address}/metrics")).text
    samples = [
        sample for family in text_string_to_metric_families(text) for sample in family.samples
    ]
    (count,) = [sample.value for sample in samples if sample.name == f"{PAID}_count"]
    assert count == 1
    for name, labels in OF_PAID_ORDERS.items():
        found = [sample.labels.keys() for sample in samples if sample.name == name]
        assert found
        assert all(labels <= keys for keys in found)
