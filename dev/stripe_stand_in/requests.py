"""The log of calls: who asks "was Stripe called at all?" finds the answer here."""

from collections import deque
from typing import Final

from pydantic import BaseModel

from dev.stripe_stand_in.calls import Answer, Call
from domain.json_values import JsonObject

_KEPT: Final = 10_000


class LoggedRequest(BaseModel):
    """A call without the key that it was made with."""

    id: str
    method: str
    path: str
    account: str | None
    idempotency_key: str | None
    api_version: str | None
    params: JsonObject
    fault: str | None = None
    status: int | None = None
    """None while it runs, and when no answer was sent."""
    replayed: bool = False


class RequestLog:
    def __init__(self) -> None:
        self._requests: deque[LoggedRequest] = deque(maxlen=_KEPT)

    def started(self, call: Call, fault: str | None) -> LoggedRequest:
        logged = LoggedRequest(
            id=call.id,
            method=call.method,
            path=call.path,
            account=call.account or None,
            idempotency_key=call.idempotency_key,
            api_version=call.api_version,
            params=call.params,
            fault=fault,
        )
        self._requests.append(logged)
        return logged

    @staticmethod
    def answered(logged: LoggedRequest, answer: Answer) -> None:
        logged.status = answer.status
        logged.replayed = "Idempotent-Replayed" in answer.headers

    def matching(
        self, *, method: str | None, path: str | None, account: str | None
    ) -> list[LoggedRequest]:
        """Oldest first; ``path`` is a prefix."""
        return [
            each
            for each in self._requests
            if method in {None, each.method}
            and each.path.startswith(path or "/")
            and account in {None, each.account}
        ]

    def clear(self) -> None:
        self._requests.clear()
