"""Ports for the servers of tests."""

import random
import socket
from typing import Final

from dev.stack.ports import is_free

_FIRST_OF_A_ROW: Final = range(20_000, 32_000, 20)
"""Below those that the system gives to connections."""

_RESERVED: Final[list[socket.socket]] = []
"""They stay bound until this process ends."""


def free_port() -> int:
    """A port that no other process gets by chance: neither before its server starts, nor while the
    server is stopped and started again.

    It is bound by a socket that does not listen, so the system chooses it neither for a server that
    asks for any port nor for a connection. A server that asks for this port gets it, because both
    set SO_REUSEADDR.
    """
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind(("127.0.0.1", 0))
    _RESERVED.append(bound)
    port: int = bound.getsockname()[1]
    return port


def free_ports_in_a_row(count: int) -> int:
    """The first of at most 20 free ports for a stack, which chooses the others after it."""
    for first in random.sample(_FIRST_OF_A_ROW, len(_FIRST_OF_A_ROW)):
        if all(map(is_free, range(first, first + count))):
            return first
    raise RuntimeError("No ports are free.")
