"""A session whose sections are as large as they may be: 96 KiB each, 384 KiB together."""

import asyncio
import json
from itertools import cycle, islice
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest

from domain.json_values import JsonObject
from domain.session.run_rules import CHANGES_PER_RUN
from tests.races.arena import MEMBERS, ORGANIZATION, Arena
from tests.support.agents import agent, calls_of
from tests.support.api import token
from tests.support.full_size import IS_FULL
from tests.support.problem_documents import assert_problem, error_places
from tests.support.session_rows import complete_session_rows
from tests.support.session_workflow import history_sizes
from tests.support.stage_data import SECTIONS, STAGES, free_event
from tests.support.streams import opened
from tests.support.wizard import Wizard, published_event, start, untouched

SECTION_BYTES: Final = 96 * 1024
SESSION_BYTES: Final = 384 * 1024

EMOJI: Final = "\U0001f389"
"""Four bytes in UTF-8, as the longest characters are."""
CHINESE: Final = "\u4e00"

ORGANIZER, EVENT, VENUE, TICKET, SPONSOR, REVIEW = STAGES
RACES: Final = 10 if IS_FULL else 1


def size_of(data: Any) -> int:
    return len(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode())


def long_url(number: int) -> str:
    return f"https://example.com/{number:02}/".ljust(1_312, "a")


def full_stages(title: str) -> dict[str, JsonObject]:
    """Valid data, of which the large sections have fields at their limits, and have room for one
    text: ``ROOM``."""
    plain = free_event(title=title)
    return {
        ORGANIZER: {**plain[ORGANIZER], "bio": EMOJI * 1_200},
        EVENT: {
            **plain[EVENT],
            "description": EMOJI * 20_000,
            "summary": EMOJI * 140,
            "translations": [
                {"language": "fr", "description": EMOJI * 2_000},
                {"language": "de", "description": EMOJI * 1_000},
            ],
        },
        VENUE: {
            **plain[VENUE],
            "name": EMOJI * 150,
            "accessibility": EMOJI * 1_000,
        },
        TICKET: {
            "tiers": [
                {
                    "name": f"{CHINESE * 96} {number}",
                    "unit_amount": 0,
                    "quantity": 3,
                    "description": CHINESE * 500,
                }
                for number in range(50)
            ]
        },
        SPONSOR: {
            **plain[SPONSOR],
            "sponsors": [
                {"name": f"{EMOJI * 147} {number:02}", "url": long_url(number)}
                for number in range(50)
            ],
        },
    }


def with_room_filled(stage: str, room: str) -> JsonObject:
    """A patch with a text where the section has room for one."""
    patches: dict[str, JsonObject] = {
        ORGANIZER: {"bio": room},
        EVENT: {
            "translations": [
                {"language": "fr", "description": EMOJI * 2_000},
                {"language": "de", "description": room},
            ]
        },
        TICKET: {"refundPolicy": {"kind": "custom", "text": room}},
        SPONSOR: {"videoUrl": f"https://example.com/{room}"},
    }
    return patches[stage]


