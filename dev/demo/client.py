"""The client of the demo, with one method per request, and its errors."""

import time
from collections.abc import Callable, Sequence
from html.parser import HTMLParser
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

import httpx

from dev.stack.state import Stack

TIMEOUT_SECONDS: Final = 15.0
REPEAT_SECONDS: Final = 60.0
"""How long a request is repeated: longer than a killed process takes to restart."""

REPEAT_PAUSE_SECONDS: Final = 0.5

REFUSED: Final = (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)


class UnexpectedAnswer(Exception):
    """The status of a response is not the expected one."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        super().__init__(f"{response.request.method} {response.url} → {response.status_code}")


class BrokenPromise(Exception):
    """All requests succeeded, but the result is wrong."""


class RepeatingTransport(httpx.BaseTransport):
    """Repeats a request while a process restarts: after 503, without a response, or after 202.

    202 means that the publication or the order is not ready yet: a repeat waits for it again.

    It repeats only requests that are safe to repeat: GET, requests with an Idempotency-Key, and
    requests that reached no server.
    """

    def __init__(
        self,
        transport: httpx.BaseTransport,
        on_repeat: Callable[[httpx.Request, str], None],
        *,
        pause: float = REPEAT_PAUSE_SECONDS,
    ) -> None:
        """``on_repeat`` is called with the request and the reason, once per request."""
        self._transport = transport
        self._on_repeat = on_repeat
        self._pause = pause

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        deadline = time.monotonic() + REPEAT_SECONDS
        is_repeated = False
        while True:
            in_time = time.monotonic() < deadline
            try:
                response = self._transport.handle_request(request)
            except httpx.TransportError as error:
                if not in_time or not (_is_repeatable(request) or _reached_no_server(error)):
                    raise
                reason = "no answer"
            else:
                unfinished = _is_unavailable(response) or _is_pending(request, response)
                if not in_time or not unfinished or not _is_repeatable(request):
                    return response
                response.close()
                reason = str(response.status_code)
            if not is_repeated:
                self._on_repeat(request, reason)
                is_repeated = True
            time.sleep(self._pause)

    def close(self) -> None:
        self._transport.close()


def _is_repeatable(request: httpx.Request) -> bool:
    return request.method == "GET" or "Idempotency-Key" in request.headers


def _is_unavailable(response: httpx.Response) -> bool:
    return response.status_code == HTTPStatus.SERVICE_UNAVAILABLE


def _is_pending(request: httpx.Request, response: httpx.Response) -> bool:
    is_asynchronous = "respond-async" in request.headers.get("Prefer", "")
    return response.status_code == HTTPStatus.ACCEPTED and not is_asynchronous


def _reached_no_server(error: httpx.TransportError) -> bool:
    return isinstance(error, httpx.ConnectError)


def sign_in(stack: Stack, **person: str) -> str:
    """Returns a bearer token. In production, the front end's own identity provider issues it.

    Raises:
        UnexpectedAnswer, httpx.RequestError: the identity service issued no token.
    """
    response = httpx.post(f"{stack.identity_url}/token", json=person, timeout=TIMEOUT_SECONDS)
    return str(expected(response, HTTPStatus.OK).json()["access_token"])


class WizardClient:
    """Sends requests with the token of one user.

    Every method raises :class:`UnexpectedAnswer`, or :class:`httpx.RequestError` without a
    response.
    """

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def stages(self) -> dict[str, str]:
        """Titles of the stages by name, in the order of the wizard."""
        wizard = self._get("/v1/wizard").json()
        return {stage["stage"]: stage["title"] for stage in wizard["stages"]}

    def upload(self, picture: bytes) -> httpx.Response:
        """Stores a JPEG. Returns its addresses."""
        headers = {"Content-Type": "image/jpeg", "Idempotency-Key": str(uuid4())}
        answer = self._http.post("/v1/media", content=picture, headers=headers)
        return expected(answer, HTTPStatus.CREATED)

    def create_session(self, sections: dict[str, Any] | None = None) -> httpx.Response:
        """With ``sections``, the session begins with this data."""
        body = {"sections": sections} if sections else None
        return self._send("POST", "/v1/sessions", body, expect=[HTTPStatus.CREATED])

    def session(self, session_id: str) -> httpx.Response:
        """Reads the session from its workflow, which has every save."""
        return self._get(f"/v1/sessions/{session_id}?consistent=true")

    def save(self, session_id: str, stage: str, data: dict[str, Any]) -> httpx.Response:
        """Returns the session, with errors for invalid and missing values."""
        path = f"/v1/sessions/{session_id}/stages/{stage}"
        return self._send("PATCH", path, data, expect=[HTTPStatus.OK])

    def autosave(self, session_id: str, stage: str, data: dict[str, Any]) -> httpx.Response:
        """Saves without waiting for the session, as while a user types."""
        path = f"/v1/sessions/{session_id}/stages/{stage}"
        later = {"Prefer": "respond-async"}
        return self._send("PATCH", path, data, headers=later, expect=[HTTPStatus.ACCEPTED])

    def complete(self, session_id: str, stage: str) -> httpx.Response:
        path = f"/v1/sessions/{session_id}/stages/{stage}/complete"
        return self._send("POST", path, expect=[HTTPStatus.OK])

    def complete_in_vain(self, session_id: str, stage: str, data: dict[str, Any]) -> httpx.Response:
        """Saves and completes an invalid stage in one request. Returns the problem."""
        path = f"/v1/sessions/{session_id}/stages/{stage}/complete"
        return self._send("POST", path, {"data": data}, expect=REFUSED)

    def connect_payments(self, session_id: str, *, back_to: str) -> httpx.Response:
        """Returns a link to the onboarding at Stripe, which redirects to ``back_to`` at its end."""
        path = f"/v1/sessions/{session_id}/payments/connect"
        body = {"return_url": back_to, "refresh_url": back_to}
        return self._send("POST", path, body, expect=[HTTPStatus.OK])

    def publish(self, session_id: str) -> httpx.Response:
        """Publishes, and waits. Returns the event."""
        return self._send("POST", f"/v1/sessions/{session_id}/publish", expect=[HTTPStatus.OK])

    def publish_in_vain(self, session_id: str) -> httpx.Response:
        """Publishes a session that is not ready. Returns the problem, with every blocking check."""
        return self._send("POST", f"/v1/sessions/{session_id}/publish", expect=REFUSED)

    def public_event(self, slug: str) -> httpx.Response:
        """Returns the public event. Sends no token."""
        request = self._http.build_request("GET", f"/v1/public/events/{slug}")
        del request.headers["Authorization"]
        return expected(self._http.send(request), HTTPStatus.OK)

    def sales(self, event_id: str) -> httpx.Response:
        """Returns the tickets of the event: sold, held and left."""
        return self._get(f"/v1/events/{event_id}/sales")

    def change_sales(self, event_id: str, change: str) -> httpx.Response:
        """``pause`` or ``resume``."""
        return self._send("POST", f"/v1/events/{event_id}/sales/{change}", expect=[HTTPStatus.OK])

    def _get(self, path: str) -> httpx.Response:
        return expected(self._http.get(path), HTTPStatus.OK)

    def _send(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        headers: dict[str, str] | None = None,
        expect: Sequence[HTTPStatus],
    ) -> httpx.Response:
        # One key per action: a repeated request with the same key has no second effect.
        keyed = {"Idempotency-Key": str(uuid4()), **(headers or {})}
        return expected(self._http.request(method, path, json=body, headers=keyed), *expect)


class BuyerClient:
    """Sends the requests of buyers, who have no token. Raises as :class:`WizardClient`."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def order(self, slug: str, items: list[dict[str, Any]]) -> httpx.Response:
        """Holds tickets. Returns the order, with the address where to pay."""
        # A repeat finds the order that the lost response was about.
        return self._order(slug, items, [HTTPStatus.CREATED, HTTPStatus.OK])

    def order_in_vain(self, slug: str, items: list[dict[str, Any]]) -> httpx.Response:
        """Returns the problem, with the sale state of each ticket."""
        return self._order(slug, items, [HTTPStatus.CONFLICT])

    def read(self, order_id: str) -> httpx.Response:
        return expected(self._http.get(f"/v1/public/orders/{order_id}"), HTTPStatus.OK)

    def cancel(self, order_id: str) -> httpx.Response:
        """Gives the tickets back."""
        path = f"/v1/public/orders/{order_id}/cancel"
        return expected(self._http.post(path), HTTPStatus.OK)

    def _order(
        self, slug: str, items: list[dict[str, Any]], expect: Sequence[HTTPStatus]
    ) -> httpx.Response:
        path = f"/v1/public/events/{slug}/orders"
        headers = {"Idempotency-Key": str(uuid4())}
        return expected(self._http.post(path, json={"items": items}, headers=headers), *expect)


def expected(response: httpx.Response, *statuses: HTTPStatus) -> httpx.Response:
    """Returns the response if it has one of these statuses.

    Raises:
        UnexpectedAnswer: it has a different status.
    """
    if response.status_code not in statuses:
        raise UnexpectedAnswer(response)
    return response


def submit_page(url: str, **entered: str) -> httpx.Response:
    """Opens a page of the Stripe stand-in and submits its form, as a user in a browser does.

    Its fields have the suggested values, except those ``entered``.

    Raises:
        UnexpectedAnswer, httpx.RequestError: the page cannot be opened or submitted.
    """
    page = expected(httpx.get(url, timeout=TIMEOUT_SECONDS), HTTPStatus.OK)
    form = {**_PageParser(page.text).suggested, **entered}
    answer = httpx.post(url, data=form, timeout=TIMEOUT_SECONDS)
    return expected(answer, HTTPStatus.OK, HTTPStatus.SEE_OTHER)


class _PageParser(HTMLParser):
    def __init__(self, markup: str) -> None:
        super().__init__()
        self.suggested: dict[str, str] = {}
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "input":
            field = dict(attrs)
            self.suggested[field["name"] or ""] = field["value"] or ""
