"""The front end: its files, its shell, what is neither, and the headers of each."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from api.app import create_app
from api.front_end.serving import SERVER_PATHS
from api.middleware.security_headers import HEADERS
from settings import ApiSettings
from tests.support.api import AUDIENCE, ID_SECRET, ISSUER, SECRET
from tests.support.problem_documents import assert_problem

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SHELL = b"<!doctype html><title>Front end</title>"
SCRIPT = b"console.log('front end');" * 20
FILES = {
    "index.html": SHELL,
    "index.html.br": b"shell in brotli",
    "index.html.gz": b"shell in gzip",
    "assets/index-DiwrgTda.js": SCRIPT,
    "assets/index-DiwrgTda.js.br": b"script in brotli",
    "assets/index-DiwrgTda.js.gz": b"script in gzip",
    "assets/style-B2-x_9Kq.css": b"body{}",
    "pages.json": b"""{
        "pages": {"s": ["/assets/page-Xy_2aB-9.js", "/assets/style-B2-x_9Kq.css"]},
        "texts": {"s": {
            "en": ["/assets/en-00000000.js", "/assets/page-Xy_2aB-9.js"],
            "de": ["/assets/de-00000000.js"]
        }}
    }""",
    "assets/font.0123456789abcdef.woff2": b"font",
    "assets/navigation.js": b"",
    "assets/old-business.js": b"",
    "sw.js": b"self.onfetch = null;",
    "manifest.webmanifest": b"{}",
    "favicon.svg": b"<svg/>",
    "robots.txt": b"",
    "offline.html": b"offline",
    ".env": b"SECRET=1",
    ".git/config.txt": b"private",
    "backup.sql": b"private",
    "notes": b"private",
}
PUBLIC_URL = "https://wizard.example"
IMMUTABLE = "public, max-age=31536000, immutable"


def build(folder: Path) -> Path:
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """For a test that changes the folder."""
    return build(tmp_path / "dist")


def settings_of(web_root: Path | str | None) -> ApiSettings:
    values: dict[str, Any] = {
        "database_api_url": "postgresql://wizard_api@127.0.0.1:1/none",
        "jwt_issuer": (ISSUER,),
        "jwt_audience": AUDIENCE,
        "jwt_secret": SECRET,
        "id_secret": ID_SECRET,
        "rate_limit_per_address": "",
        "public_url": PUBLIC_URL,
        "web_root": web_root if web_root is None else str(web_root),
    }
    return ApiSettings(**values)


def app_of(settings: ApiSettings) -> FastAPI:
    app = create_app(settings)
    app.state.services = None
    return app


def client_of(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://api",
        headers={"Accept-Encoding": "identity"},
    )


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """Serves a folder that no test changes."""
    folder = tmp_path_factory.mktemp("front-end")
    (folder / "outside.txt").write_text("outside")
    return app_of(settings_of(build(folder / "dist")))


@pytest.fixture
async def http(shared: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(shared) as client:
        yield client


async def raw(http: httpx.AsyncClient, path: str, **headers: str) -> tuple[httpx.Headers, bytes]:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    async with http.stream("GET", path, headers=names) as response:
        return response.headers, b"".join([part async for part in response.aiter_raw()])


@pytest.mark.parametrize(
    "path", ["/", "/s/7d8f5e0c/eventSetup", "/signed-in?code=x&state=y", "/events", "/s/", "/a.b"]
)
async def test_every_page_is_the_shell(http: httpx.AsyncClient, path: str) -> None:
    page, head = await http.get(path, headers=HTML), await http.head(path, headers=HTML)

    assert page.status_code == head.status_code == 200
    assert page.content == SHELL
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.headers["Cache-Control"] == "no-cache"
    for response in (page, head):
        del response.headers["X-Request-Id"]
    assert head.headers == page.headers
    known = await http.get(path, headers={**HTML, "If-None-Match": page.headers["ETag"]})
    assert (known.status_code, known.content) == (304, b"")
    assert known.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/s/7d8f5e0c/eventSetup", "/nowhere"])
@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/json, text/html;q=0.1"])
async def test_a_program_gets_a_problem_for_an_unknown_path(
    http: httpx.AsyncClient, path: str, accept: str
) -> None:
    assert_problem(await http.get(path, headers={"Accept": accept}), 404, "not_found")
    page = await http.get(path, headers=HTML)
    assert "Accept" in page.headers["Vary"].split(", ")


async def test_the_shell_of_a_session_announces_its_files(http: httpx.AsyncClient) -> None:
    page = await http.get("/s/7d8f5e0c/eventSetup", headers=HTML)
    known = {**HTML, "If-None-Match": page.headers["ETag"]}

    assert page.headers["Link"].split(", ") == [
        "</assets/page-Xy_2aB-9.js>; rel=modulepreload",
        "</assets/style-B2-x_9Kq.css>; rel=preload; as=style; crossorigin",
        "</assets/en-00000000.js>; rel=modulepreload",
    ]
    again = await http.get("/s/7d8f5e0c/eventSetup", headers=known)
    assert (again.status_code, again.headers["Link"]) == (304, page.headers["Link"])
    for other in ("/", "/nowhere", "/assets/style-B2-x_9Kq.css", "/s.txt"):
        assert "Link" not in (await http.get(other, headers=HTML)).headers


@pytest.mark.parametrize(
    ("accept_language", "announced"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("en-GB,en;q=0.9,de;q=0.8", "en"),
        ("fr, en;q=0.4, de;q=0.6", "de"),
        ("fr", "en"),
        ("*", "en"),
    ],
)
async def test_the_texts_of_the_persons_language_are_announced(
    http: httpx.AsyncClient, accept_language: str, announced: str
) -> None:
    headers = {**HTML, "Accept-Language": accept_language}

    page = await http.get("/s/7d8f5e0c", headers=headers)

    assert [name for name in ("en", "de") if f"/assets/{name}-" in page.headers["Link"]] == [
        announced
    ]
    assert "Accept-Language" in page.headers["Vary"].split(", ")


@pytest.mark.parametrize(
    "pages",
    [
        b"",
        b"[]",
        b'{"pages": {"s": "/assets/a.js"}}',
        b'{"pages": {"s": ["https://elsewhere.example/a.js", "/assets/a>; rel=b, <b.js", "/a"]}}',
        b'{"pages": {"s": ["/assets/a.js\\r\\nSet-Cookie: a=b"]}}',
    ],
)
async def test_a_list_of_files_that_is_not_one_announces_nothing(built: Path, pages: bytes) -> None:
    (built / "pages.json").write_bytes(pages)

    async with client_of(app_of(settings_of(built))) as http:
        page = await http.get("/s/7d8f5e0c/eventSetup", headers=HTML)

    assert (page.status_code, page.content) == (200, SHELL)
    assert "Link" not in page.headers


@pytest.mark.parametrize("first", sorted(SERVER_PATHS))
async def test_nothing_below_a_path_of_the_server_is_a_page(
    http: httpx.AsyncClient, first: str
) -> None:
    response = await http.get(f"/{first}/no/such/thing", headers=HTML)

    assert response.status_code == 404
    assert SHELL not in response.content


def test_every_route_is_below_a_path_of_the_server(shared: FastAPI) -> None:
    routes = iter_route_contexts(shared.routes)
    first = {str(context.path_format).split("/")[1] for context in routes}

    assert first - {""} <= SERVER_PATHS, "add it to SERVER_PATHS"


@pytest.mark.parametrize(
    ("name", "media_type", "cache_control"),
    [
        ("assets/index-DiwrgTda.js", "text/javascript; charset=utf-8", IMMUTABLE),
        ("assets/style-B2-x_9Kq.css", "text/css; charset=utf-8", IMMUTABLE),
        ("assets/font.0123456789abcdef.woff2", "font/woff2", IMMUTABLE),
        ("assets/navigation.js", "text/javascript; charset=utf-8", "no-cache"),
        ("assets/old-business.js", "text/javascript; charset=utf-8", "no-cache"),
        ("sw.js", "text/javascript; charset=utf-8", "no-cache"),
        ("index.html", "text/html; charset=utf-8", "no-cache"),
        ("offline.html", "text/html; charset=utf-8", "no-cache"),
        ("robots.txt", "text/plain; charset=utf-8", "no-cache"),
        ("manifest.webmanifest", "application/manifest+json", "public, max-age=3600"),
        ("favicon.svg", "image/svg+xml; charset=utf-8", "public, max-age=3600"),
    ],
)
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
async def test_a_file_has_its_type_and_its_cache_rule(
    http: httpx.AsyncClient, name: str, media_type: str, cache_control: str, accept: str
) -> None:
    file = await http.get(f"/{name}", headers={"Accept": accept})

    assert (file.status_code, file.content) == (200, FILES[name])
    assert file.headers["Content-Type"] == media_type
    assert file.headers["Cache-Control"] == cache_control
    known = await http.get(f"/{name}", headers={"If-None-Match": file.headers["ETag"]})
    assert known.status_code == 304


@pytest.mark.parametrize(
    ("accept_encoding", "coding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0.2, gzip;q=0.8", "gzip"),
        ("br;q=0, gzip;q=0", None),
        ("identity", None),
    ],
)
@pytest.mark.parametrize("path", ["/", "/assets/index-DiwrgTda.js"])
async def test_a_compressed_file_is_sent_as_the_client_prefers(
    http: httpx.AsyncClient, path: str, accept_encoding: str, coding: str | None
) -> None:
    headers, body = await raw(http, path, Accept_Encoding=accept_encoding)
    name = path[1:] or "index.html"

    assert headers.get("Content-Encoding") == coding
    assert body == FILES[name + {"br": ".br", "gzip": ".gz", None: ""}[coding]]
    assert "Accept-Encoding" in headers["Vary"]
    assert headers["Content-Type"].startswith("text/")


async def test_each_coding_of_a_file_has_its_own_tag(http: httpx.AsyncClient) -> None:
    path = "/assets/index-DiwrgTda.js"
    codings = ("br", "gzip", "identity")
    tags = {(await raw(http, path, Accept_Encoding=coding))[0]["ETag"] for coding in codings}

    assert len(tags) == 3


@pytest.mark.parametrize(
    "path",
    [
        "/assets/index-00000000.js",
        "/assets/",
        "/assets",
        "/assets/index-DiwrgTda.js/more",
        "/assets/index-DiwrgTda.js.br",
    ],
)
async def test_a_missing_asset_is_not_the_shell(http: httpx.AsyncClient, path: str) -> None:
    for accept in ("*/*", "text/html"):
        response = await http.get(path, headers={"Accept": accept})
        assert_problem(response, 404, "not_found")
        assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/../outside.txt",
        "/%2e%2e/outside.txt",
        "/assets/../../outside.txt",
        "/assets/%2e%2e/%2e%2e/outside.txt",
        "/assets%2f..%2f..%2foutside.txt",
        "/assets/..%5c..%5coutside.txt",
        "/%2foutside.txt%00.js",
        "/assets/%00",
        "/.env",
        "/.git/config.txt",
        "/.well-known/security.txt",
        "/./index.html",
        "/" + "a/" * 2_000 + "..",
    ],
)
async def test_a_path_out_of_the_folder_is_not_found(shared: FastAPI, path: str) -> None:
    """As the server hands it over; a client would remove the dots."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"accept", b"text/html")],
    }
    await shared(scope, _no_body, send)

    assert sent[0]["status"] == 404
    assert b"outside" not in b"".join(message.get("body", b"") for message in sent[1:])


