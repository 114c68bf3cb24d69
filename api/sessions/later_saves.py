"""Asynchronous saves, sent to each session's workflow in batches.

While a signal is being sent, further saves of the session wait for the next one. Each save keeps
its own id and its own entry in the audit trail; the saves of a batch share one signal, and so one
workflow task.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, TypeAlias

from domain.actors import Actor
from domain.errors import Unavailable
from domain.session.messages import StageData
from domain.validation.drafts import size_of

MAX_SAVES: Final = 50
MAX_BYTES: Final = 1024 * 1024
"""The limit of one signal: half of Temporal's own."""

MAX_UNSEEN_BYTES: Final = 4 * 1024 * 1024
"""Of one session's saves that the read model does not show: they are in the workflow's history, and
may be all that it has while no worker runs or Postgres is unavailable."""

MAX_SESSIONS: Final = 10_000
"""The size of the list of sessions with unseen saves."""

TakeBatch: TypeAlias = Callable[[], Sequence[StageData]]
Deliver: TypeAlias = Callable[[Actor, str, TakeBatch], Awaitable[None]]
"""Waits for the session's lane, then takes the batch with all saves added by then, and sends it."""


@dataclass
class _Batch:
    saves: list[StageData] = field(default_factory=list)
    size: int = 0

    def has_room_for(self, size: int) -> bool:
        return len(self.saves) < MAX_SAVES and self.size + size <= MAX_BYTES

    def add(self, save: StageData, size: int) -> None:
        self.saves.append(save)
        self.size += size


@dataclass
class _Unseen:
    """Bytes that were sent since the session was last seen at ``revision``."""

    revision: int
    size: int = 0


class LaterSaves:
    def __init__(self, deliver: Deliver) -> None:
        self._deliver = deliver
        self._unseen: dict[str, _Unseen] = {}
        self._collecting: dict[str, tuple[_Batch, asyncio.Task[None]]] = {}

    async def add(self, session_id: str, save: StageData, *, seen_revision: int) -> None:
        """Returns once Temporal has the save. The caller has checked the actor's tenant.

        Args:
            seen_revision: of the newest view that the API has.

        Raises:
            Unavailable: the session does not apply its saves, or the API does not see it.
            WizardError: as :data:`Deliver` raises it.
        """
        size = size_of(save.data)
        self._count(session_id, size, seen_revision)
        batch, sending = self._collecting.get(session_id, (None, None))
        if batch is None or sending is None or not batch.has_room_for(size):
            batch = _Batch()
            sending = asyncio.create_task(self._send(session_id, batch))
            self._collecting[session_id] = batch, sending
        batch.add(save, size)
        # A request that is cancelled must not cancel the saves of others in the batch.
        await asyncio.shield(sending)

    def _count(self, session_id: str, size: int, seen_revision: int) -> None:
        unseen = self._unseen.get(session_id)
        if unseen is None or unseen.revision < seen_revision:
            unseen = _Unseen(seen_revision)
            self._unseen.pop(session_id, None)
            self._unseen[session_id] = unseen
        if unseen.size + size > MAX_UNSEEN_BYTES:
            raise Unavailable("Too many saves wait to be applied. Try again later.")
        unseen.size += size
        if len(self._unseen) > MAX_SESSIONS:
            del self._unseen[next(iter(self._unseen))]

    async def _send(self, session_id: str, batch: _Batch) -> None:
        close = partial(self._close, session_id, batch)
        try:
            await self._deliver(batch.saves[0].actor, session_id, close)
        finally:
            close()

    def _close(self, session_id: str, batch: _Batch) -> Sequence[StageData]:
        """Removes the batch, so that later saves start a new one. Returns its saves."""
        if self._collecting.get(session_id, (None,))[0] is batch:
            del self._collecting[session_id]
        return batch.saves
