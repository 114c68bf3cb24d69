"""The choice of ports."""

import socket
from collections.abc import Iterator

import pytest

from dev.stack import ports as ports_module
from dev.stack.ports import allot, is_free
from dev.stack.state import ROOT, PortUnavailable


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.fixture
def free_base() -> int:
    """Outside the ports of other tests' stacks and the ephemeral ports of the system, so
    that free ports stay free."""
    bases = range(32_020, 32_660, 10)
    return next(base for base in bases if all(map(is_free, range(base, base + 101))))


def test_ports_are_counted_from_the_base(free_base: int) -> None:
    ports = allot({"PORT_BASE": str(free_base)})

    assert ports.api == (free_base,)
    assert (ports.temporal, ports.temporal_ui) == (free_base + 1, free_base + 2)
    assert (ports.identity, ports.postgres) == (free_base + 4, free_base + 5)
    assert ports.codec is None
    assert ports.notes == ()


def test_the_codec_server_has_a_port_if_there_are_keys(free_base: int) -> None:
    base = {"PORT_BASE": str(free_base), "PAYLOAD_KEYS": "k1:…"}

    assert allot(base).codec == free_base + 6
    assert allot({**base, "CODEC_PORT": str(free_base + 100)}).codec == free_base + 100


def test_further_api_processes_have_their_own_ports(free_base: int) -> None:
    for environ in ({}, {"PORT_BASE": str(free_base)}):
        ports = allot({"API_PROCESSES": "3", "PAYLOAD_KEYS": "k1:…", **environ})

        every = [
            *(*ports.api, ports.temporal, ports.temporal_ui, ports.identity, ports.postgres),
            *(ports.stripe, ports.codec),
        ]
        assert len(ports.api) == 3
        assert len(set(every)) == len(every)


def test_a_taken_default_port_is_replaced_with_a_note(
    taken_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ports_module._USUAL, ports_module.TEMPORAL, taken_port)

    ports = allot({})

    assert ports.temporal > taken_port
    assert f"port {taken_port} is in use: TEMPORAL_PORT is {ports.temporal}" in ports.notes


def test_a_configured_port_overrides_the_base(free_base: int) -> None:
    ports = allot({"PORT_BASE": str(free_base), "API_PORT": str(free_base + 100)})

    assert (ports.api, ports.temporal) == ((free_base + 100,), free_base + 1)


def test_a_taken_configured_port_is_named(taken_port: int) -> None:
    with pytest.raises(PortUnavailable, match=f"POSTGRES_PORT: port {taken_port} is in use"):
        allot({"POSTGRES_PORT": str(taken_port)})


@pytest.mark.parametrize("text", ["0", "-1", "65536", "http", "8000.5", "1e3"])
def test_a_value_that_is_not_a_port_is_refused(text: str) -> None:
    with pytest.raises(PortUnavailable, match="API_PORT"):
        allot({"API_PORT": text})


def test_all_ports_are_documented_in_their_order() -> None:
    names, defaults = zip(*ports_module._USUAL.items(), strict=True)
    documented = (ROOT / "CONTRIBUTING.md").read_text()

    assert ", ".join(f"`{name}`" for name in names) in documented
    assert ", ".join(map(str, defaults)) in documented
