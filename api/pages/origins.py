"""Where a request for a page comes from: the page itself, a checkout, or another site."""

from http import HTTPStatus
from urllib.parse import urlsplit

from fastapi import Request, Response

from api.errors import note_problem
from api.pages.event_html import PublicSite
from api.pages.rendering import error_page


def follows_form(request: Request, site: PublicSite) -> bool:
    """False for a buyer who comes back from the checkout, and would be sent there again. Browsers
    send ``Sec-Fetch-Site`` over TLS and to the same machine."""
    came_from = request.headers.get("sec-fetch-site")
    if came_from is not None:
        return came_from == "same-origin"
    referrer = request.headers.get("referer")
    return referrer is None or _is_own(referrer, request, site)


def refuse_foreign_form(request: Request, site: PublicSite) -> Response | None:
    """Refuses forms of other sites, which would hold tickets in the names of their visitors."""
    origin = request.headers.get("origin")
    if origin is None:
        is_own = request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
    else:
        is_own = _is_own(origin, request, site)
    if is_own:
        return None
    note_problem(request.scope, "foreign_origin")
    return error_page(HTTPStatus.FORBIDDEN)


def _is_own(url: str, request: Request, site: PublicSite) -> bool:
    """Behind a proxy, the origin of the page is the public one."""
    parts = urlsplit(url)
    is_public = f"{parts.scheme}://{parts.netloc}" == site.origin
    return is_public or (parts.netloc != "" and parts.netloc == request.headers.get("host"))
