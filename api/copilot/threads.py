"""The threads of the assistant: conversations that survive a reload."""

from collections.abc import Sequence
from typing import Final

from pydantic import TypeAdapter

from copilot.conversation import ChatMessage
from db.threads import Threads
from domain.actors import Actor
from domain.errors import ThreadNotFound

_MESSAGES: Final = TypeAdapter(tuple[ChatMessage, ...])


class Conversations:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, threads: Threads) -> None:
        self._threads = threads

    async def save(
        self, actor: Actor, session_id: str, thread_id: str, messages: Sequence[ChatMessage]
    ) -> None:
        """Stores a conversation. A later run overwrites it.

        Raises:
            ThreadNotFound: the thread belongs to another person or session.
        """
        text = _MESSAGES.dump_json(tuple(messages)).decode()
        if not await self._threads.put(actor, session_id, thread_id, text):
            raise ThreadNotFound

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
