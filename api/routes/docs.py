"""The OpenAPI document, its page, and a page of links.

The page is Swagger UI, with scripts from this server: scripts from another host could read the
tokens that users enter in the page.
"""

from functools import cache
from http import HTTPStatus
from importlib.resources import files
from types import MappingProxyType
from typing import Final

import pydantic_core
from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from api.content import Content, content_response
from api.front_end.serving import FrontEnd
from api.routing import ApiRoute

router = APIRouter(include_in_schema=False, route_class=ApiRoute)

_HTML: Final = "text/html; charset=utf-8"

_POLICY: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}
"""``data:`` is for the icons in the style sheet of Swagger UI."""

_ASSETS: Final = MappingProxyType(
    {
        "swagger-ui.css": "text/css; charset=utf-8",
        "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
        "favicon.png": "image/png",
    }
)

_PAGE: Final = b"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Event wizard</title>
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

_START: Final = b"""\
SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null,
});
"""
"""Served as a file, because the policy forbids inline scripts. The default ``validatorUrl`` would
send the document to an external service."""

_LINKS: Final = b"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Event wizard</title>
</head>
<body>
<h1>Event wizard</h1>
<ul>
<li><a href="/docs">Documentation</a>: try every request in the browser</li>
<li><a href="/openapi.json">OpenAPI document</a></li>
<li><a href="/healthz">Liveness</a></li>
<li><a href="/readyz">Readiness</a>: the state of Postgres and Temporal</li>
</ul>
<p>For a tour of the API with curl, see README.md.</p>
</body>
</html>
"""


@router.get("/")
async def get_start_page(request: Request) -> Response:
    """The front end, or links if there is none."""
    front_end: FrontEnd = request.app.state.front_end
    shell = await front_end.shell(request)
    return shell or content_response(request, Content(_LINKS, _HTML))


@router.get("/docs")
async def get_docs_page(request: Request) -> Response:
    return content_response(request, Content(_PAGE, _HTML, headers=_POLICY))


@router.get("/docs/start.js")
async def get_start_script(request: Request) -> Response:
    return content_response(request, Content(_START, "text/javascript; charset=utf-8"))


@router.get("/docs/assets/{name}")
async def get_docs_asset(request: Request, name: str) -> Response:
    if name not in _ASSETS:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return content_response(request, Content(_asset(name), _ASSETS[name]))


@router.get("/openapi.json")
async def get_openapi_document(request: Request) -> Response:
    """The same as ``docs/openapi.json``, without indentation."""
    document = request.app.openapi()
    if not hasattr(request.app.state, "openapi_body"):
        request.app.state.openapi_body = pydantic_core.to_json(document)
    return content_response(request, Content(request.app.state.openapi_body))


@cache
def _asset(name: str) -> bytes:
    return (files("fastapi_offline") / "static" / name).read_bytes()
