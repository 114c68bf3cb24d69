"""Any JSON in the body of every documented route: no server error, and sessions go on."""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest
from temporalio.testing import WorkflowEnvironment

from domain.stages import STAGE_OF, Section
from tests.integration.security.documented_operations import (
    Operation,
    Target,
    addressed_to,
    members_of,
    operations,
    with_new_thread,
)
from tests.support.api import client_for, token
from tests.support.postgres import PostgresServer, migrated_database
from tests.support.stand_in import StandIn
from tests.support.system import running_api, running_worker
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, start, start_filled
from tests.unit.domain.filled_sections import FILLED_SECTIONS

SLUG: Final = "any-json"


def nested(depth: int) -> Any:
    value: Any = {}
    for level in range(depth):
        value = [value] if level % 2 else {"a": value}
    return value


NOT_OBJECTS: Final[list[Any]] = [
    None,
    True,
    0,
    -1,
    0.5,
    2**63,
    1e308,
    10**400,
    "",
    "a",
    [],
    [["a"]],
]
VALUES: Final[list[Any]] = [*NOT_OBJECTS, {}, {"a": 1}, "\0", "x" * 3_000, nested(12), nested(40)]
UNHASHABLE: Final[list[Any]] = [{"a": 1}, [["a"]]]


def operations_with_bodies() -> list[Operation]:
    """Each with one example, the last one."""
    found = {
        (
            operation.method,
            operation.path,
            str(operation.headers),
            operation.body.get("op"),
        ): operation
        for operation in operations()
        if operation.body is not None
    }
    return list(found.values())


OPERATIONS: Final = operations_with_bodies()


def bodies(operation: Operation) -> Iterator[Any]:
    """Other values for the whole body, for all its members at once and for each value in it, and
    one member more."""
    example = operation.body or {}
    members = {**dict.fromkeys(sorted(members_of(operation))), **example}
    yield from NOT_OBJECTS
    yield {**example, "extra": {"a": 1}}
    for value in VALUES:
        yield dict.fromkeys(members, value)
    for index, path in enumerate([*((name,) for name in members), *paths_in(example)]):
        for value in (*UNHASHABLE, VALUES[index % len(VALUES)]):
            yield with_value(example, path, value)


def paths_in(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of nested values."""
    if len(path) > 1:
        yield path
    if isinstance(value, dict | list):
        members = value.items() if isinstance(value, dict) else enumerate(value)
        for key, member in members:
            yield from paths_in(member, (*path, key))


def with_value(example: Any, path: tuple[Any, ...], value: Any) -> Any:
    copy = example.copy()
    copy[path[0]] = with_value(example[path[0]], path[1:], value) if path[1:] else value
    return copy


@dataclass(frozen=True)
class Place:
    """A person with a published event."""

    http: httpx.AsyncClient

    async def send(self, operation: Operation, session_id: str, body: Any) -> httpx.Response:
        """Sends the body as it is, but with the ids of a session and of a new conversation."""
        if isinstance(body, dict):
            body = with_new_thread(addressed_to(session_id, body))
        target = Target(session_id, str(uuid4()), SLUG)
        headers = {**operation.headers, "Content-Type": "application/json"}
        sent = replace(operation, body=None, content=json.dumps(body).encode(), headers=headers)
        return await sent.call(self.http, target)

    async def answer(self, operation: Operation, session_id: str, body: Any) -> httpx.Response:
        """Repeats a request while it is to be repeated, as a restore is until the audit trail has
        the newest revision."""

        async def answered() -> httpx.Response | None:
            response = await self.send(operation, session_id, body)
            return None if "Retry-After" in response.headers else response

        return await eventually(answered, what=f"an answer to {json.dumps(body)[:200]}")


@pytest.fixture(scope="module")
async def place(
    temporal: WorkflowEnvironment, postgres: PostgresServer, running_stand_in: StandIn
) -> AsyncIterator[Place]:
    async with (
        migrated_database(postgres) as database,
        running_api(temporal, database) as api,
        running_worker(api, stripe_url=running_stand_in.url),
        client_for(api.address, token("ada")) as http,
    ):
        published = await (await start_filled(http, slug=SLUG)).post("/publish", Prefer="wait=20")
        assert published.status_code == 200, published.text
        yield Place(http)


async def assert_goes_on(wizard: Wizard) -> None:
    """It answers, completes a stage, goes back to it, and closes: its search attributes follow
    from the drafts each time."""
    await wizard.view(consistent="true")
    cleared = dict.fromkeys(FILLED_SECTIONS[Section.ORGANIZER])
    completed = await wizard.complete("organizerSetup", {**cleared, "name": "Ada Lovelace"})
    assert completed.status_code == 200, completed.text
    stage = completed.json()["current_stage"]
    back = {"from_stage": stage, "to_stage": "organizerSetup"}
    for step in (
        await wizard.post("/transition", back),
        await wizard.get(),
        await wizard.get("/actions"),
        await wizard.get("/checks"),
        await wizard.post("/abandon"),
    ):
        assert step.status_code == 200, step.text


@pytest.mark.parametrize("operation", OPERATIONS, ids=[operation.name for operation in OPERATIONS])
async def test_a_body_of_any_json_is_no_server_error(place: Place, operation: Operation) -> None:
    wizard = await start(place.http)
    failed = []
    for body in bodies(operation):
        session_id = str(uuid4()) if operation.creates else wizard.session_id
        response = await place.answer(operation, session_id, body)
        if response.status_code >= 500:
            failed.append((response.status_code, json.dumps(body)[:200]))

    assert failed == []
    await assert_goes_on(wizard)


@pytest.mark.parametrize("section", [section for section in Section if section in STAGE_OF])
async def test_a_session_whose_drafts_are_any_json_goes_on(place: Place, section: Section) -> None:
    wizard = await start(place.http)
    for value in VALUES:
        data = dict.fromkeys(FILLED_SECTIONS[section], value)
        saved = await wizard.save(STAGE_OF[section].value, data)
        assert saved.status_code in {200, 422}, saved.text
    await assert_goes_on(wizard)


@pytest.mark.parametrize("value", UNHASHABLE, ids=str)
@pytest.mark.parametrize("section", [section for section in Section if section in STAGE_OF])
async def test_a_session_with_an_unhashable_value_in_every_field_goes_on(
    place: Place, section: Section, value: Any
) -> None:
    """Field by field: those that have members of their own refuse an unknown one."""
    wizard = await start(place.http)
    statuses = set()
    for name in FILLED_SECTIONS[section]:
        saved = await wizard.save(STAGE_OF[section].value, {name: value})
        statuses.add(saved.status_code)
    assert statuses <= {200, 422}
    assert 200 in statuses or section is Section.REVIEW
    await assert_goes_on(wizard)
