"""Reserves, publishes and releases the event of a session."""

from datetime import datetime
from typing import TYPE_CHECKING

from temporalio import activity
from temporalio.exceptions import ApplicationError

from domain import ids
from domain.errors import SlugTaken
from domain.json_values import JsonObject
from domain.publishing.event import Event
from domain.session.messages import Message
from domain.session.projection import Projected
from domain.validation.check_codes import CheckCode

if TYPE_CHECKING:
    from db.publications import Publications


class PublishFactsQuery(Message):
    session_id: str
    slug: str


class PublishFacts(Message):
    """Facts that the publish checks need beyond the session's own state."""

    slug_taken: bool


class ReserveEvent(Event):
    """An event with ``begun``, the session as the step begins. The earlier release sends and reads
    the event alone."""

    begun: Projected | None = None

    @classmethod
    def of(cls, event: Event, begun: Projected) -> "ReserveEvent":
        return cls.model_validate({**event.model_dump(), "begun": begun})

    @property
    def event(self) -> Event:
        return Event.model_validate(self.model_dump(exclude={"begun"}))


class PublishEvent(Message):
    """``projected`` is the session after the publication, ``begun`` the one as the step begins;
    ``ticket_tiers`` have their prices at Stripe."""

    session_id: str
    at: datetime
    ticket_tiers: list[JsonObject]
    projected: Projected
    begun: Projected | None = None


class EventActivities:
    def __init__(self, publications: "Publications") -> None:
        self._publications = publications

    @activity.defn
    async def gather_publish_facts(self, query: PublishFactsQuery) -> PublishFacts:
        taken = await self._publications.is_slug_taken(query.slug, except_session=query.session_id)
        return PublishFacts(slug_taken=taken)

    @activity.defn(name=ids.ACTIVITY_RESERVE_EVENT)
    async def reserve_event(self, reserve: ReserveEvent) -> Event:
        """Creates or updates the session's draft, which reserves its slug.

        Raises:
            ApplicationError: ``slug_taken``, not retryable.
        """
        try:
            return await self._publications.reserve(reserve.event, begun=reserve.begun)
        except SlugTaken as taken:
            raise ApplicationError(
                taken.detail, type=CheckCode.SLUG_TAKEN.value, non_retryable=True
            ) from taken

    @activity.defn(name=ids.ACTIVITY_PUBLISH_EVENT)
    async def publish_event(self, publish: PublishEvent) -> None:
        """Writes the event, the session and its actions in one transaction, after the session as
        the step begins."""
        await self._publications.publish(
            publish.session_id,
            at=publish.at,
            ticket_tiers=publish.ticket_tiers,
            projected=publish.projected,
            begun=publish.begun,
        )

    @activity.defn(name=ids.ACTIVITY_RELEASE_EVENT)
    async def release_event(self, session_id: str) -> bool:
        """Deletes the draft. Returns false if the event is published."""
        return await self._publications.release(session_id)
