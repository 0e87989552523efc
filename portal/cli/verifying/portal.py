"""A running portal as a browser asks it: no redirect followed, nothing kept."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPMessage
from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from portal.core.errors import SettingsError

LONGEST_SECONDS = 30
LONGEST_ANSWER = 16 * 1024 * 1024
AS_A_BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
"""So that a server that wants to serve something else to people than to checkers cannot tell us by our name."""
AS_A_PAGE = {"Accept": "text/html,*/*"}
ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class Served:
    """One answer."""

    status: int
    headers: Message
    octets: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.octets).hexdigest()

    @property
    def text(self) -> str:
        return self.octets.decode("utf-8", "replace")


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        return None


class Portal:
    """One origin."""

    def __init__(self, address: str) -> None:
        self.origin = address.rstrip("/")
        if not ORIGIN.fullmatch(self.origin):
            raise SettingsError(f"the portal’s address is like https://portal.example, not {address!r}")
        self._opener: OpenerDirector = build_opener(_NoRedirects)

    def get(self, path: str) -> Served:
        """What is served at a path below the origin. OSError if nothing answers."""
        return self._ask(Request(self.origin + path, headers=AS_A_PAGE))  # noqa: S310 - http(s) only

    def send(self, path: str, fields: dict[str, str]) -> Served:
        """What a form is answered with. OSError if nothing answers."""
        octets = urlencode(fields).encode()
        return self._ask(Request(self.origin + path, octets, AS_A_PAGE))  # noqa: S310 - http(s) only

    def ask_box(self, path: str, question: dict[str, Any]) -> dict[str, Any] | None:
        """What the box answers; None for what is not there. OSError if it does not answer as a box does."""
        octets = json.dumps(question, separators=(",", ":"), sort_keys=True).encode()
        headers = {"Content-Type": "application/json"}
        request = Request(f"{self.origin}/cy/concern/box/{path}", octets, headers)  # noqa: S310 - http(s) only
        served = self._ask(request)
        if served.status == 404:
            return None
        try:
            found = json.loads(served.octets)
        except ValueError:
            found = None
        if served.status != 200 or not isinstance(found, dict):
            raise OSError(f"…/concern/box/{path} answered with {served.status}")
        return found

    def _ask(self, request: Request) -> Served:
        request.add_header("User-Agent", AS_A_BROWSER)
        request.add_header("Accept-Encoding", "identity")
        try:
            with self._opener.open(request, timeout=LONGEST_SECONDS) as answer:
                return Served(answer.status, answer.headers, answer.read(LONGEST_ANSWER))
        except HTTPError as refusal:
            with refusal:
                return Served(refusal.code, refusal.headers, refusal.read(LONGEST_ANSWER))
