"""The metrics of both processes after publications, saves and a webhook."""

from prometheus_client.samples import Sample

from domain.orders.order import OrderState
from domain.session.view import Status
from domain.stages import STAGES
from tests.integration.observability.conftest import ORGANIZATION, SLUG, Observed
from tests.support.waiting import eventually


def value(samples: list[Sample], name: str, **labels: str) -> float:
    """The sum of all samples with these labels."""
    return sum(
        sample.value
        for sample in samples
        if sample.name == name and labels.items() <= sample.labels.items()
    )


async def test_prometheus_3_accepts_the_media_types(observed: Observed) -> None:
    """It refuses metrics without a media type that it knows."""
    for response in await observed.scrape():
        media_type, _, parameters = response.headers["Content-Type"].partition(";")
        assert media_type in {"text/plain", "application/openmetrics-text"}
        assert "version=" in parameters


async def test_the_api_counts_requests_saves_refusals_and_webhooks(observed: Observed) -> None:
    samples = await observed.samples()

    saving = {"method": "PATCH", "route": "/v1/sessions/{session_id}/stages/{stage}"}
    assert value(samples, "wizard_http_requests_total", status="202", **saving) == 3
    assert value(samples, "wizard_http_requests_total", status="422", **saving) == 1
    assert value(samples, "wizard_http_request_duration_seconds_count", **saving) == 5
    assert value(samples, "wizard_http_requests_total", route="unknown", status="404") == 1
    assert value(samples, "wizard_saves_total", mode="waiting") == 1
    assert value(samples, "wizard_saves_total", mode="async") == 3
    assert value(samples, "wizard_refusals_total", code="publish_blocked") == 1
    assert value(samples, "wizard_refusals_total", code="invalid_request") == 1
    assert value(samples, "wizard_webhooks_total", outcome="new") == 1


async def test_both_projections_are_timed(observed: Observed) -> None:
    async def nothing_waits() -> bool:
        samples = await observed.samples()
        return value(samples, "wizard_write_behind_sessions") == 0 and all(
            value(samples, "wizard_projection_lag_seconds_count", path=path) > 0
            for path in ("live", "durable")
        )

    assert await eventually(nothing_waits)
    assert value(await observed.samples(), "wizard_write_behind_oldest_seconds") == 0


async def test_publications_are_timed_by_outcome(observed: Observed) -> None:
    samples = await observed.samples()

    for outcome in ("published", "failed"):
        assert value(samples, "wizard_publish_duration_seconds_count", outcome=outcome) == 1
    failed = {"step": "revalidate", "code": "publish_blocked"}
    assert value(samples, "wizard_publish_failures_total", **failed) == 1


async def test_database_gauges_are_sampled(observed: Observed) -> None:
    """The worker started with an empty database: every series exists, with the value 0."""
    samples = await observed.samples()

    series = {
        (sample.labels["stage"], sample.labels["status"]): sample.value
        for sample in samples
        if sample.name == "wizard_sessions"
    }
    assert series.keys() == {(stage, status) for stage in STAGES for status in Status}
    assert [
        sample.value for sample in samples if sample.name == "wizard_stripe_inbox_age_seconds"
    ] == [0]
    orders = {
        sample.labels["state"]: sample.value for sample in samples if sample.name == "wizard_orders"
    }
    assert orders == dict.fromkeys(OrderState, 0)
    for name in ("wizard_tickets_held", "wizard_order_overdue_seconds"):
        assert [sample.value for sample in samples if sample.name == name] == [0], name


async def test_refused_orders_and_findings_of_the_sweep_are_counted(observed: Observed) -> None:
    samples = await observed.samples()

    assert value(samples, "wizard_order_refusals_total", code="event_not_found") == 1
    found = {
        sample.labels["found"]: sample.value
        for sample in samples
        if sample.name == "wizard_orders_mended_total"
    }
    assert found == {"restored": 0, "restarted": 0, "recounted": 0}


async def test_a_task_that_fails_is_counted(observed: Observed) -> None:
    async def failed() -> float:
        counted = "temporal_workflow_task_execution_failed_total"
        return value(await observed.samples(), counted, workflow_type="StripeEvent")

    assert await eventually(failed)


async def test_metric_labels_hold_no_ids_and_no_input(observed: Observed) -> None:
    exposed = await observed.metrics()

    sessions = {observed.published.session_id, observed.refused.session_id}
    for secret in (observed.user, ORGANIZATION, SLUG, "/no/such/thing", "acct_1", *sessions):
        assert secret not in exposed
