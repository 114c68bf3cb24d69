"""``python -m tests.chaos.stack COMMAND``: the embedded stack, connected through proxies.

Worker and API reach Temporal, Postgres and Stripe through a proxy each; there is one before the
API as well. The proxies run in the process that plays the run.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from benchmarks.stack import BenchStack, bench_stack, state_directory
from dev.stack.cli import main
from dev.stack.commands import Program
from dev.stack.component import Component
from dev.stack.ports import LOOPBACK
from dev.stack.services import Site, application, backing_services
from dev.stack.state import StateDir
from tests.chaos.proxy import Proxy, running_proxy
from tests.support.ports import free_ports_in_a_row
from tests.support.small_disk import MEBIBYTE, CannotMount, SmallDisk, small_disk

MODULE: Final = "tests.chaos.stack"

_OFFSETS: Final = {"clients": 10, "temporal": 11, "postgres": 12, "stripe": 13}
"""Ports of the proxies, by link, from the API's port. The stack itself has those before them."""

_TARGETS: Final = {"clients": 0, "temporal": 1, "postgres": 5, "stripe": 3}
"""Ports behind them, as ``PORT_BASE`` assigns them."""

_DISK_BYTES: Final = 384 * MEBIBYTE
"""Several times what the data and the log of a run take."""


@dataclass(frozen=True)
class ChaosStack:
    """``address`` is the API's, through its proxy; ``proxies`` are by link; ``disk`` is that of
    Postgres, if this process can make one."""

    bench: BenchStack
    proxies: Mapping[str, Proxy]
    address: str
    disk: SmallDisk | None


@asynccontextmanager
async def chaos_stack() -> AsyncIterator[ChaosStack]:
    """A temporary stack whose connections can be disturbed. Several may run at the same time.

    Raises:
        RuntimeError: the stack did not start.
    """
    base = free_ports_in_a_row(max(_OFFSETS.values()) + 1)
    async with AsyncExitStack() as running:
        # Deleted after the disk in it is unmounted.
        directory = running.enter_context(state_directory())
        starting = bench_stack(
            program=MODULE, directory=directory, PORT_BASE=str(base), HOLDS_PER_ADDRESS="0"
        )
        disk = running.enter_context(_disk_of_postgres(StateDir(Path(directory)).postgres))
        proxies = {
            link: await running.enter_async_context(
                running_proxy(base + offset, base + _TARGETS[link])
            )
            for link, offset in _OFFSETS.items()
        }
        # In a thread: while it starts, the stack connects through the proxies.
        bench = await asyncio.to_thread(starting.__enter__)
        try:
            address = f"http://{LOOPBACK}:{base + _OFFSETS['clients']}"
            yield ChaosStack(bench, proxies, address, disk)
        finally:
            await asyncio.to_thread(starting.__exit__, None, None, None)


@contextmanager
def _disk_of_postgres(directory: Path) -> Iterator[SmallDisk | None]:
    """None if this process may not mount one: then, no disk becomes full."""
    directory.mkdir()
    with ExitStack() as mounted:
        try:
            disk = mounted.enter_context(small_disk(directory, _DISK_BYTES))
        except CannotMount:
            disk = None
        yield disk


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
