"""Stores the names of members, in the background."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

import structlog

from api.auth.claims import Identity
from db.errors import DatabaseUnavailable
from db.presence import Members
from domain.actors import Actor, Tenant

KNOWN_SECONDS: Final = 600.0
"""A stored name is written again after this time, in case it was erased meanwhile."""

RETRY_SECONDS: Final = 2.0
"""After a name was not stored: Postgres is away, or the tenant's first session has no row yet."""

MAX_KNOWN: Final = 10_000

_Key = tuple[Tenant, str]

_log = structlog.get_logger(__name__)


class MemberNames:
    """``note`` takes the name of each caller; the first time in a while, it is written."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[_Key, tuple[str, float]] = {}
        self._waiting: dict[_Key, tuple[Actor, str]] = {}
        self._wake = asyncio.Event()
        self._writing: asyncio.Task[None] | None = None

    def note(self, identity: Identity) -> None:
        actor, name = identity.actor, identity.name
        if name is None:
            return
        key = (actor.tenant, actor.user_id)
        known, until = self._known.get(key, ("", 0.0))
        if name == known and self._clock() < until:
            return
        self._remember(key, name, KNOWN_SECONDS)
        self._waiting[key] = (actor, name)
        self._wake.set()

    def start(self, members: Members) -> None:
        self._writing = asyncio.create_task(self._keep_writing(members), name="write names")

    async def stop(self) -> None:
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.wait([self._writing])

    async def _keep_writing(self, members: Members) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                key, (actor, name) = self._waiting.popitem()
                if not await _put(members, actor, name):
                    self._remember(key, name, RETRY_SECONDS)

    def _remember(self, key: _Key, name: str, seconds: float) -> None:
        self._known.pop(key, None)
        self._known[key] = (name, self._clock() + seconds)
        if len(self._known) > MAX_KNOWN:
            oldest = next(iter(self._known))
            del self._known[oldest]
            self._waiting.pop(oldest, None)


async def _put(members: Members, actor: Actor, name: str) -> bool:
    try:
        return await members.put(actor, name)
    except DatabaseUnavailable as error:
        _log.warning("a member's name is not stored", reason=str(error))
        return False
