"""How a link is tried. The real transport goes to public addresses alone: an entry must not make the portal knock
inside the network that it stands in."""

import http.client
import socket
import ssl
from contextlib import suppress
from ipaddress import IPv6Network, ip_address
from threading import Timer
from time import monotonic
from typing import Protocol
from urllib.parse import urljoin, urlsplit

TIMEOUT = 8
AT_MOST_SECONDS = 20
"""For one address, its redirects and both methods together, however slowly each byte comes."""
MOST_REDIRECTS = 3
PORT = 443
TURNED_INTO_IPV4 = (
    IPv6Network("64:ff9b::/96"),
    IPv6Network("64:ff9b:1::/48"),
    IPv6Network("2002::/16"),
    IPv6Network("::/96"),
)
MOVED = frozenset({301, 302, 303, 307, 308})
FAILED = frozenset({404, 410, 451}) | frozenset(range(500, 600))
"""Answers that mean nobody can read it. A page that asks for a sign-in or turns programs away is there."""


class Transport(Protocol):
    """Tries one https address."""

    def answers(self, address: str) -> bool:
        """Whether somebody who opens the address finds something there."""


class PublicOnly(http.client.HTTPSConnection):
    """A connection to a public address only: looked up once, checked, and connected to as it was checked."""

    def connect(self) -> None:
        context = ssl.create_default_context()
        found = socket.getaddrinfo(self.host, PORT, type=socket.SOCK_STREAM)
        numbers = [str(one[4][0]) for one in found]
        if not numbers or not all(is_public(number) for number in numbers):
            raise OSError("not a public address")
        plain = socket.create_connection((numbers[0], PORT), self.timeout)
        try:
            self.sock = context.wrap_socket(plain, server_hostname=self.host)
        except OSError:
            plain.close()
            raise


class Web:
    """The transport of a running portal. It sends no cookie and reads no page, only how it is answered."""

    def answers(self, address: str) -> bool:
        try:
            return self._follow(address)
        except (OSError, http.client.HTTPException, ValueError):
            return False

    def _follow(self, address: str) -> bool:
        until = monotonic() + AT_MOST_SECONDS
        for _ in range(MOST_REDIRECTS + 1):
            if not may_be_asked(address):
                return False
            status, moved_to = self._ask("HEAD", address, until)
            if status >= 400:
                status, moved_to = self._ask("GET", address, until)
            if status not in MOVED or not moved_to:
                return status not in FAILED
            address = urljoin(address, moved_to)
        return False

    def _ask(self, method: str, address: str, until: float) -> tuple[int, str]:
        left = until - monotonic()
        if left <= 0:
            raise OSError("no time left")
        parts = urlsplit(address)
        connection = PublicOnly(parts.hostname or "", PORT, timeout=min(TIMEOUT, left))
        hurry = Timer(left, hang_up, [connection])
        hurry.daemon = True
        hurry.start()
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request(method, path, headers={"User-Agent": "Porth link check", "Connection": "close"})
            answer = connection.getresponse()
            return answer.status, answer.getheader("Location") or ""
        finally:
            hurry.cancel()
            connection.close()


def hang_up(connection: http.client.HTTPConnection) -> None:
    """End a request that drips: each byte in time, the whole never."""
    sock = connection.sock
    if sock is not None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)


def is_public(number: str) -> bool:
    """Whether an IP address lies in the public internet; an IPv4 address in the clothes of IPv6 counts as itself.

    One that a gateway of this network would turn into an IPv4 address (NAT64, 6to4) may lead inside: it is none.
    """
    address = ip_address(number.partition("%")[0])
    if any(address in network for network in TURNED_INTO_IPV4):
        return False
    inner = getattr(address, "ipv4_mapped", None)
    return (inner or address).is_global and not address.is_multicast


def may_be_asked(address: str) -> bool:
    """An https address with a host and nothing odd about it: no other port, no name or password in it."""
    try:
        parts = urlsplit(address)
        is_on_the_port = parts.port in {None, PORT}
    except ValueError:
        return False
    return (
        parts.scheme == "https"
        and bool(parts.hostname)
        and is_on_the_port
        and parts.username is None
        and address.isascii()
        and address.isprintable()
        and " " not in address
    )
