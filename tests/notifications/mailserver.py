"""A mail server of the tests' own: RFC 5321 over real TCP, with STARTTLS, AUTH, and every way of failing."""

import asyncio
import base64
import email
import email.policy
import ipaddress
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
DROPS = "drops"
"""An answer that is none: the connection is cut."""


@dataclass
class MailServer:
    """What it heard and took. ``answers`` takes the place of the usual answer to a verb, ``after`` its first ones:
    ``{"RCPT": ["450 later"]}`` refuses once. ``DATA`` is the question, ``.`` the end of a message."""

    tls: ssl.SSLContext | None = None
    login: tuple[str, str] | None = None
    answers: dict[str, str] = field(default_factory=dict)
    first: dict[str, list[str]] = field(default_factory=dict)
    cuts_after: int | None = None
    waits: dict[str, float] = field(default_factory=dict)
    has_taken: Callable[[EmailMessage], None] | None = None
    heard: list[str] = field(default_factory=list)
    messages: list[EmailMessage] = field(default_factory=list)
    port: int = 0

    @property
    def ids(self) -> list[str]:
        return [message["Message-ID"] for message in self.messages]

    def said_to(self, verb: str, usual: str) -> str:
        first = self.first.get(verb)
        return first.pop(0) if first else self.answers.get(verb, usual)


@dataclass
class Talk:
    """One conversation."""

    server: MailServer
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    is_sealed: bool = False
    is_known: bool = False

    async def say(self, line: str) -> None:
        if line == DROPS:
            raise ConnectionAbortedError
        self.writer.write(f"{line}\r\n".encode())
        await self.writer.drain()

    async def hold(self) -> None:
        server = self.server
        await asyncio.sleep(server.waits.get("greeting", 0))
        await self.say(server.said_to("greeting", "220 test"))
        while line := (await self.reader.readline()).decode().strip():
            verb = line.partition(" ")[0].upper()
            server.heard.append(line)
            await asyncio.sleep(server.waits.get(verb, 0))
            if verb == "QUIT":
                await self.say(server.said_to("QUIT", "221 bye"))
                return
            await self.answer(verb, line)

    async def answer(self, verb: str, line: str) -> None:
        server = self.server
        if verb == "EHLO":
            offers = ["test", *(["STARTTLS"] if server.tls and not self.is_sealed else []), *(["AUTH PLAIN"])]
            for offer in offers[:-1]:
                await self.say(f"250-{offer}")
            await self.say(f"250 {offers[-1]}")
        elif verb == "STARTTLS" and server.tls is not None:
            await self.say("220 go on")
            await self.writer.start_tls(server.tls)
            self.is_sealed = True
        elif verb == "AUTH":
            given = base64.b64decode(line.split(" ")[2]).decode().split("\0")[1:]
            self.is_known = server.login is not None and tuple(given) == server.login
            await self.say("235 known" if self.is_known else "535 wrong")
        elif server.login is not None and not self.is_known:
            await self.say("530 say who you are")
        elif verb == "DATA":
            await self.take()
        else:
            await self.say(server.said_to(verb, "250 ok"))

    async def take(self) -> None:
        server = self.server
        answer = server.said_to("DATA", "354 go on")
        await self.say(answer)
        if not answer.startswith("354"):
            return
        lines: list[bytes] = []
        while (line := await self.reader.readline()) != b".\r\n":
            lines.append(line[1:] if line.startswith(b"..") else line)
            if server.cuts_after is not None and len(lines) > server.cuts_after:
                raise ConnectionAbortedError
        message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        answer = server.said_to(".", "250 kept")
        if answer.startswith("250"):
            server.messages.append(message)
            if server.has_taken is not None:
                server.has_taken(message)
        await asyncio.sleep(server.waits.get(".", 0))
        await self.say(answer)


@contextmanager
def running(server: MailServer) -> Iterator[MailServer]:
    """The server in a thread of its own, on a free port; every conversation has ended when this does."""
    loop, is_ready, ends = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    talks: set[asyncio.Task[None]] = set()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        talks.add(task)
        try:
            await Talk(server, reader, writer).hold()
        except (OSError, ssl.SSLError, asyncio.CancelledError):
            writer.transport.abort()
        finally:
            talks.discard(task)
            writer.close()

    async def serve() -> None:
        listening = await asyncio.start_server(converse, HOST, 0)
        server.port = listening.sockets[0].getsockname()[1]
        is_ready.set()
        await ends.wait()
        listening.close()
        for talk in list(talks):
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert is_ready.wait(5)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(ends.set)
        thread.join(5)
        loop.close()


def make_certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A self-made certificate for this machine: what a server shows, and the file by which it is believed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail of the tests")])
    now = datetime.now(UTC)
    alone = x509.BasicConstraints(ca=True, path_length=None)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(alone, critical=True)
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    shown, secret = folder / "mail.pem", folder / "mail.key"
    shown.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown, secret)
    return context, shown
