"""Deactivates the payment links of events that an earlier release published, counts what each tier
sold through them, and lets orders sell what is left.

    python -m retire_links

Prints a row per event and tier, with tabs between the columns. It reads the counts from Stripe each
time, so it can be interrupted and repeated.

Composition root: settings → database pool and Stripe adapter.
"""

import asyncio
import sys
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from functools import partial
from typing import Final, TypeVar

from db.errors import DatabaseUnavailable, WrongRole
from db.order_upkeep import OrderUpkeep
from db.pool import Pool, connect_when_ready
from db.publications import Publications
from db.roles import WORKER
from domain.publishing.event import Event
from observability import logs
from observability.process import end_process
from payments.adapter import StripeAdapter
from payments.errors import PaymentsError
from payments.link_sales import LinkSales
from payments.models import tier_sales
from settings import WorkerSettings, load

PAUSES: Final = (1, 2, 4, 8, 16)
"""Seconds between attempts of a request that may succeed later."""

COLUMNS: Final = ("event_id", "slug", "tier_id", *(field.name for field in fields(LinkSales)))

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class TierLinkSales:
    """What the links of a tier have sold; a tier of an earlier attempt may have several."""

    event: Event
    tier_id: str
    sales: LinkSales

    def __str__(self) -> str:
        cells = (self.event.event_id, self.event.slug, self.tier_id, *astuple(self.sales))
        return "\t".join(map(str, cells))


async def retire_links(
    adapter: StripeAdapter, account_id: str, events: Sequence[Event]
) -> list[TierLinkSales]:
    """Deactivates all links of ours on the account, and returns the sales of the events' tiers.

    First all are deactivated, so that the counts miss no order but those of open checkouts.

    Raises:
        PaymentsError: Stripe refuses, or is unavailable for longer than all ``PAUSES``.
    """
    links = await _persistently(partial(adapter.links, account_id))
    for link in links:
        if link.is_active:
            await _persistently(partial(adapter.deactivate_link, account_id, link.id))
    sold: dict[tuple[str, str], LinkSales] = defaultdict(LinkSales)
    for link in links:
        sales = await _persistently(partial(adapter.sales_of_link, account_id, link.id))
        sold[link.event_id, link.tier_id] += sales
    return [
        TierLinkSales(event, sale.tier_id, sold[event.event_id, sale.tier_id])
        for event in events
        for sale in tier_sales(event)
    ]


async def move_to_orders(
    adapter: StripeAdapter, upkeep: OrderUpkeep, account_id: str, rows: Sequence[TierLinkSales]
) -> None:
    """Makes the prices of each event's tiers, and counts what the links have sold. A payment
    in progress counts too: its tickets are free only once it has failed.

    Raises:
        PaymentsError: as :func:`retire_links`.
        DatabaseUnavailable: the events that were moved stay so.
    """
    for event in {row.event.event_id: row.event for row in rows}.values():
        prices = {
            sale.tier_id: await _persistently(partial(adapter.offer, account_id, sale))
            for sale in tier_sales(event)
        }
        sold = {
            row.tier_id: row.sales.tickets + row.sales.pending
            for row in rows
            if row.event.event_id == event.event_id
        }
        await upkeep.move_to_orders(event, prices=prices, sold=sold)


async def _persistently(call: Callable[[], Awaitable[_Result]]) -> _Result:
    for pause in PAUSES:
        try:
            return await call()
        except PaymentsError as error:
            if not error.retryable:
                raise
            wait = error.retry_after.total_seconds() if error.retry_after else pause
        await asyncio.sleep(wait)
    return await call()


async def run(settings: WorkerSettings) -> int:
    """Prints the rows, and returns the exit code: 1 if the links of an account stay."""
    if settings.stripe_api_key is None:
        raise SystemExit("STRIPE_API_KEY: is required")
    adapter = StripeAdapter.from_settings(
        settings.stripe_api_key.get_secret_value(), settings.stripe_api_base
    )
    try:
        pool = await connect_when_ready(
            settings.database_url.get_secret_value(),
            replace(WORKER, process="retire_links"),
            application_name="event-wizard-retire-links",
        )
        try:
            return await _retire_all(adapter, pool)
        finally:
            await pool.close()
    finally:
        await adapter.close()


async def _retire_all(adapter: StripeAdapter, pool: Pool) -> int:
    sys.stdout.write("\t".join(COLUMNS) + "\n")
    failed = 0
    for account_id, events in (await _events_with_links(pool)).items():
        try:
            rows = await retire_links(adapter, account_id, events)
            await move_to_orders(adapter, OrderUpkeep(pool), account_id, rows)
        except PaymentsError as error:
            failed = 1
            sys.stderr.write(f"not retired: the links of {account_id}: {error}\n")
        else:
            sys.stdout.writelines(f"{row}\n" for row in rows)
            sys.stdout.flush()
    return failed


async def _events_with_links(pool: Pool) -> Mapping[str, Sequence[Event]]:
    by_account: dict[str, list[Event]] = defaultdict(list)
    for event in await Publications(pool).with_payment_links():
        by_account[event.stripe_account_id or ""].append(event)
    return by_account


def main() -> None:
    settings = load(WorkerSettings)
    logs.configure(settings.log_level, settings.log_format)
    try:
        code = asyncio.run(run(settings))
    except WrongRole as error:
        sys.exit(str(error))
    except DatabaseUnavailable as error:
        sys.exit(f"interrupted: {error}. Run it again.")
    end_process(code)


if __name__ == "__main__":
    main()
