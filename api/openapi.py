"""The OpenAPI document, with the schemas of the stages in it, and the page that shows it.

The page is Swagger UI, served from our own address: a page that runs scripts of another host lets
that host act with the tokens that are typed into it.
"""

import json
from html import escape
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from api.errors import Problem, responses_for
from api.middleware.rate_limit import UNLIMITED
from domain.errors import RateLimited
from domain.schemas import INPUT_SCHEMAS

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


PATH: Final = "/docs"

_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}
"""``data:`` is for the icons in its style sheet."""

_PAGE: Final = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<link rel="icon" href="/docs/assets/favicon.png">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""

_START: Final = """\
SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null,
});
"""
"""A file, because the policy forbids scripts within the page. Without ``validatorUrl`` the
document would be sent to a service on the Internet."""


def install_docs_page(app: FastAPI) -> None:
    page = _PAGE.format(title=escape(app.title))

    @app.get(PATH, include_in_schema=False)
    async def docs() -> Response:
        return HTMLResponse(page, headers=_HEADERS)

    @app.get(f"{PATH}/start.js", include_in_schema=False)
    async def start() -> Response:
        return Response(_START, media_type="text/javascript")

    assets = StaticFiles(packages=[("fastapi_offline", "static")])
    app.mount(f"{PATH}/assets", assets, name="docs assets")
