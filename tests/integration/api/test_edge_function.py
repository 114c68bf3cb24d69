"""The contract of the earlier edge function: its front ends work unchanged."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from domain.json_values import JsonObject
from tests.support.api import SignIn, client_for
from tests.support.stage_data import STAGES, free_event
from tests.support.system import System

PATH = "/functions/v1/wizard-session"
SECTIONS = ("organizer", "event", "venue", "ticket", "sponsor", "review")


async def call(http: httpx.AsyncClient, op: Any, **members: Any) -> httpx.Response:
    return await http.post(PATH, json={"op": op, **members})


async def ok(http: httpx.AsyncClient, op: str, **members: Any) -> JsonObject:
    response = await call(http, op, **members)
    assert response.status_code == 200, response.text
    body: JsonObject = response.json()
    assert body["ok"] is True
    return body


async def save(
    http: httpx.AsyncClient, session_id: str, stage: str, data: JsonObject
) -> JsonObject:
    return await ok(
        http,
        "update_stage_data",
        sessionId=session_id,
        data={"stage": stage, "stageData": data},
    )


async def go(
    http: httpx.AsyncClient, session_id: str, from_stage: str, to_stage: str
) -> JsonObject:
    return await ok(
        http,
        "transition",
        sessionId=session_id,
        data={"fromStage": from_stage, "toStage": to_stage},
    )


async def created(http: httpx.AsyncClient) -> str:
    session_id = str(uuid4())
    await ok(http, "create", sessionId=session_id)
    return session_id


def refusal(response: httpx.Response, status: int, code: str) -> JsonObject:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    body: JsonObject = response.json()
    assert body["ok"] is False
    assert isinstance(body["error"], str)
    assert body["error"]
    assert body["code"] == code
    return body


async def test_the_row_of_a_new_session(ada: httpx.AsyncClient, user: str) -> None:
    session_id = str(uuid4())

    body = await ok(ada, "create", sessionId=session_id)

    assert body.keys() == {"ok", "session"}
    row = body["session"]
    assert row["id"] == row["session_id"] == session_id
    assert row["user_id"] == user
    assert row["organization_id"] is None
    assert row["status"] == "in_progress"
    assert row["is_active"] is True
    assert row["current_stage"] == "organizerSetup"
    assert row["completed_stages"] == []
    assert row["completion_percentage"] == 0
    assert row["completion_details"] == dict.fromkeys(STAGES, 0) | {
        "reviewPublish": row["completion_details"]["reviewPublish"]
    }
    for section in SECTIONS:
        assert row[f"{section}_data"] == {}
    assert row["created_at"]
    assert row["updated_at"]
    assert row["expires_at"]


async def test_creating_a_session_twice_returns_it(ada: httpx.AsyncClient) -> None:
    session_id = await created(ada)
    await save(ada, session_id, "organizer", {"name": "Ada"})

    row = (await ok(ada, "create", sessionId=session_id))["session"]

    assert row["id"] == session_id
    assert row["organizer_data"] == {"name": "Ada"}


async def test_a_session_without_an_id_gets_one(ada: httpx.AsyncClient) -> None:
    assert (await ok(ada, "create"))["session"]["id"]


async def test_a_closed_session_is_followed_by_a_new_one(ada: httpx.AsyncClient) -> None:
    session_id = await created(ada)
    await save(ada, session_id, "organizer", {"name": "Ada"})
    await ada.post(f"/v1/sessions/{session_id}/abandon")

    fresh = (await ok(ada, "create", sessionId=session_id))["session"]
    assert fresh["id"] != session_id
    assert fresh["is_active"] is True
    assert fresh["organizer_data"] == {}
    assert (await ok(ada, "create", sessionId=session_id))["session"]["id"] == fresh["id"]


@pytest.mark.parametrize(("section", "stage"), list(zip(SECTIONS[:5], STAGES[:5], strict=True)))
async def test_a_section_accepts_both_of_its_names(
    ada: httpx.AsyncClient, section: str, stage: str
) -> None:
    session_id = await created(ada)
    data = free_event()[stage]

    by_section = await save(ada, session_id, section, data)
    by_stage = await save(ada, session_id, stage, data)

    assert by_section.keys() == {"ok", "progress"}
    assert by_section == by_stage
    assert 0 < by_section["progress"] < 100


async def test_progress_covers_the_whole_wizard(ada: httpx.AsyncClient) -> None:
    session_id = await created(ada)

    body = await save(ada, session_id, "event", {"title": "Spring Show"})

    view = (await ada.get(f"/v1/sessions/{session_id}")).json()
    assert body["progress"] == view["completion_percentage"]


async def test_a_transition_moves_the_session(ada: httpx.AsyncClient) -> None:
    session_id = await created(ada)
    await save(ada, session_id, "organizer", {"name": "Ada"})

    assert await go(ada, session_id, "organizerSetup", "eventSetup") == {"ok": True}
    assert await go(ada, session_id, "event", "organizer") == {"ok": True}


async def test_a_repeated_transition_changes_nothing(ada: httpx.AsyncClient) -> None:
    session_id = await created(ada)
    await save(ada, session_id, "organizer", {"name": "Ada"})
    await go(ada, session_id, "organizer", "event")
    before = (await ada.get(f"/v1/sessions/{session_id}?consistent=true")).json()

    assert await go(ada, session_id, "organizer", "event") == {"ok": True}

    after = (await ada.get(f"/v1/sessions/{session_id}?consistent=true")).json()
    assert after == before
    assert after["current_stage"] == "eventSetup"


async def test_errors_are_messages_by_section_and_field(ada: httpx.AsyncClient) -> None:
    session_id = await created(ada)
    await save(ada, session_id, "event", {"title": "x"})
    await save(ada, session_id, "venue", free_event()["venueSetup"] | {"address": {"city": 5}})
    await save(ada, session_id, "organizer", {"name": "Ada"})

    errors = (await ok(ada, "create", sessionId=session_id))["session"]["validation_errors"]

    assert "organizer" not in errors
    assert errors["event"]["title"] == "Title must be at least 3 characters."
    assert errors["event"].keys() == {"title", "type", "date", "startTime"}
    assert "address.city" in errors["venue"]
    assert all(isinstance(text, str) for found in errors.values() for text in found.values())


async def test_the_earlier_hook_can_publish_an_event(
    ada: httpx.AsyncClient,
) -> None:
    session_id = str(uuid4())
    stages = free_event(title=f"Show {uuid4().hex[:8]}")
    row = (await ok(ada, "create", sessionId=session_id))["session"]
    assert row["current_stage"] == STAGES[0]
    for section, from_stage, to_stage in zip(SECTIONS, STAGES[:-1], STAGES[1:], strict=False):
        await save(ada, session_id, section, stages[from_stage])
        await go(ada, session_id, from_stage, to_stage)

    body = await ok(ada, "publish", sessionId=session_id)

    assert body.keys() == {"ok", "event"}
    event = body["event"]
    assert event["id"] == event["event_id"]
    assert event["title"] == stages["eventSetup"]["title"]
    assert event["status"] == "published"
    assert event["published_at"]
    repeated = await ok(ada, "publish", sessionId=session_id)
    assert repeated["event"] == event
    fresh = (await ok(ada, "create", sessionId=session_id))["session"]
    assert fresh["id"] != session_id
    done = (await ada.get(f"/v1/sessions/{session_id}")).json()
    assert done["status"] == "completed"


async def test_the_row_of_a_full_session(ada: httpx.AsyncClient) -> None:
    session_id = await created(ada)
    for section, (_, data) in zip(SECTIONS, free_event().items(), strict=True):
        await save(ada, session_id, section, data)

    row = (await ok(ada, "create", sessionId=session_id))["session"]

    assert row["event_data"]["title"] == "Spring Show"
    assert row["venue_data"]["mode"] == "physical"
    assert row["ticket_data"]["tiers"][0]["name"] == "General"
    assert row["completion_percentage"] >= 85


@pytest.mark.parametrize("op", ["delete", "", "CREATE", None, 7, ["create"]])
async def test_an_unknown_operation_is_refused(ada: httpx.AsyncClient, op: Any) -> None:
    refusal(await call(ada, op, sessionId=str(uuid4())), 400, "invalid_request")


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (
            {"op": "update_stage_data", "data": {"stage": "event", "stageData": {}}},
            ("/sessionId", "missing"),
        ),
        (
            {"op": "update_stage_data", "sessionId": "x", "data": {}},
            ("/sessionId", "invalid_format"),
        ),
        ({"op": "update_stage_data", "sessionId": str(uuid4())}, ("/data", "missing")),
        (
            {"op": "update_stage_data", "sessionId": str(uuid4()), "data": {"stage": "event"}},
            ("/data/stageData", "missing"),
        ),
        (
            {"op": "update_stage_data", "sessionId": str(uuid4()), "data": []},
            ("/data", "invalid_type"),
        ),
        (
            {"op": "transition", "sessionId": str(uuid4()), "data": {"fromStage": "event"}},
            ("/data/toStage", "missing"),
        ),
        (
            {
                "op": "transition",
                "sessionId": str(uuid4()),
                "data": {"fromStage": "event", "toStage": "end"},
            },
            ("/data/toStage", "invalid_choice"),
        ),
        ({"op": "publish"}, ("/sessionId", "missing")),
        ({}, ("/op", "missing")),
    ],
)
async def test_an_invalid_request_is_refused_at_its_place(
    ada: httpx.AsyncClient, body: JsonObject, place: tuple[str, str]
) -> None:
    errors = refusal(await ada.post(PATH, json=body), 400, "invalid_request")["errors"]

    assert [(error["pointer"], error["code"]) for error in errors] == [place]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"create"', b"[" * 100_000, b'{"op": NaN}'])
async def test_a_body_that_is_not_a_json_object_is_refused(
    ada: httpx.AsyncClient, content: bytes
) -> None:
    headers = {"Content-Type": "application/json"}

    refusal(await ada.post(PATH, content=content, headers=headers), 400, "invalid_request")


async def test_a_body_of_another_media_type_is_refused(ada: httpx.AsyncClient) -> None:
    refusal(await ada.post(PATH, content=b"{}"), 415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("stage", "code"),
    [
        ("payment", "server_owned"),
        ("nowhere", "invalid_choice"),
        ("Event", "invalid_choice"),
        ("", "invalid_choice"),
    ],
)
async def test_an_unknown_stage_is_refused(ada: httpx.AsyncClient, stage: str, code: str) -> None:
    session_id = await created(ada)
    data = {"stage": stage, "stageData": {"status": "ready"}}

    response = await call(ada, "update_stage_data", sessionId=session_id, data=data)

    [error] = refusal(response, 400, "invalid_request")["errors"]
    assert (error["pointer"], error["code"]) == ("/data/stage", code)


async def test_an_unknown_field_is_refused(ada: httpx.AsyncClient) -> None:
    session_id = await created(ada)
    data = {"stage": "event", "stageData": {"name": "x"}}

    response = await call(ada, "update_stage_data", sessionId=session_id, data=data)

    errors = refusal(response, 400, "invalid_request")["errors"]
    assert [error["pointer"] for error in errors] == ["/name"]


async def test_an_incomplete_stage_is_refused(ada: httpx.AsyncClient) -> None:
    session_id = await created(ada)
    data = {"fromStage": "organizerSetup", "toStage": "eventSetup"}

    response = await call(ada, "transition", sessionId=session_id, data=data)

    errors = refusal(response, 422, "stage_incomplete")["errors"]
    assert [error["pointer"] for error in errors] == ["/name"]


async def test_a_transition_from_another_stage_is_refused(ada: httpx.AsyncClient) -> None:
    session_id = await created(ada)
    data = {"fromStage": "venueSetup", "toStage": "eventSetup"}

    response = await call(ada, "transition", sessionId=session_id, data=data)

    refusal(response, 409, "stage_mismatch")


async def test_an_unready_session_is_not_published(ada: httpx.AsyncClient) -> None:
    response = await call(ada, "publish", sessionId=await created(ada))

    assert refusal(response, 422, "publish_blocked")["errors"]


async def test_a_closed_session_refuses_changes(ada: httpx.AsyncClient) -> None:
    session_id = await created(ada)
    await ada.post(f"/v1/sessions/{session_id}/abandon")

    for op, data in (
        ("update_stage_data", {"stage": "event", "stageData": {"title": "x"}}),
        ("transition", {"fromStage": "organizerSetup", "toStage": "eventSetup"}),
        ("publish", None),
    ):
        response = await call(ada, op, sessionId=session_id, data=data)
        refusal(response, 409, "session_closed")


async def test_another_users_session_is_not_found(
    ada: httpx.AsyncClient, sign_in: SignIn, user: str
) -> None:
    session_id = await created(ada)
    eve = sign_in(f"eve-{user}")
    data = {"stage": "event", "stageData": {"title": "x"}}

    foreign = await call(eve, "update_stage_data", sessionId=session_id, data=data)
    missing = await call(eve, "update_stage_data", sessionId=str(uuid4()), data=data)

    assert refusal(foreign, 404, "session_not_found") == missing.json()
    refusal(await call(eve, "publish", sessionId=session_id), 404, "session_not_found")
    refusal(await call(eve, "create", sessionId=session_id), 404, "session_not_found")


@pytest.mark.parametrize("bearer", [None, "x"])
async def test_an_invalid_token_is_refused(system: System, bearer: str | None) -> None:
    async with client_for(system.address, bearer) as http:
        response = await call(http, "create")

    refusal(response, 401, "unauthenticated")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


async def test_the_caller_is_the_user_of_the_token(ada: httpx.AsyncClient, user: str) -> None:
    row = (await ok(ada, "create", userId="eve", user_id="eve", data={"userId": "eve"}))["session"]

    assert row["user_id"] == user


async def test_a_body_that_is_too_large_is_refused(ada: httpx.AsyncClient) -> None:
    session_id = await created(ada)
    section = {"stage": "event", "stageData": {"description": "x" * 100_000}}
    response = await call(ada, "update_stage_data", sessionId=session_id, data=section)
    refusal(response, 413, "payload_too_large")

    body = {"stage": "event", "stageData": {"description": "x" * 540_000}}
    response = await call(ada, "update_stage_data", sessionId=session_id, data=body)
    assert response.status_code == 413


async def test_a_preflight_request_is_allowed(system: System) -> None:
    async with client_for(system.address, None) as http:
        response = await http.options(
            PATH,
            headers={
                "Origin": "https://app.example",
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization,apikey,content-type,x-client-info",
            },
        )

    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == "https://app.example"


async def test_a_request_for_options_needs_no_origin(system: System) -> None:
    async with client_for(system.address, None) as http:
        response = await http.options(PATH)

    assert response.status_code == 200
    assert response.headers["Allow"] == "OPTIONS, POST"
