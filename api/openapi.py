"""The OpenAPI document, with the schemas of the stages in it.

python -m api.openapi          writes docs/openapi.json
"""

import json
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from api.problems import Problem, responses_for
from api.rate_limits import UNLIMITED
from domain.errors import RateLimited
from domain.schemas import INPUT_SCHEMAS

COMMITTED: Final = Path(__file__).parent.parent / "docs" / "openapi.json"

_REF: Final = "#/components/schemas/{model}"
_FRAMEWORKS_OWN: Final = {"$ref": _REF.format(model="HTTPValidationError")}


def document(app: FastAPI) -> dict[str, Any]:
    built = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    schemas = built.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(_further_schemas())
    _drop_the_frameworks_own_error(built)
    _document_rate_limits(built)
    return built


def _further_schemas() -> dict[str, Any]:
    """Those that no route's signature names: problem documents and the data of the stages."""
    models: list[type[BaseModel]] = [Problem, *INPUT_SCHEMAS.values()]
    _, described = models_json_schema(
        [(model, "validation") for model in models], ref_template=_REF
    )
    further: dict[str, Any] = described["$defs"]
    return further


def _drop_the_frameworks_own_error(built: dict[str, Any]) -> None:
    """FastAPI documents its validation error for each route; here that is a problem document."""
    for path in built["paths"].values():
        for operation in path.values():
            refused = operation["responses"].get("422", {}).get("content", {})
            if refused.get("application/json") == {"schema": _FRAMEWORKS_OWN}:
                del refused["application/json"]
                if not refused:
                    del operation["responses"]["422"]
    for name in ("HTTPValidationError", "ValidationError"):
        built["components"]["schemas"].pop(name, None)


def _document_rate_limits(built: dict[str, Any]) -> None:
    """They are judged before a route is found, so that few routes speak of them."""
    limited = responses_for(RateLimited)[RateLimited.status]
    for path, operations in built["paths"].items():
        if path not in UNLIMITED:
            for operation in operations.values():
                operation["responses"].setdefault("429", limited)


def text(app: FastAPI) -> str:
    return json.dumps(document(app), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    from api.app import describe_app

    COMMITTED.write_text(text(describe_app()), encoding="utf-8")
