"""Types of settings that are addresses: URLs, origins, networks, hosts and ports."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Annotated, Final
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, SecretStr

from settings.values import Texts

MAX_PORT: Final = 65_535

LOOPBACK_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "::1"})

_EVERY_INTERFACE: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 (compared, not bound)

_HOST_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?")
"""Of a name as ASCII; ``_`` is in names of containers."""

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}

_SHORTEST_IPV4_PREFIX: Final = 8
"""10.0.0.0/8 is the largest private network."""

_SHORTEST_IPV6_PREFIX: Final = 16
_PRIVATE_IPV6: Final = IPv6Network("fc00::/7")
_IPV4_AS_IPV6: Final = IPv6Network("::ffff:0:0/96")


def is_on_loopback(url: str) -> bool:
    return urlsplit(url).hostname in LOOPBACK_HOSTS


def listen_on_one(first: tuple[str, int], second: tuple[str, int]) -> bool:
    """Whether two pairs of host and port are the same, or one of them has all interfaces."""
    hosts = {first[0], second[0]}
    return first[1] == second[1] and (len(hosts) == 1 or bool(hosts & _EVERY_INTERFACE))


def http_parts(url: str) -> SplitResult:
    """
    Raises:
        ValueError: the text is not an http(s) URL, or has a user, a query or a fragment.
    """
    parts = _parts(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must begin with http:// or https://, and a host")
    if not _is_host(parts.hostname):
        raise ValueError("must have a host in ASCII letters, without a wildcard")
    if parts.username is not None or parts.password is not None:
        raise ValueError("must not contain a user name or password")
    if parts.query or parts.fragment or url.endswith(("?", "#")):
        raise ValueError("must end before the ? or #")
    return parts


def _parts(url: str) -> SplitResult:
    """``urlsplit`` removes line breaks, and checks the port only if it is read."""
    if any(character.isspace() or not character.isprintable() for character in url):
        raise ValueError("must not contain spaces or line breaks")
    try:
        parts = urlsplit(url)
        is_port = parts.port is None or parts.port > 0
    except ValueError:
        is_port = False
    if not is_port:
        raise ValueError(f"must have a port from 1 to {MAX_PORT} after the host, or none")
    return parts


def _is_host(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return _HOST_NAME.fullmatch(host.lower()) is not None
    return True


def _is_local(host: str) -> bool:
    """Whether plain http to the host stays on this machine or in its network."""
    if host in LOOPBACK_HOSTS or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_private
    except ValueError:
        return False


def _checked_http_address(url: str) -> str:
    http_parts(url.strip())
    return url.strip().rstrip("/")


def _checked_public_address(url: str) -> str:
    parts = http_parts(url.strip())
    if parts.scheme == "http" and not _is_local(parts.hostname or ""):
        raise ValueError("must use https, except on this machine or in its network")
    return url.strip().rstrip("/")


def _checked_root_address(url: str) -> str:
    address = _checked_public_address(url)
    if urlsplit(address).path:
        raise ValueError("must end after the host or the port: the API has the paths below it")
    return address


def _checked_origins(origins: tuple[str, ...]) -> tuple[str, ...]:
    for number, origin in enumerate(origins, 1):
        fault = _fault_of_origin(origin)
        if fault:
            raise ValueError(f"origin {number} {fault}")
    return origins


def _fault_of_origin(origin: str) -> str | None:
    """The middleware compares texts, so an origin is as a browser sends it (RFC 6454)."""
    if origin.lower() == "null":
        return "is null, which pages of any site can send: list your own origins"
    if "*" in origin:
        return "has a wildcard: list each origin"
    try:
        parts = http_parts(origin)
    except ValueError as error:
        return str(error)
    port = "" if parts.port in {None, _DEFAULT_PORTS[parts.scheme]} else f":{parts.port}"
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    sent = f"{parts.scheme}://{host}{port}"
    return None if origin == sent else f"must be as browsers send it: {sent}"


def _checked_legal_links(links: tuple[str, ...]) -> tuple[str, ...]:
    for link in links:
        name, _, url = link.partition("=")
        if not name.strip() or not url.strip().startswith("https://") or not urlsplit(url).netloc:
            raise ValueError("must be names and https addresses, such as Imprint=https://…")
    return links


def _checked_networks(networks: tuple[str, ...]) -> tuple[str, ...]:
    """Uvicorn would treat any other text as a name, which never matches an address."""
    try:
        checked = [ip_network(network) for network in networks]
    except ValueError:
        raise ValueError("must list IP addresses or networks like 10.0.0.0/8") from None
    for number, network in enumerate(checked, 1):
        if _has_too_many(network):
            raise ValueError(
                f"network {number} has too many addresses: any client in it could claim the "
                "address of another. List your proxies, or a network like 10.0.0.0/8"
            )
    return tuple(map(str, checked))


def _has_too_many(network: IPv4Network | IPv6Network) -> bool:
    if isinstance(network, IPv4Network):
        return network.prefixlen < _SHORTEST_IPV4_PREFIX
    if network.subnet_of(_IPV4_AS_IPV6):
        return network.prefixlen < _IPV4_AS_IPV6.prefixlen + _SHORTEST_IPV4_PREFIX
    return network.prefixlen < _SHORTEST_IPV6_PREFIX and not network.subnet_of(_PRIVATE_IPV6)


def _checked_receiver(url: SecretStr) -> SecretStr:
    """Refuses credentials, because the URL may appear in logs and errors."""
    parts = _parts(url.get_secret_value())
    if parts.username is not None or parts.password is not None:
        raise ValueError("must not contain a user name or password")
    is_safe = parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in LOOPBACK_HOSTS
    )
    if not is_safe or not parts.hostname:
        raise ValueError("must use https, except on this machine")
    return url


def _checked_redis_url(url: SecretStr) -> SecretStr:
    parts = _parts(url.get_secret_value())
    if parts.scheme not in {"redis", "rediss"} or not parts.hostname:
        raise ValueError("must begin with redis:// or rediss://, and a host")
    return url


def _checked_postgres_url(url: SecretStr) -> SecretStr:
    """A password with special characters looks like another part of the URL."""
    text = url.get_secret_value()
    if not text.startswith(("postgresql://", "postgres://")):
        raise ValueError("must begin with postgresql://")
    try:
        parts = _parts(text)
    except ValueError:
        parts = None
    if parts is None or parts.fragment:
        raise ValueError(
            "must be postgresql://role:password@host:port/database, with %23 for # and so on in "
            "the password"
        )
    if len(parts.path) <= 1:
        raise ValueError("must name the database after the host, like /wizard")
    return url


def _checked_host(host: str) -> str:
    if not _is_host(host.strip()):
        raise ValueError("must be an IP address or the name of a host, without a port")
    return host.strip()


def _checked_listener(address: str) -> str:
    """The SDK requires an IP address and a port; it does not resolve names."""
    host, _, port = address.strip().rpartition(":")
    try:
        ip_address(host.strip("[]"))
        is_port = 0 < int(port) <= MAX_PORT
    except ValueError:
        is_port = False
    if not is_port:
        raise ValueError("must be an IP address and a port, like 127.0.0.1:9464")
    return address.strip()


HttpAddress = Annotated[str, AfterValidator(_checked_http_address)]
PublicAddress = Annotated[str, AfterValidator(_checked_public_address)]
RootAddress = Annotated[str, AfterValidator(_checked_root_address)]
Origins = Annotated[Texts, AfterValidator(_checked_origins)]
LegalLinks = Annotated[Texts, AfterValidator(_checked_legal_links)]
Networks = Annotated[Texts, AfterValidator(_checked_networks)]
ReceiverUrl = Annotated[SecretStr, AfterValidator(_checked_receiver)]
RedisUrl = Annotated[SecretStr, AfterValidator(_checked_redis_url)]
PostgresUrl = Annotated[SecretStr, AfterValidator(_checked_postgres_url)]
Host = Annotated[str, AfterValidator(_checked_host)]
MetricsAddress = Annotated[str, AfterValidator(_checked_listener)]
