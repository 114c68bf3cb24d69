"""Events of v1, https://docs.stripe.com/api/events, and of v2, …/api/v2/core/events."""

from fnmatch import fnmatchcase
from functools import partial
from typing import Final

from stripe.params import EventListParams, EventRetrieveParams
from stripe.params.v2.core import EventListParams as ThinEventListParams
from stripe.params.v2.core import EventRetrieveParams as ThinEventRetrieveParams

from dev.stripe_stand_in.protocol import errors
from dev.stripe_stand_in.protocol.endpoints import ApiRequest, Endpoint
from dev.stripe_stand_in.protocol.pagination import page_v2
from dev.stripe_stand_in.resources.records import list_all, retrieve
from dev.stripe_stand_in.state.models import SNAPSHOT_EVENT, THIN_EVENT
from dev.stripe_stand_in.state.store import PLATFORM
from domain.json_values import JsonObject


def list_events(request: ApiRequest) -> JsonObject:
    arguments = request.arguments
    if "type" in arguments and "types" in arguments:
        raise errors.exclusive("type", "types")
    patterns = arguments.get("types", [arguments.get("type", "*")])
    return list_all(
        request,
        SNAPSHOT_EVENT,
        ("created",),
        lambda event: any(fnmatchcase(event["type"], pattern) for pattern in patterns),
    )


def list_thin_events(request: ApiRequest) -> JsonObject:
    arguments = request.arguments
    events = [
        event
        for event in request.store.newest_first(PLATFORM, THIN_EVENT)
        if arguments.get("object_id") in {None, event["related_object"]["id"]}
        and event["type"] in arguments.get("types", [event["type"]])
    ]
    return page_v2(events, arguments, request.raw.path)


def retrieve_thin_event(request: ApiRequest) -> JsonObject:
    return request.named_object(THIN_EVENT, account=PLATFORM)


ENDPOINTS: Final = (
    Endpoint("GET", "/v1/events", EventListParams, list_events, "created type types"),
    Endpoint(
        "GET",
        "/v1/events/{id}",
        EventRetrieveParams,
        partial(retrieve, kind=SNAPSHOT_EVENT),
    ),
    Endpoint("GET", "/v2/core/events", ThinEventListParams, list_thin_events, "object_id types"),
    Endpoint("GET", "/v2/core/events/{id}", ThinEventRetrieveParams, retrieve_thin_event),
)
