"""Events, for who polls: https://docs.stripe.com/api/events and /api/v2/core/events."""

from fnmatch import fnmatchcase
from typing import Final

from stripe.params import EventListParams, EventRetrieveParams
from stripe.params.checkout import SessionRetrieveParams
from stripe.params.v2.core import EventListParams as ThinEventListParams
from stripe.params.v2.core import EventRetrieveParams as ThinEventRetrieveParams

from dev.stripe_stand_in import errors
from dev.stripe_stand_in.calls import PLATFORM
from dev.stripe_stand_in.checkout import SESSION
from dev.stripe_stand_in.endpoints import ApiRequest, Endpoint
from dev.stripe_stand_in.listing import page, page_v2
from dev.stripe_stand_in.store import SNAPSHOT_EVENT, THIN_EVENT
from domain.json_values import JsonObject


def list_events(request: ApiRequest) -> JsonObject:
    arguments = request.arguments
    if "type" in arguments and "types" in arguments:
        raise errors.exclusive("type", "types")
    patterns = arguments.get("types", [arguments.get("type", "*")])
    events = [
        each
        for each in request.store.newest_first(request.account, SNAPSHOT_EVENT)
        if any(fnmatchcase(each["type"], pattern) for pattern in patterns)
    ]
    return page(events, arguments, request.call.path)


def retrieve_event(request: ApiRequest) -> JsonObject:
    return request.store.get(request.account, SNAPSHOT_EVENT, request.ids["id"])


def list_thin_events(request: ApiRequest) -> JsonObject:
    arguments = request.arguments
    events = [
        each
        for each in request.store.newest_first(PLATFORM, THIN_EVENT)
        if arguments.get("object_id") in {None, each["related_object"]["id"]}
        and each["type"] in arguments.get("types", [each["type"]])
    ]
    return page_v2(events, arguments, request.call.path)


def retrieve_thin_event(request: ApiRequest) -> JsonObject:
    return request.store.get(PLATFORM, THIN_EVENT, request.ids["id"])


def retrieve_session(request: ApiRequest) -> JsonObject:
    """What an event about a purchase refers to."""
    return request.store.get(request.account, SESSION, request.ids["id"])


ENDPOINTS: Final = (
    Endpoint(
        "GET",
        "/v1/events",
        EventListParams,
        list_events,
        frozenset({"created", "delivery_success", "expand"}),
    ),
    Endpoint("GET", "/v1/events/{id}", EventRetrieveParams, retrieve_event, frozenset({"expand"})),
    Endpoint(
        "GET",
        "/v1/checkout/sessions/{id}",
        SessionRetrieveParams,
        retrieve_session,
        frozenset({"expand"}),
    ),
    Endpoint(
        "GET", "/v2/core/events", ThinEventListParams, list_thin_events, frozenset({"created"})
    ),
    Endpoint("GET", "/v2/core/events/{id}", ThinEventRetrieveParams, retrieve_thin_event),
)
