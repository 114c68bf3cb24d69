"""Watches the stream of one session, by connection after connection."""

import asyncio
from typing import Final

import httpx

from domain.json_values import JsonObject
from tests.support.streams import opened

_PAUSE_SECONDS: Final = 0.3


class Watcher:
    """``view`` is the newest one that the stream showed; ``steps_back`` are descriptions of
    messages that were older than one before."""

    def __init__(self, http: httpx.AsyncClient, session_id: str) -> None:
        self.view: JsonObject | None = None
        self.steps_back: list[str] = []
        self._http = http
        self._session_id = session_id

    @property
    def revision(self) -> int:
        return -1 if self.view is None else int(self.view["revision"])

    async def watch(self) -> None:
        """Connects again whenever the stream ends. Returns only when it is cancelled."""
        while True:
            known = {} if self.view is None else {"last_event_id": str(self.revision)}
            try:
                async with opened(self._http, self._session_id, **known) as stream:
                    while (message := await stream.read()) is not None:
                        if message.event == "session":
                            self._take(message.data)
            except (httpx.TransportError, AssertionError):
                pass  # the connection was cut, or refused with another status than 200
            await asyncio.sleep(_PAUSE_SECONDS)

    def _take(self, view: JsonObject) -> None:
        if view["revision"] < self.revision:
            self.steps_back.append(f"revision {view['revision']} after {self.revision}")
        else:
            self.view = view
