"""Faults that tests request."""

from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from dev.stripe_stand_in.protocol import errors
from dev.stripe_stand_in.protocol.requests import RawRequest


class FaultKind(StrEnum):
    ERROR_BEFORE_EFFECT = "error_before_effect"
    """500 before the work starts; nothing is stored under the key."""
    ERROR_INSTEAD_OF_EFFECT = "error_instead_of_effect"
    """500, which v1 stores under the key, without the work."""
    ERROR_AFTER_EFFECT = "error_after_effect"
    """500, which v1 stores under the key, after the work."""
    RATE_LIMITED = "rate_limited"
    """429 with ``Retry-After``."""
    LOCK_TIMEOUT = "lock_timeout"
    """429 because another request is changing the object."""
    KEY_IN_USE = "key_in_use"
    """409, as if the same key were in flight."""
    KEY_REFUSED = "key_refused"
    """401, as if the API key were wrong."""
    DROP_BEFORE_EFFECT = "drop_before_effect"
    DROP_AFTER_EFFECT = "drop_after_effect"
    SLOW = "slow"
    """The work starts late; until it ends, the key is in use."""
    TRUNCATED_BODY = "truncated_body"
    """The connection closes in the middle of the response."""
    GARBLED_BODY = "garbled_body"
    """A complete response with half of the JSON."""


TEMPORARY: Final = tuple(kind for kind in FaultKind if kind is not FaultKind.KEY_REFUSED)
"""Faults after which a retry succeeds."""


class Fault(BaseModel):
    """Applies to every ``every``-th matching request, ``times`` times; None for no limit."""

    model_config = ConfigDict(extra="forbid")

    kind: FaultKind
    method: str | None = None
    path: str = "/"
    """A prefix."""
    account: str | None = None
    api_key: str | None = None
    times: int | None = Field(default=1, ge=1)
    every: int = Field(default=1, ge=1)
    seconds: int | float = Field(default=1, ge=0)
    """The delay of ``SLOW``, or the value of ``Retry-After``."""

    _seen: int = PrivateAttr(default=0)

    @property
    def is_spent(self) -> bool:
        return self.times is not None and self._seen >= self.times * self.every

    def strikes(self, request: RawRequest) -> bool:
        matches = (
            self.method in {None, request.method}
            and request.path.startswith(self.path)
            and self.account in {None, request.account}
            and self.api_key in {None, request.api_key}
        )
        self._seen += matches
        return matches and self._seen % self.every == 0


class Faults:
    def __init__(self) -> None:
        self._pending: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._pending.append(fault)

    def clear(self) -> None:
        self._pending.clear()

    def pending(self) -> list[Fault]:
        return [fault for fault in self._pending if not fault.is_spent]

    def take(self, request: RawRequest) -> Fault | None:
        """The fault that applies to the request; at most one."""
        return next((fault for fault in self.pending() if fault.strikes(request)), None)


def raise_early_error(fault: Fault | None, request: RawRequest) -> None:
    """Applies a fault that comes before the work.

    Raises:
        ApiError: the error of the fault.
    """
    if fault is None:
        return
    match fault.kind:
        case FaultKind.ERROR_BEFORE_EFFECT:
            raise errors.server_error()
        case FaultKind.RATE_LIMITED:
            raise errors.rate_limited(int(fault.seconds))
        case FaultKind.LOCK_TIMEOUT:
            raise errors.locked()
        case FaultKind.KEY_REFUSED:
            raise errors.wrong_api_key()
        case FaultKind.KEY_IN_USE:
            raise errors.key_in_use(request.idempotency_key, is_v2=request.is_v2)
