"""Opens the streams of sessions, and reads for them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from api.auth.claims import Identity
from api.live.hub import SessionHub
from api.live.open_streams import OpenStreams
from api.live.presence import Presence
from api.live.session_stream import SessionStream, Shown, Sources
from api.live.shared_reads import SharedReads
from api.live.sse import OpenedStream, StreamRecord
from api.sessions.client import SessionClient
from db.pool import Pool
from db.reads import SessionReads
from domain.actors import Actor


class SessionStreams:
    """``start`` and ``stop`` belong to the API's lifespan."""

    def __init__(
        self,
        pool: Pool,
        hub: SessionHub,
        sessions: SessionClient,
        reads: SessionReads,
        streams: OpenStreams,
    ) -> None:
        self._hub = hub
        self._sessions = sessions
        self._reads = reads
        self._streams = streams
        self._presence = Presence(pool)
        self._sources = Sources(
            view=SharedReads(self._shown).get,
            was_erased=reads.was_erased,
            viewers=self._presence.viewers,
            present=self._presence.present,
        )

    def start(self) -> None:
        self._presence.start()

    async def stop(self) -> None:
        await self._presence.stop()

    async def require_session(self, actor: Actor, session_id: str) -> None:
        """
        Raises:
            SessionNotFound, SessionLost, DatabaseUnavailable, Unavailable: as
                :meth:`api.sessions.views.Views.stored_view`.
        """
        await self._sessions.stored_view(actor, session_id)

    @asynccontextmanager
    async def open(
        self, identity: Identity, session_id: str, last_id: str | None, record: StreamRecord
    ) -> AsyncIterator[OpenedStream]:
        """A stream of messages, for as long as the context is open.

        Args:
            last_id: the revision that the client has; if it is current, its view is not sent.

        Raises:
            SessionNotFound, SessionLost, DatabaseUnavailable, Unavailable: as
                :meth:`require_session`.
            RateLimited: the person has too many streams.
        """
        actor = identity.actor
        # Subscribes first: a change during the read is announced.
        with self._hub.subscribe(session_id) as subscription:
            view = await self._sessions.stored_view(actor, session_id)
            with self._streams.open(actor) as stopping:
                async with self._presence.of(actor, session_id):
                    stream = SessionStream(
                        identity, session_id, subscription, self._sources, record
                    )
                    yield OpenedStream(stream.chunks(Shown.of(view), last_id), stopping)

    async def _shown(self, actor: Actor, session_id: str) -> Shown | None:
        view = await self._reads.get(actor, session_id)
        return None if view is None else Shown.of(view)
