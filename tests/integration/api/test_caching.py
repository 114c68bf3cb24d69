"""Answers that clients keep: ETag, Cache-Control, 304 and HEAD."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import uuid4

import httpx
import pytest

from api.content import MIN_COMPRESSED_BYTES
from tests.support.api import client_for, token
from tests.support.problem_documents import assert_problem
from tests.support.stage_data import free_event
from tests.support.system import System
from tests.support.wizard import fill_in, published_event, start

CACHE_CONTROL = {"wizard": "private, no-cache", "public event": "public, max-age=10"}


@dataclass(frozen=True)
class Resource:
    http: httpx.AsyncClient
    path: str
    cache_control: str

    async def get(self, if_none_match: str | None = None) -> httpx.Response:
        headers = {"If-None-Match": if_none_match} if if_none_match else None
        return await self.http.get(self.path, headers=headers)


@pytest.fixture(scope="module")
async def published_path(system: System) -> str:
    """A public event, for all tests: none of them changes it."""
    async with client_for(system.address, token("grace")) as http:
        wizard = await start(http)
        await fill_in(wizard, free_event(title=f"Show {uuid4().hex[:10]}"))
        slug = (await published_event(wizard))["slug"]
    return f"/v1/public/events/{slug}"


@pytest.fixture(params=CACHE_CONTROL)
async def resource(
    system: System, published_path: str, request: pytest.FixtureRequest
) -> AsyncIterator[Resource]:
    is_wizard = request.param == "wizard"
    async with client_for(system.address, token("grace") if is_wizard else None) as http:
        path = "/v1/wizard" if is_wizard else published_path
        yield Resource(http, path, CACHE_CONTROL[request.param])


async def test_an_answer_says_how_it_may_be_kept(resource: Resource) -> None:
    first, second = await resource.get(), await resource.get()

    assert first.status_code == 200
    assert first.headers["Content-Type"] == "application/json"
    assert first.headers["Cache-Control"] == resource.cache_control
    assert "Origin" in first.headers["Vary"]
    assert first.headers["ETag"] == second.headers["ETag"]


@pytest.mark.parametrize("known", ["{tag}", "W/{tag}", '"x", {tag}', "*"])
async def test_a_known_answer_is_not_sent_again(resource: Resource, known: str) -> None:
    full = await resource.get()

    unchanged = await resource.get(known.format(tag=full.headers["ETag"]))

    assert unchanged.status_code == 304
    assert unchanged.content == b""
    for name in ("ETag", "Cache-Control", "Vary"):
        assert unchanged.headers[name] == full.headers[name]


@pytest.mark.parametrize("unknown", ['"x"', "x", '*, "x"', '"'])
async def test_an_unknown_answer_is_sent(resource: Resource, unknown: str) -> None:
    answered = await resource.get(unknown)

    assert answered.status_code == 200
    assert answered.json()


async def test_tags_in_several_lines_are_one_list(resource: Resource) -> None:
    tag = (await resource.get()).headers["ETag"]
    lines = [("If-None-Match", '"x"'), ("If-None-Match", tag)]

    unchanged = await resource.http.get(resource.path, headers=lines)

    assert unchanged.status_code == 304


async def test_head_has_the_headers_alone(resource: Resource) -> None:
    full = await resource.get()

    head = await resource.http.head(resource.path)
    unchanged = await resource.http.head(resource.path, headers={"If-None-Match": "*"})

    assert head.status_code == 200
    assert head.content == b""
    for name in ("ETag", "Cache-Control", "Content-Type", "Content-Length"):
        assert head.headers[name] == full.headers[name]
    assert unchanged.status_code == 304


async def test_another_event_has_another_tag(
    system: System, published_path: str, ada: httpx.AsyncClient
) -> None:
    wizard = await start(ada)
    await fill_in(wizard, free_event(title=f"Show {uuid4().hex[:10]}"))
    slug = (await published_event(wizard))["slug"]

    first, second = [await ada.get(path) for path in (published_path, f"/v1/public/events/{slug}")]

    assert first.headers["ETag"] != second.headers["ETag"]


async def test_private_responses_are_not_compressed(ada: httpx.AsyncClient) -> None:
    """Their length would disclose a secret beside a text that others choose (BREACH)."""
    wizard = await start(ada)
    await fill_in(wizard, free_event(title=f"Show {uuid4().hex[:10]}"))
    slug = (await published_event(wizard))["slug"]
    private = [wizard.path(), wizard.path("/preview"), "/v1/sessions", "/v1/events", f"/e/{slug}"]

    answers = [await ada.get(path) for path in private]
    public = await ada.get("/v1/wizard")

    for answer in answers:
        assert answer.status_code == 200
        assert len(answer.content) > MIN_COMPRESSED_BYTES
        assert "Content-Encoding" not in answer.headers
    assert public.headers["Content-Encoding"] == "gzip"


async def test_a_missing_event_is_not_known_to_anyone(ada: httpx.AsyncClient) -> None:
    missing = await ada.get(f"/v1/public/events/{uuid4().hex}", headers={"If-None-Match": "*"})

    assert_problem(missing, 404, "event_not_found")
    assert "ETag" not in missing.headers


async def test_a_known_wizard_needs_a_token_too(system: System) -> None:
    async with client_for(system.address, None) as anonymous:
        refused = await anonymous.get("/v1/wizard", headers={"If-None-Match": "*"})

    assert_problem(refused, 401, "unauthenticated")
