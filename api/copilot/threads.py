"""The threads of the assistant: conversations that survive a reload."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter

from copilot.conversation import ChatMessage, has_gone_on
from db.threads import Threads
from domain.actors import Actor
from domain.errors import ThreadNotFound

_MESSAGES: Final = TypeAdapter(tuple[ChatMessage, ...])


class Conversations:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, threads: Threads) -> None:
        self._threads = threads

    async def begin(
        self, actor: Actor, session_id: str, thread_id: str, messages: Sequence[ChatMessage]
    ) -> datetime:
        """Stores a conversation at the beginning of a run, in place of what the thread has.

        Keeps what the thread has if the client has sent more since: a request that was dropped may
        be late, and arrive after its repeat and the next one.

        Returns:
            When, for :meth:`finish`.

        Raises:
            ThreadNotFound: the thread belongs to another person or session.
        """
        begun = await self._threads.put(
            actor,
            session_id,
            thread_id,
            _dumped(messages),
            unless=lambda stored: has_gone_on(_MESSAGES.validate_json(stored), messages),
        )
        if begun is None:
            raise ThreadNotFound
        return begun

    async def finish(
        self,
        actor: Actor,
        session_id: str,
        thread_id: str,
        messages: Sequence[ChatMessage],
        begun: datetime,
    ) -> None:
        """Stores it with the answers of the run, unless a later run has begun: that one has what
        the person sent since."""
        await self._threads.put_answer(actor, session_id, thread_id, _dumped(messages), since=begun)

    async def find(self, actor: Actor, session_id: str, thread_id: str) -> tuple[ChatMessage, ...]:
        """The conversation so far; empty if the thread is new.

        Raises:
            ThreadNotFound: the thread belongs to another person or session.
        """
        text = await self._threads.get(actor, session_id, thread_id)
        if text is not None:
            return _MESSAGES.validate_json(text)
        if await self._threads.exists(thread_id):
            raise ThreadNotFound
        return ()


def _dumped(messages: Sequence[ChatMessage]) -> str:
    return _MESSAGES.dump_json(tuple(messages)).decode()
