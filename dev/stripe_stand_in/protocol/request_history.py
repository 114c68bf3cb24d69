"""The received requests, for tests that check whether Stripe was called."""

from collections import deque
from typing import Final

from pydantic import BaseModel

from dev.stripe_stand_in.protocol.requests import ApiResponse, RawRequest
from domain.json_values import JsonObject

_MAX_REQUESTS: Final = 10_000


class LoggedRequest(BaseModel):
    """A request without its API key."""

    id: str
    method: str
    path: str
    account: str | None
    idempotency_key: str | None
    api_version: str | None
    params: JsonObject
    fault: str | None = None
    status: int | None = None
    """None while the request runs, and if no response was sent."""
    replayed: bool = False


class RequestHistory:
    """The latest 10,000 requests, in memory."""

    def __init__(self) -> None:
        self._requests: deque[LoggedRequest] = deque(maxlen=_MAX_REQUESTS)

    def add(self, request: RawRequest, fault: str | None) -> LoggedRequest:
        logged = LoggedRequest.model_validate(request, from_attributes=True)
        logged.account, logged.fault = request.account or None, fault
        self._requests.append(logged)
        return logged

    @staticmethod
    def set_response(logged: LoggedRequest, response: ApiResponse) -> None:
        logged.status = response.status
        logged.replayed = "Idempotent-Replayed" in response.headers

    def matching(
        self, *, method: str | None, path: str | None, account: str | None
    ) -> list[LoggedRequest]:
        """Matching requests, oldest first. ``path`` is a prefix."""
        return [
            request
            for request in self._requests
            if method in {None, request.method}
            and request.path.startswith(path or "/")
            and account in {None, request.account}
        ]

    def clear(self) -> None:
        self._requests.clear()
