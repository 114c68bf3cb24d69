"""Answers what no route answers: the files of the front end, and its shell for every page."""

import asyncio
import re
from dataclasses import replace
from http import HTTPStatus
from types import SimpleNamespace
from typing import Final

from fastapi import Request, Response
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from api.content import Content, content_response
from api.front_end.announcements import PAGES, announced
from api.front_end.files import ASSETS, SHELL, WebRoot
from api.negotiation import accepts_html
from api.routing import other_method_response

SERVER_PATHS: Final = frozenset(
    {
        ".well-known",
        "docs",
        "e",
        "functions",
        "healthz",
        "mcp",
        "media",
        "metrics",
        "openapi.json",
        "readyz",
        "v1",
    }
)
"""First parts of the paths of the server, below which nothing is a page of the front end."""

_METHODS: Final = ("GET", "HEAD", "OPTIONS")

_SUSPECT: Final = re.compile(r"(^|/)\.|[\\\x00-\x1f\x7f]")
"""Hidden files, ``..``, well-known addresses (RFC 8615), and what no address of a page has."""

_ROUTE: Final = SimpleNamespace(path="/{page}")
"""For the request log, in place of the path."""


class FrontEnd:
    """ASGI application, the default of the router."""

    def __init__(self, root: WebRoot | None) -> None:
        """``root``: None if the API serves no front end."""
        self._root = root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """
        Raises:
            HTTPException: there is nothing at this path, for this client.
        """
        request = Request(scope)
        content = await self._content(request)
        if content is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        scope["route"] = _ROUTE
        if request.method in ("GET", "HEAD"):
            response = content_response(request, content)
        else:
            response = other_method_response(request, _METHODS)
        await response(scope, receive, send)

    async def shell(self, request: Request) -> Response | None:
        """The first page; None if there is no front end, or if it is not built yet."""
        content = await self._find(SHELL)
        return content_response(request, content) if content else None

    async def _content(self, request: Request) -> Content | None:
        path = request.scope["path"]
        first = path.split("/")[1] if path.startswith("/") else ""
        if first in SERVER_PATHS or _SUSPECT.search(path):
            return None
        file = await self._find(path[1:])
        if file is not None or first == ASSETS:
            return file
        if not accepts_html(",".join(request.headers.getlist("accept"))):
            return None
        shell, pages = await self._find(SHELL), await self._find(PAGES)
        languages = ",".join(request.headers.getlist("accept-language"))
        links = announced(pages.body, first, languages) if pages else {}
        vary = {"Vary": "Accept, Accept-Language"}
        return shell and replace(shell, headers={**shell.headers, **vary, **links})

    async def _find(self, name: str) -> Content | None:
        if self._root is None:
            return None
        return await asyncio.to_thread(self._root.find, name)
