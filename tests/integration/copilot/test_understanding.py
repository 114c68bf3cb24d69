"""``POST /v1/understanding``: a sentence as facts and questions, before there is a session."""

from typing import Any

import httpx
import pytest

from copilot.understanding.reading import MAX_LENGTH
from domain.json_values import JsonObject
from tests.support.problem_documents import assert_problem, error_places

PATH = "/v1/understanding"


async def understood(http: httpx.AsyncClient, text: str, **circumstances: str) -> JsonObject:
    response = await http.post(PATH, json={"text": text, **circumstances})
    assert response.status_code == 200, response.text
    return dict(response.json())


def values(facts: list[JsonObject]) -> dict[str, Any]:
    return {f"{fact['stage']}{fact['pointer']}": fact["value"] for fact in facts}


async def test_a_sentence_becomes_facts_with_their_words(ada: httpx.AsyncClient) -> None:
    text = "A pop-up called The Hat Room at 7 pm in Lisbon, 25 euros"

    found = await understood(ada, text, locale="en-GB", timezone="Europe/Lisbon")

    said = {fact["pointer"]: text[fact["start"] : fact["end"]] for fact in found["facts"]}
    assert values(found["facts"]) | {
        "eventSetup/title": "The Hat Room",
        "eventSetup/startTime": "19:00",
        "venueSetup/address/city": "Lisbon",
        "ticketSetup/currency": "eur",
    } == values(found["facts"])
    assert said["/startTime"] == "at 7 pm"
    assumed = {fact["pointer"]: fact["assumed"] for fact in found["facts"]}
    assert assumed["/title"] is None
    assert assumed["/address/country"] == "country_of_city"


async def test_a_question_has_a_text_and_the_facts_of_each_option(ada: httpx.AsyncClient) -> None:
    found = await understood(ada, "Friday at 7", timezone="Europe/Lisbon")

    (question,) = (item for item in found["questions"] if item["code"] == "half_of_day")
    assert question["text"].endswith("?")
    assert [option["code"] for option in question["options"]] == ["morning", "evening"]
    assert [option["text"] for option in question["options"]] == [
        "07:00 in the morning",
        "19:00 in the evening",
    ]
    assert [values(option["facts"])["eventSetup/startTime"] for option in question["options"]] == [
        "07:00",
        "19:00",
    ]


async def test_a_name_alone_is_the_title(ada: httpx.AsyncClient) -> None:
    found = await understood(ada, "The Hat Room")

    assert values(found["facts"]) == {"eventSetup/title": "The Hat Room"}
    assert found["facts"][0]["assumed"] == "title_alone"


async def test_positions_count_as_strings_of_javascript_do(ada: httpx.AsyncClient) -> None:
    text = "\U0001f3a9\U0001f3a9 A pop-up at 7 pm"

    found = await understood(ada, text, timezone="Europe/Lisbon")

    (start,) = (fact for fact in found["facts"] if fact["pointer"] == "/startTime")
    units = text.encode("utf-16-le")
    assert units[start["start"] * 2 : start["end"] * 2].decode("utf-16-le") == "at 7 pm"


async def test_nothing_is_saved_and_nothing_is_cached(ada: httpx.AsyncClient) -> None:
    before = (await ada.get("/v1/sessions")).json()

    response = await ada.post(PATH, json={"text": "The Hat Room"})

    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers
    assert (await ada.get("/v1/sessions")).json() == before


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, ("/text", "missing")),
        ({"text": ""}, ("/text", "too_short")),
        ({"text": "x" * (MAX_LENGTH + 1)}, ("/text", "too_long")),
        ({"text": 7}, ("/text", "invalid_type")),
        ({"text": None}, ("/text", "invalid_type")),
        ({"text": "x", "locale": "en\nObey"}, ("/locale", "invalid_format")),
        ({"text": "x", "timezone": "Mars/Olympus"}, ("/timezone", "invalid_choice")),
        ({"text": "x", "session_id": "1"}, ("/session_id", "unknown_field")),
    ],
)
async def test_malformed_input_is_refused_by_field(
    ada: httpx.AsyncClient, body: JsonObject, place: tuple[str, str]
) -> None:
    refusal = assert_problem(await ada.post(PATH, json=body), 422, "invalid_request")

    assert error_places(refusal) == [place]


@pytest.mark.parametrize(
    "text",
    [
        "\x00 at 7 pm \x1b[2J",
        "\u2028\u2029\u202e",
        "\U0001f3a9" * MAX_LENGTH,
        "İ" * MAX_LENGTH,
        "at 7 pm " * 500,
        "(" * MAX_LENGTH,
        "9" * MAX_LENGTH,
        "https://" + "a" * (MAX_LENGTH - 8),
        "99/99/9999 31 February 0000 at 99:99 for -1 people 1e309 euros",
    ],
    ids=lambda text: ascii(text[:12]),
)
async def test_any_text_is_understood_without_an_error(ada: httpx.AsyncClient, text: str) -> None:
    found = await understood(ada, text)

    units = len(text.encode("utf-16-le")) // 2
    assert all(0 <= fact["start"] < fact["end"] <= units for fact in found["facts"])


async def test_half_of_a_surrogate_pair_is_refused(ada: httpx.AsyncClient) -> None:
    response = await ada.post(
        PATH, content=rb'{"text": "\ud83c"}', headers={"Content-Type": "application/json"}
    )

    assert_problem(response, 422, "invalid_request")


async def test_other_media_types_are_refused(ada: httpx.AsyncClient) -> None:
    response = await ada.post(PATH, content="text=x", headers={"Content-Type": "text/plain"})

    assert_problem(response, 415, "unsupported_media_type")


async def test_a_body_that_is_too_large_is_refused(ada: httpx.AsyncClient) -> None:
    response = await ada.post(PATH, json={"text": "x" * 600_000})

    assert_problem(response, 413, "payload_too_large")


async def test_only_post_is_allowed(ada: httpx.AsyncClient) -> None:
    options = await ada.options(PATH)
    refusals = [await ada.get(PATH), await ada.head(PATH), await ada.put(PATH, json={})]

    assert options.headers["Allow"] == "OPTIONS, POST"
    assert [refusal.status_code for refusal in refusals] == [405, 405, 405]
    assert all(refusal.headers["Allow"] == "OPTIONS, POST" for refusal in refusals)


async def test_a_sentence_needs_a_token(ada: httpx.AsyncClient) -> None:
    async with httpx.AsyncClient(base_url=ada.base_url) as anonymous:
        response = await anonymous.post(PATH, json={"text": "The Hat Room"})

    assert_problem(response, 401, "unauthenticated")
