"""Letters on the wire: a mail server of the tests' own takes them over TCP, or does not, in every way there is."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portal.core.text import Locale
from portal.core.vault import VaultError
from portal.notifications.letters import Addressee, Letter, write_letter
from portal.notifications.mailers import (
    ConsoleMailer,
    Failure,
    Reason,
    ServerAway,
    SmtpMailer,
    compose,
    make_mailer,
    reason_of,
)
from portal.settings.models import Settings
from tests.notifications.mailserver import DROPS, HOST, MailServer, make_certificate, running

LETTER = write_letter(Addressee("sian@example.cymru", None), "case_news", {}, "l" * 26)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with running(MailServer()) as made:
        yield made


def speaking_to(server: MailServer, settings: Settings, *, patience: float = 20, **changes: Any) -> SmtpMailer:
    plain = {"mailer": "smtp", "smtp_host": HOST, "smtp_port": server.port, "smtp_starttls": False,
             "mail_from": "Porth <porth@bwrdd.example.cymru>"}  # fmt: skip
    return SmtpMailer(settings.model_copy(update=plain | changes), patience=patience)


@pytest.fixture
def mailer(server: MailServer, settings: Settings) -> SmtpMailer:
    return speaking_to(server, settings)


def failing(mailer: SmtpMailer) -> Reason:
    with pytest.raises((OSError, smtplib.SMTPException)) as met:
        mailer.send(LETTER)
    assert isinstance(met.value, Exception)
    return reason_of(met.value)


def test_a_letter_arrives_with_both_languages_welsh_first(mailer: SmtpMailer, server: MailServer) -> None:
    mailer.send(LETTER)
    (message,) = server.messages
    assert (message["To"], message["From"]) == ("sian@example.cymru", "Porth <porth@bwrdd.example.cymru>")
    assert message["Content-Language"] == "cy, en"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Subject"] == LETTER.subject
    assert message.get_content().replace("\r\n", "\n").strip() == LETTER.text.strip()


def test_the_same_letter_has_the_same_name_at_every_try(mailer: SmtpMailer, server: MailServer) -> None:
    for _ in range(2):
        mailer.send(LETTER)
    assert server.ids == [f"<{'l' * 26}@bwrdd.example.cymru>"] * 2
    assert all(re.search(r"\d\d:\d\d:\d\d \+0000$", message["Date"]) for message in server.messages)


def test_welsh_letters_with_a_circumflex_survive_the_journey(mailer: SmtpMailer, server: MailServer) -> None:
    mailer.send(Letter("a@example.cymru", "Ŵyn a dŵr", ((Locale.CY, "Mae’r dŵr yn y tŷ.\n.\n.dot"),)))
    (message,) = server.messages
    assert message["Subject"] == "Ŵyn a dŵr"
    assert message.get_content().replace("\r\n", "\n").strip() == "Mae’r dŵr yn y tŷ.\n.\n.dot"


def test_with_starttls_and_a_password_a_letter_travels_sealed(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls, shown = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(shown))
    known: dict[str, Any] = {"smtp_starttls": True, "smtp_user": "porth", "smtp_password": "cyfrinair hir"}
    with running(MailServer(tls=tls, login=("porth", "cyfrinair hir"))) as server:
        speaking_to(server, settings, **known).send(LETTER)
        assert len(server.messages) == 1
        assert [line.split(" ")[0] for line in server.heard][:4] == ["ehlo", "STARTTLS", "ehlo", "AUTH"]
        wrong = speaking_to(server, settings, **known | {"smtp_password": "arall"})
        assert failing(wrong) == (Failure.AWAY, None)
        assert len(server.messages) == 1


def test_a_server_whose_certificate_nobody_vouches_for_gets_neither_password_nor_letter(
    settings: Settings, tmp_path: Path
) -> None:
    with running(MailServer(tls=make_certificate(tmp_path)[0])) as server:
        mailer = speaking_to(server, settings, smtp_starttls=True, smtp_user="porth", smtp_password="x")
        with pytest.raises(ServerAway) as met:
            mailer.send(LETTER)
        assert isinstance(met.value.__cause__, ssl.SSLCertVerificationError)
        assert not any(line.startswith(("mail", "rcpt", "AUTH")) for line in server.heard)


def test_a_server_without_starttls_is_not_spoken_to_when_it_is_demanded(settings: Settings, server: MailServer) -> None:
    assert failing(speaking_to(server, settings, smtp_starttls=True)).failure is Failure.AWAY
    assert server.messages == []
    assert not any(line.startswith(("mail", "rcpt", "AUTH")) for line in server.heard)


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"RCPT": "550 nobody here"}, Reason(Failure.ADDRESS, 550)),
        ({"RCPT": "450 greylisted"}, Reason(Failure.LATER, 450)),
        ({"RCPT": "421 I go now"}, Reason(Failure.LATER, 421)),
        ({"MAIL": "553 not from you"}, Reason(Failure.REJECTED, 553)),
        ({"MAIL": "451 later"}, Reason(Failure.LATER, 451)),
        ({"DATA": "554 no"}, Reason(Failure.REJECTED, 554)),
        ({".": "554 looks like spam"}, Reason(Failure.REJECTED, 554)),
        ({".": "452 no room"}, Reason(Failure.LATER, 452)),
        ({"RCPT": DROPS}, Reason(Failure.BROKEN)),
        ({".": DROPS}, Reason(Failure.BROKEN)),
        ({"greeting": "421 too busy"}, Reason(Failure.AWAY)),
        ({"greeting": DROPS}, Reason(Failure.AWAY)),
    ],
    ids=lambda value: "-".join(f"{verb} {said}" for verb, said in value.items()) if isinstance(value, dict) else "",
)
def test_each_way_of_saying_no_is_told_apart(
    mailer: SmtpMailer, server: MailServer, answers: dict[str, str], reason: Reason
) -> None:
    server.answers.update(answers)
    assert failing(mailer) == reason
    assert server.messages == []


def test_a_connection_that_is_cut_in_the_middle_of_a_letter_is_a_failure(
    mailer: SmtpMailer, server: MailServer
) -> None:
    server.cuts_after = 3
    assert failing(mailer) == Reason(Failure.BROKEN)
    assert server.messages == []


@pytest.mark.parametrize("verb", ["greeting", "EHLO", "."])
def test_a_slow_server_is_waited_for_so_long_and_no_longer(settings: Settings, server: MailServer, verb: str) -> None:
    server.waits[verb] = 60  # longer than a test may take
    assert failing(speaking_to(server, settings, patience=0.2)).failure in (Failure.AWAY, Failure.BROKEN)


def test_what_goes_wrong_after_the_letter_was_taken_undoes_it_not(mailer: SmtpMailer, server: MailServer) -> None:
    server.answers["QUIT"] = DROPS
    mailer.send(LETTER)
    assert len(server.messages) == 1


def test_no_server_at_all_is_no_letters_fault(settings: Settings) -> None:
    with running(MailServer()) as server:
        pass
    assert failing(speaking_to(server, settings)) == Reason(Failure.AWAY)


@pytest.mark.parametrize("error", [VaultError("gone"), KeyError("token"), ValueError("linefeed")])
def test_a_letter_that_cannot_be_written_is_told_from_one_that_nobody_takes(error: Exception) -> None:
    assert reason_of(error) == Reason(Failure.UNWRITTEN)


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
