"""Sends messages to a workflow while its steps run, and keeps what they were answered."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from tests.explore.messages import Message


@dataclass(frozen=True)
class Answered:
    """``is_accepted`` is false if the message was refused; ``detail`` is its answer."""

    message: Message
    is_accepted: bool
    detail: str = ""


class Requests:
    """A subclass sends each message; :meth:`deliver` returns at once."""

    def __init__(self) -> None:
        self.answers: list[Answered] = []
        self._tasks: list[asyncio.Task[None]] = []

    def deliver(self, message: Message) -> asyncio.Task[None]:
        """The task ends once the workflow has the message."""
        return self.in_background(self.send(message))

    def in_background(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.append(task)
        return task

    async def send(self, message: Message) -> None:
        raise NotImplementedError

    async def all_answered(self) -> None:
        while self._tasks:
            await self._tasks.pop()

    def keep(self, message: Message, detail: str = "", *, is_accepted: bool = True) -> None:
        self.answers.append(Answered(message, is_accepted, detail))

    def has_accepted(self, message: Message) -> bool:
        return any(answer.message is message and answer.is_accepted for answer in self.answers)
