"""Stripe's last answer, and what a refused API key leads to.

A key that Stripe refuses stays wrong until the operator corrects it and restarts the workers. So
after a refusal, one request per pause is sent, and all others get the same refusal at once.
"""

import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final, NamedTuple

import stripe

from domain.values.payments import StripeAnswer

REFUSAL_PAUSE: Final = 60.0
"""Seconds between two requests with a refused key."""

_ACCOUNT_GONE: Final = b'"account_invalid"'


class _Response(NamedTuple):
    """As the SDK has it."""

    body: bytes
    status: int
    headers: Mapping[str, str]

    @property
    def refuses_key(self) -> bool:
        """An account that the platform has lost is no fault of the key."""
        return self.status == HTTPStatus.UNAUTHORIZED and _ACCOUNT_GONE not in self.body


class AnswerRecorder(stripe.HTTPClient):
    """Sends the requests by another client, and records whether Stripe accepts the key."""

    name = "httpx"  # in the header by which the SDK describes itself

    def __init__(
        self, http_client: stripe.HTTPClient, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(async_fallback_client=http_client)
        self.last: StripeAnswer | None = None
        self._clock = clock
        self._refusal: _Response | None = None
        self._paused_until = 0.0

    @property
    def is_paused(self) -> bool:
        """Whether requests get the last refusal instead of being sent."""
        return self._replayed_refusal() is not None

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        refusal = self._replayed_refusal()
        if refusal is not None:
            return refusal
        self._paused_until = self._clock() + REFUSAL_PAUSE  # others wait for this response
        try:
            response = _Response(*await super().request_async(method, url, headers, post_data))
        except stripe.APIConnectionError:
            self.last = StripeAnswer.UNAVAILABLE
            raise
        self._refusal = response if response.refuses_key else None
        self.last = _answer_of(response)
        return response

    def _replayed_refusal(self) -> _Response | None:
        return self._refusal if self._clock() < self._paused_until else None


def _answer_of(response: _Response) -> StripeAnswer:
    if response.refuses_key:
        return StripeAnswer.UNAUTHORIZED
    if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return StripeAnswer.UNAVAILABLE
    return StripeAnswer.OK
