"""What an endpoint of the API is, and which one a call is for."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from dev.stripe_stand_in import errors
from dev.stripe_stand_in.calls import Call
from dev.stripe_stand_in.events import Events
from dev.stripe_stand_in.store import Store
from domain.json_values import JsonObject


@dataclass(frozen=True, kw_only=True)
class World:
    """What endpoints and pages work on."""

    store: Store
    events: Events
    base_url: str


@dataclass(frozen=True, kw_only=True)
class ApiRequest:
    """A call whose parameters have been read."""

    call: Call
    arguments: JsonObject
    ids: Mapping[str, str]
    """From the address."""
    world: World

    @property
    def account(self) -> str:
        return self.call.account

    @property
    def store(self) -> Store:
        return self.world.store


@dataclass(frozen=True)
class Endpoint:
    """``serve`` changes everything that it changes, or raises a ``Refusal`` and changes nothing."""

    method: str
    template: str
    parameters: type
    serve: Callable[[ApiRequest], JsonObject]
    not_modelled: frozenset[str] = frozenset()
    """Parameters that Stripe knows and that are refused here."""


class Router:
    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._endpoints = [(_pattern(each.template), each) for each in endpoints]

    def find(self, call: Call) -> tuple[Endpoint, Mapping[str, str]]:
        """The endpoint, and the ids in the address.

        Raises:
            Refusal: there is none.
        """
        for pattern, endpoint in self._endpoints:
            match = pattern.fullmatch(call.path)
            if match and endpoint.method == call.method:
                return endpoint, match.groupdict()
        raise errors.no_such_url(call.method, call.path)


def require_modelled(endpoint: Endpoint, arguments: JsonObject) -> None:
    for name in endpoint.not_modelled & arguments.keys():
        raise errors.not_modelled(name)


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template))
