"""The ways a letter leaves. The demonstration prints; production speaks SMTP."""

import smtplib
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from enum import StrEnum
from typing import NamedTuple, Protocol

from portal.core.vault import VaultError
from portal.notifications.letters import Letter
from portal.settings.models import Settings

CANNOT_BE_SENT = (OSError, smtplib.SMTPException, VaultError, LookupError, ValueError)
"""The mail server's refusal, a key that is gone, a template that asks for another value, an address no header takes."""


class ServerAway(OSError):
    """No letter can leave: nobody answers there, or it is not the server that was agreed. No letter is to blame."""


class Failure(StrEnum):
    """Why a letter did not leave."""

    ADDRESS = "address"  # the server says for good that it takes nothing for this address
    LATER = "later"  # the server says: not now
    REJECTED = "rejected"  # the server says for good that it does not take this letter
    BROKEN = "broken"  # the connection broke, or took too long: nobody knows whether the server has it
    UNWRITTEN = "unwritten"  # its key is gone, or it cannot be put into words
    AWAY = "away"  # there was no server to speak to


class Reason(NamedTuple):
    """Why a letter did not leave, and the server's number for it."""

    failure: Failure
    code: int | None = None


def reason_of(error: Exception) -> Reason:
    """What an error of a mailer means. Of the server's words nothing is kept: they may name the address."""
    if isinstance(error, ServerAway):
        return Reason(Failure.AWAY)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _said in error.recipients.values()]
        return Reason(Failure.ADDRESS if min(codes) >= 500 else Failure.LATER, min(codes))
    if isinstance(error, smtplib.SMTPResponseException):
        return Reason(Failure.REJECTED if error.smtp_code >= 500 else Failure.LATER, error.smtp_code)
    if isinstance(error, VaultError | LookupError | ValueError):
        return Reason(Failure.UNWRITTEN)
    return Reason(Failure.REJECTED if isinstance(error, smtplib.SMTPNotSupportedError) else Failure.BROKEN)


class Mailer(Protocol):
    """Sends one letter or raises one of ``CANNOT_BE_SENT``."""

    def send(self, letter: Letter) -> None: ...


class ConsoleMailer:
    """Prints letters, so that somebody trying the demonstration can follow their links."""

    def send(self, letter: Letter) -> None:
        frame = "=" * 72
        sys.stdout.write(f"\n{frame}\nTo: {letter.email}\nSubject: {letter.subject}\n\n{letter.text}\n{frame}\n")
        sys.stdout.flush()


class SmtpMailer:
    """Sends by SMTP, with STARTTLS unless the operator turned it off. ``patience`` is for each word of the server."""

    def __init__(self, settings: Settings, *, patience: float = 20) -> None:
        self._settings = settings
        self._patience = patience

    def send(self, letter: Letter) -> None:
        message = compose(letter, self._settings)
        with self._server() as server:
            server.send_message(message)

    @contextmanager
    def _server(self) -> Iterator[smtplib.SMTP]:
        """A server that is ready for a letter. What goes wrong when it is thanked afterwards undoes no letter."""
        settings = self._settings
        try:
            server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=self._patience)
        except (OSError, smtplib.SMTPException) as failure:
            raise ServerAway from failure
        try:
            self._introduce(server)
            yield server
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
        finally:
            server.close()

    def _introduce(self, server: smtplib.SMTP) -> None:
        settings = self._settings
        try:
            server.ehlo_or_helo_if_needed()
            if settings.smtp_starttls:
                server.starttls(context=ssl.create_default_context())
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
        except (OSError, smtplib.SMTPException) as failure:
            raise ServerAway from failure


def compose(letter: Letter, settings: Settings) -> EmailMessage:
    """The message as it travels: one plain text, both languages in it where no preference is known."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.mail_from, letter.email, letter.subject
    message["Date"] = format_datetime(settings.clock.now())
    if letter.id:
        message["Message-ID"] = f"<{letter.id}@{_domain(settings.mail_from)}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    # After the text: setting it takes every header away that begins with Content-.
    message["Content-Language"] = ", ".join(locale.value for locale, _text in letter.parts)
    return message


def _domain(sender: str) -> str:
    """Of the sender's address: by it and a letter's id a mail system knows the letter again."""
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"


def make_mailer(settings: Settings) -> Mailer:
    """The mailer of these settings."""
    return ConsoleMailer() if settings.mailer == "console" else SmtpMailer(settings)
