"""Routes as RFC 9110 has them: HEAD, OPTIONS, ``Allow``; JSON bodies; known query parameters."""

from collections.abc import Callable, Coroutine, Sequence
from http import HTTPStatus
from operator import attrgetter
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import Match
from starlette.types import Receive, Scope, Send

from api.auth import current_actor
from api.errors import http_problem, query_error
from api.json_bodies import PATCH_TYPES, JsonRequest, refuse_body
from domain.errors import InvalidRequest, WizardError

STRICT_PREFIX: Final = "/v1/"
"""Below it, a query parameter that does not exist is refused: a misspelt filter would return
everything. Pages are not strict, because their links are shared with parameters of others."""


_IS_HEAD: Final = "event_wizard.is_head"
"""In the scope of a HEAD request that is handled as a GET request."""


class ApiRoute(APIRoute):
    """The class of every route.

    - A route that answers GET answers HEAD. The server omits the body.
    - A body that is read through a model is JSON, as :func:`api.json_bodies.json_value` reads it.
    - A route that documents no body refuses one.
    - Below ``/v1/``, unknown query parameters are refused.
    - Its name is the id of its operation in the OpenAPI document.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        options["generate_unique_id_function"] = attrgetter("name")
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        has_model = self.body_field is not None
        has_body = has_model or _may_read_body(self)
        needs_token = _depends_on(self.dependant, current_actor)
        is_strict = self.path_format.startswith(STRICT_PREFIX)
        parameters = [
            field.alias
            for field in get_flat_params(self.dependant)
            if isinstance(field.field_info, Query)
        ]

        async def handle_checked(request: Request) -> Response:
            try:
                if is_strict and request.scope["query_string"]:
                    refuse_unknown_parameters(request, parameters)
                if has_model:
                    request = JsonRequest(request.scope, request.receive)
                    await request.parse()
                elif not has_body:
                    await refuse_body(request)
            except WizardError:
                if needs_token:
                    await current_actor(request)  # strangers learn nothing about their request
                raise
            return await handle(request)

        return handle_checked

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        return super().matches(self._as_get(scope))

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await super().handle(self._as_get(scope), receive, send)

    def _as_get(self, scope: Scope) -> Scope:
        """A HEAD request is handled as a GET request (RFC 9110, section 9.3.2)."""
        if scope.get("method") == "HEAD" and "GET" in (self.methods or ()):
            return {**scope, "method": "GET", _IS_HEAD: True}
        return scope


async def is_head(request: Request) -> bool:
    """Whether only the headers are asked for, for a route whose body is costly."""
    return _IS_HEAD in request.scope


def _may_read_body(route: APIRoute) -> bool:
    """Whether the route reads the body itself: it says so, or is a page. One of GET has no meaning
    (RFC 9110, section 9.3.1), and is not read."""
    documents_it = "requestBody" in (route.openapi_extra or {})
    return documents_it or not route.include_in_schema or "GET" in (route.methods or ())


def _depends_on(dependant: Dependant, call: object) -> bool:
    return dependant.call is call or any(
        _depends_on(dependency, call) for dependency in dependant.dependencies
    )


def refuse_unknown_parameters(request: Request, known: list[str]) -> None:
    """
    Raises:
        InvalidRequest: with an error for each unknown query parameter.
    """
    unknown = sorted(set(request.query_params) - set(known))
    if unknown:
        errors = [query_error(name, known) for name in unknown]
        raise InvalidRequest(errors[0].message, errors=errors)


def install_method_handler(app: FastAPI) -> None:
    """Answers OPTIONS, and methods that a resource does not have."""
    app.add_exception_handler(HTTPStatus.METHOD_NOT_ALLOWED, _on_other_method)


async def _on_other_method(request: Request, _error: Exception) -> Response:
    return other_method_response(request, _allowed_methods(request))


def other_method_response(request: Request, methods: Sequence[str]) -> Response:
    """For OPTIONS, and for a method that the resource does not have.

    Args:
        methods: those that it has, sorted.
    """
    allow = {"Allow": ", ".join(methods)}
    if request.method == "OPTIONS":
        patches = {"Accept-Patch": ", ".join(PATCH_TYPES)} if "PATCH" in methods else {}
        return Response(headers=allow | patches)
    return http_problem(request, HTTPStatus.METHOD_NOT_ALLOWED, allow)


def _allowed_methods(request: Request) -> list[str]:
    """Those of all routes that match the path (RFC 9110, section 10.2.1)."""
    methods = {"OPTIONS"}
    for context in iter_route_contexts(request.app.routes):
        match, _ = context.matches(request.scope)
        if match is not Match.NONE:
            methods |= context.methods or set()
    if "GET" in methods:
        methods.add("HEAD")
    return sorted(methods)
