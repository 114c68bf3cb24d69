"""Log lines have the ids of their request, session and tenant; a request has one line."""

from tests.integration.observability.conftest import ORGANIZATION, Observed, lines_of
from tests.support.waiting import eventually

JsonObject = dict[str, object]


async def test_a_request_has_one_line_with_all_its_ids(observed: Observed) -> None:
    answer = await observed.published.get()

    async def logged() -> list[JsonObject]:
        request_id = answer.headers["X-Request-Id"]
        return [line for line in lines_of(observed.api) if line.get("request_id") == request_id]

    (line,) = await eventually(logged)
    session_id = observed.published.session_id
    assert line.items() >= {
        "event": "request",
        "session_id": session_id,
        "workflow_id": f"wizard-session-{session_id}",
        "user_id": observed.user,
        "organization_id": ORGANIZATION,
        "status": 200,
    }.items()  # fmt: skip
    assert line["trace_id"]


async def test_a_request_that_starts_a_session_logs_its_id(observed: Observed) -> None:
    created = [
        line["session_id"]
        for line in lines_of(observed.api)
        if line.get("route") == "/v1/sessions" and line["method"] == "POST"
    ]
    assert created[:2] == [observed.published.session_id, observed.refused.session_id]


async def test_a_refusal_logs_its_code(observed: Observed) -> None:
    problems = [line["problem"] for line in lines_of(observed.api) if line.get("status") == 422]
    assert problems == ["publish_blocked", "invalid_request"]


async def test_a_workflow_logs_session_tenant_and_trace(observed: Observed) -> None:
    async def refused() -> JsonObject | None:
        lines = lines_of(observed.worker)
        return next((line for line in lines if line["event"] == "signal refused"), None)

    line = await eventually(refused)
    session_id = observed.refused.session_id
    assert line.items() >= {
        "session_id": session_id,
        "workflow_id": f"wizard-session-{session_id}",
        "user_id": observed.user,
        "organization_id": ORGANIZATION,
    }.items()  # fmt: skip
    assert line["run_id"]
    trace_ids = [line["trace_id"] for line in lines_of(observed.api) if line.get("status") == 202]
    assert line["trace_id"] in trace_ids


async def test_an_activity_logs_its_session(observed: Observed) -> None:
    async def failed() -> JsonObject | None:
        lines = lines_of(observed.worker)
        return next(
            (line for line in lines if line.get("activity_type") == "connect_account"), None
        )

    line = await eventually(failed)
    assert line["session_id"] == observed.refused.session_id
    assert line["workflow_id"] == f"wizard-session-{observed.refused.session_id}"
