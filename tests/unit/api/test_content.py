"""Content that is the same for every reader: compression, entity tags, and what is not cached."""

import httpx
import pytest
from fastapi import FastAPI, Request, Response

from api.app import describe_app
from api.content import MIN_COMPRESSED_BYTES, Content, content_response

LARGE = b'"' + b"x" * MIN_COMPRESSED_BYTES + b'"'
DOCUMENTS = ["/openapi.json", "/docs", "/docs/start.js", "/docs/assets/swagger-ui.css", "/"]


def client_of(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api")


async def answer_to(content: Content, **headers: str) -> httpx.Response:
    app = FastAPI()

    @app.get("/")
    async def get(request: Request) -> Response:
        return content_response(request, content)

    async with client_of(app) as http:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return await http.get("/", headers=sent)


async def test_each_representation_has_its_own_tag() -> None:
    plain = await answer_to(Content(LARGE), accept_encoding="identity")
    packed = await answer_to(Content(LARGE), accept_encoding="gzip")

    assert plain.content == packed.content == LARGE
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) < len(LARGE)
    assert plain.headers["ETag"] != packed.headers["ETag"]
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
async def test_a_known_representation_is_not_sent_again(encoding: str) -> None:
    first = await answer_to(Content(LARGE), accept_encoding=encoding)

    again = await answer_to(
        Content(LARGE), accept_encoding=encoding, if_none_match=first.headers["ETag"]
    )

    assert (again.status_code, again.content) == (304, b"")
    assert "Content-Encoding" not in again.headers
    for name in ("ETag", "Cache-Control", "Vary"):
        assert again.headers[name] == first.headers[name]


PRECOMPRESSED = Content(LARGE, precompressed={"br": b"in brotli", "gzip": b"in gzip"})


@pytest.mark.parametrize(
    ("accept_encoding", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0.5, gzip", "gzip"),
        ("identity, br;q=0.5", None),
        ("zstd", None),
    ],
)
async def test_a_precompressed_body_is_sent_in_the_preferred_coding(
    accept_encoding: str, coding: str | None
) -> None:
    app = FastAPI()
    app.add_route("/", lambda request: content_response(request, PRECOMPRESSED))
    request = httpx.Request("GET", "http://api/", headers={"Accept-Encoding": accept_encoding})

    async with httpx.ASGITransport(app) as transport:
        response = await transport.handle_async_request(request)
        body = b"".join([part async for part in response.aiter_raw()])

    assert response.headers.get("Content-Encoding") == coding
    assert body == (LARGE if coding is None else PRECOMPRESSED.precompressed[coding])
    assert response.headers["Vary"] == "Accept-Encoding"


async def test_each_coding_has_its_own_tag() -> None:
    codings = [{"br": b"1"}, {"gzip": b"1"}, {}]
    tags = []
    for precompressed in codings:
        content = Content(LARGE[:100], precompressed=precompressed)
        head = await answer_to(content, accept_encoding="br, gzip", if_none_match="*")
        tags.append(head.headers["ETag"])

    assert len(set(tags)) == 3


@pytest.mark.parametrize(
    "content",
    [Content(LARGE[:100]), Content(LARGE, "font/woff2"), Content(LARGE, "image/png")],
    ids=["small", "font", "image"],
)
async def test_other_content_is_not_compressed(content: Content) -> None:
    response = await answer_to(content, accept_encoding="gzip")

    assert "Content-Encoding" not in response.headers
    assert "Vary" not in response.headers


async def test_headers_of_the_content_are_kept() -> None:
    content = Content(LARGE, headers={"Vary": "Accept-Language", "Content-Language": "fr"})

    response = await answer_to(content, accept_encoding="gzip")

    assert response.headers["Vary"] == "Accept-Language, Accept-Encoding"
    assert response.headers["Content-Language"] == "fr"


@pytest.mark.parametrize("path", DOCUMENTS)
async def test_the_documentation_is_revalidated(path: str) -> None:
    async with client_of(describe_app()) as http:
        first = await http.get(path)
        again = await http.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code) == (200, 304)
    assert first.headers["Cache-Control"] == "no-cache"


async def test_only_files_of_the_page_are_served() -> None:
    async with client_of(describe_app()) as http:
        served = (await http.get("/openapi.json")).json()
        missing = await http.get("/docs/assets/redoc.standalone.js")

    assert served["openapi"].startswith("3.1")
    assert served["paths"].keys() == describe_app().openapi()["paths"].keys()
    assert missing.status_code == 404
