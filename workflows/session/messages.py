"""Handles messages to a session: authorization, repeats, refusals."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar, TypeVarTuple

from pydantic import ValidationError
from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain import ids
    from domain.errors import (
        IdempotencyKeyReused,
        InvalidRequest,
        PayloadTooLarge,
        StageIncomplete,
        WizardError,
    )
    from domain.publishing.publication import (
        joins_publication,
        request_publication,
        require_future,
    )
    from domain.session.actions import Action
    from domain.session.answers import UpdateResult, answer_of
    from domain.session.changes import Change, Stamp, refuse_message
    from domain.session.messages import Carried, Publish, Request, StageData, Transition
    from domain.session.repeats import HandledRequest, HandledRequests
    from domain.session.state import SessionState, require_member, require_revision
    from domain.stages import Section, Stage
    from temporal.failures import as_failures, to_failure
    from workflows.session.host import SessionHost

_REFUSED_BEFORE: Final = "The request was refused the first time. Repeat it with a new key."
_EARLIER_SECTION_BYTES: Final = 64 * 1024

SignalT = TypeVar("SignalT", StageData, Transition)
Ts = TypeVarTuple("Ts")

ChangeStep = Callable[[SessionState, Stamp], Change]


@dataclass(frozen=True)
class _Trial:
    """The change that a step makes of a state."""

    step: ChangeStep
    state: SessionState
    stamp: Stamp
    change: Change


class SessionMessages:
    """Applies updates and signals, and remembers them in ``handled``."""

    def __init__(self, session: SessionHost, handled: HandledRequests) -> None:
        self.handled = handled
        self._session = session
        self._trial: _Trial | None = None
        self._refusals: list[tuple[Stage, str, Stamp]] = []

    def admit(self, request: Request, step: ChangeStep | None = None) -> None:
        """Validates an update: tries a step on the current state, and does not accept its change.

        The key comes first: a repeat is not judged by what has changed since.

        Raises:
            ApplicationError: the request, or the step, is refused.
        """
        state, stamp = self._session.state, _stamp_of(request)
        with _refusals_of(request):
            if self.is_repeat(request, stamp):
                return
            require_revision(state, request.expected, stamp.now)
            self._session.require_editable()
            if step is not None:
                self._trial = _Trial(step, state, stamp, step(state, stamp))

    def admit_publish(self, request: Publish) -> None:
        """Validates a request to publish, also while the session cannot be edited.

        A second request joins the publication at any revision: it asks for a change that is made
        already (RFC 9110, section 13.1.1).

        Raises:
            ApplicationError: the request is refused.
        """
        state, stamp = self._session.state, _stamp_of(request)
        with _refusals_of(request):
            if self.is_repeat(request, stamp):
                return
            if not joins_publication(state):
                require_revision(state, request.expected, stamp.now)
                require_future(request.publish_at, stamp.now)
            request_publication(state, request.publish_at, stamp)

    def is_repeat(self, request: Request, stamp: Stamp) -> bool:
        """Whether the request was handled before.

        Raises:
            SessionNotFound: the actor is not a member of the session's tenant.
            IdempotencyKeyReused: its key belongs to another request.
            SessionClosed, Publishing, Unavailable: a part of it took effect, and nothing can be
                edited now.
        """
        require_member(self._session.state, request.actor)
        handled = self._handled(stamp)
        if handled is None:
            return False
        if not handled.is_same_request(request.fingerprint):
            raise IdempotencyKeyReused
        if handled.is_partial and request.attempt is not None:
            self._session.require_editable()
        return True

    def answer(self, request: Request, *steps: ChangeStep) -> UpdateResult | None:
        """Accepts each step before it tries the next, so that a refused one undoes none.

        None while the history is replayed, which has the answer: to compute and encode it again
        takes half of the time that a session needs to wake up, and is never sent.

        Raises:
            ApplicationError: a step was refused.
        """
        stamp = _stamp_of(request)
        handled = self._handled(stamp)
        if handled is not None:
            if not handled.is_partial:
                return self._result(request, (), is_repeat=True)
            if request.attempt is None:  # an API of an earlier version
                raise to_failure(StageIncomplete(_REFUSED_BEFORE))
            steps = steps[-1:]  # the first one took effect when the request came first
        actions: list[Action] = []
        with as_failures():
            self._remember(request, stamp)
            for step in steps:
                try:
                    change = self._change_of(step, stamp)
                except WizardError as error:
                    had_effect = handled is not None or bool(actions)
                    self._note_refusal(request, error, actions, stamp, had_effect=had_effect)
                    raise
                self._session.accept(change)
                actions += [change.action] if change.action else []
        return self._result(request, actions)

    def _change_of(self, step: ChangeStep, stamp: Stamp) -> Change:
        """The change that the update's validator has tried, if it was this one; the handler runs
        in the same activation. A replay runs no validators."""
        tried, self._trial = self._trial, None
        state = self._session.state
        if tried is None or tried.state is not state or (tried.step, tried.stamp) != (step, stamp):
            return step(state, stamp)
        return tried.change

    @contextmanager
    def one_time(self, request: Request) -> Iterator[bool]:
        """The work of a request that no step describes; yields whether it is a repeat.

        A refused one leaves its key free.

        Raises:
            ApplicationError: the work was refused.
        """
        with self.work_of(request) as is_repeat:
            yield is_repeat
        self._remember(request, _stamp_of(request))

    @contextmanager
    def work_of(self, request: Request) -> Iterator[bool]:
        """As :meth:`one_time`, before the request is answered by :meth:`answer`, which remembers
        it."""
        with _refusals_of(request):
            yield self._handled(_stamp_of(request)) is not None

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
        except ValidationError:
            workflow.logger.warning("signal refused", extra={"code": InvalidRequest.code})
            return
        except WizardError as error:
            workflow.logger.warning("signal refused", extra={"code": error.code})
            return
        if self.handled.find(received.message_id, workflow.now()):
            return
        stamp = Stamp(workflow.now(), received.actor, received.message_id)
        try:
            self._session.require_editable(is_acknowledged=True)
            change = step_of(received)(self._session.state, stamp)
            _require_earlier_size(change)
        except WizardError as error:
            workflow.logger.warning("signal refused", extra={"code": error.code})
            self._refuse_signal(received.target, error.code, stamp)
        else:
            self.handled.add(received.message_id, received.fingerprint, stamp.now)
            self._session.accept(change)

    def _refuse_signal(self, stage: Stage, code: str, stamp: Stamp) -> None:
        if workflow.patched(ids.PATCH_REFUSED_MESSAGES):
            self._refusals.append((stage, code, stamp))
            self.record_refusals()

    def record_refusals(self) -> None:
        """Adds the refused signals to the audit trail, so that their senders find them.

        A running publication is the only writer of its session: the workflow calls this again
        after it.
        """
        if not self._session.state.is_publishing:
            for refusal in self._refusals:
                self._session.accept(refuse_message(self._session.state, *refusal))
            self._refusals.clear()

    def _note_refusal(
        self,
        request: Request,
        error: WizardError,
        accepted: Sequence[Action],
        stamp: Stamp,
        *,
        had_effect: bool,
    ) -> None:
        """Adds the session as it is now. A refusal that changed nothing leaves the key free."""
        if had_effect or request.attempt is None:
            self._remember(request, stamp, is_partial=True)
        else:
            self.handled.discard(stamp.key)
        if request.attempt is None:
            error.extra.setdefault("session", self._session.session().model_dump(mode="json"))
        elif not workflow.unsafe.is_replaying():
            error.extra["attempt"] = request.attempt
            error.extra["answer"] = self._answer_of(request, accepted).model_dump(mode="json")

    def _result(
        self, request: Request, actions: Sequence[Action], *, is_repeat: bool = False
    ) -> UpdateResult | None:
        if workflow.unsafe.is_replaying():
            return None
        return self._answer_of(request, actions, is_repeat=is_repeat)

    def _answer_of(
        self, request: Request, actions: Sequence[Action], *, is_repeat: bool = False
    ) -> UpdateResult:
        state = self._session.state
        return answer_of(request, state, self._session.assess(), actions, is_repeat=is_repeat)

    def _handled(self, stamp: Stamp) -> HandledRequest | None:
        return self.handled.find(stamp.key, stamp.now)

    def _remember(self, request: Request, stamp: Stamp, *, is_partial: bool = False) -> None:
        self.handled.add(stamp.key, request.fingerprint, stamp.now, is_partial=is_partial)


@contextmanager
def _refusals_of(request: Request) -> Iterator[None]:
    """Adds the attempt to a refusal: Temporal gives it to every request with the same id that is
    waiting, and the API must not take it for the answer to another one.

    Raises:
        ApplicationError: instead of any error of the domain.
    """
    try:
        yield
    except WizardError as error:
        if request.attempt is not None:
            error.extra["attempt"] = request.attempt
        raise to_failure(error) from error


def handled_by(carried: Carried | None) -> HandledRequests:
    """The requests that earlier runs of the session handled."""
    if carried is None:
        return HandledRequests()
    handled = HandledRequests(carried.handled)
    for request_id, earlier in carried.processed.items():
        is_partial = earlier.refused_as is not None
        handled.add(request_id, earlier.fingerprint, workflow.now(), is_partial=is_partial)
    return handled


def _require_earlier_size(change: Change) -> None:
    """
    Raises:
        PayloadTooLarge: the run replays what an earlier release refused for its size.
    """
    written = (change.action.sections if change.action else None) or ()
    sizes = change.state.sizes()
    size = max((sizes[Section(name)] for name in written), default=0)
    if size > _EARLIER_SECTION_BYTES and not workflow.patched(ids.PATCH_LARGER_SECTIONS):
        raise PayloadTooLarge


@dataclass(frozen=True)
class _BoundChange:
    """Compared by its arguments: an update's validator and handler each decode their own."""

    change: Callable[..., Change]
    arguments: tuple[object, ...]

    def __call__(self, state: SessionState, stamp: Stamp) -> Change:
        return self.change(state, *self.arguments, stamp)


def change_step(
    change: Callable[[SessionState, *Ts, Stamp], Change], *arguments: *Ts
) -> ChangeStep:
    """Binds all arguments of a change in ``domain/session`` except the state and the stamp."""
    return _BoundChange(change, arguments)


def _stamp_of(request: Request) -> Stamp:
    """With the idempotency key of the request, or else the id of its update."""
    key = request.key
    if key is None:
        info = workflow.current_update_info()
        key = info.id if info else ""
    return Stamp(now=workflow.now(), actor=request.actor, key=key)
