"""A small keep-alive client: it costs little beside what it measures, and counts the bytes that came over the wire."""

import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from urllib.parse import urlencode

HOST = "127.0.0.1"
BROWSER = {"accept": "text/html", "accept-encoding": "gzip, deflate, br, zstd", "accept-language": "cy,en;q=0.8"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
HIDDEN = re.compile(r'name="csrf" value="([^"]+)"')
TIMEOUT = 60


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers in lower case, the body as sent, and every byte of the answer counted."""

    status: int
    headers: dict[str, str]
    body: bytes
    wire: int


@dataclass(frozen=True)
class Ask:
    """One request, ready to be sent many times."""

    octets: bytes
    status: int = 200

    @classmethod
    def get(cls, path: str, *, status: int = 200, **headers: str) -> "Ask":
        return cls(_head("GET", path, headers) + b"\r\n", status)

    @classmethod
    def post(cls, path: str, body: bytes, *, status: int = 200, **headers: str) -> "Ask":
        return cls(_head("POST", path, {**headers, "content-length": str(len(body))}) + b"\r\n" + body, status)

    @classmethod
    def form(cls, path: str, fields: Mapping[str, str], *, status: int = 200, **headers: str) -> "Ask":
        return cls.post(path, urlencode(fields).encode(), status=status, **FORM, **headers)


def _head(method: str, path: str, headers: Mapping[str, str]) -> bytes:
    named = {name.replace("_", "-"): value for name, value in (BROWSER | dict(headers)).items()}
    lines = [f"{method} {path} HTTP/1.1", f"host: {HOST}", *(f"{name}: {value}" for name, value in named.items())]
    return ("\r\n".join(lines) + "\r\n").encode("latin-1")


class Line:
    """One connection that stays open."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection((HOST, port), TIMEOUT)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._kept = b""

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._socket.close()

    def ask(self, request: Ask) -> Answer:
        """Send and read one answer; a status that was not expected is an error, so that no error page is measured."""
        answer = self.exchange(request.octets)
        if answer.status != request.status:
            raise RuntimeError(f"{request.octets[:80]!r} was answered {answer.status}, not {request.status}")
        return answer

    def exchange(self, octets: bytes) -> Answer:
        """Send and read one answer, whatever it is."""
        self._socket.sendall(octets)
        head, _, rest = self._read_until(b"\r\n\r\n").partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        status = int(first.split(" ")[1])
        length = int(headers.get("content-length", "0"))
        while len(rest) < length:
            rest += self._receive()
        body, self._kept = rest[:length], rest[length:]
        return Answer(status, headers, body, len(head) + 4 + len(body))

    def _read_until(self, mark: bytes) -> bytes:
        found, self._kept = self._kept, b""
        while mark not in found:
            found += self._receive()
        return found

    def _receive(self) -> bytes:
        piece = self._socket.recv(65536)
        if not piece:
            raise ConnectionResetError("the server closed the connection")
        return piece


def sign_in(port: int, email: str, password: str) -> str:
    """The cookie of somebody who signed in."""
    with Line(port) as line:
        asked = Ask.form("/en/my/sign-in", {"email": email, "password": password}, status=303)
        return line.ask(asked).headers["set-cookie"].partition(";")[0]
