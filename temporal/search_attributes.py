"""Search attributes of sessions and orders: ids, times, enumerated values, and never entered
text."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from temporalio import workflow
from temporalio.common import (
    SearchAttributeKey,
    SearchAttributePair,
    SearchAttributeUpdate,
    TypedSearchAttributes,
)

from domain import ids
from domain.orders.order import HELD_WHILE_OPEN, Order, OrderState
from domain.schemas.event import EventType
from domain.session.view import SessionView
from domain.stages import Stage

STATUS: Final = SearchAttributeKey.for_keyword(ids.SEARCH_STATUS)
STAGE: Final = SearchAttributeKey.for_keyword(ids.SEARCH_STAGE)
USER_ID: Final = SearchAttributeKey.for_keyword(ids.SEARCH_USER_ID)
ORGANIZATION_ID: Final = SearchAttributeKey.for_keyword(ids.SEARCH_ORGANIZATION_ID)
EVENT_TYPE: Final = SearchAttributeKey.for_keyword(ids.SEARCH_EVENT_TYPE)
PROGRESS: Final = SearchAttributeKey.for_int(ids.SEARCH_PROGRESS)
EXPIRES_AT: Final = SearchAttributeKey.for_datetime(ids.SEARCH_EXPIRES_AT)
PUBLICATION: Final = SearchAttributeKey.for_keyword(ids.SEARCH_PUBLICATION)
PAYMENTS: Final = SearchAttributeKey.for_keyword(ids.SEARCH_PAYMENTS)

ORDER_EVENT_ID: Final = SearchAttributeKey.for_keyword(ids.SEARCH_ORDER_EVENT_ID)
ORDER_STATE: Final = SearchAttributeKey.for_keyword(ids.SEARCH_ORDER_STATE)

_SESSION_KEYS: Final[tuple[SearchAttributeKey[Any], ...]] = (
    STATUS,
    STAGE,
    USER_ID,
    ORGANIZATION_ID,
    EVENT_TYPE,
    PROGRESS,
    EXPIRES_AT,
    PUBLICATION,
    PAYMENTS,
)

KEYS: Final[tuple[SearchAttributeKey[Any], ...]] = (*_SESSION_KEYS, ORDER_EVENT_ID, ORDER_STATE)

_ADDED_LATER: Final = (PUBLICATION, PAYMENTS)
"""A session that was started without these never gets them, because its history has no upsert."""

Values = Mapping[SearchAttributeKey[Any], str | int | datetime | None]


def values_of(view: SessionView) -> Values:
    entered = view.stages[Stage.EVENT_SETUP].data.get("type")
    is_type = isinstance(entered, str) and entered in set(EventType)  # a draft has any JSON value
    return {
        STATUS: view.status.value,
        STAGE: view.current_stage.value,
        USER_ID: view.user_id,
        ORGANIZATION_ID: view.organization_id,
        EVENT_TYPE: entered if is_type else None,
        PROGRESS: view.completion_percentage,
        EXPIRES_AT: view.expires_at,
        PUBLICATION: view.publication.state.value,
        PAYMENTS: view.payments.status.value,
    }


def at_start(view: SessionView) -> TypedSearchAttributes:
    return TypedSearchAttributes(
        [
            SearchAttributePair(key, value)
            for key, value in values_of(view).items()
            if value is not None
        ]
    )


def known_to_temporal() -> Values:
    """The values that this run was started with or has upserted since."""
    attributes = workflow.info().typed_search_attributes
    return {key: attributes.get(key) for key in _SESSION_KEYS}


def changes(before: Values, after: Values) -> list[SearchAttributeUpdate[Any]]:
    """Updates for changed values only: an upsert is a billed action and an event in the history."""
    return [
        key.value_unset() if value is None else key.value_set(value)
        for key, value in after.items()
        if value != before.get(key) and not (key in _ADDED_LATER and before.get(key) is None)
    ]


def of_new_order(event_id: str) -> TypedSearchAttributes:
    return TypedSearchAttributes(
        [
            SearchAttributePair(ORDER_EVENT_ID, event_id),
            SearchAttributePair(ORDER_STATE, OrderState.HELD.value),
        ]
    )


def order_changes(order: Order, rules: int) -> list[SearchAttributeUpdate[Any]]:
    """Updates for the values that differ from those that Temporal has of this workflow."""
    known = workflow.info().typed_search_attributes
    values = {ORDER_EVENT_ID: order.event_id, ORDER_STATE: _search_state(order, rules).value}
    return [key.value_set(value) for key, value in values.items() if value != known.get(key)]


def _search_state(order: Order, rules: int) -> OrderState:
    """An order with an open checkout still holds its tickets, and counts as held."""
    is_open = order.state is OrderState.OPEN
    return OrderState.HELD if is_open and rules >= HELD_WHILE_OPEN else order.state
