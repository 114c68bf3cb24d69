"""Moving through the stages: forward over valid stages, always back, and edits at any stage."""

import pytest

from tests.support.problem_documents import assert_problem, error_places
from tests.support.stage_data import STAGES, days_ahead, free_event
from tests.support.wizard import Wizard, fill_in, untouched


async def move(wizard: Wizard, from_stage: str, to_stage: str) -> tuple[int, str]:
    response = await wizard.post("/transition", {"from_stage": from_stage, "to_stage": to_stage})
    body = response.json()
    return response.status_code, body.get("current_stage") or body["code"]


async def test_a_new_session_is_empty(wizard: Wizard, user: str) -> None:
    view = await wizard.view()

    assert view["user_id"] == user
    assert view["organization_id"] is None
    assert view["status"] == "in_progress"
    assert view["is_active"] is True
    assert view["current_stage"] == STAGES[0]
    assert view["completed_stages"] == []
    assert view["completion_percentage"] == 0
    assert list(view["stages"]) == list(STAGES)
    assert view["payments"]["status"] == "not_connected"
    assert view["publication"]["state"] == "none"
    assert view["event_id"] is None
    assert view["revision"] == 0
    assert view["created_at"] == view["updated_at"] < view["expires_at"]


async def test_completing_a_stage_moves_to_the_next(wizard: Wizard) -> None:
    done: list[str] = []
    percent = 0
    for stage, data in free_event().items():
        view = await fill_in(wizard, {stage: data})
        done.append(stage)
        assert view["completed_stages"] == done
        assert view["current_stage"] == STAGES[min(len(done), len(STAGES) - 1)]
        assert view["completion_percentage"] > percent
        percent = view["completion_percentage"]
    assert percent < 100


async def test_completing_without_data_uses_the_saved_data(wizard: Wizard) -> None:
    await wizard.save("organizerSetup", {"name": "Ada"})

    completed = await wizard.complete("organizerSetup")

    assert completed.json()["current_stage"] == "eventSetup"


async def test_an_incomplete_stage_is_refused_and_its_data_kept(wizard: Wizard) -> None:
    patch = {"name": "A", "email": "nobody", "website": "http://ada.example"}

    response = await wizard.complete("organizerSetup", patch)

    refused = assert_problem(response, 422, "stage_incomplete")
    assert dict(error_places(refused)) == {
        "/name": "too_short",
        "/email": "invalid_format",
        "/website": "invalid_format",
    }
    assert {error["stage"] for error in refused["errors"]} == {"organizerSetup"}
    view = await wizard.view(consistent="true")
    assert view["stages"]["organizerSetup"]["data"] == patch
    assert view["current_stage"] == "organizerSetup"
    assert view["completed_stages"] == []
    assert await wizard.view() == view


async def test_an_incomplete_stage_without_new_data_changes_nothing(wizard: Wizard) -> None:
    async with untouched(wizard):
        refused = await wizard.complete("organizerSetup")

    assert error_places(assert_problem(refused, 422, "stage_incomplete")) == [("/name", "missing")]


async def test_a_stage_ahead_cannot_be_completed(wizard: Wizard) -> None:
    refused = await wizard.complete("venueSetup", free_event()["venueSetup"])

    assert_problem(refused, 409, "stage_mismatch")
    assert (await wizard.view())["current_stage"] == "organizerSetup"


async def test_completing_an_earlier_stage_does_not_move(wizard: Wizard) -> None:
    event = free_event()
    await fill_in(wizard, {stage: event[stage] for stage in STAGES[:3]})

    completed = await wizard.complete("organizerSetup", {"name": "Grace Hopper"})

    assert completed.json()["current_stage"] == "ticketSetup"
    assert completed.json()["stages"]["organizerSetup"]["data"]["name"] == "Grace Hopper"


async def test_any_stage_can_be_edited_from_anywhere(wizard: Wizard) -> None:
    for stage, data in free_event().items():
        saved = await wizard.save(stage, data)
        assert saved.status_code == 200
    view = saved.json()

    assert all(shown["valid"] for shown in view["stages"].values())
    assert view["current_stage"] == "organizerSetup"
    assert view["completed_stages"] == []


