"""The event's page, its calendar entry, and the preview of a draft."""

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from api.auth import CurrentActor
from api.content import Content, content_response, language_headers
from api.deps import AcceptedLanguages, ClientTags, CurrentServices, OrderId, Services, SessionId
from api.errors import headers_of, note_problem
from api.json_bodies import refuse_compressed
from api.middleware.rate_limit import address_of
from api.orders.client import require_same_items
from api.orders.requests import is_order_key
from api.pages import calendar_entry
from api.pages.event_html import (
    Notice,
    PublicSite,
    Sales,
    preview_html,
    published_html,
    published_page,
)
from api.pages.order_form import MEDIA_TYPE, EnteredOrder, notice_of
from api.pages.origins import follows_form, refuse_foreign_form
from api.pages.rendering import error_page, page_response
from api.pages.static_files import static_files
from api.pages.visitors_order import is_unpaid, remember, remembered_id
from api.responses import SESSION_ERRORS, documented_errors, documented_not_modified
from api.routes.events import PUBLIC_CACHE_CONTROL, PUBLIC_HEADERS, Slug, open_event
from api.routing import ApiRoute
from domain import ids
from domain.errors import (
    EventNotFound,
    IdempotencyKeyReused,
    InvalidRequest,
    OrderClosed,
    OrderNotFound,
    Unavailable,
    UnsupportedMediaType,
    WizardError,
)
from domain.ids import canonical_id
from domain.orders.order import Order, WantedItem
from domain.publishing.event import Event
from domain.publishing.translation import in_preferred_language

router = APIRouter(tags=["events"], route_class=ApiRoute)

_IMMUTABLE: Final = "public, max-age=31536000, immutable"

_NOT_STORED: Final = {"Cache-Control": "no-store"}


@dataclass(frozen=True)
class PageView:
    """What a page of one event is rendered from."""

    event: Event
    """As it was entered, which orders are made of."""
    shown: Event
    """In the language of the visitor."""
    sales: Sales
    site: PublicSite

    def response(
        self,
        status: int = HTTPStatus.OK,
        *,
        order: Order | None = None,
        forwards: bool = False,
        notice: Notice | None = None,
        entered: EnteredOrder | None = None,
        key: str | None = None,
        error: WizardError | None = None,
    ) -> Response:
        content = published_html(
            self.shown,
            self.sales,
            self.site,
            order=order,
            forwards=forwards,
            notice=notice,
            entered=entered.fields if entered else None,
            key=key,
        )
        headers = headers_of(error, token_given=False) if error else {}
        headers |= language_headers(self.event, self.shown.language)
        return page_response(content, status, headers)


async def page_view(
    services: CurrentServices, slug: Slug, languages: AcceptedLanguages
) -> PageView:
    """
    Raises:
        EventNotFound: there is no such event, or it is private or not published.
    """
    event = await open_event(services, slug)
    stocks, account_lost = await services.sales.stocks_of(event)
    sales = Sales(stocks, datetime.now(UTC), account_lost)
    return PageView(event, in_preferred_language(event, languages), sales, services.site)


CurrentPage = Annotated[PageView, Depends(page_view)]


@router.get("/e/static/{name}", include_in_schema=False)
async def get_static_file(request: Request, name: str) -> Response:
    """Other origins may use the files too, because a front end shows previews."""
    file = static_files().by_name.get(name)
    if file is None:
        return error_page(HTTPStatus.NOT_FOUND)
    headers = {
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Access-Control-Allow-Origin": "*",
    }
    content = Content(file.content, file.media_type, _IMMUTABLE, headers)
    return content_response(request, content)


@router.get("/e/{slug}", include_in_schema=False)
async def get_page(
    request: Request,
    services: CurrentServices,
    page: CurrentPage,
    order: Annotated[str | None, Query()] = None,
    stay: Annotated[str | None, Query()] = None,
) -> Response:
    """With ``order``, the page shows its state, and forwards to its checkout once that is open;
    with ``stay``, it does not forward. Otherwise it shows the unpaid order of the visitor, if there
    is one, instead of a form that would begin a second."""
    if order is None:
        return page.response(order=await _unpaid_order(request, services, page.event))
    shown = await _order_of(services, page.event, order)
    forwards = stay is None and follows_form(request, services.site)
    return page.response(order=shown, forwards=forwards)


@router.post("/e/{slug}/orders", include_in_schema=False)
async def order_on_page(request: Request, services: CurrentServices, page: CurrentPage) -> Response:
    """Begins an order by the page's form. A refusal is the page again, with its reason. Another
    form of a visitor with an unpaid order, such as one after the way back, begins no second."""
    refusal = refuse_foreign_form(request, services.site)
    if refusal is not None:
        return refusal
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != MEDIA_TYPE:
        raise UnsupportedMediaType("Send the form of the event's page.", accepted=[MEDIA_TYPE])
    refuse_compressed(request)
    entered: EnteredOrder | None = None
    wanted: list[WantedItem] = []
    unpaid = await _unpaid_order(request, services, page.event)
    try:
        entered = EnteredOrder.parse(await request.body())
        if not is_order_key(entered.key):
            raise InvalidRequest("The form was not complete. Send it again.")
        wanted = entered.wanted(page.event)
        if unpaid is not None and unpaid.order_id != _id_of(services, page.event, entered):
            require_same_items(unpaid, wanted)
            return _see_order(page, unpaid)
        begun = await services.orders.begin(
            page.event,
            wanted,
            entered.key,
            address_of(request.scope),
            services.site.page_url(page.event.slug),
            has_left=request.is_disconnected,
        )
    except WizardError as error:
        note_problem(request.scope, error.code)
        return await _refused(services, page, error, entered=entered, wanted=wanted, unpaid=unpaid)
    return _see_order(page, begun.order)