async def _no_body() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


@pytest.mark.parametrize("path", ["/backup.sql", "/notes", f"/{'n' * 3_000}.js", "/assets.js"])
async def test_a_file_of_another_kind_is_not_served(http: httpx.AsyncClient, path: str) -> None:
    assert_problem(await http.get(path), 404, "not_found")


async def test_a_link_is_followed_only_within_the_folder(built: Path) -> None:
    (built.parent / "outside.js").write_text("outside")
    (built / "out.js").symlink_to(built.parent / "outside.js")
    (built / "assets" / "up").symlink_to(built.parent)
    (built / "in.js").symlink_to("assets/index-DiwrgTda.js")
    (built / "dangling.js").symlink_to("nowhere.js")
    (built / "in.js.br").symlink_to(built.parent / "outside.js")

    async with client_of(app_of(settings_of(built))) as http:
        for path in ("/out.js", "/assets/up/outside.js", "/dangling.js"):
            assert_problem(await http.get(path), 404, "not_found")
        headers, body = await raw(http, "/in.js", Accept_Encoding="br")
    assert body == SCRIPT
    assert "Content-Encoding" not in headers


async def test_the_folder_may_be_a_link_to_the_release(built: Path) -> None:
    current = built.parent / "current"
    current.symlink_to(built)
    async with client_of(app_of(settings_of(current))) as http:
        assert (await http.get("/")).content == SHELL
        assert (await http.get("/sw.js")).content == FILES["sw.js"]

        following = built.parent / "following"
        following.mkdir()
        (following / "index.html").write_bytes(b"following")
        current.unlink()
        current.symlink_to(following)
        assert (await http.get("/")).content == b"following"
        assert (await http.get("/sw.js")).status_code == 404


