"""A client of streams: parses server-sent events whose data is one line."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

NEWS_WITHIN = 20.0
"""Seconds."""


@dataclass(frozen=True)
class StreamMessage:
    """``id`` is the last one that was sent up to the message."""

    event: str
    data: Any
    id: str | None


class Stream:
    """An open stream. ``comments`` and ``retry`` are those that were read so far."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.comments: list[str] = []
        self.retry: str | None = None
        self._lines = response.aiter_lines()
        self._id: str | None = None

    async def read(self) -> StreamMessage | None:
        """The next message; None at the end of the stream."""
        fields: dict[str, str] = {}
        async for line in self._lines:
            name, _, value = line.partition(":")
            if line:
                fields[name] = value.removeprefix(" ")
                continue
            self._note(fields)
            if "data" in fields:
                event = fields.get("event", "message")
                return StreamMessage(event, json.loads(fields["data"]), self._id)
            fields = {}
        return None

    def _note(self, fields: dict[str, str]) -> None:
        self._id = fields.get("id", self._id)
        self.retry = fields.get("retry", self.retry)
        if "" in fields:
            self.comments.append(fields[""])

    async def next(self, event: str, *, within: float = NEWS_WITHIN) -> StreamMessage:
        """The next message of this event; others are dropped."""
        async with asyncio.timeout(within):
            while (found := await self.read()) is not None:
                if found.event == event:
                    return found
        raise AssertionError(f"the stream ended without {event}")

    async def until_revision(self, revision: int, *, within: float = NEWS_WITHIN) -> Any:
        """The first view that is at least of this revision."""
        async with asyncio.timeout(within):
            while True:
                view = (await self.next("session", within=within)).data
                if view["revision"] >= revision:
                    return view

    async def ends(self, *, within: float = NEWS_WITHIN) -> list[StreamMessage]:
        """The messages up to the end of the stream."""
        messages = []
        async with asyncio.timeout(within):
            while (found := await self.read()) is not None:
                messages.append(found)
        return messages


@asynccontextmanager
async def opened(http: httpx.AsyncClient, session_id: str, **headers: str) -> AsyncIterator[Stream]:
    """A stream of the session; headers are keywords: ``last_event_id="3"``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    path = f"/v1/sessions/{session_id}/stream"
    async with http.stream("GET", path, headers=named, timeout=60) as response:
        assert response.status_code == 200, await response.aread()
        yield Stream(response)
