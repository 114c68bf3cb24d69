"""Converts between models of the domain and rows of tables as JSON.

Rows are written with ``jsonb_populate_recordset`` and read with ``to_jsonb``. So each column is
named once, here, and a column that a later migration adds needs no change.
"""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from domain.json_values import JsonObject
from domain.orders.inventory import Stock
from domain.orders.order import Order
from domain.publishing.event import Event, EventSummary
from domain.session.actions import Action, ActionName
from domain.session.summaries import ActionSummary, SessionSummary
from domain.session.view import SessionView
from domain.stages import STAGES, Section, Stage

# Fields of the view that are columns under the same name.
_SAME: Final = frozenset(
    {
        "session_id",
        "user_id",
        "organization_id",
        "status",
        "current_stage",
        "completed_stages",
        "completion_percentage",
        "completion_details",
        "publication",
        "event_id",
        "revision",
        "created_at",
        "updated_at",
        "expires_at",
    }
)


def as_uuid(text: str) -> UUID | None:
    """None if the text is not a UUID: no row has such an id."""
    try:
        return UUID(text)
    except ValueError:
        return None


def session_row(view: SessionView) -> JsonObject:
    shown = view.model_dump(mode="json", include={*_SAME, "stages", "payments"})
    stages = shown.pop("stages")
    payments = shown.pop("payments")
    return {
        **shown,
        **{_data_column(stage): stages[stage]["data"] for stage in STAGES},
        "validation": {
            stage: {"valid": stages[stage]["valid"], "errors": stages[stage]["errors"]}
            for stage in STAGES
        },
        "payment_data": payments,
        "stripe_account_id": payments["account_id"],
    }


def session_view(row: JsonObject) -> SessionView:
    return SessionView.model_validate(
        {
            **{name: row[name] for name in (*_SAME, "is_active")},
            "stages": {stage: _stage(row, stage) for stage in STAGES},
            "payments": row["payment_data"],
        }
    )


def session_summary(row: JsonObject) -> SessionSummary:
    """A draft may have a title or a date of any type: then the summary has none."""
    publication = row["publication"]
    shown = {name: row[name] if isinstance(row[name], str) else None for name in ("title", "date")}
    return SessionSummary.model_validate(
        {
            **row,
            **shown,
            "publication_state": publication["state"],
            "publish_at": publication.get("publish_at"),
        }
    )


def _stage(row: JsonObject, stage: Stage) -> JsonObject:
    return {
        "data": row[_data_column(stage)],
        "completion": row["completion_details"][stage],
        **row["validation"][stage],
    }


def _data_column(stage: Stage) -> str:
    return f"{stage.section.value}_data"


def action_row(view: SessionView, action: Action) -> JsonObject:
    """The ``detail`` of a failure is stored in ``error_message``, any other in ``result``."""
    failed = action.name is ActionName.FAIL_PUBLICATION
    remark = None if action.detail is None else {"detail": action.detail}
    return {
        "session_id": view.session_id,
        "user_id": view.user_id,
        "organization_id": view.organization_id,
        "revision": action.revision,
        "part": action.part,
        "actor_id": action.actor_id,
        "action_name": action.name.value,
        "stage": action.stage,
        "idempotency_key": action.idempotency_key,
        "payload": action.sections,
        "result": None if failed else remark,
        "error_message": action.detail if failed else None,
        "execution_time_ms": action.execution_time_ms,
        "created_at": action.at.isoformat(),
    }


def action(row: JsonObject) -> Action:
    remark = (row["result"] or {}).get("detail")
    return Action.model_validate(
        {
            **row,
            "name": row["action_name"],
            "at": row["created_at"],
            "sections": row["payload"],
            "detail": row["error_message"] if row["error_message"] is not None else remark,
        }
    )


def action_summary(row: JsonObject) -> ActionSummary:
    written = action({**row, "payload": None})
    return ActionSummary.model_validate(
        {
            **written.model_dump(exclude={"sections"}),
            "changed_sections": [name for name in Section if name in row["changed_sections"]],
        }
    )


def event_summary(row: JsonObject) -> EventSummary:
    return EventSummary.model_validate({**row, "event_id": row["id"]})


def event_row(event: Event) -> JsonObject:
    row = event.model_dump(mode="json")
    return {"id": row.pop("event_id"), **row}


def event(row: JsonObject) -> Event:
    return Event.model_validate({**row, "event_id": row["id"]})


def order_row(order: Order) -> JsonObject:
    row = order.model_dump(mode="json")
    return {"id": row.pop("order_id"), **row}


def order(row: JsonObject) -> Order:
    return Order.model_validate({**row, "order_id": row["id"]})


def stocks(inventory: Iterable[JsonObject]) -> dict[str, Stock]:
    """By tier id."""
    return {row["tier_id"]: Stock.model_validate(row) for row in inventory}
