"""The same behaviour of a folder and of a bucket, which a stand-in for S3 serves."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from moto.server import ThreadedMotoServer
from temporalio.testing import WorkflowEnvironment

from domain.errors import Unavailable
from pictures.store import CACHE_CONTROL, PictureStore
from tests.support.api import serving, settings_for, signing_in, unique_user
from tests.support.pictures import corners, decoded, encoded, quarters
from tests.support.ports import free_port
from tests.support.postgres import PostgresServer, migrated_database

NAME = f"{'a' * 64}-480.webp"
OTHER = f"{'b' * 64}-480.webp"

BUCKET = "s3://bucket/prefix"


@pytest.fixture(scope="module")
def s3_address() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_address: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of an empty bucket. The client takes the rest from the environment, as it does for an
    operator."""
    for name, value in {
        "AWS_ENDPOINT_URL": s3_address,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "a-key",
        "AWS_SECRET_ACCESS_KEY": "a-secret",
        "AWS_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    httpx.post(f"{s3_address}/moto-api/reset").raise_for_status()
    httpx.put(f"{s3_address}/bucket").raise_for_status()
    return BUCKET


@pytest.fixture(params=["folder", "bucket"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "folder":
        return (tmp_path / "not" / "there").as_uri()
    found: str = request.getfixturevalue("bucket")
    return found


async def test_a_file_is_read_replaced_and_deleted(url: str) -> None:
    store = PictureStore.from_url(url)
    assert await store.get(NAME) is None

    await store.put(NAME, b"first")
    await store.put(OTHER, b"other")
    assert await store.get(NAME) == b"first"
    await store.put(NAME, b"second")
    assert await PictureStore.from_url(url).get(NAME) == b"second"

    await store.delete([NAME, "not-there.webp"])
    await store.delete([NAME])
    await store.delete([])
    assert await store.get(NAME) is None
    assert await store.get(OTHER) == b"other"


async def test_a_bucket_can_serve_its_files_itself(bucket: str, s3_address: str) -> None:
    await PictureStore.from_url(bucket).put(NAME, b"content")

    # The stand-in does not check the signature.
    signed = {"Authorization": "AWS4-HMAC-SHA256 Credential=a-key/x/us-east-1/s3/aws4_request"}
    async with httpx.AsyncClient(headers=signed) as http:
        served = await http.get(f"{s3_address}/bucket/prefix/media/{NAME}")

    assert served.content == b"content"
    assert served.headers["Content-Type"] == "image/webp"
    assert served.headers["Cache-Control"] == CACHE_CONTROL


async def test_a_folder_is_laid_out_as_the_addresses(tmp_path: Path) -> None:
    await PictureStore.from_url(tmp_path.as_uri()).put(NAME, b"content")

    assert (tmp_path / "media" / NAME).read_bytes() == b"content"


def _with_a_closed_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")


def _with_no_bucket(_: pytest.MonkeyPatch) -> None:
    address = os.environ["AWS_ENDPOINT_URL"]
    httpx.delete(f"{address}/bucket").raise_for_status()


@pytest.mark.parametrize("broken", [_with_a_closed_port, _with_no_bucket])
async def test_a_store_that_fails_is_unavailable(
    bucket: str,
    monkeypatch: pytest.MonkeyPatch,
    broken: Callable[[pytest.MonkeyPatch], None],
) -> None:
    broken(monkeypatch)
    store = PictureStore.from_url(bucket)

    with pytest.raises(Unavailable):
        await store.put(NAME, b"content")


def test_a_folder_that_cannot_be_made_is_an_operators_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(ValueError, match="MEDIA_STORE cannot be used"):
        PictureStore.from_url((tmp_path / "file" / "folder").as_uri())


async def test_the_api_keeps_pictures_in_a_bucket(
    temporal: WorkflowEnvironment, postgres: PostgresServer, bucket: str
) -> None:
    async with (
        migrated_database(postgres) as database,
        serving(settings_for(database, media_store=bucket), temporal.client) as address,
        signing_in(address) as sign_in,
    ):
        ada = sign_in(unique_user())
        response = await ada.post(
            "/v1/media", content=encoded(quarters()), headers={"Content-Type": "image/jpeg"}
        )
        file = await ada.get(response.json()["url"])

    assert response.status_code == 201
    assert corners(decoded(file.content)) == ["red", "green", "blue"]
