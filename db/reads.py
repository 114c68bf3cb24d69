"""Reads of the API. Each statement compares the tenant, and row-level security does so again."""

from collections.abc import Sequence
from typing import Any

from db import rows
from db.pages import MAX_REVISION, Page, after_time, before_action, page_of
from db.pool import Pool
from db.transactions import ReadConnection, reading_as, reading_public
from domain.actors import Actor
from domain.json_values import JsonObject
from domain.publishing.event import Event, EventSummary, with_absolute_pictures
from domain.session.actions import Action
from domain.session.summaries import ActionSummary, SessionSummary
from domain.session.view import SessionView, Status
from domain.stages import Section

__all__ = ["EventReads", "Page", "SessionReads"]


async def _listed(
    connection: ReadConnection,
    query: str,
    status: Status | None,
    limit: int,
    after: tuple[object, object],
) -> Sequence[Any]:
    """The rows after a sort key: one more than ``limit``, if there is a next page."""
    filters = () if status is None else (status.value,)
    return await connection.values(query, *after, limit + 1, *filters)


class SessionReads:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def get(self, actor: Actor, session_id: str) -> SessionView | None:
        async with reading_as(self._pool, actor) as connection:
            row = await connection.value("session_get", rows.as_uuid(session_id))
        return row and rows.session_view(row)

    async def list(
        self, actor: Actor, *, status: Status | None, limit: int, cursor: str | None
    ) -> Page[SessionView]:
        """Newest first. Raises InvalidRequest for a bad cursor."""
        query = "session_list" if status is None else "session_list_by_status"
        after = after_time(cursor)
        async with reading_as(self._pool, actor) as connection:
            found = await _listed(connection, query, status, limit, after)
        views = [rows.session_view(row) for row in found]
        return page_of(views, limit, lambda view: (view.created_at, view.session_id))

    async def summaries(
        self, actor: Actor, *, status: Status | None, limit: int, cursor: str | None
    ) -> Page[SessionSummary]:
        """As :meth:`list`, without the data of the stages, which is not read."""
        query = "session_summaries" if status is None else "session_summaries_by_status"
        after = after_time(cursor)
        async with reading_as(self._pool, actor) as connection:
            found = await _listed(connection, query, status, limit, after)
        listed = [rows.session_summary(row) for row in found]
        return page_of(listed, limit, lambda session: (session.created_at, session.session_id))

    async def count_open(self, actor: Actor, *, at_most: int) -> int:
        """The tenant's open sessions; counting ends at ``at_most``."""
        async with reading_as(self._pool, actor) as connection:
            count: int = await connection.value("session_count_open", at_most)
        return count

    async def actions(
        self, actor: Actor, session_id: str, *, limit: int, cursor: str | None
    ) -> Page[Action]:
        """Newest first. Raises InvalidRequest for a bad cursor."""
        found = await self._actions("session_actions", actor, session_id, limit, cursor)
        return page_of(list(map(rows.action, found)), limit, lambda action: action.position)

    async def action_summaries(
        self, actor: Actor, session_id: str, *, limit: int, cursor: str | None
    ) -> Page[ActionSummary]:
        """As :meth:`actions`, without the data that was written."""
        found = await self._actions("session_action_summaries", actor, session_id, limit, cursor)
        return page_of(list(map(rows.action_summary, found)), limit, lambda action: action.position)

    async def _actions(
        self, query: str, actor: Actor, session_id: str, limit: int, cursor: str | None
    ) -> Sequence[Any]:
        """The rows after the cursor: one more than ``limit``, if there is a next page."""
        revision, part = before_action(cursor)
        async with reading_as(self._pool, actor) as connection:
            return await connection.values(
                query, rows.as_uuid(session_id), revision, part, limit + 1
            )

    async def sections_at(
        self, actor: Actor, session_id: str, revision: int
    ) -> dict[Section, JsonObject] | None:
        """The data of all six sections at a revision.

        None if the session never had that revision, or if an action up to it is not written yet.
        """
        if not 0 <= revision <= MAX_REVISION:
            return None
        async with reading_as(self._pool, actor) as connection:
            data = await connection.value(
                "session_sections_at", rows.as_uuid(session_id), revision, list(Section)
            )
        return data and {section: data[section] for section in Section}

    async def was_erased(self, actor: Actor, session_id: str) -> bool:
        """Whether a session of the actor's tenant with this id was erased."""
        async with reading_as(self._pool, actor) as connection:
            erased: bool = await connection.value("erasure_of_tenant", rows.as_uuid(session_id))
        return erased

    async def is_erased(self, session_id: str) -> bool:
        """Whether a session of any tenant with this id was erased."""
        async with reading_public(self._pool) as connection:
            erased: bool = await connection.value("erasure_is_known", rows.as_uuid(session_id))
        return erased

    async def is_slug_taken(self, slug: str, *, except_session: str) -> bool:
        """Whether an event or a draft of any tenant has the slug."""
        async with reading_public(self._pool) as connection:
            taken: bool = await connection.value(
                "slug_is_taken", slug, rows.as_uuid(except_session)
            )
        return taken


class EventReads:
    """Published events only, with absolute addresses of their pictures. Every method raises
    DatabaseUnavailable."""

    def __init__(self, pool: Pool, *, media_url: str = "") -> None:
        """``media_url``: the address of the server that serves ``/media``."""
        self._pool = pool
        self._media_url = media_url

    async def get(self, actor: Actor, event_id: str) -> Event | None:
        async with reading_as(self._pool, actor) as connection:
            row = await connection.value("event_get", rows.as_uuid(event_id))
        return row and self._event(row)

    async def list(self, actor: Actor, limit: int, cursor: str | None) -> Page[Event]:
        """Newest published first. Raises InvalidRequest for a bad cursor."""
        at, last_id = after_time(cursor)
        async with reading_as(self._pool, actor) as connection:
            found = await connection.values("event_list", at, last_id, limit + 1)
        events = [self._event(row) for row in found]
        return page_of(events, limit, lambda event: (event.published_at, event.event_id))

    async def summaries(self, actor: Actor, limit: int, cursor: str | None) -> Page[EventSummary]:
        """As :meth:`list`, without what only a page of the event shows."""
        at, last_id = after_time(cursor)
        async with reading_as(self._pool, actor) as connection:
            found = await connection.values("event_summaries", at, last_id, limit + 1)
        listed = [rows.event_summary(row) for row in found]
        return page_of(listed, limit, lambda event: (event.published_at, event.event_id))

    async def public(self, slug: str) -> Event | None:
        """A public or unlisted event by its slug, for anyone; never a private one."""
        if "\0" in slug:  # Postgres cannot store it in a text
            return None
        async with reading_public(self._pool) as connection:
            row = await connection.value("event_public", slug)
        return row and self._event(row)

    def _event(self, row: JsonObject) -> Event:
        return with_absolute_pictures(rows.event(row), self._media_url)
