"""How a session takes messages: who may send them, what a repeat gets, what a refusal leaves."""

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol, TypeVar

from pydantic import ValidationError
from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.actors import Actor
    from domain.errors import ERRORS, InvalidRequest, WizardError
    from domain.session.actions import Action
    from domain.session.changes import Change, Stamp
    from domain.session.messages import Handled, Request, StageData, Transition, UpdateResult
    from domain.session.state import SessionState, require_member, require_revision
    from domain.session.view import SessionView
    from temporal.failures import as_failures

MAX_REMEMBERED_MESSAGES: Final = 100

SignalT = TypeVar("SignalT", StageData, Transition)


class ReceivingSession(Protocol):
    """What the inbox needs of the session that it receives for."""

    @property
    def state(self) -> SessionState: ...

    def require_editable(self) -> None: ...

    def accept(self, change: Change) -> None: ...

    def session(self) -> SessionView: ...


class SessionMessages:
    """``handled`` are the messages that an earlier run has had, oldest first."""

    def __init__(self, session: ReceivingSession, handled: Mapping[str, Handled]) -> None:
        self.handled = dict(handled)
        self._session = session

    def admits(self, request: Request, *, expected_revision: int | None = None) -> bool:
        """False for a repeat of what was handled in an earlier run, which has its answer.

        Raises:
            WizardError: the request cannot be admitted, whatever it asks for.
        """
        require_member(self._session.state, request.actor)
        if _update_id() in self.handled:
            return False
        self._session.require_editable()
        require_revision(self._session.state, expected_revision, workflow.now())
        return True

    def answer(self, request: Request, *steps: Callable[[Stamp], Change]) -> UpdateResult | None:
        """Accepts each step before the next is tried, so that a refused one undoes none.

        None while the history is replayed, which has the answer: to make it anew and have it
        encoded takes half of the time that a session needs to wake up, and nobody would get it.

        Raises:
            ApplicationError: a step was refused, now or when the request came first.
        """
        update_id = _update_id()
        known = self.handled.get(update_id)
        if known is not None:
            return self._answer_again(known)
        self._remember(update_id, Handled(fingerprint=request.fingerprint))
        actions: list[Action] = []
        with as_failures():
            for step in steps:
                change = self._tried(step, request, update_id)
                self._session.accept(change)
                actions += [change.action] if change.action else []
        if workflow.unsafe.is_replaying():
            return None
        return self._result(tuple(actions), request.fingerprint)

    def receive(
        self, kind: type[SignalT], sent: tuple[Any, ...], change: Callable[[SignalT, Stamp], Change]
    ) -> None:
        """A signal never raises: that would fail the workflow, and nobody waits for an answer.

        ``sent`` are its arguments: a message each.
        """
        for message in sent:
            self._receive_one(kind, message, change)

    def _receive_one(
        self, kind: type[SignalT], message: object, change: Callable[[SignalT, Stamp], Change]
    ) -> None:
        try:
            received = kind.model_validate(message)
            require_member(self._session.state, received.actor)
            if received.message_id in self.handled:
                return
            self._session.require_editable()
            accepted = change(received, stamp_of(received.actor, received.message_id))
        except ValidationError:
            workflow.logger.warning("signal refused", extra={"code": InvalidRequest.code})
        except WizardError as error:
            workflow.logger.warning("signal refused", extra={"code": error.code})
        else:
            self._remember(received.message_id, Handled(fingerprint=received.fingerprint))
            self._session.accept(accepted)

    def _answer_again(self, handled: Handled) -> UpdateResult:
        """With the session as it is now: the first answer was left behind in an earlier run."""
        if handled.refused_as is not None:
            with as_failures():
                raise ERRORS[handled.refused_as](
                    "The request was refused when it came first: repeat it with a new key."
                )
        return self._result((), handled.fingerprint)

    def _tried(self, step: Callable[[Stamp], Change], request: Request, update_id: str) -> Change:
        """
        Raises:
            WizardError: with the session as it is now.
        """
        try:
            return step(stamp_of(request.actor, update_id))
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


def stamp_of(actor: Actor, key: str | None = None) -> Stamp:
    return Stamp(now=workflow.now(), actor=actor, key=key)


def _update_id() -> str:
    info = workflow.current_update_info()
    return info.id if info else ""
