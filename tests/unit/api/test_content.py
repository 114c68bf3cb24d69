"""Content that is the same for every reader: compression, entity tags, and what is not cached."""

import httpx
import pytest
from fastapi import FastAPI, Request, Response

from api.app import describe_app
from api.content import MIN_COMPRESSED_BYTES, Content, accepts_gzip, content_response

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


@pytest.mark.parametrize(
    ("accept_encoding", "accepted"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("x-gzip", True),
        ("*", True),
        ("identity, *;q=0.1", True),
        ("", False),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000, *", False),
        ("*;q=0", False),
        ("gzip;q=high", False),
        ("gzipped", False),
    ],
)
def test_gzip_is_accepted_by_its_weight(accept_encoding: str, accepted: bool) -> None:
    assert accepts_gzip(accept_encoding) is accepted


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
