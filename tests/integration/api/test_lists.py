"""Pages of sessions and of the audit trail."""

import httpx
import pytest

from domain.json_values import JsonObject
from tests.support.api import SignIn
from tests.support.problem_documents import assert_problem, error_places
from tests.support.stage_data import free_event
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, fill_in, publish, published_event, start


async def pages(http: httpx.AsyncClient, path: str, limit: int, **query: str) -> list[JsonObject]:
    """The items of all pages."""
    items: list[JsonObject] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await http.get(path, params={"limit": limit, **query, **cursor})).json()
        assert len(page["items"]) <= limit
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        assert len(page["items"]) == limit
        cursor = {"cursor": page["next_cursor"]}


async def listed(http: httpx.AsyncClient, number: int, **query: str) -> list[JsonObject]:
    """The sessions, once the read model has ``number`` of them."""

    async def all_there() -> list[JsonObject] | None:
        sessions = await pages(http, "/v1/sessions", 100, **query)
        return sessions if len(sessions) == number else None

    return await eventually(all_there, what=f"{number} sessions in the list")


async def trail(wizard: Wizard, length: int) -> list[JsonObject]:
    """The audit trail, once it has ``length`` actions."""

    async def complete() -> list[JsonObject] | None:
        actions = await pages(wizard.http, wizard.path("/actions"), 100)
        return actions if len(actions) == length else None

    return await eventually(complete, what=f"{length} actions in the audit trail")


async def test_an_empty_list_has_no_items(ada: httpx.AsyncClient) -> None:
    assert (await ada.get("/v1/sessions")).json() == {"items": [], "next_cursor": None}


async def test_sessions_are_listed_newest_first_in_pages(ada: httpx.AsyncClient) -> None:
    ids = [(await start(ada)).session_id for _ in range(5)]
    await listed(ada, 5)

    for limit in (1, 2, 5):
        found = await pages(ada, "/v1/sessions", limit)
        assert [session["session_id"] for session in found] == ids[::-1]


async def test_a_listed_session_is_the_view(ada: httpx.AsyncClient) -> None:
    wizard = await start(ada)
    saved = await wizard.save("organizerSetup", {"name": "Ada"})

    async def follows() -> bool:
        return (await pages(ada, "/v1/sessions", 10)) == [saved.json()]

    await eventually(follows)


async def test_a_new_session_does_not_move_the_next_page(ada: httpx.AsyncClient) -> None:
    ids = [(await start(ada)).session_id for _ in range(3)]
    await listed(ada, 3)
    first = (await ada.get("/v1/sessions", params={"limit": 2})).json()
    await start(ada)
    await listed(ada, 4)

    second = await ada.get("/v1/sessions", params={"limit": 2, "cursor": first["next_cursor"]})

    assert [session["session_id"] for session in second.json()["items"]] == ids[:1]


async def test_sessions_are_listed_by_status(ada: httpx.AsyncClient) -> None:
    open_, closed, done = [await start(ada) for _ in range(3)]
    await closed.post("/abandon")
    await fill_in(done, free_event())
    await publish(done)

    for status, session in (
        ("in_progress", open_),
        ("abandoned", closed),
        ("completed", done),
    ):
        (found,) = await listed(ada, 1, status=status)
        assert found["session_id"] == session.session_id
        assert found["status"] == status
    assert await pages(ada, "/v1/sessions", 100, status="expired") == []