@router.post("/e/{slug}/orders/{order_id}/cancel", include_in_schema=False)
async def cancel_on_page(
    request: Request, services: CurrentServices, page: CurrentPage, order_id: OrderId
) -> Response:
    """Gives the tickets of an unpaid order back."""
    refusal = refuse_foreign_form(request, services.site)
    if refusal is not None:
        return refusal
    await _order_of(services, page.event, order_id)
    try:
        cancelled = await services.orders.cancel(order_id)
    except (OrderClosed, Unavailable) as error:
        note_problem(request.scope, error.code)
        return page.response(
            error.status,
            order=await services.orders.get(order_id),
            notice=Notice("The order was not cancelled", [error.detail]),
            error=error,
        )
    return _see_order(page, cancelled)


@router.get(
    "/v1/public/events/{slug}.ics",
    summary="Get a public event as a calendar entry",
    response_model=None,
    responses={
        200: {
            "description": "The calendar with the event (RFC 5545)",
            "headers": {name: {"schema": {"type": "string"}} for name in PUBLIC_HEADERS},
            "content": {"text/calendar": {"schema": {"type": "string"}}},
        },
        **documented_not_modified("Cache-Control"),
        **documented_errors(EventNotFound, Unavailable),
    },
)
async def get_calendar_entry(
    request: Request,
    services: CurrentServices,
    slug: Slug,
    languages: AcceptedLanguages,
    _known: ClientTags,
) -> Response:
    """The entry of a published event for calendars. Needs no token. Unlisted events are included,
    private events are not."""
    event = await open_event(services, slug)
    shown = in_preferred_language(event, languages)
    page = published_page(shown, Sales({}, datetime.now(UTC)), services.site)
    disposition = f'attachment; filename="{event.slug}.ics"'
    content = Content(
        calendar_entry.calendar_entry(shown, page),
        calendar_entry.MEDIA_TYPE,
        PUBLIC_CACHE_CONTROL,
        {"Content-Disposition": disposition, **language_headers(event, shown.language)},
    )
    return content_response(request, content)


@router.get(
    "/v1/sessions/{session_id}/preview",
    summary="Preview the event's page",
    tags=["sessions"],
    response_model=None,
    responses={
        200: {
            "description": "The page of the event, as a document for `<iframe srcdoc>`",
            "content": {"text/html": {"schema": {"type": "string"}}},
        },
        **documented_errors(*SESSION_ERRORS),
    },
)
async def get_preview(
    actor: CurrentActor, services: CurrentServices, session_id: SessionId
) -> Response:
    """The page of the event as the session is saved. Parts that are missing are marked, and nothing
    can be ordered. A browser cannot open the address, because it sends no token: fetch the document
    and show it in `<iframe srcdoc>`."""
    view = await services.sessions.view(actor, session_id)
    headers = {**_NOT_STORED, "X-Robots-Tag": "noindex"}
    content = preview_html(view, datetime.now(UTC), services.site)
    return page_response(content, headers=headers)


async def _order_of(services: Services, event: Event, order_id: str) -> Order:
    """
    Raises:
        OrderNotFound: the event has no such order.
    """
    canonical = canonical_id(order_id)
    order = await services.orders.get(canonical) if canonical else None
    if order is None or order.event_id != event.event_id:
        raise OrderNotFound
    return order


async def _unpaid_order(request: Request, services: Services, event: Event) -> Order | None:
    """Of this event and this browser."""
    try:
        order = await _order_of(services, event, remembered_id(request) or "")
    except OrderNotFound:
        return None
    return order if is_unpaid(order) else None


async def _refused(
    services: Services,
    page: PageView,
    error: WizardError,
    *,
    entered: EnteredOrder | None,
    wanted: list[WantedItem],
    unpaid: Order | None,
) -> Response:
    """The page with the reason. The form has a new key, unless it is not known whether the order
    was begun: then the same key finds it."""
    order = unpaid
    if order is None and isinstance(error, IdempotencyKeyReused) and entered is not None:
        order = await services.orders.get(_id_of(services, page.event, entered))
    repeats = isinstance(error, Unavailable) and entered is not None
    return page.response(
        error.status,
        order=order,
        notice=notice_of(error, page.shown, wanted, page.sales.now),
        entered=entered,
        key=entered.key if repeats and entered else None,
        error=error,
    )


def _id_of(services: Services, event: Event, entered: EnteredOrder) -> str:
    """The id of the order that a form begins."""
    secret = services.id_secret.get_secret_value()
    return ids.order_id_for_key(secret, event.event_id, entered.key)


def _see_order(page: PageView, order: Order) -> Response:
    """Not to the checkout itself: ``form-action 'self'`` also blocks redirects of the form to
    another origin."""
    slug = page.event.slug
    headers = {"Location": f"/e/{slug}?order={order.order_id}", **_NOT_STORED}
    response = Response(status_code=HTTPStatus.SEE_OTHER, headers=headers)
    remember(response, order, slug, page.site, page.sales.now)
    return response
