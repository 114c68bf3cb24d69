"""Stores the names of members, in the background."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import structlog

from api.auth.claims import Identity
from db.errors import DatabaseUnavailable
from db.presence import Members
from domain.actors import Actor, Tenant

KNOWN_SECONDS: Final = 600.0
"""A stored name is written again after this time, in case it was erased meanwhile."""

FIRST_PAUSE: Final = 0.25
"""Seconds until a name that was not stored is tried again; doubled each time. Postgres is
unavailable, or the first session of a new tenant has no row yet."""

MAX_ATTEMPTS: Final = 6

MAX_KNOWN: Final = 10_000

_Key = tuple[Tenant, str]

_log = structlog.get_logger(__name__)


class MemberNames:
    """``note`` takes the name of each caller; the first time in a while, it is written."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[_Key, tuple[str, float]] = {}
        self._waiting: dict[_Key, _Name] = {}
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
        self._remember(key, name)
        self._queue(_Name(actor, name))

    def start(self, members: Members) -> None:
        self._writing = asyncio.create_task(self._keep_writing(members), name="write names")

    async def stop(self) -> None:
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.wait([self._writing])

    def _queue(self, name: "_Name") -> None:
        self._waiting[name.key] = name
        self._wake.set()

    async def _keep_writing(self, members: Members) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                _, name = self._waiting.popitem()
                if not await _put(members, name):
                    self._try_later(name)

    def _try_later(self, name: "_Name") -> None:
        if name.attempt < MAX_ATTEMPTS:
            pause = FIRST_PAUSE * 2 ** (name.attempt - 1)
            again = replace(name, attempt=name.attempt + 1)
            asyncio.get_running_loop().call_later(pause, self._queue, again)
        else:
            self._known.pop(name.key, None)  # the next request tries again

    def _remember(self, key: _Key, name: str) -> None:
        self._known.pop(key, None)
        self._known[key] = (name, self._clock() + KNOWN_SECONDS)
        if len(self._known) > MAX_KNOWN:
            del self._known[next(iter(self._known))]


@dataclass(frozen=True)
class _Name:
    actor: Actor
    name: str
    attempt: int = 1

    @property
    def key(self) -> _Key:
        return self.actor.tenant, self.actor.user_id


async def _put(members: Members, name: _Name) -> bool:
    try:
        return await members.put(name.actor, name.name)
    except DatabaseUnavailable as error:
        _log.warning("a member's name is not stored", reason=str(error))
        return False
