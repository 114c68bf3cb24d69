"""Uploading pictures, and what is counted for the tenant."""

import asyncio
from pathlib import Path

import asyncpg
import httpx
import pytest

from tests.support.api import SignIn, client_for, serving, settings_for, signing_in, unique_user
from tests.support.pictures import corners, decoded, encoded, quarters, with_place
from tests.support.problem_documents import assert_problem
from tests.support.system import System

JPEG = {"Content-Type": "image/jpeg"}


async def upload(http: httpx.AsyncClient, content: bytes, **headers: str) -> httpx.Response:
    return await http.post("/v1/media", content=content, headers={**JPEG, **headers})


async def test_an_upload_is_stored_in_three_widths(ada: httpx.AsyncClient) -> None:
    response = await upload(ada, encoded(quarters(3000, 2000)))

    assert response.status_code == 201
    picture = response.json()
    assert (picture["width"], picture["height"]) == (1920, 1280)
    assert [variant["width"] for variant in picture["variants"]] == [480, 960, 1920]
    assert picture["url"] == picture["variants"][-1]["url"] == response.headers["Location"]
    for variant in picture["variants"]:
        file = await ada.get(variant["url"])
        image = decoded(file.content)
        assert image.format == "WEBP"
        assert image.width == variant["width"]
        assert corners(image) == ["red", "green", "blue"]


async def test_a_file_is_public_and_immutable(api: System, ada: httpx.AsyncClient) -> None:
    url = (await upload(ada, encoded(quarters()))).json()["url"]

    async with client_for(api.address, None) as anyone:
        file = await anyone.get(url)
        head = await anyone.head(url)
        known = await anyone.get(url, headers={"If-None-Match": file.headers["ETag"]})

    assert file.status_code == head.status_code == 200
    assert file.headers["Content-Type"] == "image/webp"
    assert file.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert file.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert head.content == b""
    assert head.headers["Content-Length"] == str(len(file.content))
    assert known.status_code == 304


@pytest.mark.parametrize(
    "name",
    [
        f"{'0' * 64}-480.webp",
        f"{'0' * 64}-480.png",
        "x",
        "..%2f..%2fetc%2fpasswd",
        "%00",
        f"{'A' * 64}-480.webp",
        f"{'0' * 64}-0480.webp",
        f"{'0' * 64}.webp",
    ],
)
async def test_a_name_without_a_file_is_not_found(ada: httpx.AsyncClient, name: str) -> None:
    response = await ada.get(f"/media/{name}")

    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"


async def test_stored_files_have_no_metadata(ada: httpx.AsyncClient, store: Path) -> None:
    sent = with_place()
    assert b"Secret" in sent

    picture = (await upload(ada, sent)).json()

    for variant in picture["variants"]:
        stored = (store / variant["url"].removeprefix("/")).read_bytes()
        image = decoded(stored)
        assert b"Secret" not in stored
        assert not image.getexif()
        assert image.info.keys().isdisjoint({"exif", "xmp", "icc_profile"})


