"""Handles messages to a session: authorization, repeats, refusals."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar, TypeVarTuple

from pydantic import ValidationError
from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.actors import Actor
    from domain.errors import ERRORS, InvalidRequest, WizardError
    from domain.publishing.publication import (
        joins_publication,
        request_publication,
        require_future,
    )
    from domain.session.actions import Action
    from domain.session.changes import Change, Stamp
    from domain.session.messages import (
        Handled,
        Publish,
        Request,
        StageData,
        Transition,
        UpdateResult,
    )
    from domain.session.state import SessionState, require_member, require_revision
    from temporal.failures import as_failures
    from workflows.session.host import SessionHost

MAX_REMEMBERED_MESSAGES: Final = 100
"""The oldest is forgotten first."""

SignalT = TypeVar("SignalT", StageData, Transition)


Ts = TypeVarTuple("Ts")

ChangeStep = Callable[[SessionState, Stamp], Change]


class SessionMessages:
    """
    Args:
        session: the session that the messages change.
        handled: the messages of earlier runs by id, oldest first.
    """

    def __init__(self, session: SessionHost, handled: Mapping[str, Handled]) -> None:
        self.handled = dict(handled)
        self._session = session

    def admit(self, request: Request, *steps: ChangeStep) -> None:
        """Validates an update: tries each step on the current state, and accepts none.

        A repeat of a handled message is admitted without trying its steps.

        Raises:
            ApplicationError: the request or one of the steps is refused.
        """
        with as_failures():
            require_member(self._session.state, request.actor)
            if _update_id() in self.handled:
                return
            require_revision(self._session.state, request.expected, workflow.now())
            self._session.require_editable()
            for step in steps:
                step(self._session.state, stamp_of(request.actor))

    def admit_publish(self, request: Publish) -> None:
        """Validates a request to publish, also while the session cannot be edited.

        A second request joins the publication at any revision: it asks for a change that is made
        already (RFC 9110, section 13.1.1).

        Raises:
            ApplicationError: the request is refused.
        """
        with as_failures():
            state, now = self._session.state, workflow.now()
            require_member(state, request.actor)
            if _update_id() in self.handled:
                return
            if not joins_publication(state):
                require_revision(state, request.expected, now)
                require_future(request.publish_at, now)
            request_publication(state, request.publish_at, stamp_of(request.actor))

    def answer(self, request: Request, *steps: ChangeStep) -> UpdateResult | None:
        """Accepts each step before it tries the next, so the steps before a refused one are kept.

        Returns:
            None during replay: the history has the answer already. Computing and encoding it
            again would take half of the time of a replay.

        Raises:
            ApplicationError: a step is refused, or was refused when the message first arrived.
        """
        update_id = _update_id()
        handled = self.handled.get(update_id)
        if handled is not None:
            return self._answer_again(handled)
        self._remember(update_id, Handled(fingerprint=request.fingerprint))
        actions: list[Action] = []
        with as_failures():
            for step in steps:
                change = self._try(step, request, update_id)
                self._session.accept(change)
                actions += [change.action] if change.action else []
        if workflow.unsafe.is_replaying():
            return None
        return self._result(tuple(actions), request.fingerprint)

    def receive(
        self, kind: type[SignalT], sent: tuple[Any, ...], step_of: Callable[[SignalT], ChangeStep]
    ) -> None:
        """Handles the arguments of a signal; each is one message.

        Never raises: an exception would fail the workflow task. A refused message is logged.
        """
        for message in sent:
            self._receive_one(kind, message, step_of)

    def _receive_one(
        self, kind: type[SignalT], message: object, step_of: Callable[[SignalT], ChangeStep]
    ) -> None:
        try:
            received = kind.model_validate(message)
            require_member(self._session.state, received.actor)
            if received.message_id in self.handled:
                return
            self._session.require_editable()
            stamp = stamp_of(received.actor, received.message_id)
            change = step_of(received)(self._session.state, stamp)
        except ValidationError:
            workflow.logger.warning("signal refused", extra={"code": InvalidRequest.code})
        except WizardError as error:
            workflow.logger.warning("signal refused", extra={"code": error.code})
        else:
            self._remember(received.message_id, Handled(fingerprint=received.fingerprint))
            self._session.accept(change)

    def _answer_again(self, handled: Handled) -> UpdateResult:
        """Answers with the current view: the first answer is in the history of an earlier run."""
        if handled.refused_as is not None:
            with as_failures():
                raise ERRORS[handled.refused_as](
                    "The request was refused when it came first: repeat it with a new key."
                )
        return self._result((), handled.fingerprint)

    def _try(self, step: ChangeStep, request: Request, update_id: str) -> Change:
        """
        Raises:
            WizardError: as the step raises it, with the current view as ``session`` in ``extra``.
        """
        try:
            return step(self._session.state, stamp_of(request.actor, update_id))
        except WizardError as error:
            refused = Handled(fingerprint=request.fingerprint, refused_as=error.code)
            self._remember(update_id, refused)
            error.extra.setdefault("session", self._session.session().model_dump(mode="json"))
            raise

    def _result(self, actions: tuple[Action, ...], fingerprint: str | None) -> UpdateResult:
        return UpdateResult.model_construct(
            **dict(self._session.session()), actions=actions, fingerprint=fingerprint
        )

    def _remember(self, message_id: str, handled: Handled) -> None:
        self.handled[message_id] = handled
        while len(self.handled) > MAX_REMEMBERED_MESSAGES:
            del self.handled[next(iter(self.handled))]


def change_step(
    change: Callable[[SessionState, *Ts, Stamp], Change], *arguments: *Ts
) -> ChangeStep:
    """Binds all arguments of a change in ``domain/session`` except the state and the stamp."""

    def apply(state: SessionState, stamp: Stamp) -> Change:
        return change(state, *arguments, stamp)

    return apply


def stamp_of(actor: Actor, key: str | None = None) -> Stamp:
    return Stamp(now=workflow.now(), actor=actor, key=key)


def _update_id() -> str:
    info = workflow.current_update_info()
    return info.id if info else ""
