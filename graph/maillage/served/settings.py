"""How a server is set: where it listens, what it trusts, and every bound that it keeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

from maillage.bounded import Limits
from maillage.errors import MaillageError
from maillage.words import Language

__all__ = ["Bounds", "Network", "Settings", "client_address", "good_base", "networks"]

Network: TypeAlias = IPv4Network | IPv6Network


@dataclass(frozen=True)
class Bounds:
    """What a client may send, and how long it may take; times in seconds, sizes in bytes."""

    head: float = 8.0  # for the headers to be complete
    body: float = 20.0  # for the body to be complete
    idle: float = 15.0  # between two requests of one connection
    unread: float = 30.0  # for a client to take some of what waits for it
    answer: float = 3_600.0  # to take all of an answer
    sending: int = 1 << 17  # that the system holds for a client: less, and progress is seen sooner
    connections: int = 4_000
    address: int = 32_768  # of the request target
    headers: int = 100
    head_size: int = 65_536  # of the request line and all headers
    field: int = 4_096  # of a header that is read, all its lines together
    body_size: int = 1 << 20
    pipelined: int = 16  # requests that a client sends before it has an answer


@dataclass(frozen=True)
class Settings:
    """What the person who starts a server chose.

    :ivar out: what ``build`` made.
    :ivar base: the public address, ending in a slash; nothing when it is the one asked.
    :ivar proxies: whose ``X-Forwarded-For`` is believed.
    :ivar report_to: where errors are reported: ``mailto:…`` or an address of the web.
    """

    out: Path
    host: str = "127.0.0.1"
    port: int = 8000
    public: bool = False
    base: str = ""
    proxies: tuple[Network, ...] = ()
    report_to: str = ""
    limits: Limits = field(default_factory=Limits)
    page_limits: Limits = field(default_factory=Limits)
    log_queries: bool = False
    lang: Language = "en"
    bounds: Bounds = field(default_factory=Bounds)

    @property
    def address(self) -> str:
        """Where the server listens, with a slash at its end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/"


def good_base(base: str) -> str:
    """The public address of the server, with a slash at its end.

    >>> good_base("https://data.example.org/maillage")
    'https://data.example.org/maillage/'

    :raises MaillageError: when it is no address of the web.
    """
    try:
        parts = urlsplit(base)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname)
        good = good and not (parts.query or parts.fragment or set(base) & set('<>"\\ '))
        good = good and base.isascii() and base.isprintable()
    except ValueError:
        good = False
    if not good:
        raise MaillageError("served-base", base=base)
    return base if base.endswith("/") else f"{base}/"


def networks(addresses: tuple[str, ...]) -> tuple[Network, ...]:
    """The addresses and networks of proxies.

    :raises MaillageError: when one of them is neither.
    """
    found = []
    for address in addresses:
        try:
            found.append(ip_network(address, strict=False))
        except ValueError as error:
            raise MaillageError("served-proxy", address=address) from error
    return tuple(found)


def client_address(peer: str, forwarded: str | None, proxies: tuple[Network, ...]) -> str:
    """Who asks: the peer, or whom a proxy that we trust names.

    The header is read from its end, past every proxy of ours: what stands before the first
    stranger was written by that stranger.

    >>> ours = networks(("10.0.0.0/8",))
    >>> client_address("10.0.0.1", "1.1.1.1, 203.0.113.7, 10.2.2.2", ours)
    '203.0.113.7'
    >>> client_address("198.51.100.1", "203.0.113.7", ours)
    '198.51.100.1'
    """
    if not _within(peer, proxies):
        return peer
    client = peer
    for named in reversed((forwarded or "").split(",")):
        try:
            client = str(ip_address(named.strip()))
        except ValueError:
            return client
        if not _within(client, proxies):
            return client
    return client


def _within(address: str, proxies: tuple[Network, ...]) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in proxies)
