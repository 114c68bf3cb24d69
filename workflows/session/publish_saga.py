"""Publishing an event: a saga of steps, each with a compensation.

The saga is part of the session's workflow, not a workflow of its own: all steps are in the history
that operators read, and the state that the steps change is the one that refuses edits.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import Context
from datetime import timedelta
from functools import partial
from typing import Final

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.events import (
        EventActivities,
        PublishEvent,
        PublishFactsQuery,
        ReserveEvent,
    )
    from domain.errors import (
        FieldError,
        PaymentsRefused,
        PublishFailed,
        SlugTaken,
        StageIncomplete,
        WizardError,
    )
    from domain.ids import PATCH_NO_PAYMENT_LINKS, event_id_of
    from domain.publishing.build_event import build_event, with_tier_values
    from domain.publishing.event import Event
    from domain.publishing.publication import (
        Step,
        begin_step,
        fail_publication,
        finish_publication,
        require_publishable,
    )
    from domain.session.changes import Stamp
    from domain.session.projection import Projected
    from domain.session.state import SessionState, takes_payment, view_of
    from domain.stages import Section, Stage
    from domain.validation.check_codes import CheckCode, check_message
    from observability import worker_metrics
    from payments.models import tier_sales
    from workflows.session.catalogue_steps import CatalogueSteps
    from workflows.session.host import SessionHost
    from workflows.session.payments import SessionPayments, refusal_of

_ATTEMPT: Final = timedelta(seconds=5)
"""Another worker takes over this long after a worker was killed."""

_STEP: Final = timedelta(minutes=5)
"""The time for all attempts of a step. After it, the saga compensates."""

_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(seconds=10)
)

_UNSET: Final = object()


class PublishSaga:
    """``requested_in`` is the context of the message that started the publication."""

    def __init__(
        self, session: SessionHost, payments: SessionPayments, requested_in: Context
    ) -> None:
        self._session = session
        self._payments = payments
        self._requested_in = requested_in
        self._compensations: list[Callable[[], Awaitable[bool]]] = []

    async def run(self) -> None:
        """Runs all steps. Afterwards the session is completed, or open again with an error in its
        publication."""
        with _adopted(self._requested_in):
            began = workflow.now()
            try:
                await self._revalidate()
                event = await self._reserve()
                event = await self._offer(event)
                await self._publish(event)
            except (WizardError, ActivityError) as failure:
                await self._give_up(failure)
            ended_as = self._session.state.publication.state
            worker_metrics.publication_ended(ended_as, workflow.now() - began)

    async def _revalidate(self) -> None:
        if takes_payment(self._session.state):
            await self._payments.check(_STEP)
        state = self._session.state
        require_publishable(
            state,
            state.publisher or state.owner,
            now=workflow.now(),
            slug_taken=await is_slug_taken(self._session.state, _STEP),
        )

    async def _reserve(self) -> Event:
        begun = self._begin(Step.RESERVE)
        state = self._session.state
        event = build_event(
            session_id=state.session_id,
            owner=state.owner,
            sections=state.sections,
            payments=state.payments,
            now=workflow.now(),
        )
        self._compensations.append(self._release)
        return await workflow.execute_activity_method(
            EventActivities.reserve_event,
            ReserveEvent.of(event, begun),
            start_to_close_timeout=_ATTEMPT,
            schedule_to_close_timeout=_STEP,
            retry_policy=_RETRY,
            summary=f"{Step.RESERVE.value}: create the draft event with its slug",
        )

    async def _offer(self, event: Event) -> Event:
        """Creates the catalogue of paid tickets. Returns the event with the price of each tier."""
        sales = tier_sales(event)
        if not sales or event.stripe_account_id is None:
            return event
        makes_links = not workflow.patched(PATCH_NO_PAYMENT_LINKS)
        catalogue = CatalogueSteps(
            self._session.state.owner.tenant, event.session_id, event.stripe_account_id, sales
        )
        self._begin(Step.CATALOGUE)
        self._compensations.append(partial(catalogue.retire, has_links=makes_links))
        prices = await catalogue.offer()
        if not makes_links:
            return with_tier_values(event, "priceId", prices)
        self._begin(Step.PAYMENT_LINKS)
        return with_tier_values(event, "paymentLink", await catalogue.link(prices))

    async def _publish(self, event: Event) -> None:
        begun = self._begin(Step.PUBLISH)
        self._compensations.append(self._release)
        stamp = self._stamp()
        finished = finish_publication(self._session.state, event.event_id, stamp)
        await workflow.execute_activity_method(
            EventActivities.publish_event,
            PublishEvent(
                session_id=finished.state.session_id,
                at=stamp.now,
                ticket_tiers=event.ticket_tiers,
                projected=Projected(
                    view=view_of(finished.state, stamp.now),
                    actions=(finished.action,) if finished.action else (),
                ),
                begun=begun,
            ),
            start_to_close_timeout=_ATTEMPT,
            schedule_to_close_timeout=_STEP,
            retry_policy=_RETRY,
            summary=f"{Step.PUBLISH.value}: make the event public",
        )
        self._session.accept(finished)

    async def _give_up(self, failure: WizardError | ActivityError) -> None:
        """Compensates in reverse order, unless the event turns out to be published.

        The outcome of the last step may be unknown. Its compensation runs first and finds out: a
        published event stays published, and its tickets stay on sale.
        """
        reason = _reason(failure)
        worker_metrics.publish_step_failed(
            self._session.state.publication.steps[-1].name, reason.code
        )
        for compensate in reversed(self._compensations):
            if not await compensate():
                state = self._session.state
                event_id = event_id_of(state.session_id)
                self._session.accept(finish_publication(state, event_id, self._stamp()))
                return
        self._session.accept(fail_publication(self._session.state, reason, self._stamp()))

    async def _release(self) -> bool:
        """Deletes the draft; False if the event is published. Retried without limit, because a
        leftover draft would reserve the slug forever."""
        return await workflow.execute_activity_method(
            EventActivities.release_event,
            self._session.state.session_id,
            start_to_close_timeout=_ATTEMPT,
            retry_policy=_RETRY,
            summary=f"undo {Step.RESERVE.value}: delete the draft event and free its slug",
        )

    def _begin(self, step: Step) -> Projected:
        """Returns the session as the step begins."""
        begun = begin_step(self._session.state, step, self._stamp())
        self._session.accept(begun)
        return Projected(
            view=self._session.session(), actions=(begun.action,) if begun.action else ()
        )

    def _stamp(self) -> Stamp:
        return Stamp(now=workflow.now(), actor=self._session.state.publisher)


async def is_slug_taken(state: SessionState, patience: timedelta) -> bool:
    """Checks a chosen slug only; a derived one is made unique when the event is reserved.

    Args:
        patience: the time for all attempts together.

    Raises:
        ActivityError: the database was not reached in time.
    """
    slug = _chosen_slug(state)
    if slug is None:
        return False
    facts = await workflow.execute_activity_method(
        EventActivities.gather_publish_facts,
        PublishFactsQuery(session_id=state.session_id, slug=slug),
        start_to_close_timeout=_ATTEMPT,
        schedule_to_close_timeout=patience,
        retry_policy=_RETRY,
        summary=f"{Step.REVALIDATE.value}: check that the slug is free",
    )
    return facts.slug_taken


def _chosen_slug(state: SessionState) -> str | None:
    slug = state.sections.get(Section.EVENT, {}).get("slug")
    return slug if isinstance(slug, str) and slug else None


def _reason(failure: WizardError | ActivityError) -> WizardError:
    if isinstance(failure, StageIncomplete):
        return PublishFailed(
            "A stage became invalid. Correct it, then publish again.", errors=failure.errors
        )
    if isinstance(failure, WizardError):
        return failure
    cause = failure.cause
    if isinstance(cause, ApplicationError) and cause.type == CheckCode.SLUG_TAKEN:
        return SlugTaken(
            errors=[
                FieldError(
                    stage=Stage.EVENT_SETUP,
                    pointer="/slug",
                    code=CheckCode.SLUG_TAKEN.value,
                    message=check_message(CheckCode.SLUG_TAKEN, {}),
                )
            ]
        )
    refusal = refusal_of(failure)
    if isinstance(refusal, PaymentsRefused):
        return refusal
    return PublishFailed("A step did not finish in time, so publishing was undone. Publish again.")


@contextmanager
def _adopted(context: Context) -> Iterator[None]:
    """Runs a block in the context of an earlier message, so that it joins the trace of its request.

    A task with that context would start one iteration of the event loop later. That would reorder
    commands, and sessions that are running could not replay their histories.
    """
    tokens = [
        (variable, variable.set(value))
        for variable, value in context.items()
        if variable.get(_UNSET) is not value
    ]
    try:
        yield
    finally:
        for variable, token in reversed(tokens):
            with suppress(ValueError):  # eviction closes the generator in another context
                variable.reset(token)
