"""Letters on the wire: a small SMTP server in the test takes them as any mail server would."""

import email
import email.policy
import smtplib
import socketserver
import threading
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from portal.core.text import Locale
from portal.notifications.letters import Addressee, Letter, write_letter
from portal.notifications.mailers import ConsoleMailer, ServerAway, SmtpMailer, compose, make_mailer
from portal.settings.models import Settings

LETTER = write_letter(Addressee("sian@example.cymru", None), "case_news", {})


class Conversation(socketserver.StreamRequestHandler):
    """Just enough of RFC 5321 to take one message."""

    server: "MailServer"

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.say("220 test")
        while line := self.rfile.readline().decode().strip():
            self.server.heard.append(line)
            verb = line.partition(" ")[0].upper()
            if verb == "DATA":
                self.say("354 go on")
                self.server.messages.append(self._data())
                self.say("250 kept")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say(self.server.answers.get(verb, "250 ok"))

    def _data(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line[1:] if line.startswith(b"..") else line)
        message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        return message


class MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.heard: list[str] = []
        self.messages: list[EmailMessage] = []
        self.answers: dict[str, str] = {}


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield made
        made.shutdown()
        thread.join(5)


@pytest.fixture
def mailer(server: MailServer, settings: Settings) -> SmtpMailer:
    changes = {"mailer": "smtp", "smtp_host": "127.0.0.1", "smtp_port": server.server_address[1],
               "smtp_starttls": False, "mail_from": "porth@bwrdd.example.cymru"}  # fmt: skip
    return SmtpMailer(settings.model_copy(update=changes))


def test_a_letter_arrives_with_both_languages_welsh_first(mailer: SmtpMailer, server: MailServer) -> None:
    mailer.send(LETTER)
    (message,) = server.messages
    assert (message["To"], message["From"]) == ("sian@example.cymru", "porth@bwrdd.example.cymru")
    assert message["Content-Language"] == "cy, en"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Subject"] == LETTER.subject
    assert message.get_content().replace("\r\n", "\n").strip() == LETTER.text.strip()


def test_welsh_letters_with_a_circumflex_survive_the_journey(mailer: SmtpMailer, server: MailServer) -> None:
    mailer.send(Letter("a@example.cymru", "Ŵyn a dŵr", ((Locale.CY, "Mae’r dŵr yn y tŷ.\n.\n.dot"),)))
    (message,) = server.messages
    assert message["Subject"] == "Ŵyn a dŵr"
    assert message.get_content().replace("\r\n", "\n").strip() == "Mae’r dŵr yn y tŷ.\n.\n.dot"


def test_a_server_without_starttls_is_not_spoken_to_when_it_is_demanded(settings: Settings, server: MailServer) -> None:
    port = server.server_address[1]
    strict = SmtpMailer(settings.model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": port}))
    with pytest.raises(ServerAway):
        strict.send(LETTER)
    assert server.messages == []
    assert not any(line.startswith(("MAIL", "RCPT", "AUTH")) for line in server.heard)


def test_a_refused_recipient_is_a_failure(mailer: SmtpMailer, server: MailServer) -> None:
    server.answers["RCPT"] = "550 nobody here"
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        mailer.send(LETTER)


def test_no_server_at_all_is_a_failure_of_the_kind_the_outbox_expects(settings: Settings, server: MailServer) -> None:
    port = server.server_address[1]
    server.server_close()
    with pytest.raises(ServerAway):
        SmtpMailer(settings.model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": port})).send(LETTER)


@pytest.mark.parametrize("address", ["a@example.cymru\nBcc: everybody@example.cymru", "a@example.cymru\r\n\r\nHello"])
def test_an_address_cannot_bring_a_header_of_its_own(address: str, settings: Settings) -> None:
    with pytest.raises(ValueError, match="linefeed"):
        compose(Letter(address, "S", ((Locale.CY, "T"),)), settings)


def test_the_console_shows_who_what_and_the_link(capsys: pytest.CaptureFixture[str], settings: Settings) -> None:
    mailer = make_mailer(settings)
    assert isinstance(mailer, ConsoleMailer)
    mailer.send(LETTER)
    shown = capsys.readouterr().out
    assert "To: sian@example.cymru" in shown
    assert LETTER.text in shown
