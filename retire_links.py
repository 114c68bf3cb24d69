"""Deactivates the payment links of events that an earlier release published, and counts what each
tier sold through them.

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
from db.pool import connect_when_ready
from db.publications import Publications
from db.roles import WORKER
from domain.publishing.event import Event
from observability import logs
from observability.process import end_process
from payments.adapter import StripeAdapter
from payments.errors import PaymentsError
from payments.link_sales import LinkSales
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
        TierLinkSales(event, tier["id"], sold[event.event_id, tier["id"]])
        for event in events
        for tier in event.ticket_tiers
        if "paymentLink" in tier
    ]


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
        by_account = await _events_with_links(settings)
        return await _retire_all(adapter, by_account)
    finally:
        await adapter.close()


async def _events_with_links(settings: WorkerSettings) -> Mapping[str, Sequence[Event]]:
    pool = await connect_when_ready(
        settings.database_url.get_secret_value(),
        replace(WORKER, process="retire_links"),
        application_name="event-wizard-retire-links",
    )
    try:
        by_account: dict[str, list[Event]] = defaultdict(list)
        for event in await Publications(pool).with_payment_links():
            by_account[event.stripe_account_id or ""].append(event)
        return by_account
    finally:
        await pool.close()


async def _retire_all(adapter: StripeAdapter, by_account: Mapping[str, Sequence[Event]]) -> int:
    sys.stdout.write("\t".join(COLUMNS) + "\n")
    failed = 0
    for account_id, events in by_account.items():
        try:
            rows = await retire_links(adapter, account_id, events)
        except PaymentsError as error:
            failed = 1
            sys.stderr.write(f"not retired: the links of {account_id}: {error}\n")
        else:
            sys.stdout.writelines(f"{row}\n" for row in rows)
            sys.stdout.flush()
    return failed


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
