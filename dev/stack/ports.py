"""Chooses the ports of the components.

A component's own variable (``API_PORT``, …) has precedence. Otherwise, with ``PORT_BASE=n``, ports
are assigned from n upward. Otherwise a component gets its default port, or the next free one above
it.
"""

import socket
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from dev.stack.state import PortUnavailable

LOOPBACK: Final = "127.0.0.1"
HIGHEST_PORT: Final = 65535

PAYLOAD_KEYS: Final = "PAYLOAD_KEYS"
"""The setting with which the stack has a codec server."""

# In the order in which PORT_BASE assigns them.
API: Final = "API_PORT"
TEMPORAL: Final = "TEMPORAL_PORT"
TEMPORAL_UI: Final = "TEMPORAL_UI_PORT"
STRIPE: Final = "STRIPE_PORT"
IDENTITY: Final = "IDENTITY_PORT"
POSTGRES: Final = "POSTGRES_PORT"
CODEC: Final = "CODEC_PORT"

_USUAL: Final = {
    API: 8000,
    TEMPORAL: 7233,
    TEMPORAL_UI: 8233,
    STRIPE: 12111,
    IDENTITY: 8100,
    POSTGRES: 5433,
    CODEC: 8200,
}
_OFFSET: Final = {
    API: 0,
    TEMPORAL: 1,
    TEMPORAL_UI: 2,
    STRIPE: 3,
    IDENTITY: 4,
    POSTGRES: 5,
    CODEC: 6,
}
_FIRST_EXTRA_OFFSET: Final = 7


@dataclass(frozen=True)
class Ports:
    """The ports of one stack, and notes to print when it starts."""

    api: tuple[int, ...]
    temporal: int
    temporal_ui: int
    stripe: int
    identity: int
    postgres: int
    codec: int | None
    """None without keys, because there is no codec server then."""

    notes: tuple[str, ...]


def allot(environ: Mapping[str, str]) -> Ports:
    """Chooses all ports.

    Raises:
        PortUnavailable: a configured port is in use, or not a valid port.
    """
    base = _number(environ, "PORT_BASE")
    chosen: dict[str, int] = {}
    notes: list[str] = []
    for name, usual in _USUAL.items():
        if name == CODEC and not environ.get(PAYLOAD_KEYS):
            continue
        own = _number(environ, name)
        if own is not None:
            chosen[name] = _required(own, name)
        elif base is not None:
            chosen[name] = _required(base + _OFFSET[name], f"PORT_BASE={base}: {name}")
        else:
            chosen[name] = _next_free(usual, chosen.values())
            if chosen[name] != usual:
                notes.append(f"port {usual} is in use: {name} is {chosen[name]}")
    extra_from = chosen[API] + 1 if base is None else base + _FIRST_EXTRA_OFFSET
    return Ports(
        api=_api_ports(environ, chosen, extra_from),
        temporal=chosen[TEMPORAL],
        temporal_ui=chosen[TEMPORAL_UI],
        stripe=chosen[STRIPE],
        identity=chosen[IDENTITY],
        postgres=chosen[POSTGRES],
        codec=chosen.get(CODEC),
        notes=tuple(notes),
    )


def _api_ports(
    environ: Mapping[str, str], chosen: Mapping[str, int], extra_from: int
) -> tuple[int, ...]:
    ports = [chosen[API]]
    for _ in range((_number(environ, "API_PROCESSES") or 1) - 1):
        ports.append(_next_free(extra_from, [*chosen.values(), *ports]))
    return tuple(ports)


def _number(environ: Mapping[str, str], name: str) -> int | None:
    text = environ.get(name, "")
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= HIGHEST_PORT:
        raise PortUnavailable(f"{name}={text} must be a number from 1 to {HIGHEST_PORT}")
    return int(text)


def _required(port: int, wanted_by: str) -> int:
    if not is_free(port):
        raise PortUnavailable(f"{wanted_by}: port {port} is in use")
    return port


def _next_free(first: int, reserved: Collection[int]) -> int:
    for port in range(first, HIGHEST_PORT + 1):
        if port not in reserved and is_free(port):
            return port
    raise PortUnavailable(f"there is no free port from {first} upward")


def is_free(port: int) -> bool:
    """Whether a server can listen on the port now; lingering connections do not count."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except (OSError, OverflowError):
            return False
    return True
