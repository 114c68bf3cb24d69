"""The provider as a process, and a front end of another origin in a headless Chromium."""

import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, async_playwright

from dev.identity.clients import WEB_CLIENT_ID
from dev.screenshots.browser import BrowserFailed, find_chromium
from tests.support.ports import free_port
from tests.support.waiting import eventually

ROOT = Path(__file__).parents[4]
VERIFIER = "verifier-" * 6

FETCH = """async ([url, form]) => {
    const answer = await fetch(url, {method: "POST", body: new URLSearchParams(form)});
    return await answer.json();
}"""


class _FrontEnd(BaseHTTPRequestHandler):
    """The same page without scripts at every address."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>The front end</title>")

    def log_message(self, *_: object) -> None:
        """Prints nothing."""


@pytest.fixture(scope="module")
def front_end() -> Iterator[str]:
    """Its origin, which differs from the provider's by name and by port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _FrontEnd)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def launched(directory: Path, port: int, front_end: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "dev.identity", str(directory), str(port)],
        cwd=ROOT,
        env={**os.environ, "IDENTITY_ORIGINS": front_end, "IDENTITY_ACCESS_TTL": "77"},
    )


@pytest.fixture(scope="module")
async def provider(front_end: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    port, directory = free_port(), tmp_path_factory.mktemp("identity")
    process = launched(directory, port, front_end)
    url = f"http://127.0.0.1:{port}"

    async def responds() -> bool:
        async with httpx.AsyncClient(trust_env=False) as http:
            try:
                return (await http.get(f"{url}/.well-known/jwks.json")).is_success
            except httpx.TransportError:
                return False

    await eventually(responds, what="an identity provider that responds")
    yield url
    process.terminate()
    process.wait(10)


@pytest.fixture(scope="module")
async def page() -> AsyncIterator[Page]:
    try:
        executable = find_chromium()
    except BrowserFailed as missing:
        pytest.skip(str(missing))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=executable, chromium_sandbox=os.geteuid() != 0
        )
        yield await browser.new_page()
        await browser.close()


def authorize_url(provider: str, front_end: str) -> str:
    return f"{provider}/authorize?" + urlencode(
        {
            "client_id": WEB_CLIENT_ID,
            "redirect_uri": f"{front_end}/signed-in",
            "response_type": "code",
            "scope": "openid profile offline_access",
            "code_challenge": create_s256_code_challenge(VERIFIER),
            "code_challenge_method": "S256",
        }
    )


async def test_the_sign_in_page_is_accessible(page: Page, provider: str, front_end: str) -> None:
    await page.goto(authorize_url(provider, front_end))
    await page.get_by_text("Someone new").click()
    await page.get_by_role("button", name="Sign in", exact=True).click()

    assert await page.get_by_text("Enter a name.").is_visible()
    found = await Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()


async def test_a_front_end_of_another_origin_signs_in_and_out(
    page: Page, provider: str, front_end: str
) -> None:
    await page.goto(authorize_url(provider, front_end))
    await page.get_by_role("button", name="Ada Lindqvist Acme").click()
    await page.wait_for_url(f"{front_end}/signed-in?*")
    (code,) = parse_qs(urlsplit(page.url).query)["code"]
    form = {
        "grant_type": "authorization_code",
        "client_id": WEB_CLIENT_ID,
        "redirect_uri": f"{front_end}/signed-in",
        "code": code,
        "code_verifier": VERIFIER,
    }

    tokens = await page.evaluate(FETCH, [f"{provider}/token", form])

    assert tokens["expires_in"] == 77
    leave = {
        "id_token_hint": tokens["id_token"],
        "post_logout_redirect_uri": f"{front_end}/",
    }
    await page.goto(f"{provider}/logout?{urlencode(leave)}")
    assert page.url == f"{front_end}/"
    refresh = {
        "grant_type": "refresh_token",
        "client_id": WEB_CLIENT_ID,
        "refresh_token": tokens["refresh_token"],
    }
    refused = await page.evaluate(FETCH, [f"{provider}/token", refresh])
    assert refused["error"] == "invalid_grant"
