"""Invalid bodies are refused with a problem document, and change nothing."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from domain.json_values import JsonObject
from tests.support.api import client_for, token
from tests.support.problem_documents import assert_problem, error_places
from tests.support.system import System
from tests.support.wizard import Wizard, start, untouched

JSON = {"Content-Type": "application/json"}
KIB = 1024
LARGEST_FIELDS = {
    "organizerSetup": "bio",
    "eventSetup": "description",
    "venueSetup": "accessNote",
    "sponsorsMedia": "pressContact",
}


@pytest.fixture(scope="module")
async def session(system: System) -> AsyncIterator[Wizard]:
    """One session for all tests, because none of them may change it."""
    async with client_for(system.address, token("grace")) as http:
        wizard = await start(http)
        await wizard.save("organizerSetup", {"name": "Grace Hopper"})
        yield wizard


def nested(depth: int) -> bytes:
    return b'{"bio":' + b"[" * depth + b"]" * depth + b"}"


NOT_JSON: dict[str, bytes] = {
    "text": b"name=Ada",
    "truncated": b'{"name": "Ada"',
    "truncated inside a string": b'{"name": "Ad',
    "two values": b'{"name": "Ada"} {"name": "Eve"}',
    "invalid UTF-8": b'{"name": "Ad\xff\xfe"}',
    "UTF-16": '{"name": "Ada"}'.encode("utf-16"),
    "NaN": b'{"name": NaN}',
    "Infinity": b'{"name": -Infinity}',
    "lone surrogate": b'{"name": "\\ud800"}',
    "bare NUL": b'{"name": "A\x00da"}',
    "trailing comma": b'{"name": "Ada",}',
    "single quotes": b"{'name': 'Ada'}",
    "unclosed nesting": b"[" * 100_000,
    "deep nesting": nested(60_000),
}
"""All of these are also refused by routes that read their body through a model."""

WRONG_TYPE: dict[str, bytes] = {
    "list": b"[]",
    "list of pairs": b'[["name", "Ada"]]',
    "string": b'"name"',
    "number": b"42",
    "true": b"true",
}

# Requests that change a session, one for each way in which a body is read.
PATHS = {
    "save": ("PATCH", "/stages/organizerSetup"),
    "complete": ("POST", "/stages/organizerSetup/complete"),
    "transition": ("POST", "/transition"),
    "publish": ("POST", "/publish"),
    "restore": ("POST", "/restore"),
}


async def send(wizard: Wizard, name: str, body: bytes, **headers: str) -> httpx.Response:
    method, suffix = PATHS[name]
    return await wizard.http.request(
        method, wizard.path(suffix), content=body, headers={**JSON, **headers}
    )


@pytest.mark.parametrize("operation", PATHS)
@pytest.mark.parametrize("what", NOT_JSON)
async def test_a_body_that_is_not_json_is_refused(
    session: Wizard, operation: str, what: str
) -> None:
    async with untouched(session):
        response = await send(session, operation, NOT_JSON[what])

    body = assert_problem(response, 422, "invalid_request")
    assert "Grace" not in response.text
    assert "Ada" not in response.text
    assert len(body["detail"]) < 300


@pytest.mark.parametrize("operation", PATHS)
@pytest.mark.parametrize("what", WRONG_TYPE)
async def test_a_body_of_another_type_is_refused(
    session: Wizard, operation: str, what: str
) -> None:
    async with untouched(session):
        response = await send(session, operation, WRONG_TYPE[what])

    assert error_places(assert_problem(response, 422, "invalid_request")) == [("", "invalid_type")]


@pytest.mark.parametrize("operation", ["save", "transition", "restore"])
@pytest.mark.parametrize("body", [b"", b"   ", b"null"], ids=["empty", "spaces", "null"])
async def test_a_missing_body_is_refused(session: Wizard, operation: str, body: bytes) -> None:
    async with untouched(session):
        response = await send(session, operation, body)

    assert_problem(response, 422, "invalid_request")


HUGE = str(10**400)
REFUSED_DRAFTS: list[tuple[str, str, bytes, list[tuple[str, str]]]] = [
    ("unknown field", "organizerSetup", b'{"nick": "A"}', [("/nick", "unknown_field")]),
    ("unknown, by null", "organizerSetup", b'{"nick": null}', [("/nick", "unknown_field")]),
    (
        "unknown, nested",
        "venueSetup",
        b'{"address": {"street": "x"}}',
        [("/address/street", "unknown_field")],
    ),
    (
        "unknown, in a list",
        "ticketSetup",
        b'{"tiers": [{"name": "A"}, {"price": 1}]}',
        [("/tiers/1/price", "unknown_field")],
    ),
    (
        "escaped name",
        "organizerSetup",
        b'{"a/b~c": 1}',
        [("/a~1b~0c", "unknown_field")],
    ),
    (
        "field of another stage",
        "organizerSetup",
        b'{"title": "x", "name": "y"}',
        [("/title", "unknown_field")],
    ),
    ("payments", "ticketSetup", b'{"payment": {}}', [("/payment", "unknown_field")]),
    (
        "server-owned",
        "reviewPublish",
        b'{"acceptedTerms": {"version": "2026-01", "at": "2026-01-01T00:00:00Z"}}',
        [("/acceptedTerms", "server_owned")],
    ),
    (
        "terms by a text",
        "reviewPublish",
        b'{"acceptTerms": "yes"}',
        [("/acceptTerms", "invalid_type")],
    ),
    ("NUL", "organizerSetup", b'{"name": "A\\u0000da"}', [("/name", "invalid_character")]),
    (
        "1e400",
        "venueSetup",
        b'{"capacity": 1e400}',
        [("/capacity", "number_out_of_range")],
    ),
    (
        "400 digits",
        "venueSetup",
        f'{{"capacity": {HUGE}}}'.encode(),
        [("/capacity", "number_out_of_range")],
    ),
    (
        "beyond 2^53",
        "venueSetup",
        b'{"capacity": 9007199254740993}',
        [("/capacity", "number_out_of_range")],
    ),
    (
        "too deep to be kept",
        "organizerSetup",
        nested(40),
        [("/bio" + "/0" * 15, "too_deep")],
    ),
]


@pytest.mark.parametrize(
    ("stage", "body", "expected"),
    [pytest.param(*case[1:], id=case[0]) for case in REFUSED_DRAFTS],
)
async def test_an_invalid_draft_is_refused(
    session: Wizard, stage: str, body: bytes, expected: list[tuple[str, str]]
) -> None:
    async with untouched(session):
        response = await session.http.patch(
            session.path(f"/stages/{stage}"), content=body, headers=JSON
        )

    refused = assert_problem(response, 422, "invalid_request")
    assert error_places(refused) == expected
    assert {error["stage"] for error in refused["errors"]} == {stage}


@pytest.mark.parametrize("digits", [5_000, 100_000])
async def test_numbers_with_too_many_digits_are_refused(session: Wizard, digits: int) -> None:
    async with untouched(session):
        body = b'{"capacity": ' + b"9" * digits + b"}"
        response = await session.http.patch(
            session.path("/stages/venueSetup"), content=body, headers=JSON
        )

    assert_problem(response, 422, "invalid_request")


async def test_a_field_name_that_cannot_be_stored_is_refused(session: Wizard) -> None:
    async with untouched(session):
        response = await send(session, "save", b'{"na\\u0000me": "Ada"}')

    assert [code for _, code in error_places(assert_problem(response, 422, "invalid_request"))] == [
        "invalid_character"
    ]


async def test_valid_fields_next_to_a_refused_one_are_not_saved(session: Wizard) -> None:
    async with untouched(session):
        await session.save("organizerSetup", {"name": "Grace Hopper", "nick": "x"})


MODEL_BODIES: list[tuple[str, JsonObject, tuple[str, str]]] = [
    ("transition", {"from_stage": "organizerSetup"}, ("/to_stage", "missing")),
    (
        "transition",
        {"from_stage": "nowhere", "to_stage": "eventSetup"},
        ("/from_stage", "invalid_choice"),
    ),
    (
        "transition",
        {"from_stage": "organizerSetup", "to_stage": "eventSetup", "force": True},
        ("/force", "unknown_field"),
    ),
    ("restore", {"revision": -1}, ("/revision", "too_small")),
    ("restore", {"revision": "first"}, ("/revision", "invalid_type")),
    ("restore", {"revision": 10**400}, ("/revision", "too_large")),
    ("restore", {"revision": 1.5}, ("/revision", "invalid_type")),
    ("restore", {}, ("/revision", "missing")),
    ("publish", {"publish_at": "tomorrow"}, ("/publish_at", "invalid_format")),
    ("publish", {"publish_at": "2031-05-09T12:00:00"}, ("/publish_at", "invalid_format")),
    ("publish", {"when": "now"}, ("/when", "unknown_field")),
    ("complete", {"data": "Ada"}, ("/data", "invalid_type")),
    ("complete", {"date": {}}, ("/date", "unknown_field")),
]


@pytest.mark.parametrize(("operation", "body", "expected"), MODEL_BODIES)
async def test_members_of_a_body_are_checked(
    session: Wizard, operation: str, body: JsonObject, expected: tuple[str, str]
) -> None:
    async with untouched(session):
        response = await send(session, operation, json.dumps(body).encode())

    assert error_places(assert_problem(response, 422, "invalid_request")) == [expected]


@pytest.mark.parametrize("chosen", ["not-a-uuid", 7, {"id": 1}, ""])
async def test_a_new_session_needs_a_uuid(session: Wizard, chosen: Any) -> None:
    response = await session.http.post("/v1/sessions", json={"session_id": chosen})

    assert [
        pointer for pointer, _ in error_places(assert_problem(response, 422, "invalid_request"))
    ] == ["/session_id"]


@pytest.mark.parametrize("operation", PATHS)
async def test_a_body_over_512_kib_is_refused_by_its_declared_length(
    session: Wizard, operation: str
) -> None:
    async with untouched(session):
        body = b'{"name": "' + b"x" * (512 * KIB) + b'"}'
        response = await send(session, operation, body)

    assert_problem(response, 413, "payload_too_large")


@pytest.mark.parametrize("operation", PATHS)
async def test_a_streamed_body_over_512_kib_is_refused(session: Wizard, operation: str) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b'{"name": "'
        for _ in range(17):
            yield b"x" * (32 * KIB)
        yield b'"}'

    async with untouched(session):
        method, suffix = PATHS[operation]
        response = await session.http.request(
            method, session.path(suffix), content=chunks(), headers=JSON
        )

    assert_problem(response, 413, "payload_too_large")


def too_large(response: httpx.Response) -> list[tuple[str | None, int]]:
    """What is too large, all stages together if None, and the limit in bytes."""
    problem = assert_problem(response, 413, "payload_too_large")
    assert {error["code"] for error in problem["errors"]} == {"too_many_bytes"}
    return [(error["stage"], error["params"]["max"]) for error in problem["errors"]]


async def test_a_section_holds_96_kib_at_most(session: Wizard) -> None:
    async with untouched(session):
        refused = await session.save("organizerSetup", {"bio": "x" * (97 * KIB)})

    assert too_large(refused) == [("organizerSetup", 96 * KIB)]
    assert "Organizer" in refused.json()["detail"]
    assert str(96 * KIB) in refused.json()["detail"]


async def test_a_section_grown_beyond_96_kib_is_refused(wizard: Wizard) -> None:
    half = await wizard.save("eventSetup", {"description": "x" * (60 * KIB)})
    assert half.status_code == 200

    async with untouched(wizard):
        refused = await wizard.save("eventSetup", {"summary": "x" * (60 * KIB)})

    assert too_large(refused) == [("eventSetup", 96 * KIB)]


async def test_completing_a_section_over_96_kib_is_refused(session: Wizard) -> None:
    async with untouched(session):
        refused = await session.complete("organizerSetup", {"bio": "x" * (97 * KIB)})

    assert too_large(refused) == [("organizerSetup", 96 * KIB)]


async def test_a_session_holds_384_kib_at_most(wizard: Wizard) -> None:
    for stage, field in LARGEST_FIELDS.items():
        saved = await wizard.save(stage, {field: "x" * (95 * KIB)})
        assert saved.status_code == 200, saved.text

    async with untouched(wizard):
        refused = await wizard.save("ticketSetup", {"refundPolicy": {"text": "x" * (5 * KIB)}})
    assert too_large(refused) == [(None, 384 * KIB)]

    smaller = await wizard.save("eventSetup", {"description": "x" * (80 * KIB)})
    assert smaller.status_code == 200
    saved = await wizard.save("ticketSetup", {"refundPolicy": {"text": "x" * (5 * KIB)}})
    assert saved.status_code == 200


REALISTIC: dict[str, tuple[str, dict[str, Any]]] = {
    "a description of 20 000 emoji": ("eventSetup", {"description": "\U0001f389" * 20_000}),
    "50 tickets, each with 500 characters of Chinese": (
        "ticketSetup",
        {
            "tiers": [
                {
                    "name": f"\u65e5\u5834\u5238{number}",
                    "unit_amount": 0,
                    "description": "\u4e00" * 500,
                }
                for number in range(50)
            ]
        },
    ),
    "50 sponsors with signed addresses": (
        "sponsorsMedia",
        {
            "sponsors": [
                {
                    "name": f"Sponsor {number}",
                    "logo": {
                        "url": f"https://cdn.example.com/{number}?signature=" + "a" * 1_500,
                        "alt": f"The logo of sponsor {number}",
                    },
                }
                for number in range(50)
            ]
        },
    ),
}


@pytest.mark.parametrize(("stage", "data"), REALISTIC.values(), ids=REALISTIC.keys())
async def test_values_within_the_limits_of_their_fields_fit(
    wizard: Wizard, stage: str, data: dict[str, Any]
) -> None:
    saved = await wizard.save(stage, data)

    assert saved.status_code == 200, saved.text
    first = next(iter(data))
    assert not [
        error
        for error in saved.json()["stages"][stage]["errors"]
        if error["pointer"].startswith(f"/{first}")
    ]