async def test_summaries_have_no_data_of_the_stages(ada: httpx.AsyncClient) -> None:
    titled, wrong, done = [await start(ada) for _ in range(3)]
    await titled.save("eventSetup", {"title": "Spring Show", "date": "2031-05-09"})
    await wrong.save("eventSetup", {"title": 5, "date": ["x"]})
    await fill_in(done, free_event(title="Autumn Show"))
    event = await published_event(done)
    full = {view["session_id"]: view for view in await listed(ada, 3)}

    async def follow() -> bool:
        found = await pages(ada, "/v1/sessions", 2, view="summary")
        titles = [session["title"] for session in found]
        return titles == ["Autumn Show", None, "Spring Show"]

    await eventually(follow)

    summaries = await pages(ada, "/v1/sessions", 2, view="summary")
    (completed,) = await pages(ada, "/v1/sessions", 9, view="summary", status="completed")
    (published,) = await pages(ada, "/v1/events", 9, view="summary")
    assert [session["date"] for session in summaries][1:] == [None, "2031-05-09"]
    assert all("stages" not in session for session in summaries)
    assert {session["session_id"] for session in summaries} == full.keys()
    assert completed["publication_state"] == "published"
    assert completed["event_id"] == published["event_id"] == event["event_id"]
    assert published == {name: event[name] for name in published}
    assert "ticket_tiers" not in published


async def test_a_summary_of_the_trail_names_the_sections(wizard: Wizard) -> None:
    await wizard.save("organizerSetup", {"name": "Ada"}, idempotency_key="first")
    await wizard.post("/abandon")
    full = await trail(wizard, 2)

    abandoned, saved = await pages(wizard.http, wizard.path("/actions"), 1, view="summary")

    assert saved["changed_sections"] == ["organizer"]
    assert abandoned["changed_sections"] == []
    for summary, action in zip((abandoned, saved), full, strict=True):
        assert "sections" not in summary
        assert {name: summary[name] for name in action if name != "sections"} == {
            name: action[name] for name in action if name != "sections"
        }


async def test_a_link_leads_to_the_next_page(ada: httpx.AsyncClient) -> None:
    ids = [(await start(ada)).session_id for _ in range(3)]
    await listed(ada, 3)
    query: dict[str, str | int] = {"limit": 2, "status": "in_progress", "view": "summary"}

    first = await ada.get("/v1/sessions", params=query)
    second = await ada.get(first.links["next"]["url"])

    assert [session["session_id"] for session in second.json()["items"]] == ids[:1]
    assert "stages" not in second.json()["items"][0]
    assert "Link" not in second.headers


@pytest.mark.parametrize("view", ["", "short", "FULL"])
async def test_an_unknown_form_of_a_list_is_refused(ada: httpx.AsyncClient, view: str) -> None:
    response = await ada.get("/v1/sessions", params={"view": view})

    refused = assert_problem(response, 422, "invalid_request")
    assert error_places(refused) == [("/query/view", "invalid_choice")]


async def test_a_cursor_of_another_tenant_shows_nothing_of_theirs(
    ada: httpx.AsyncClient, sign_in: SignIn, user: str
) -> None:
    for _ in range(2):
        await start(ada)
    await listed(ada, 2)
    cursor = (await ada.get("/v1/sessions", params={"limit": 1})).json()["next_cursor"]

    foreign = await sign_in(f"eve-{user}").get("/v1/sessions", params={"cursor": cursor})

    assert foreign.json() == {"items": [], "next_cursor": None}


async def test_the_audit_trail_has_every_change_newest_first(wizard: Wizard, user: str) -> None:
    await wizard.save("organizerSetup", {"name": "Ada"}, idempotency_key="first")
    await wizard.save("organizerSetup", {"name": "Ada"})  # changes nothing, so it adds no action
    await wizard.complete("organizerSetup", {"bio": "Counts."})
    await wizard.save("eventSetup", {"title": "Show"}, prefer="respond-async")
    await wizard.post("/transition", {"from_stage": "eventSetup", "to_stage": "organizerSetup"})
    await wizard.post("/abandon")

    actions = await trail(wizard, 6)

    assert [action["revision"] for action in actions] == [6, 5, 4, 3, 2, 1]
    assert [action["name"] for action in actions] == [
        "abandon",
        "move_to_stage",
        "save_stage",
        "complete_stage",
        "save_stage",
        "save_stage",
    ]
    assert {action["actor_id"] for action in actions} == {user}
    oldest = actions[-1]
    assert oldest["stage"] == "organizerSetup"
    assert oldest["sections"] == {"organizer": {"name": "Ada"}}
    assert oldest["idempotency_key"] == "first"
    assert actions[-2]["sections"] == {"organizer": {"name": "Ada", "bio": "Counts."}}
    assert [action["at"] for action in actions] == sorted(
        (action["at"] for action in actions), reverse=True
    )


