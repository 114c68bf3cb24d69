"""A session from its creation to a published event, through the public API."""

from tests.support.stage_data import STAGES, free_event
from tests.support.wizard import Wizard, published_event


async def test_a_session_runs_from_create_to_a_published_event(wizard: Wizard) -> None:
    for stage, data in free_event().items():
        response = await wizard.complete(stage, data)
        assert response.status_code == 200, response.text
    view = response.json()
    assert view["current_stage"] == "reviewPublish"
    assert view["completion_details"] == {**dict.fromkeys(STAGES, 100), "reviewPublish": 99}

    event = await published_event(wizard)
    assert event["slug"] == "spring-show"
    assert event["status"] == "published"
    after = await wizard.view()
    assert after["status"] == "completed"
    assert after["event_id"] == event["event_id"]
    assert after["completion_percentage"] == 100
    shown = await wizard.http.get("/v1/public/events/spring-show")
    assert shown.json()["title"] == "Spring Show"
