"""Real data conforms to the components of the OpenAPI document."""

from typing import Any, Final

import jsonschema_rs
import pytest

from api.app import describe_app
from api.openapi import openapi_document
from api.routes.edge_function import earlier_row
from domain.errors import PublishBlocked
from domain.json_values import JsonObject
from domain.orders.notifications import OrderKind, notifications_of_order
from domain.orders.order import Order, OrderItem, OrderState
from domain.orders.public_event import public_event
from domain.publishing.build_event import build_event
from domain.publishing.publication import require_publishable
from domain.session.actions import Action, ActionName
from domain.session.notifications import Kind, notifications_of
from domain.session.projection import Projected
from domain.session.state import view_of
from domain.stages import Section, Stage
from tests.unit.domain.filled_sections import FILLED_SECTIONS
from tests.unit.domain.orders.sold_events import sold_event
from tests.unit.domain.samples import ADA, NOW, READY, ready_session, session

DOCUMENT: Final = openapi_document(describe_app())

INVALID_DRAFT: Final[JsonObject] = {
    "title": "x",
    "date": "next friday",
    "startTime": None,
    "slug": "Not A Slug",
    "tags": ["one"] * 40,
}
"""A draft that breaks limits and formats, but has the types of the fields."""


def errors_of(component: str, value: Any) -> list[str]:
    schema = {"$ref": f"#/components/schemas/{component}", "components": DOCUMENT["components"]}
    return [str(error) for error in jsonschema_rs.iter_errors(schema, value)]


def view_with(**sections: JsonObject) -> JsonObject:
    named = {Section(name): data for name, data in sections.items()}
    return view_of(session(sections=named), NOW).model_dump(mode="json")


def test_session_with_every_field_is_as_described() -> None:
    view = view_of(ready_session(sections=FILLED_SECTIONS), NOW)

    assert errors_of("SessionView", view.model_dump(mode="json")) == []


def test_draft_that_breaks_limits_is_as_described() -> None:
    view = view_with(event=INVALID_DRAFT)

    assert view["stages"][Stage.EVENT_SETUP]["valid"] is False
    assert errors_of("EventDraft", INVALID_DRAFT) == []
    assert errors_of("SessionView", view) == []


def test_session_of_the_earlier_contract_is_as_described() -> None:
    view = view_of(ready_session(sections=FILLED_SECTIONS | {Section.EVENT: INVALID_DRAFT}), NOW)

    assert errors_of("EarlierSession", earlier_row(view)) == []


@pytest.mark.parametrize(
    "draft", [{"titel": 5}, {"date": True}, {"tags": "one"}, {"type": "gala"}, {"title": ["x"]}]
)
def test_draft_of_another_type_is_not_as_described(draft: JsonObject) -> None:
    assert errors_of("EventDraft", draft) != []


def test_event_with_every_field_is_as_described() -> None:
    event = build_event(
        session_id="session-1", owner=ADA, sections=FILLED_SECTIONS, payments=READY, now=NOW
    )

    assert errors_of("Event", event.model_dump(mode="json")) == []
    assert errors_of("PublicEvent", public_event(event, {}, NOW).model_dump(mode="json")) == []


def test_publication_that_is_blocked_is_as_described() -> None:
    with pytest.raises(PublishBlocked) as refusal:
        require_publishable(session(), ADA, now=NOW)
    checks = refusal.value.extra["checks"]

    assert checks
    assert [errors_of("Check", check) for check in checks] == [[]] * len(checks)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (ActionName.REMIND, Kind.EXPIRING),
        (ActionName.EXPIRE, Kind.EXPIRED),
        (ActionName.PUBLISH_EVENT, Kind.PUBLISHED),
        (ActionName.FAIL_PUBLICATION, Kind.PUBLISH_FAILED),
        (ActionName.PUBLICATION_AT_RISK, Kind.PUBLISH_AT_RISK),
    ],
)
def test_notification_of_a_session_is_as_described(name: ActionName, kind: Kind) -> None:
    codes = {
        ActionName.FAIL_PUBLICATION: "publish_failed",
        ActionName.PUBLICATION_AT_RISK: "slug_taken,terms_not_accepted",
    }
    detail = codes.get(name, NOW.isoformat())
    action = Action(revision=1, name=name, actor_id="ada", at=NOW, detail=detail)
    (message,) = notifications_of(
        [Projected(view=view_of(ready_session(), NOW), actions=(action,))]
    )

    assert message.kind == kind
    assert errors_of(component_of(kind), message.payload) == []


def test_notifications_of_orders_are_as_described() -> None:
    event = sold_event(total_capacity=2)
    held = order(OrderState.OPEN)
    paid = order(OrderState.PAID, paid_at=NOW)
    refunded = order(OrderState.REFUNDED, paid_at=NOW, amount_refunded=5000)
    messages = [
        *notifications_of_order(held, paid, event, {}),
        *notifications_of_order(paid, refunded, event, {}),
    ]

    assert {message.kind for message in messages} >= {OrderKind.PAID, OrderKind.REFUNDED}
    for message in messages:
        assert errors_of(component_of(message.kind), message.payload) == []


def component_of(kind: str) -> str:
    body: str = DOCUMENT["webhooks"][kind]["post"]["requestBody"]["content"]["application/json"][
        "schema"
    ]["$ref"]
    return body.rpartition("/")[2]


def order(state: OrderState, **changed: Any) -> Order:
    item = OrderItem(tier_id="floor", name="Floor", quantity=2, unit_amount=2500, amount=5000)
    return Order(
        **{
            "order_id": "order-1",
            "event_id": "event-1",
            "session_id": "session-1",
            "tenant": "ada",
            "state": state,
            "items": [item],
            "amount_total": 5000,
            "currency": "eur",
            "stripe_account_id": "acct_1",
            "fingerprint": "fingerprint",
            "created_at": NOW,
            "expires_at": NOW,
            **changed,
        }
    )
