"""Connects the tenant's Stripe account, and disconnects it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final, TypeVar

from pydantic import TypeAdapter, ValidationError
from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.account_changes import AccountChangeActivities, HandAccountOn
    from activities.payments import (
        ConnectedAccount,
        EndAccount,
        EnsureAccount,
        LinkRequest,
        OnboardingLinkCreated,
        PaymentActivities,
    )
    from domain import ids
    from domain.errors import Unavailable
    from domain.schemas.fields import Country, Email
    from domain.schemas.organizer import OrganizationName, OrganizerName
    from domain.schemas.venue import VenueMode
    from domain.session.messages import Connected, ConnectPayments
    from domain.stages import Stage
    from domain.values.payments import PaymentReason, Payments
    from workflows.session.host import SessionHost
    from workflows.session.payments import (
        ATTEMPT,
        DATABASE_ATTEMPT,
        RETRY,
        SessionPayments,
        refusal_of,
        stripe_priority,
    )

_Argument = TypeVar("_Argument")
_Result = TypeVar("_Result")

_PATIENCE: Final = timedelta(seconds=8)

_FIND_OR_CREATE: Final = "Find or create the tenant's Stripe account"

_HAND_ON_PATIENCE: Final = timedelta(seconds=4)
"""The user waits for it. Sessions that are not reached learn of the account when they check it."""

_EMAIL: Final[TypeAdapter[str]] = TypeAdapter(Email)
_COUNTRY: Final[TypeAdapter[str]] = TypeAdapter(Country)
_ORGANIZATION: Final[TypeAdapter[str]] = TypeAdapter(OrganizationName)
_NAME: Final[TypeAdapter[str]] = TypeAdapter(OrganizerName)


class AccountConnection:
    def __init__(self, session: SessionHost, payments: SessionPayments) -> None:
        self._session = session
        self._payments = payments

    async def connect(self, request: ConnectPayments) -> Connected:
        """Finds or creates the tenant's account, and creates a link to its onboarding.

        Raises:
            PaymentsRefused: Stripe declined the request.
            Unavailable: Stripe did not answer in time.
        """
        if not workflow.patched(ids.PATCH_CONNECT_ACCOUNT):
            return await self._connect_as_before(request)
        try:
            account = await self._connect_account(request)
            self._payments.note_answer(account.payments)
            onboarding = await self._create_link(account.account_id, request)
        except ActivityError as failure:
            raise refusal_of(failure) from failure
        if account.is_new:
            await self.hand_on(account.payments)
        return _connected(account.account_id, onboarding)

    async def _connect_as_before(self, request: ConnectPayments) -> Connected:
        """The commands of the earlier release, whose histories are replayed."""
        try:
            account_id = await self._ensure_account(request)
            onboarding = await self._create_link(account_id, request)
        except ActivityError as failure:
            raise refusal_of(failure) from failure
        await self._payments.check_before_answering()
        return _connected(account_id, onboarding)

    async def disconnect(self) -> Payments:
        """Ends the tenant's account, and returns its last status.

        Raises:
            Unavailable: the database did not answer in time.
        """
        tenant = self._session.state.owner.tenant
        try:
            return await workflow.execute_activity_method(
                PaymentActivities.end_account,
                EndAccount(tenant=tenant, reason=PaymentReason.DISCONNECTED_BY_ORGANIZER),
                start_to_close_timeout=DATABASE_ATTEMPT,
                schedule_to_close_timeout=_PATIENCE,
                retry_policy=RETRY,
                summary="Disconnect the tenant's Stripe account",
            )
        except ActivityError as failure:
            raise Unavailable("The database did not respond in time. Try again.") from failure

    async def hand_on(self, payments: Payments) -> None:
        """Signals the status to the tenant's other open sessions, as far as there is time."""
        if payments.account_id is None:
            return
        try:
            await workflow.execute_activity_method(
                AccountChangeActivities.hand_account_on,
                HandAccountOn(
                    account_id=payments.account_id,
                    payments=payments,
                    known_by=self._session.state.session_id,
                ),
                start_to_close_timeout=_HAND_ON_PATIENCE,
                schedule_to_close_timeout=_HAND_ON_PATIENCE,
                heartbeat_timeout=_HAND_ON_PATIENCE,
                retry_policy=RETRY,
                summary="Notify the tenant's other open sessions",
            )
        except ActivityError:
            workflow.logger.warning("account status not passed to all open sessions")

    async def _connect_account(self, request: ConnectPayments) -> ConnectedAccount:
        return await self._execute(
            PaymentActivities.connect_account, self._details(request), summary=_FIND_OR_CREATE
        )

    async def _ensure_account(self, request: ConnectPayments) -> str:
        return await self._execute(
            PaymentActivities.ensure_account, self._details(request), summary=_FIND_OR_CREATE
        )

    async def _create_link(
        self, account_id: str, request: ConnectPayments
    ) -> OnboardingLinkCreated:
        return await self._execute(
            PaymentActivities.create_onboarding_link,
            LinkRequest(
                account_id=account_id,
                return_url=request.return_url,
                refresh_url=request.refresh_url,
            ),
            summary="Create a link to Stripe's onboarding",
        )

    async def _execute(
        self,
        activity: Callable[[PaymentActivities, _Argument], Awaitable[_Result]],
        argument: _Argument,
        *,
        summary: str,
    ) -> _Result:
        """Executes an activity that calls Stripe, and whose result a user waits for."""
        return await workflow.execute_activity_method(
            activity,
            argument,
            task_queue=ids.STRIPE_TASK_QUEUE,
            start_to_close_timeout=ATTEMPT,
            schedule_to_close_timeout=_PATIENCE,
            retry_policy=RETRY,
            priority=stripe_priority(self._session.state.owner.tenant),
            summary=summary,
        )

    def _details(self, request: ConnectPayments) -> EnsureAccount:
        """What the drafts say of the organizer. Values that are not valid yet are left out."""
        owner = self._session.state.owner
        organizer = self._session.state.section(Stage.ORGANIZER_SETUP)
        organization = _valid(_ORGANIZATION, organizer.get("organization"))
        typed_email = _valid(_EMAIL, organizer.get("email"))
        token_email = _valid(_EMAIL, request.actor.email or owner.email)
        return EnsureAccount(
            tenant=owner.tenant,
            email=typed_email or token_email,
            typed_email=typed_email,
            display_name=organization or _valid(_NAME, organizer.get("name")),
            country=self._country(),
        )

    def _country(self) -> str | None:
        """The country of the venue, unless the event is only online."""
        venue = self._session.state.section(Stage.VENUE_SETUP)
        address = venue.get("address")
        if venue.get("mode") == VenueMode.VIRTUAL or not isinstance(address, dict):
            return None
        return _valid(_COUNTRY, address.get("country"))


def _connected(account_id: str, onboarding: OnboardingLinkCreated) -> Connected:
    return Connected(
        account_id=account_id,
        onboarding_url=onboarding.url,
        expires_at=onboarding.expires_at,
    )


def _valid(kind: TypeAdapter[str], value: object) -> str | None:
    try:
        return kind.validate_python(value)
    except ValidationError:
        return None
