"""Invalid paths, queries and headers are refused."""

from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator

import pytest

from tests.support.api import client_for, token
from tests.support.problem_documents import assert_problem, error_places
from tests.support.system import System
from tests.support.wizard import Wizard, start, untouched

SAVE = {"name": "Grace Hopper"}


@pytest.fixture(scope="module")
async def session(system: System) -> AsyncIterator[Wizard]:
    """One session for all tests, because none of them may change it."""
    async with client_for(system.address, token("grace")) as http:
        yield await start(http)


BAD_KEYS = {
    "too long": b"k" * 256,
    "empty": b"",
    "space": b"a key",
    "tab": b"a\tkey",
    "not ASCII": "schlüssel".encode(),
    "Latin-1": b"schl\xfcssel",
}


@pytest.mark.parametrize("key", BAD_KEYS.values(), ids=BAD_KEYS.keys())
async def test_a_bad_idempotency_key_is_refused(session: Wizard, key: bytes) -> None:
    async with untouched(session):
        response = await session.http.patch(
            session.path("/stages/organizerSetup"),
            json=SAVE,
            headers=[(b"Idempotency-Key", key)],
        )

    problem = assert_problem(response, 422, "invalid_request")
    assert error_places(problem) == [("/header/Idempotency-Key", "invalid_format")]
    assert "Idempotency-Key" in problem["detail"]


async def test_the_longest_key_is_accepted(wizard: Wizard) -> None:
    saved = await wizard.save("organizerSetup", SAVE, idempotency_key="k" * 255)

    assert saved.status_code == 200


@pytest.mark.parametrize("tag", ['"three"', "*, 5", '"' + "9" * 400 + '"'])
async def test_a_foreign_if_none_match_matches_nothing(session: Wizard, tag: str) -> None:
    response = await session.http.get(session.path(), headers={"If-None-Match": tag})

    assert response.status_code == 200


@pytest.mark.parametrize("stage", ["organizer", "nowhere", "ORGANIZERSETUP", "0", "%00"])
@pytest.mark.parametrize("suffix", ["", "/complete"])
async def test_an_unknown_stage_is_refused(session: Wizard, stage: str, suffix: str) -> None:
    method = "POST" if suffix else "PATCH"

    async with untouched(session):
        response = await session.http.request(
            method, session.path(f"/stages/{stage}{suffix}"), json={}
        )

    assert error_places(assert_problem(response, 422, "invalid_request")) == [
        ("/path/stage", "invalid_choice")
    ]


BAD_IDS = ["1", "not-a-uuid", "%00", "%F0%9F%8E%AD", "a" * 2000, "..%2f..%2fwizard"]


@pytest.mark.parametrize("session_id", BAD_IDS)
@pytest.mark.parametrize(
    ("method", "suffix", "body"),
    [
        ("GET", "", None),
        ("GET", "/checks", None),
        ("GET", "/actions", None),
        ("PATCH", "/stages/organizerSetup", SAVE),
        ("POST", "/stages/organizerSetup/complete", {}),
        ("POST", "/transition", {"from_stage": "organizerSetup", "to_stage": "eventSetup"}),
        ("POST", "/publish", None),
        ("DELETE", "/publication", None),
        ("POST", "/restore", {"revision": 0}),
        ("POST", "/payments/disconnect", None),
        ("POST", "/abandon", None),
    ],
)
async def test_a_malformed_session_id_is_not_found(
    session: Wizard, session_id: str, method: str, suffix: str, body: object
) -> None:
    response = await session.http.request(method, f"/v1/sessions/{session_id}{suffix}", json=body)

    problem = assert_problem(response, 404, response.json()["code"])
    assert problem["code"] in {"session_not_found", "not_found"}  # an encoded slash: no route


