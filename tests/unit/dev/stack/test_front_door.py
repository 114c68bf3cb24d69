"""The link that opens the front end of a running stack."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from dev.stack.front_door import signed_in_link
from tests.unit.dev.stack.test_report import STACK

NO_SERVER = "http://127.0.0.1:9"


class Handler(BaseHTTPRequestHandler):
    """A front end at any path, and an identity provider that invites."""

    def do_HEAD(self) -> None:
        self.send_response(200)
        self.end_headers()

    def do_POST(self) -> None:
        body = json.dumps({"invitation": "once"}).encode()
        self.send_response(201)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def server() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


def test_the_link_names_the_organizer_and_an_invitation(server: str) -> None:
    stack = STACK.model_copy(update={"api_url": server, "identity_url": server})

    link = urlsplit(signed_in_link(stack, "/s/1/reviewPublish") or "")

    assert (f"{link.scheme}://{link.netloc}", link.path) == (server, "/s/1/reviewPublish")
    expected = {"person": ["ada"], "organization": ["acme"], "invitation": ["once"]}
    assert parse_qs(link.query) == expected


def test_the_link_has_no_invitation_without_the_identity_provider(server: str) -> None:
    stack = STACK.model_copy(update={"api_url": server, "identity_url": NO_SERVER})

    assert signed_in_link(stack) == f"{server}/?person=ada&organization=acme"


def test_there_is_no_link_without_a_front_end() -> None:
    assert signed_in_link(STACK.model_copy(update={"api_url": NO_SERVER})) is None
