"""``python -m tests.chaos.stack COMMAND``: the embedded stack, connected through proxies.

Worker and API reach Temporal, Postgres and Stripe through a proxy each; there is one before the
API as well. The proxies run in the process that plays the run.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from benchmarks.stack import BenchStack, bench_stack
from dev.stack.cli import main
from dev.stack.commands import Program
from dev.stack.component import Component
from dev.stack.ports import LOOPBACK
from dev.stack.services import Site, application, backing_services
from tests.chaos.proxy import Proxy, running_proxy
from tests.support.ports import free_ports_in_a_row

MODULE: Final = "tests.chaos.stack"

_OFFSETS: Final = {"clients": 10, "temporal": 11, "postgres": 12, "stripe": 13}
"""Ports of the proxies, by link, from the API's port. The stack itself has those before them."""

_TARGETS: Final = {"clients": 0, "temporal": 1, "postgres": 5, "stripe": 3}
"""Ports behind them, as ``PORT_BASE`` assigns them."""


@dataclass(frozen=True)
class ChaosStack:
    """``address`` is the API's, through its proxy; ``proxies`` are by link."""

    bench: BenchStack
    proxies: Mapping[str, Proxy]
    address: str


@asynccontextmanager
async def chaos_stack() -> AsyncIterator[ChaosStack]:
    """A temporary stack whose connections can be disturbed. Several may run at the same time.

    Raises:
        RuntimeError: the stack did not start.
    """
    base = free_ports_in_a_row(max(_OFFSETS.values()) + 1)
    starting = bench_stack(program=MODULE, PORT_BASE=str(base), HOLDS_PER_ADDRESS="0")
    async with AsyncExitStack() as running:
        proxies = {
            link: await running.enter_async_context(
                running_proxy(base + offset, base + _TARGETS[link])
            )
            for link, offset in _OFFSETS.items()
        }
        # In a thread: while it starts, the stack connects through the proxies.
        bench = await asyncio.to_thread(starting.__enter__)
        try:
            yield ChaosStack(bench, proxies, f"http://{LOOPBACK}:{base + _OFFSETS['clients']}")
        finally:
            await asyncio.to_thread(starting.__exit__, None, None, None)


def components(site: Site) -> list[Component]:
    """As of the embedded stack; the application knows only the addresses of the proxies."""
    stack, base = site.stack, site.ports.api[0]

    def through(link: str, url: str) -> str:
        parts = urlsplit(url)
        user, at, _ = parts.netloc.rpartition("@")
        return urlunsplit(parts._replace(netloc=f"{user}{at}{LOOPBACK}:{base + _OFFSETS[link]}"))

    proxied = stack.model_copy(
        update={
            "temporal_address": f"{LOOPBACK}:{base + _OFFSETS['temporal']}",
            "stripe_url": stack.stripe_url and through("stripe", stack.stripe_url),
            "database_url": through("postgres", stack.database_url),
            "database_api_url": through("postgres", stack.database_api_url),
        }
    )
    return [*backing_services(site), *application(Site(site.ports, proxied, site.state))]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Program(components, (sys.executable, "-m", MODULE))))
