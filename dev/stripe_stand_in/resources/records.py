"""Objects: stored with their events, retrieved, listed, and shown in responses."""

import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from dev.stripe_stand_in.protocol import errors
from dev.stripe_stand_in.protocol.attributes import previous_attributes
from dev.stripe_stand_in.protocol.endpoints import ApiRequest, Endpoint, World
from dev.stripe_stand_in.protocol.pagination import page_v1
from dev.stripe_stand_in.protocol.requests import RawRequest
from dev.stripe_stand_in.state.store import Store
from domain.json_values import JsonObject

LINE_ITEMS: Final = "line_items"
SIMULATION: Final = "stand_in"
"""The attribute with the stand-in's own data about an object. Never in a response."""

_HIDDEN: Final = frozenset({LINE_ITEMS, SIMULATION})

_EXPANDABLE: Final = {
    "charge": "charge",
    "latest_charge": "charge",
    "payment_intent": "payment_intent",
    "payment_link": "payment_link",
    "product": "product",
}
"""Attributes with the id of another object, and its kind."""

_COMPARISONS: Final = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


@dataclass(frozen=True)
class Records:
    """The objects of one account, whose changes are recorded as events."""

    world: World
    account: str
    cause: RawRequest | None = None
    """The request that makes the changes; None if a person makes them."""

    @classmethod
    def of(cls, request: ApiRequest) -> "Records":
        return cls(request.world, request.account, request.raw)

    @property
    def store(self) -> Store:
        return self.world.store

    def put(self, obj: JsonObject) -> None:
        """Stores an object without an event."""
        self.store.put(self.account, obj)

    def create(self, obj: JsonObject, event: str) -> JsonObject:
        self.put(obj)
        self.note(obj, event)
        return obj

    def change(self, before: JsonObject, changes: JsonObject, event: str) -> JsonObject:
        """Stores changes of an object with their event; neither if nothing changes."""
        after = {**before, **changes}
        if after != before:
            self.put(after)
            self.note(after, event, before)
        return after

    def note(self, obj: JsonObject, event: str, before: JsonObject | None = None) -> None:
        """Records an event of an object."""
        # https://docs.stripe.com/api/events/object: only events *.updated have earlier values.
        is_update = before is not None and event.endswith(".updated")
        previous = previous_attributes(public(before or {}), public(obj)) if is_update else None
        self.world.events.snapshot(self.account, event, public(obj), self.cause, previous)


def public(obj: JsonObject) -> JsonObject:
    """The object without attributes that are hidden, or shown only when they are expanded."""
    return {name: value for name, value in obj.items() if name not in _HIDDEN}


def shown(request: ApiRequest, obj: JsonObject) -> JsonObject:
    """The object in a response, with the attributes that ``expand`` names.

    Raises:
        ApiError: an attribute cannot be expanded.
    """
    visible = public(obj)
    for path in request.arguments.get("expand", ()):
        name, _, within = path.removeprefix("data.").partition(".")
        visible[name] = _expanded(request, obj, visible, name, within)
    return visible


def retrieve(request: ApiRequest, kind: str) -> JsonObject:
    return shown(request, request.named_object(kind))


def list_all(
    request: ApiRequest,
    kind: str,
    filters: Iterable[str] = (),
    is_wanted: Callable[[JsonObject], bool] = lambda _: True,
) -> JsonObject:
    """A page of the objects whose attributes, of those in ``filters``, are as requested."""
    arguments = request.arguments
    wanted = {name: arguments[name] for name in filters if name in arguments}
    return page(
        request,
        [
            obj
            for obj in request.store.newest_first(request.account, kind)
            if all(_matches(obj[name], value) for name, value in wanted.items()) and is_wanted(obj)
        ],
    )


def page(request: ApiRequest, objects: Sequence[JsonObject]) -> JsonObject:
    found = page_v1(objects, request.arguments, request.raw.path)
    return {**found, "data": [shown(request, obj) for obj in found["data"]]}


def list_line_items(request: ApiRequest, kind: str) -> JsonObject:
    return page(request, request.named_object(kind).get(LINE_ITEMS, []))


def read_endpoints(
    path: str, kind: str, list_class: type, retrieve_class: type, *filters: str
) -> tuple[Endpoint, Endpoint]:
    """The endpoints that list objects, by these attributes, and retrieve one."""
    return (
        Endpoint(
            "GET",
            path,
            list_class,
            partial(list_all, kind=kind, filters=filters),
            " ".join(("expand", *filters)),
        ),
        Endpoint("GET", f"{path}/{{id}}", retrieve_class, partial(retrieve, kind=kind), "expand"),
    )


def _matches(value: Any, wanted: Any) -> bool:
    """Whether the value is the wanted one, or within wanted bounds such as ``{"gte": 1}``."""
    if isinstance(wanted, dict):
        return all(_COMPARISONS[name](value, bound) for name, bound in wanted.items())
    return bool(value == wanted)


def _expanded(
    request: ApiRequest, obj: JsonObject, visible: JsonObject, name: str, within: str
) -> Any:
    if name == LINE_ITEMS and LINE_ITEMS in obj and not within:
        folder = obj["object"].replace(".", "/")
        url = f"/v1/{folder}s/{obj['id']}/line_items"
        # "the first handful of those items": https://docs.stripe.com/api/checkout/sessions/retrieve
        return page_v1([public(item) for item in obj[LINE_ITEMS]], {}, url)
    if name not in _EXPANDABLE or name not in obj:
        raise errors.invalid(f"This property cannot be expanded ({name}).", "expand")
    found = visible[name]
    if isinstance(found, str):
        found = public(request.store.get(request.account, _EXPANDABLE[name], found))
    if within and found:
        head, _, rest = within.partition(".")
        found = {**found, head: _expanded(request, found, found, head, rest)}
    return found
