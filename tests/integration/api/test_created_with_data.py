"""Sessions that are created with data: one request instead of a save for each stage."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from api.app import describe_app
from dev.demo.examples import load, names
from dev.imports.command import read_sections
from dev.stack.state import ROOT
from domain.json_values import JsonObject
from tests.support.api import SignIn
from tests.support.postgres import as_owner
from tests.support.problem_documents import assert_problem, error_places
from tests.support.stage_data import STAGES, free_event, free_sections
from tests.support.system import System
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, fill_in, start


async def create(http: httpx.AsyncClient, sections: Any, **others: Any) -> httpx.Response:
    headers = {"Idempotency-Key": others.pop("key")} if "key" in others else {}
    return await http.post("/v1/sessions", json={"sections": sections, **others}, headers=headers)


async def created(http: httpx.AsyncClient, sections: Any, **others: Any) -> JsonObject:
    response = await create(http, sections, **others)
    assert response.status_code == 201, response.text
    view: JsonObject = response.json()
    return view


async def trail_of(wizard: Wizard, *, length: int) -> list[JsonObject]:
    """Newest first, once it has as many actions."""

    async def complete() -> list[JsonObject] | None:
        response = await wizard.get("/actions", limit=100)
        assert response.status_code == 200, response.text
        items: list[JsonObject] = response.json()["items"]
        return items if len(items) == length else None

    return await eventually(complete, what=f"{length} actions")


async def test_two_requests_publish_an_event(ada: httpx.AsyncClient) -> None:
    title = f"Show {uuid4().hex[:8]}"
    view = await created(ada, free_sections(title=title))

    published = await Wizard(ada, view["session_id"]).post("/publish")

    assert published.status_code == 200, published.text
    assert published.json()["title"] == title


@pytest.mark.parametrize(("name", "revision"), [("empty", 0), ("filled", 1)])
async def test_a_documented_example_creates_a_session(
    ada: httpx.AsyncClient, name: str, revision: int
) -> None:
    operation = describe_app().openapi()["paths"]["/v1/sessions"]["post"]
    examples = operation["requestBody"]["content"]["application/json"]["examples"]

    response = await ada.post("/v1/sessions", json=examples[name]["value"])

    assert response.status_code == 201, response.text
    assert response.json()["revision"] == revision


@pytest.mark.parametrize("name", names())
async def test_an_example_goes_in_with_one_request(ada: httpx.AsyncClient, name: str) -> None:
    example = load(name, datetime.now(UTC).date())
    view = await created(ada, example.sections)
    wizard = Wizard(ada, view["session_id"])

    answer = await wizard.post("/publish")

    assert all(view["stages"][stage]["valid"] for stage in STAGES)
    if example.takes_payment:  # an account is connected in between
        problem = assert_problem(answer, 422, "publish_blocked")
        assert [code for _place, code in error_places(problem)] == ["payments_not_ready"]
    else:
        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("name", "correction"),
    [
        ("exhibition.json", None),
        ("glass-and-fire.ics", None),
        ("lamp-launch.ics", "venue/address/country=CH"),
    ],
)
async def test_an_import_needs_two_requests(
    ada: httpx.AsyncClient, tmp_path: Path, name: str, correction: str | None
) -> None:
    text = (ROOT / "examples" / "imports" / name).read_text(encoding="utf-8")
    next_year = str(datetime.now(UTC).year + 1)
    (tmp_path / name).write_text(text.replace("2031", next_year), encoding="utf-8")
    sections = read_sections(tmp_path / name, [correction] if correction else [])

    view = await created(ada, {**sections, "review": {"acceptTerms": True}})
    published = await Wizard(ada, view["session_id"]).post("/publish")

    assert published.status_code == 200, published.text


async def test_sections_are_one_change_with_a_row_for_each(
    ada: httpx.AsyncClient, system: System, user: str
) -> None:
    view = await created(ada, free_sections(), key=f"import-{user}")
    wizard = Wizard(ada, view["session_id"])

    trail = await trail_of(wizard, length=6)

    assert view["revision"] == 1
    assert [(action["revision"], action["stage"]) for action in reversed(trail)] == [
        (1, stage) for stage in STAGES
    ]
    assert {action["name"] for action in trail} == {"save_stage"}
    assert {action["actor_id"] for action in trail} == {user}
    assert {action["idempotency_key"] for action in trail} == {f"import-{user}"}
    assert [len(action["sections"]) for action in trail] == [1] * 6
    async with as_owner(system.database) as connection:
        rows = await connection.fetch(
            "SELECT stage FROM wizard_actions WHERE session_id = $1 AND revision = 1 ORDER BY part",
            wizard.session_id,
        )
    assert [row["stage"] for row in rows] == list(STAGES)


async def test_the_view_is_that_of_separate_saves(ada: httpx.AsyncClient, system: System) -> None:
    filled = await start(ada)
    for stage, data in free_event(endTime="02:00").items():  # on the next day
        await filled.save(stage, data)

    view = await created(ada, free_sections(endTime="02:00"))

    saved = await filled.view(consistent="true")
    of_workflow = await Wizard(ada, view["session_id"]).view(consistent="true")
    assert of_workflow == view
    for stage in STAGES[:-1]:
        assert view["stages"][stage] == saved["stages"][stage]
    assert view["stages"]["reviewPublish"]["valid"]
    for field in ("completion_percentage", "completion_details", "current_stage", "status"):
        assert view[field] == saved[field]


async def test_the_session_can_be_changed_and_restored(ada: httpx.AsyncClient) -> None:
    view = await created(ada, free_sections(title="First title"))
    wizard = Wizard(ada, view["session_id"])

    changed = await wizard.save("eventSetup", {"title": "Second title"}, if_match='"1"')
    await trail_of(wizard, length=7)
    restored = await wizard.post("/restore", {"revision": 1})

    assert changed.status_code == 200, changed.text
    assert changed.json()["revision"] == 2
    assert restored.status_code == 200, restored.text
    assert restored.json()["stages"]["eventSetup"]["data"]["title"] == "First title"
    assert restored.json()["stages"]["venueSetup"] == view["stages"]["venueSetup"]


async def test_a_created_session_moves_through_its_stages(ada: httpx.AsyncClient) -> None:
    view = await created(ada, free_sections())

    last = await fill_in(Wizard(ada, view["session_id"]), {stage: {} for stage in STAGES[:5]})

    assert last["current_stage"] == "reviewPublish"


async def test_sections_of_an_existing_session_are_ignored(ada: httpx.AsyncClient) -> None:
    wizard = await start(ada)
    before = await wizard.view(consistent="true")

    valid = await create(ada, free_sections(), session_id=wizard.session_id)
    invalid = await create(ada, {"event": {"titel": "Show"}}, session_id=wizard.session_id)

    assert (valid.status_code, invalid.status_code) == (200, 200)
    assert valid.json() == invalid.json() == before
    assert await wizard.view(consistent="true") == before


async def test_a_repeat_with_the_same_key_is_the_same_session(ada: httpx.AsyncClient) -> None:
    key = f"import-{uuid4().hex}"
    first = await created(ada, free_sections(), key=key)

    repeated = await create(ada, free_sections(), key=key)

    assert repeated.status_code == 200
    assert repeated.headers["Idempotent-Replayed"] == "true"
    assert repeated.json() == first


async def test_invalid_values_are_kept_with_their_errors(ada: httpx.AsyncClient) -> None:
    view = await created(ada, {"event": {"title": "x", "date": "tomorrow"}})

    event = view["stages"]["eventSetup"]
    assert event["data"] == {"title": "x", "date": "tomorrow"}
    assert {"/title", "/date"} <= {error["pointer"] for error in event["errors"]}


@pytest.mark.parametrize(
    ("sections", "place"),
    [
        ({"event": {"titel": "Show"}}, "/titel"),
        ({"review": {"acceptedTerms": {}}}, "/acceptedTerms"),
        ({"event": {"title": "a\0"}}, "/title"),
        ({"event": None}, "/sections/event"),
        ({"event": []}, "/sections/event"),
        ({"eventSetup": {}}, "/sections/eventSetup"),
        ({"payment": {"status": "ready"}}, "/sections/payment"),
        ([], "/sections"),
        ("event", "/sections"),
    ],
)
async def test_a_refusal_creates_no_session(
    ada: httpx.AsyncClient, sections: Any, place: str
) -> None:
    session_id = str(uuid4())

    refused = await create(ada, sections, session_id=session_id)

    problem = assert_problem(refused, 422, "invalid_request")
    assert [found for found, _code in error_places(problem)] == [place]
    assert (await ada.get(f"/v1/sessions/{session_id}?consistent=true")).status_code == 404


async def test_sections_that_are_too_large_create_no_session(ada: httpx.AsyncClient) -> None:
    session_id = str(uuid4())

    refused = await create(ada, {"event": {"description": "x" * 100_000}}, session_id=session_id)

    assert_problem(refused, 413, "payload_too_large")
    assert (await ada.get(f"/v1/sessions/{session_id}?consistent=true")).status_code == 404


async def test_another_tenants_session_is_not_found(
    ada: httpx.AsyncClient, sign_in: SignIn, user: str
) -> None:
    theirs = await start(sign_in(f"eve-{user}"))

    valid = await create(ada, free_sections(), session_id=theirs.session_id)
    invalid = await create(ada, {"event": {"titel": "Show"}}, session_id=theirs.session_id)
    unused = await create(ada, {"event": {"titel": "Show"}}, session_id=str(uuid4()))

    assert_problem(valid, 404, "session_not_found")
    # The same as for an id that no session has.
    assert invalid.json() == unused.json()


@pytest.mark.parametrize("sections", [None, {}, {"event": {}}, {"event": {"title": None}}])
async def test_a_session_without_data_begins_at_revision_0(
    ada: httpx.AsyncClient, sections: Any
) -> None:
    view = await created(ada, sections)

    assert view["revision"] == 0
    assert view["stages"]["eventSetup"]["data"] == {}


async def test_an_action_has_the_time_that_its_request_waited(ada: httpx.AsyncClient) -> None:
    view = await created(ada, {"event": {"title": "Show"}})

    wizard = Wizard(ada, view["session_id"])
    await wizard.save("venueSetup", {"mode": "virtual"})
    incomplete = await wizard.complete("organizerSetup", {"bio": "Bio"})  # saved all the same

    trail = await trail_of(wizard, length=3)

    assert incomplete.status_code == 422
    assert all(0 <= action["execution_time_ms"] < 60_000 for action in trail)
