"""Answers. They are written straight from the models: nothing is validated a second time."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Generic, TypeVar

from fastapi import Response
from pydantic import BaseModel, Field

from api.deps import etag
from domain.session.view import SessionView

Item = TypeVar("Item", bound=BaseModel)


class Items(BaseModel, Generic[Item]):
    """A page of a list."""

    items: list[Item]
    next_cursor: str | None = Field(
        description="Send it as `cursor` for the next page; null on the last one"
    )


def json_response(
    model: BaseModel, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    return Response(
        model.model_dump_json(), status, media_type="application/json", headers=dict(headers or {})
    )


def view_response(
    view: SessionView, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    return json_response(view, status, {"ETag": etag(view.revision), **(headers or {})})


ETAG_HEADER: Final = {"ETag": {"schema": {"type": "string"}}}


def documented(
    model: Any, description: str, *, status: int = 200, headers: Sequence[str] = ()
) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` entry of a successful answer."""
    return {
        status: {
            "model": model,
            "description": description,
            "headers": {name: {"schema": {"type": "string"}} for name in headers},
        }
    }
