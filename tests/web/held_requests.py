"""Requests of a browser that are held for as long as a test needs them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from playwright.async_api import BrowserContext, Error, Route


class HeldRequests:
    """``is_there`` is set with the first one."""

    def __init__(self, *, reach_the_api: bool) -> None:
        self.is_there = asyncio.Event()
        self._reach_the_api = reach_the_api
        self._is_released = asyncio.Event()
        self._ends: list[asyncio.Future[None]] = []

    async def hold(self, route: Route) -> None:
        if self._is_released.is_set():
            await route.fallback()
            return
        end = asyncio.get_running_loop().create_future()
        self._ends.append(end)
        answer = await route.fetch() if self._reach_the_api else None
        self.is_there.set()
        await self._is_released.wait()
        with suppress(Error):  # the page that has asked is gone
            await (route.fallback() if answer is None else route.fulfill(response=answer))
        end.set_result(None)

    async def release(self) -> None:
        self._is_released.set()
        await asyncio.gather(*self._ends)


@asynccontextmanager
async def held(
    context: BrowserContext, url: str, *, reach_the_api: bool = True
) -> AsyncIterator[HeldRequests]:
    """Requests to ``url`` have their effect, and their answers do not reach the page before the
    block ends. Without ``reach_the_api``, the requests themselves wait until then."""
    requests = HeldRequests(reach_the_api=reach_the_api)
    await context.route(url, requests.hold)
    yield requests
    # First: a request that is held while its route ends would reach the API once more.
    await requests.release()
    await context.unroute(url, requests.hold)
