"""Renders the templates, and responds with HTML."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse, Response

from api.pages.static_files import static_files

PREFIX: Final = "/e/"

POLICY: Final = (
    "default-src 'none'; img-src 'self' https: data:; style-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}
"""With the policy ``no-referrer``, browsers would send the page's own form with ``Origin: null``.
The page has a key of its own for each visitor, so only their browsers may store it; ``no-store``
would replace the key on the way back, and with it the order."""

_NOT_FOUND: Final = ("There is nothing here", "The event does not exist, or is not public.")
_ERRORS: Final = {
    HTTPStatus.FORBIDDEN: ("Not from here", "Open the event's page, and order there."),
    HTTPStatus.NOT_FOUND: _NOT_FOUND,
    HTTPStatus.TOO_MANY_REQUESTS: ("One moment", "There were too many requests. Try again soon."),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "Back in a moment",
        "The page cannot be shown at the moment. Load it again; no order is lost.",
    ),
}
_OTHER_ERROR: Final = ("This did not work", "Open the event's page, and try again.")


@dataclass(frozen=True)
class LegalLink:
    name: str
    url: str


@cache
def _templates() -> Environment:
    return templates_in(Path(__file__).with_name("templates"))


def templates_in(folder: Path) -> Environment:
    """HTML in which every value is escaped and none may be missing."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, *, base: str = "", language: str = "en", **values: Any) -> str:
    """``base``: the origin of the style and the fonts, if the document has another one."""
    assets = static_files().assets(base)
    return _templates().get_template(template).render(assets=assets, language=language, **values)


def page_response(
    content: str, status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None
) -> Response:
    return HTMLResponse(content, status_code=status, headers={**HEADERS, **(headers or {})})


def is_page(path: str) -> bool:
    """Whether people, rather than programs, read the responses of a path."""
    return path.startswith(PREFIX)


def error_page(status: int, headers: Mapping[str, str] | None = None) -> Response:
    heading, text = _ERRORS.get(HTTPStatus(status), _OTHER_ERROR)
    content = render("error.html", heading=heading, text=text, legal_links=())
    return page_response(content, status, headers)
