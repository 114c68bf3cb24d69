"""The event of a session: reserved as a draft, then published or released. Used by the worker."""

from datetime import datetime
from typing import Final

from db import projection, rows
from db.errors import NotReserved
from db.orders import create_inventory
from db.pool import Connection, Pool
from db.sql import sql
from db.transactions import write_in_transaction
from domain.errors import SlugTaken
from domain.json_values import JsonObject
from domain.publishing.event import Event, EventStatus
from domain.session.projection import Projected
from domain.values.slugs import SLUG_MAX_LENGTH

_LAST_SUFFIX: Final = 99


class Publications:
    """Every method may be repeated, and raises DatabaseUnavailable.

    ``begun`` is the session as the step of its publication begins. It has a transaction of its own,
    so that readers see the step while it runs. With ``announces``, owners are notified.
    """

    def __init__(self, pool: Pool, *, announces: bool = False) -> None:
        self._pool = pool
        self._announces = announces

    async def is_slug_taken(self, slug: str, *, except_session: str) -> bool:
        async def read(connection: Connection) -> bool:
            taken: bool = await connection.fetchval(
                sql("slug_is_taken"), slug, rows.as_uuid(except_session)
            )
            return taken

        return await write_in_transaction(self._pool, read)

    async def reserve(self, event: Event, *, begun: Projected | None = None) -> Event:
        """Creates or updates the session's draft, and returns it; or the event, if it is published.

        If another event has the derived slug, a number is appended; a repeat keeps that number.

        Raises:
            SlugTaken: the organizer chose the slug, and another event has it.
        """
        await self._show(begun)
        return await write_in_transaction(
            self._pool, lambda connection: _reserve(connection, event)
        )

    async def release(self, session_id: str) -> bool:
        """Deletes the draft. Returns False if the event is published, and keeps it."""

        async def release(connection: Connection) -> bool:
            await connection.execute(sql("event_release"), rows.as_uuid(session_id))
            return await _event_of(connection, session_id) is None

        return await write_in_transaction(self._pool, release)

    async def publish(
        self,
        session_id: str,
        *,
        at: datetime,
        projected: Projected,
        ticket_tiers: list[JsonObject] | None = None,
        begun: Projected | None = None,
    ) -> Event:
        """Publishes the event and writes the session and its actions, in one transaction.

        ``ticket_tiers`` replace the reserved ones. A repeat changes nothing: the event keeps the
        time of its first publication.

        Raises:
            NotReserved: there is no draft to publish.
        """

        async def publish(connection: Connection) -> Event:
            await connection.execute(
                sql("event_publish"), rows.as_uuid(session_id), at, ticket_tiers
            )
            event = await _stored_event(connection, session_id)
            await create_inventory(connection, event)
            await projection.write(connection, [projected], announce=self._announces)
            return event

        await self._show(begun)
        return await write_in_transaction(self._pool, publish)

    async def _show(self, begun: Projected | None) -> None:
        if begun is None:
            return
        await write_in_transaction(
            self._pool, lambda connection: projection.write(connection, [begun])
        )

    async def with_payment_links(self) -> list[Event]:
        """All events that an earlier release published with payment links, by account; also those
        that orders sell since."""

        async def read(connection: Connection) -> list[Event]:
            found = await connection.fetch(sql("events_with_payment_links"))
            return [rows.event(row[0]) for row in found]

        return await write_in_transaction(self._pool, read)


async def _reserve(connection: Connection, event: Event) -> Event:
    existing = await _event_of(connection, event.session_id)
    if existing is not None and existing.status is EventStatus.PUBLISHED:
        return existing
    slug = await _free_slug(connection, event)
    draft = event.model_copy(update={"slug": slug})
    await connection.execute(sql("event_reserve"), rows.event_row(draft))
    return await _stored_event(connection, event.session_id)


async def _stored_event(connection: Connection, session_id: str) -> Event:
    event = await _event_of(connection, session_id)
    if event is None:
        raise NotReserved(session_id)
    return event


async def _event_of(connection: Connection, session_id: str) -> Event | None:
    row = await connection.fetchval(sql("event_of_session"), rows.as_uuid(session_id))
    return row and rows.event(row)


async def _free_slug(connection: Connection, event: Event) -> str:
    """The slug that the session has reserved if it is a candidate, otherwise the first free one."""
    # Events with the same title wait for each other here, instead of failing on a conflict.
    await connection.execute(sql("slug_lock"), event.slug)
    candidates = _candidates(event)
    found = await connection.fetch(sql("slug_owners"), candidates)
    owners = {row["slug"]: str(row["session_id"]) for row in found}
    for slug in candidates:
        if owners.get(slug) == event.session_id:
            return slug
    for slug in candidates:
        if slug not in owners:
            return slug
    raise SlugTaken


def _candidates(event: Event) -> list[str]:
    """The slugs to try, in order. The last one contains a part of the session's id, so that even
    the most common title gets a free one."""
    if not event.slug_is_derived:
        return [event.slug]
    suffixes = [*map(str, range(2, _LAST_SUFFIX + 1)), event.session_id.replace("-", "")[:12]]
    return [event.slug, *(_with_suffix(event.slug, suffix) for suffix in suffixes)]


def _with_suffix(slug: str, suffix: str) -> str:
    kept = slug[: SLUG_MAX_LENGTH - len(suffix) - 1].rstrip("-")
    return f"{kept}-{suffix}"
