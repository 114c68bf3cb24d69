"""The security headers of every response, and a documentation page without external assets."""

import re

import httpx
import pytest

from tests.integration.security.conftest import Serve
from tests.support.api import client_for, token

STRICT = "default-src 'none'; frame-ancestors 'none'"


async def answers(address: str) -> dict[str, httpx.Response]:
    async with client_for(address, token("ada")) as http, client_for(address, None) as anonymous:
        preflight = {"Origin": "https://app.example", "Access-Control-Request-Method": "PATCH"}
        return {
            "data": await http.get("/v1/wizard"),
            "the description": await anonymous.get("/openapi.json"),
            "no route": await http.get("/nowhere"),
            "no method": await http.put("/healthz"),
            "no token": await anonymous.get("/v1/wizard"),
            "a refused body": await http.post("/v1/sessions", json={"nick": "x"}),
            "a large body": await http.post("/v1/sessions", content=b"x" * 600_000),
            "too many": await http.get("/v1/wizard"),
            "a preflight": await anonymous.options("/v1/wizard", headers=preflight),
            "a foreign preflight": await anonymous.options(
                "/v1/wizard", headers={**preflight, "Origin": "https://evil.example"}
            ),
            "health": await anonymous.get("/healthz"),
            "the links": await anonymous.get("/"),
            "a script": await anonymous.get("/docs/start.js"),
            "the library": await anonymous.get("/docs/assets/swagger-ui-bundle.js"),
            "the earlier function": await anonymous.post("/functions/v1/wizard-session"),
            "a webhook": await anonymous.post("/v1/webhooks/stripe"),
        }


async def test_every_answer_forbids_sniffing_and_framing(serve: Serve) -> None:
    responses = await answers(await serve(rate_limit="4/minute"))

    assert responses["too many"].status_code == 429
    for name, answer in responses.items():
        assert answer.headers["Content-Security-Policy"] == STRICT, name
        assert answer.headers["X-Content-Type-Options"] == "nosniff", name
        assert answer.headers["Referrer-Policy"] == "no-referrer", name
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin", name
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", name
        assert "camera=()" in answer.headers["Permissions-Policy"], name
        assert "Strict-Transport-Security" not in answer.headers, name
        assert "Server" not in answer.headers, name


async def test_answers_over_tls_have_hsts(serve: Serve) -> None:
    behind_proxy = await serve(trusted_proxies=("127.0.0.1",))
    alone = await serve()

    for address, has_hsts in ((behind_proxy, True), (alone, False)):
        async with client_for(address, None) as http:
            answer = await http.get("/healthz", headers={"X-Forwarded-Proto": "https"})
        assert ("Strict-Transport-Security" in answer.headers) is has_hsts


@pytest.fixture
async def page(serve: Serve) -> httpx.AsyncClient:
    return client_for(await serve(), None)


async def test_the_docs_page_runs_only_bundled_scripts(page: httpx.AsyncClient) -> None:
    shown = await page.get("/docs")

    assert shown.headers["Content-Type"].startswith("text/html")
    policy = dict(
        directive.strip().split(" ", 1)
        for directive in shown.headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert "unsafe" not in str(policy)
    assert not re.search(r"https?:|<style|style=|<script>| on\w+=", shown.text)

    for address in re.findall(r'(?:src|href)="([^"]+)"', shown.text):
        assert (await page.get(address)).is_success, address


async def test_the_docs_page_does_not_send_the_description(page: httpx.AsyncClient) -> None:
    start = await page.get("/docs/start.js")

    assert start.headers["Content-Type"].startswith("text/javascript")
    assert "validatorUrl: null" in start.text
    assert not re.search("https?:", start.text)
    assert (await page.get("/openapi.json")).json()["openapi"].startswith("3.")


async def test_only_the_docs_assets_are_served(page: httpx.AsyncClient) -> None:
    for path in ("/docs/assets/", "/docs/assets/../core.py", "/docs/assets/%2e%2e/core.py"):
        assert (await page.get(path)).status_code == 404
    assert (await page.get("/redoc")).status_code == 404


async def test_the_root_is_a_page_of_links_without_scripts(page: httpx.AsyncClient) -> None:
    shown, head = await page.get("/"), await page.head("/")

    assert (shown.status_code, head.status_code) == (200, 200)
    assert shown.headers["Content-Type"].startswith("text/html")
    assert head.headers["Content-Length"] == shown.headers["Content-Length"]
    assert head.content == b""
    assert not re.search(r"https?:|<style|style=|<script| on\w+=", shown.text)
    addresses = re.findall(r'href="([^"]+)"', shown.text)
    assert {"/docs", "/openapi.json", "/healthz", "/readyz"} <= set(addresses)
    for address in addresses:
        assert (await page.get(address)).is_success, address
    assert "/" not in (await page.get("/openapi.json")).json()["paths"]
