"""The endpoints of the API, and the lookup of a request's endpoint."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from dev.stripe_stand_in.protocol import errors, parameters
from dev.stripe_stand_in.protocol.event_log import EventLog
from dev.stripe_stand_in.protocol.requests import RawRequest
from dev.stripe_stand_in.state.store import Store
from domain.json_values import JsonObject

PAGINATION: Final = frozenset({"limit", "starting_after", "ending_before", "page"})


@dataclass(frozen=True, kw_only=True)
class World:
    """The simulated Stripe that endpoints and pages work on."""

    store: Store
    events: EventLog
    base_url: str
    """The URL of the pages."""


@dataclass(frozen=True, kw_only=True)
class ApiRequest:
    """A request whose parameters are valid for its endpoint."""

    raw: RawRequest
    arguments: JsonObject
    ids: Mapping[str, str]
    """The ids in the path, by name."""
    world: World

    @property
    def account(self) -> str:
        return self.raw.account

    @property
    def store(self) -> Store:
        return self.world.store

    def named_object(self, kind: str, account: str | None = None) -> JsonObject:
        """The object whose id is in the path; of the request's account by default.

        Raises:
            ApiError: 404. The objects of other accounts are not visible.
        """
        account = self.account if account is None else account
        obj = self.store.find(account, kind, self.ids["id"])
        if obj is None:
            raise errors.not_found(kind, self.ids["id"])
        return obj


@dataclass(frozen=True)
class Endpoint:
    """``serve`` either makes all of its changes, or raises an ``ApiError`` and makes none."""

    method: str
    template: str
    parameters: type
    """The SDK's class for the parameters."""
    serve: Callable[[ApiRequest], JsonObject]
    modelled: str = ""
    """The parameters that the stand-in models, separated by spaces: ``restrictions`` with all that
    it contains, or ``line_items.price``. Pagination is always modelled. The stand-in refuses other
    parameters that Stripe accepts."""

    def read(self, given: JsonObject, *, is_form: bool) -> JsonObject:
        """Converts the arguments of a request to their types.

        Raises:
            ApiError: Stripe refuses an argument, or the stand-in does not model it.
        """
        arguments = parameters.read(self.parameters, given, is_form=is_form)
        parameters.require_modelled(PAGINATION.union(self.modelled.split()), arguments)
        return arguments


class Router:
    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._endpoints = [(_pattern(endpoint.template), endpoint) for endpoint in endpoints]

    def find(self, request: RawRequest) -> tuple[Endpoint, Mapping[str, str]]:
        """The endpoint of a request, and the ids in its path.

        Raises:
            ApiError: there is no such endpoint.
        """
        for pattern, endpoint in self._endpoints:
            match = pattern.fullmatch(request.path)
            if match and endpoint.method == request.method:
                return endpoint, match.groupdict()
        raise errors.no_such_url(request.method, request.path)


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template))
