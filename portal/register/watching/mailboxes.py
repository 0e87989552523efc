"""Whether letters to an entry's mailbox can arrive: its domain has to take mail. No letter is sent to find out."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

import dns.exception
import dns.resolver
from dns.rdatatype import RdataType

from portal.core.text import msg

SECONDS = 5.0
"""For one question to the resolver, however often it asks again."""
MOST_SERVERS = 3
NULL = "."
SILENT = (
    dns.resolver.LifetimeTimeout,
    dns.resolver.NoNameservers,
    dns.resolver.NoResolverConfiguration,
    dns.resolver.YXDOMAIN,
    OSError,
)


class MailFinding(StrEnum):
    """Why a letter to a mailbox would not arrive."""

    NO_DOMAIN = "no_domain"
    NO_MAIL = "no_mail"
    NO_SERVER = "no_server"
    REFUSED = "refused"


FINDINGS = {
    MailFinding.NO_DOMAIN: msg("There is no such domain"),
    MailFinding.NO_MAIL: msg("The domain says that it takes no mail"),
    MailFinding.NO_SERVER: msg("No mail server of the domain can be found"),
    MailFinding.REFUSED: msg("Its mail server refused a letter of this portal for good"),
}


class NoSuchDomain(Exception):
    """The name is not there at all, or is none."""


class NotKnown(Exception):
    """Nobody answered in time: nothing is known of the name."""


class Names(Protocol):
    """Looks names up."""

    def look_up(self, name: str, kind: str) -> Sequence[str]:
        """The records of one kind, MX as the names of servers, best first. Empty where the name has none of them;
        NoSuchDomain and NotKnown otherwise."""


class Dns:
    """The resolver of the machine that the portal runs on."""

    def __init__(self, resolver: dns.resolver.Resolver | None = None) -> None:
        self._resolver = resolver

    def look_up(self, name: str, kind: str) -> Sequence[str]:
        try:
            self._resolver = self._resolver or dns.resolver.Resolver()
            found = self._resolver.resolve(name, kind, lifetime=SECONDS, search=False)
        except dns.resolver.NoAnswer:
            return ()
        except dns.resolver.NXDOMAIN as missing:
            raise NoSuchDomain from missing
        except SILENT as silent:
            raise NotKnown from silent
        except dns.exception.DNSException as odd:
            raise NoSuchDomain from odd
        if found.rdtype is RdataType.MX:
            return [str(record.exchange) for record in sorted(found, key=lambda record: int(record.preference))]
        return [str(record) for record in found]


def try_mailbox(address: str, names: Names) -> MailFinding | None:
    """Why a letter would not arrive, or None where its domain takes mail. Raises NotKnown where nobody answers.

    A domain names its mail servers (RFC 5321, 5.1) or, naming none, is its own; one that names «.» takes no mail
    (RFC 7505).
    """
    domain = address.rpartition("@")[2]
    try:
        servers = names.look_up(domain, "MX")
    except NoSuchDomain:
        return MailFinding.NO_DOMAIN
    if servers and all(server == NULL for server in servers):
        return MailFinding.NO_MAIL
    has_address = any(_has_address(server, names) for server in list(servers or [domain])[:MOST_SERVERS])
    return None if has_address else MailFinding.NO_SERVER


def _has_address(server: str, names: Names) -> bool:
    try:
        return any(names.look_up(server, kind) for kind in ("A", "AAAA"))
    except NoSuchDomain:
        return False