async def test_the_audit_trail_is_paginated(wizard: Wizard) -> None:
    for number in range(7):
        await wizard.save("organizerSetup", {"name": f"Ada {number}"})
    await trail(wizard, 7)

    for limit in (1, 3, 7):
        found = await pages(wizard.http, wizard.path("/actions"), limit)
        assert [action["revision"] for action in found] == [7, 6, 5, 4, 3, 2, 1]


async def test_publishing_is_in_the_audit_trail(wizard: Wizard) -> None:
    await fill_in(wizard, free_event())
    await publish(wizard)
    revision = (await wizard.view())["revision"]

    actions = await trail(wizard, revision)

    assert [action["name"] for action in actions[:4]] == [
        "publish_event",
        "publication_step",
        "publication_step",
        "start_publication",
    ]


async def test_restoring_a_revision_is_a_new_change(wizard: Wizard) -> None:
    await wizard.save("organizerSetup", {"name": "Ada"})
    await wizard.save("eventSetup", {"title": "Spring Show"})
    await wizard.save("organizerSetup", {"name": "Grace", "bio": "Counts."})
    await wizard.save("eventSetup", {"title": None})
    await trail(wizard, 4)

    restored = await wizard.post("/restore", {"revision": 2})

    assert restored.status_code == 200, restored.text
    view = restored.json()
    assert view["revision"] == 5
    assert restored.headers["ETag"] == '"5"'
    assert view["stages"]["organizerSetup"]["data"] == {"name": "Ada"}
    assert view["stages"]["eventSetup"]["data"] == {"title": "Spring Show"}
    (newest, *_) = await trail(wizard, 5)
    assert newest["name"] == "restore"


async def test_revision_0_is_the_empty_session(wizard: Wizard) -> None:
    await wizard.complete("organizerSetup", {"name": "Ada"})
    await trail(wizard, 2)

    view = (await wizard.post("/restore", {"revision": 0})).json()

    assert [stage["data"] for stage in view["stages"].values()] == [{}] * 6
    assert view["completed_stages"] == []
    assert view["current_stage"] == "eventSetup"


async def test_terms_must_be_accepted_again_after_a_restore(wizard: Wizard) -> None:
    await fill_in(wizard, free_event())
    await wizard.save("organizerSetup", {"name": "Grace"})
    revision = (await wizard.view())["revision"]
    await trail(wizard, revision)

    view = (await wizard.post("/restore", {"revision": revision - 1})).json()

    assert view["stages"]["organizerSetup"]["data"]["name"] == "Ada Lovelace"
    assert view["stages"]["reviewPublish"]["valid"] is False


async def test_restoring_the_same_data_changes_nothing(wizard: Wizard) -> None:
    await wizard.save("organizerSetup", {"name": "Ada"})
    await trail(wizard, 1)

    assert (await wizard.post("/restore", {"revision": 1})).json()["revision"] == 1


async def test_an_unknown_revision_is_not_found(wizard: Wizard) -> None:
    await wizard.save("organizerSetup", {"name": "Ada"})

    assert_problem(await wizard.post("/restore", {"revision": 2}), 404, "revision_not_found")


async def test_a_revision_of_an_earlier_run_can_be_restored(wizard: Wizard) -> None:
    for number in range(60):
        await wizard.save("organizerSetup", {"name": f"Ada {number}"})
    await trail(wizard, 60)

    restored = await wizard.post("/restore", {"revision": 3})

    assert restored.json()["stages"]["organizerSetup"]["data"] == {"name": "Ada 2"}
