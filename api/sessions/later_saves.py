"""Saves that nobody waits for: those of a session go to its workflow together.

While one signal is on its way, what comes for the same session waits, and leaves with the next.
Each save stays one of its own, with its own id and its own place in the audit trail; what they
share is the signal, and so the task that takes it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, TypeAlias

from domain.actors import Actor
from domain.session.messages import StageData
from domain.validation.drafts import size_of

MAX_SAVES: Final = 50
MAX_BYTES: Final = 1024 * 1024
"""Of one signal: half of what Temporal takes."""

Take: TypeAlias = Callable[[], Sequence[StageData]]
Deliver: TypeAlias = Callable[[Actor, str, Take], Awaitable[None]]
"""Waits for the session's turn, then takes what has come by then and sends it."""


@dataclass
class _Batch:
    saves: list[StageData] = field(default_factory=list)
    size: int = 0

    def has_room_for(self, size: int) -> bool:
        return len(self.saves) < MAX_SAVES and self.size + size <= MAX_BYTES

    def add(self, save: StageData, size: int) -> None:
        self.saves.append(save)
        self.size += size


class LaterSaves:
    def __init__(self, deliver: Deliver) -> None:
        self._deliver = deliver
        self._collecting: dict[str, tuple[_Batch, asyncio.Task[None]]] = {}

    async def add(self, session_id: str, save: StageData) -> None:
        """Returns once Temporal has the save, or raises what :data:`Deliver` does.

        The caller has made sure that whoever saves is a member of the session's tenant.
        """
        size = size_of(save.data)
        batch, sending = self._collecting.get(session_id, (None, None))
        if batch is None or sending is None or not batch.has_room_for(size):
            batch = _Batch()
            sending = asyncio.create_task(self._send(session_id, batch))
            self._collecting[session_id] = batch, sending
        batch.add(save, size)
        # A caller who goes away does not take the saves of others along.
        await asyncio.shield(sending)

    async def _send(self, session_id: str, batch: _Batch) -> None:
        close = partial(self._close, session_id, batch)
        try:
            await self._deliver(batch.saves[0].actor, session_id, close)
        finally:
            close()

    def _close(self, session_id: str, batch: _Batch) -> Sequence[StageData]:
        """What comes from now on is for the next batch."""
        if self._collecting.get(session_id, (None,))[0] is batch:
            del self._collecting[session_id]
        return batch.saves