async def rows_of(api: System, user: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(api.database.admin_dsn)
    try:
        return await connection.fetch("SELECT * FROM media WHERE tenant = $1", f"user:{user}")
    finally:
        await connection.close()


def files_in(store: Path) -> list[Path]:
    return sorted(store.rglob("*.webp"))


async def test_a_repeated_upload_counts_once(
    api: System, ada: httpx.AsyncClient, user: str
) -> None:
    sent = encoded(quarters())

    first, again = await asyncio.gather(upload(ada, sent), upload(ada, sent))

    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    (row,) = await rows_of(api, user)
    assert (row["width"], row["height"]) == (1200, 800)


async def test_two_tenants_share_the_files_and_each_counts_them(
    api: System, sign_in: SignIn, store: Path
) -> None:
    ada, eve = unique_user(), unique_user()
    sent = encoded(quarters(700, 500))
    first = (await upload(sign_in(ada), sent)).json()
    files = files_in(store)

    second = (await upload(sign_in(eve), sent)).json()

    assert first == second
    assert files_in(store) == files
    counted = [(await rows_of(api, user))[0]["bytes"] for user in (ada, eve)]
    stored = sum((store / file["url"][1:]).stat().st_size for file in first["variants"])
    assert counted == [stored, stored]


async def test_a_picture_over_the_quota_is_refused_with_figures(
    api: System, store: Path, user: str
) -> None:
    settings = settings_for(api.database, media_store=store.as_uri(), media_quota=5000)
    async with serving(settings, api.temporal.client) as address, signing_in(address) as sign_in:
        ada = sign_in(user)
        small = encoded(quarters(200, 100))
        kept = await upload(ada, small)
        refused = await upload(ada, encoded(quarters(4000, 4000)))
        repeated = await upload(ada, small)

    assert kept.status_code == repeated.status_code == 201
    assert_problem(refused, 409, "media_quota_exceeded")
    quota = refused.json()["quota"]
    assert quota["limit"] == 5000
    assert 0 < quota["used"] < 5000 < quota["used"] + quota["needed"]
    assert len(await rows_of(api, user)) == 1


async def test_uploads_of_a_tenant_have_a_rate_limit(api: System, store: Path, user: str) -> None:
    settings = settings_for(api.database, media_store=store.as_uri(), rate_limit_media="2/minute")
    org = f"org-{user}"
    async with serving(settings, api.temporal.client) as address, signing_in(address) as sign_in:
        sent = encoded(quarters(20, 10))
        for member in ("ada", "bob"):
            assert (await upload(sign_in(member, org), sent)).status_code == 201
        refused = await upload(sign_in("ada", org), sent)
        other = await upload(sign_in("ada"), sent)

    assert_problem(refused, 429, "rate_limited")
    assert int(refused.headers["Retry-After"]) > 0
    assert other.status_code == 201


async def test_a_deployment_without_a_store_refuses_uploads(api: System, user: str) -> None:
    settings = settings_for(api.database, media_store=None)
    async with serving(settings, api.temporal.client) as address, signing_in(address) as sign_in:
        response = await upload(sign_in(user), encoded(quarters()))
        missing = await sign_in(user).get(f"/media/{'0' * 64}-480.webp")

    assert_problem(response, 501, "media_disabled")
    assert_problem(missing, 404, "media_not_found")


REFUSED: dict[str, tuple[bytes, dict[str, str], int, str]] = {
    "SVG": (
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        {"Content-Type": "image/svg+xml"},
        415,
        "unsupported_media_type",
    ),
    "SVG as PNG": (
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        {"Content-Type": "image/png"},
        422,
        "invalid_image",
    ),
    "GIF": (
        encoded(quarters(), "GIF"),
        {"Content-Type": "image/gif"},
        415,
        "unsupported_media_type",
    ),
    "GIF as PNG": (
        encoded(quarters(), "GIF"),
        {"Content-Type": "image/png"},
        422,
        "invalid_image",
    ),
    "a form": (b"x=1", {"Content-Type": "multipart/form-data"}, 415, "unsupported_media_type"),
    "compressed": (b"x", {"Content-Encoding": "gzip"}, 415, "unsupported_media_type"),
    "nothing": (b"", {}, 422, "invalid_image"),
    "truncated": (encoded(quarters())[:9000], {}, 422, "invalid_image"),
    "too many bytes": (b"\xff\xd8" + bytes(10 * 1024 * 1024), {}, 413, "payload_too_large"),
}


@pytest.mark.parametrize(("content", "headers", "status", "code"), REFUSED.values(), ids=REFUSED)
async def test_what_is_no_picture_is_refused(
    api: System,
    ada: httpx.AsyncClient,
    user: str,
    *,
    content: bytes,
    headers: dict[str, str],
    status: int,
    code: str,
) -> None:
    response = await upload(ada, content, **headers)

    assert_problem(response, status, code)
    assert await rows_of(api, user) == []


async def test_an_upload_without_a_token_is_refused_unread(api: System) -> None:
    async with client_for(api.address, None) as anyone:
        response = await upload(anyone, b"x")

    assert_problem(response, 401, "unauthenticated")


async def test_ten_uploads_at_once_are_all_stored(ada: httpx.AsyncClient) -> None:
    sent = [encoded(quarters(1000 + number, 500)) for number in range(10)]

    responses = await asyncio.gather(*(upload(ada, content) for content in sent))

    assert [response.status_code for response in responses] == [201] * 10
    assert len({response.json()["url"] for response in responses}) == 10