async def test_moves_are_forward_over_valid_stages_and_back(wizard: Wizard) -> None:
    event = free_event()
    for stage in STAGES[:3]:
        await wizard.save(stage, event[stage])

    assert await move(wizard, "organizerSetup", "ticketSetup") == (200, "ticketSetup")
    view = await wizard.view()
    assert view["completed_stages"] == list(STAGES[:3])
    await wizard.save("venueSetup", {"mode": None})
    assert await move(wizard, "ticketSetup", "eventSetup") == (200, "eventSetup")
    assert await move(wizard, "eventSetup", "organizerSetup") == (200, "organizerSetup")


async def test_a_move_over_an_invalid_stage_is_refused(wizard: Wizard) -> None:
    event = free_event()
    await wizard.save("organizerSetup", event["organizerSetup"])
    await wizard.save("venueSetup", event["venueSetup"])

    async with untouched(wizard):
        response = await wizard.post(
            "/transition", {"from_stage": "organizerSetup", "to_stage": "ticketSetup"}
        )

    refused = assert_problem(response, 422, "stage_incomplete")
    assert {error["stage"] for error in refused["errors"]} == {"eventSetup"}
    assert dict(error_places(refused)) == dict.fromkeys(
        ("/title", "/type", "/date", "/startTime"), "missing"
    )


@pytest.mark.parametrize("from_stage", STAGES[1:])
async def test_a_move_from_another_stage_is_refused(wizard: Wizard, from_stage: str) -> None:
    async with untouched(wizard):
        assert await move(wizard, from_stage, "organizerSetup") == (409, "stage_mismatch")


async def test_a_move_to_the_current_stage_changes_nothing(wizard: Wizard) -> None:
    async with untouched(wizard):
        assert await move(wizard, "organizerSetup", "organizerSetup") == (200, "organizerSetup")


async def test_a_stage_made_invalid_is_no_longer_completed(wizard: Wizard) -> None:
    before = await fill_in(wizard, free_event())
    assert before["completed_stages"] == list(STAGES)

    after = (await wizard.save("eventSetup", {"title": "ab"})).json()

    assert after["completed_stages"] == [
        stage for stage in STAGES if stage not in {"eventSetup", "reviewPublish"}
    ]
    assert after["completion_details"]["eventSetup"] == 75
    assert after["completion_percentage"] < before["completion_percentage"]
    assert after["current_stage"] == "reviewPublish"

    again = (await wizard.save("eventSetup", {"title": "Spring Show"})).json()
    assert again["completed_stages"] == list(STAGES[:-1])  # terms must be accepted again


async def test_an_edit_can_invalidate_another_stage(wizard: Wizard) -> None:
    event = free_event()
    event["venueSetup"]["doorsTime"] = "18:30"
    await fill_in(wizard, {stage: event[stage] for stage in STAGES[:3]})

    view = (await wizard.save("eventSetup", {"startTime": "18:00"})).json()

    assert view["stages"]["eventSetup"]["valid"] is True
    assert view["completed_stages"] == ["organizerSetup", "eventSetup"]
    assert view["completion_details"]["venueSetup"] == 99


async def test_progress_counts_valid_required_fields(wizard: Wizard) -> None:
    await wizard.save("eventSetup", {"title": "Spring Show", "summary": "Silk."})
    assert (await wizard.view())["completion_details"]["eventSetup"] == 25

    view = (await wizard.save("eventSetup", {"date": days_ahead(9), "type": "popup"})).json()
    assert view["completion_details"]["eventSetup"] == 75
    assert view["completion_percentage"] == 20 * 75 // 100 + _review_share(view)


async def test_terms_are_accepted_for_the_current_data(wizard: Wizard) -> None:
    accepted = (await wizard.save("reviewPublish", {"acceptTerms": True})).json()
    review = accepted["stages"]["reviewPublish"]
    assert review["valid"] is True
    assert review["data"]["acceptedTerms"].keys() == {"version", "at"}

    edited = (await wizard.save("organizerSetup", {"name": "Ada"})).json()
    assert [error["code"] for error in edited["stages"]["reviewPublish"]["errors"]] == [
        "terms_outdated"
    ]

    withdrawn = (await wizard.save("reviewPublish", {"acceptTerms": False})).json()
    assert withdrawn["stages"]["reviewPublish"]["data"] == {}


def _review_share(view: dict[str, object]) -> int:
    details = view["completion_details"]
    assert isinstance(details, dict)
    return int(15 * details["reviewPublish"]) // 100