def text_of(size: int) -> str:
    """Of so many bytes, in the longest characters as far as possible."""
    return EMOJI * (size // 4) + "a" * (size % 4)


def filling(stage: str, data: JsonObject, limit: int = SECTION_BYTES) -> JsonObject:
    """A patch after which the section has exactly ``limit`` bytes."""
    empty = size_of({**data, **with_room_filled(stage, "")})
    letters = "a" * (limit - empty) if stage == SPONSOR else text_of(limit - empty)
    return with_room_filled(stage, letters)


def data_of(view: JsonObject) -> dict[str, JsonObject]:
    return {stage: view["stages"][stage]["data"] for stage in STAGES}


def sizes_of(view: JsonObject) -> dict[str, int]:
    """Of the stages that have data."""
    return {stage: size_of(data) for stage, data in data_of(view).items() if data}


async def saved(wizard: Wizard, stage: str, patch: JsonObject) -> JsonObject:
    response = await wizard.save(stage, patch)
    assert response.status_code == 200, response.text
    view: JsonObject = response.json()
    return view


async def filled_session(arena: Arena, title: str) -> tuple[Wizard, JsonObject]:
    """Each section is saved by itself, to its limit. The bio is too long for a publication: it
    takes what the session has left."""
    wizard = await start(arena.clients[0])
    for stage, data in full_stages(title).items():
        view = await saved(wizard, stage, data)
    for stage in (EVENT, TICKET, SPONSOR):
        view = await saved(wizard, stage, filling(stage, data_of(view)[stage]))
    sizes = sizes_of(view)
    left = SESSION_BYTES - sum(sizes.values()) + sizes[ORGANIZER]
    view = await saved(wizard, ORGANIZER, filling(ORGANIZER, data_of(view)[ORGANIZER], left))
    return wizard, view


@pytest.mark.timeout(600)
async def test_a_full_session_can_be_read_changed_copied_and_published(arena: Arena) -> None:
    wizard, full = await filled_session(arena, f"Show {uuid4().hex[:12]}")
    sizes = sizes_of(full)
    assert [sizes[stage] for stage in (EVENT, TICKET, SPONSOR)] == [SECTION_BYTES] * 3
    assert sum(sizes.values()) == SESSION_BYTES

    await assert_nothing_more_fits(wizard, full)
    await assert_can_be_read(arena, wizard, full)
    await assert_survives_a_new_run(arena, wizard, full)
    await assert_can_be_copied(arena, full)
    await assert_can_be_published(arena, wizard, full)


async def assert_nothing_more_fits(wizard: Wizard, full: JsonObject) -> None:
    """A section that is full refuses one byte, and a session that is full one in any section."""
    async with untouched(wizard):
        for stage in (EVENT, TICKET, SPONSOR):
            more = filling(stage, data_of(full)[stage], SECTION_BYTES + 1)
            refused = assert_problem(await wizard.save(stage, more), 413, "payload_too_large")
            ((pointer, code),) = error_places(refused)
            assert pointer.count("/") == 1
            assert code == "too_many_bytes"
        longer = {"bio": data_of(full)[ORGANIZER]["bio"] + "a"}
        for headers in ({}, {"prefer": "respond-async"}):
            response = await wizard.save(ORGANIZER, longer, **headers)
            refused = assert_problem(response, 413, "payload_too_large")
            assert error_places(refused) == [("", "too_many_bytes")]


async def assert_can_be_read(arena: Arena, wizard: Wizard, full: JsonObject) -> None:
    other = Wizard(arena.clients[3], wizard.session_id)
    assert data_of(await other.view(consistent="true")) == data_of(full)
    await complete_session_rows(
        arena.system.database, arena.system.temporal.client, wizard.session_id
    )
    assert data_of(await other.view()) == data_of(full)
    async with opened(other.http, wizard.session_id) as stream:
        assert data_of(await stream.until_revision(full["revision"])) == data_of(full)
    trail = (await other.get("/actions", limit="100")).json()["items"]
    assert [action["revision"] for action in trail] == list(range(full["revision"], 0, -1))
    for suffix in ("/checks", "/copilot", "/preview"):
        assert (await other.get(suffix)).status_code == 200, suffix
    context = (await other.get("/copilot")).json()
    assert context["context"]["revision"] == full["revision"]
    async with agent(arena.addresses[1], token(MEMBERS[1], ORGANIZATION)) as client:
        call = calls_of(client)
        for tool in ("runChecks", "whatIsMissing", "suggestEventDetails"):
            result = await call(tool, session_id=wizard.session_id)
            assert not result["is_error"], result
        moved = await call("goToStage", session_id=wizard.session_id, stage=ORGANIZER)
        assert moved["revision"] == full["revision"]


async def assert_survives_a_new_run(arena: Arena, wizard: Wizard, full: JsonObject) -> None:
    """Edits that leave the size as it is, and the restoration of what they replaced."""
    client = arena.system.temporal.client
    runs = len(await history_sizes(client, wizard.session_id))
    description = data_of(full)[EVENT]["description"]
    for number in range(CHANGES_PER_RUN):
        edited = f"{number:04}{description[1:]}"
        view = await saved(wizard, EVENT, {"description": edited})
        assert sizes_of(view)[EVENT] == SECTION_BYTES
    assert len(await history_sizes(client, wizard.session_id)) > runs
    restored = await wizard.post("/restore", {"revision": full["revision"]})
    assert restored.status_code == 200, restored.text
    assert data_of(restored.json()) == data_of(full)


async def assert_can_be_copied(arena: Arena, full: JsonObject) -> None:
    sections = dict(zip(SECTIONS[:-1], data_of(full).values(), strict=False))
    bio = sections["organizer"]["bio"]

    copied = await arena.clients[0].post("/v1/sessions", json={"sections": sections})

    assert copied.status_code == 201, copied.text
    view = await Wizard(arena.clients[1], copied.json()["session_id"]).view(consistent="true")
    assert data_of(view) == data_of(full)
    more = {**sections, "organizer": {**sections["organizer"], "bio": f"{bio}a"}}
    refused_id = str(uuid4())
    refused = await arena.clients[0].post(
        "/v1/sessions", json={"session_id": refused_id, "sections": more}
    )
    assert_problem(refused, 413, "payload_too_large")
    missing = await Wizard(arena.clients[0], refused_id).get(consistent="true")
    assert_problem(missing, 404, "session_not_found")


async def assert_can_be_published(arena: Arena, wizard: Wizard, full: JsonObject) -> None:
    await saved(wizard, ORGANIZER, {"bio": EMOJI * 1_200})
    await saved(wizard, REVIEW, {"acceptTerms": True})

    event = await published_event(wizard)

    assert event["description"] == data_of(full)[EVENT]["description"]
    assert len(event["ticket_tiers"]) == 50
    async with httpx.AsyncClient(base_url=arena.addresses[1], verify=False, timeout=30) as anyone:
        for path in (f"/v1/public/events/{event['slug']}", f"/e/{event['slug']}"):
            assert (await anyone.get(path)).status_code == 200, path
    rows = await complete_session_rows(
        arena.system.database, arena.system.temporal.client, wizard.session_id
    )
    assert rows.status == "completed"


async def test_full_sections_saved_at_once_are_all_kept(arena: Arena) -> None:
    for _ in range(RACES):
        session_id = (await start(arena.clients[0])).session_id
        stages = full_stages(f"Show {uuid4().hex[:12]}")
        del stages[TICKET]  # whose ids are the server's
        for stage in (EVENT, SPONSOR):
            stages[stage] |= filling(stage, stages[stage])
        clients = islice(cycle(arena.clients), 2 * len(stages))

        answers = await asyncio.gather(
            *(
                Wizard(client, session_id).save(stage, data)
                for client, (stage, data) in zip(clients, [*stages.items()] * 2, strict=True)
            )
        )

        assert {answer.status_code for answer in answers} == {200}
        view = await Wizard(arena.clients[1], session_id).view(consistent="true")
        assert {stage: data_of(view)[stage] for stage in stages} == stages
        assert sizes_of(view)[EVENT] == sizes_of(view)[SPONSOR] == SECTION_BYTES


async def test_the_last_bytes_of_a_session_are_given_once(arena: Arena) -> None:
    """Two sections grow at the same moment, and the session has room for one of them."""
    _, full = await filled_session(arena, f"Show {uuid4().hex[:12]}")
    sections = dict(zip(SECTIONS[:-1], data_of(full).values(), strict=False))
    sections["organizer"] = {"bio": sections["organizer"]["bio"][100:]}
    for _ in range(RACES):
        wizard = await start(arena.clients[0], sections)
        bio, note = data_of(full)[ORGANIZER]["bio"], {"accessNote": "a" * 300}

        answers = await asyncio.gather(
            wizard.save(ORGANIZER, {"bio": bio}),
            Wizard(arena.clients[1], wizard.session_id).save(VENUE, note),
        )

        assert sorted(answer.status_code for answer in answers) == [200, 413]
        view = await wizard.view(consistent="true")
        assert view["revision"] == 2
        assert sum(sizes_of(view).values()) <= SESSION_BYTES
