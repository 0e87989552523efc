"""The ways a letter leaves. The demonstration prints; production speaks SMTP."""

import smtplib
import ssl
import sys
from email.message import EmailMessage
from typing import Protocol

from portal.notifications.letters import Letter
from portal.settings.models import Settings


class Mailer(Protocol):
    """Sends one letter or raises OSError or smtplib.SMTPException."""

    def send(self, letter: Letter) -> None: ...


class ConsoleMailer:
    """Prints letters, so that somebody trying the demonstration can follow their links."""

    def send(self, letter: Letter) -> None:
        frame = "=" * 72
        sys.stdout.write(f"\n{frame}\nTo: {letter.email}\nSubject: {letter.subject}\n\n{letter.text}\n{frame}\n")
        sys.stdout.flush()


class SmtpMailer:
    """Sends by SMTP, with STARTTLS unless the operator turned it off."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(self, letter: Letter) -> None:
        settings = self._settings
        with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=20) as server:
            if settings.smtp_starttls:
                server.starttls(context=ssl.create_default_context())
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
            server.send_message(compose(letter, settings.mail_from))


def compose(letter: Letter, sender: str) -> EmailMessage:
    """The message as it travels: one plain text, both languages in it where no preference is known."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, letter.email, letter.subject
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    # After the text: setting it takes every header away that begins with Content-.
    message["Content-Language"] = ", ".join(locale.value for locale, _text in letter.parts)
    return message


def make_mailer(settings: Settings) -> Mailer:
    """The mailer of these settings."""
    return ConsoleMailer() if settings.mailer == "console" else SmtpMailer(settings)