@pytest.mark.parametrize("spelled", [str.upper, "{{{}}}".format, "urn:uuid:{}".format])
async def test_other_spellings_of_a_session_id_are_accepted(
    session: Wizard, spelled: object
) -> None:
    assert callable(spelled)

    response = await session.http.get(f"/v1/sessions/{spelled(session.session_id)}")

    assert response.json()["session_id"] == session.session_id


LISTS = ["/v1/sessions", "/v1/events", "actions"]


@pytest.mark.parametrize("listed", LISTS)
@pytest.mark.parametrize("limit", ["0", "-1", "101", "ten", "1.5", "", "9" * 400])
async def test_a_bad_limit_is_refused(session: Wizard, listed: str, limit: str) -> None:
    path = session.path("/actions") if listed == "actions" else listed

    response = await session.http.get(path, params={"limit": limit})

    errors = error_places(assert_problem(response, 422, "invalid_request"))
    assert [pointer for pointer, _ in errors] == ["/query/limit"]


def _encoded(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize("listed", LISTS)
@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "!!!",
        "é",
        "\0",
        _encoded("[]"),
        _encoded('["2026-01-01T00:00:00", "x"]'),
        _encoded('["0001-01-01T00:00:00+14:00", "2b1f0f52-6b0e-4a53-9c3f-0d4f5a1c7e11"]'),
        _encoded('["9999999999999999999999999"]'),
        _encoded("[99999999999999999999999999]"),
        _encoded("[" * 100),
        "A" * 501,
    ],
)
async def test_a_bad_cursor_is_refused(session: Wizard, listed: str, cursor: str) -> None:
    path = session.path("/actions") if listed == "actions" else listed

    response = await session.http.get(path, params={"cursor": cursor})

    assert_problem(response, 422, "invalid_request")


@pytest.mark.parametrize("status", ["open", "IN_PROGRESS", "", "in_progress,expired"])
async def test_a_bad_status_is_refused(session: Wizard, status: str) -> None:
    response = await session.http.get("/v1/sessions", params={"status": status})

    assert error_places(assert_problem(response, 422, "invalid_request")) == [
        ("/query/status", "invalid_choice")
    ]


@pytest.mark.parametrize("value", ["perhaps", "2", "\0"])
async def test_a_bad_flag_is_refused(session: Wizard, value: str) -> None:
    response = await session.http.get(session.path(), params={"consistent": value})

    assert error_places(assert_problem(response, 422, "invalid_request")) == [
        ("/query/consistent", "invalid_type")
    ]


@pytest.mark.parametrize("path", ["/v2/wizard", "/v1", "/v1/sessions/", "/v1/stages"])
async def test_an_unknown_path_is_a_problem_too(session: Wizard, path: str) -> None:
    assert_problem(await session.http.get(path), 404, "not_found")


async def test_a_wrong_method_is_a_problem_too(session: Wizard) -> None:
    response = await session.http.put(session.path())

    assert_problem(response, 405, "method_not_allowed")
    assert response.headers["Allow"] == "DELETE, GET, HEAD, OPTIONS"


async def test_an_unknown_query_parameter_is_refused(session: Wizard) -> None:
    response = await session.http.get("/v1/sessions", params={"stats": "completed"})

    problem = assert_problem(response, 422, "invalid_request")
    assert error_places(problem) == [("/query/stats", "unknown_field")]
    assert "status" in problem["detail"]


@pytest.mark.parametrize(
    "slug", ["no-such-event", "UPPER", "%00", "x" * 3000, "..%2f", "%F0%9F%8E%AD"]
)
async def test_an_unknown_public_event_is_not_found(session: Wizard, slug: str) -> None:
    response = await session.http.get(f"/v1/public/events/{slug}")

    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("event_id", ["1", "%00", "2b1f0f52-6b0e-4a53-9c3f-0d4f5a1c7e11"])
async def test_an_unknown_event_is_not_found(session: Wizard, event_id: str) -> None:
    assert_problem(await session.http.get(f"/v1/events/{event_id}"), 404, "event_not_found")