async def test_a_new_build_is_served_without_a_restart(built: Path) -> None:
    async with client_of(app_of(settings_of(built))) as http:
        before = await http.get("/")
        (built / "index.html.tmp").write_bytes(b"<!doctype html><title>Changed</title>")
        (built / "index.html.tmp").replace(built / "index.html")

        after = await http.get("/", headers={"If-None-Match": before.headers["ETag"]})

    assert after.status_code == 200
    assert b"Changed" in after.content


async def test_an_unreadable_file_is_not_found(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path) -> bytes:
        raise PermissionError

    monkeypatch.setattr(Path, "read_bytes", refuse)
    async with client_of(app_of(settings_of(built))) as http:
        assert_problem(await http.get("/sw.js"), 404, "not_found")


@pytest.mark.parametrize("path", ["/", "/s/x/eventSetup", "/sw.js", "/assets/index-DiwrgTda.js"])
async def test_the_policy_has_issuer_and_media_and_nothing_else(
    http: httpx.AsyncClient, path: str
) -> None:
    response = await http.get(path, headers=HTML)

    assert response.headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        f"img-src 'self' data: blob: {PUBLIC_URL}; font-src 'self'; "
        f"connect-src 'self' {ISSUER} {PUBLIC_URL}; worker-src 'self'; manifest-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    for name in (
        "Cross-Origin-Opener-Policy",
        "Cross-Origin-Resource-Policy",
        "Permissions-Policy",
        "Referrer-Policy",
        "X-Content-Type-Options",
    ):
        assert response.headers[name] == HEADERS[name], name


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [("POST", "/sw.js", {}), ("DELETE", "/assets/index-DiwrgTda.js", {}), ("PUT", "/s/x", HTML)],
)
async def test_another_method_is_refused_with_those_of_the_resource(
    http: httpx.AsyncClient, method: str, path: str, headers: dict[str, str]
) -> None:
    refused = await http.request(method, path, headers=headers)
    options = await http.options(path, headers=headers)

    assert_problem(refused, 405, "method_not_allowed")
    assert (options.status_code, options.content) == (200, b"")
    assert refused.headers["Allow"] == options.headers["Allow"] == "GET, HEAD, OPTIONS"


async def test_other_methods_find_no_page_at_an_unknown_path(http: httpx.AsyncClient) -> None:
    assert_problem(await http.post("/nowhere", json={}), 404, "not_found")
    assert_problem(await http.options("/v1/nowhere", headers=HTML), 404, "not_found")


@pytest.mark.parametrize("is_built", [False, True])
async def test_the_links_are_shown_until_the_front_end_is_built(
    is_built: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("settings.api.DEFAULT_WEB_ROOT", tmp_path)
    async with client_of(app_of(settings_of(None))) as http:
        first = await http.get("/", headers=HTML)
        if is_built:
            (tmp_path / "index.html").write_bytes(SHELL)
        second = await http.get("/", headers=HTML)
        page = await http.get("/s/x", headers=HTML)

    assert "/openapi.json" in first.text
    assert first.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]
    assert (second.content == SHELL) is is_built
    assert page.status_code == (200 if is_built else 404)


async def test_an_empty_folder_name_turns_the_front_end_off(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("settings.api.DEFAULT_WEB_ROOT", built)
    async with client_of(app_of(settings_of(""))) as http:
        assert "/openapi.json" in (await http.get("/", headers=HTML)).text
        assert_problem(await http.get("/s/x", headers=HTML), 404, "not_found")
