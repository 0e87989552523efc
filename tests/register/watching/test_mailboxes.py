"""Mailboxes of entries: what a domain has to say, what is kept, what the editor sees. No name is looked up here."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import dns.message
import dns.name
import dns.resolver
import dns.rrset
import pytest
from sqlalchemy import select

from portal.core.db import Database
from portal.register.models import System
from portal.register.watching import links
from portal.register.watching.links import Tools
from portal.register.watching.mailboxes import Dns, MailFinding, NoSuchDomain, NotKnown, try_mailbox
from portal.register.watching.models import LinkCheck, LinkRound
from tests.register.watching.book import MISSING, SILENT, Book

TODAY = date(2026, 11, 22)
HERE = "fleet@here.example"
FAILURES: Any = dns.resolver
NAMES: Any = dns.name


class Quiet:
    """A web where everything answers."""

    def answers(self, address: str) -> bool:
        return True


@pytest.mark.parametrize(
    ("told", "finding"),
    [
        ({}, None),
        ({"here_example": MISSING}, MailFinding.NO_DOMAIN),
        ({"here_example": {"MX": ["."]}}, MailFinding.NO_MAIL),
        ({"here_example": {"A": ["192.0.2.7"]}}, None),
        ({"here_example": {"AAAA": ["2001:db8::7"]}}, None),
        ({"here_example": {}}, MailFinding.NO_SERVER),
        ({"mx_post_example": MISSING}, MailFinding.NO_SERVER),
        ({"mx_post_example": {}}, MailFinding.NO_SERVER),
        ({"here_example": {"MX": ["gone.example.", "mx.post.example."]}, "gone_example": MISSING}, None),
        ({"here_example": {"MX": [".", "mx.post.example."]}, "": MISSING}, None),
    ],
)
def test_a_domain_takes_mail_by_its_servers_or_by_itself(told: dict[str, Any], finding: MailFinding | None) -> None:
    assert try_mailbox(HERE, Book(**told)) is finding


def test_nothing_is_said_of_a_name_of_which_nobody_answers() -> None:
    for name in ("here_example", "mx_post_example"):
        with pytest.raises(NotKnown):
            try_mailbox(HERE, Book(**{name: SILENT}))


class Canned(dns.resolver.Resolver):
    """The library's resolver over answers that were written down."""

    def __init__(self, answer: Exception | list[str]) -> None:
        super().__init__(configure=False)
        self.answer = answer

    def resolve(self, qname: Any, rdtype: Any = "A", *_args: Any, **_more: Any) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        query = dns.message.make_query(qname, rdtype)
        told = dns.message.make_response(query)
        told.answer = [dns.rrset.from_text(qname + ".", 60, "IN", rdtype, *self.answer)]
        question = query.question[0]
        read: Any = dns.message.from_wire(told.to_wire())
        return dns.resolver.Answer(question.name, question.rdtype, question.rdclass, read)


def test_servers_come_best_first() -> None:
    told = Canned(["20 second.example.", "10 first.example."])
    assert list(Dns(told).look_up("here.example", "MX")) == ["first.example.", "second.example."]
    assert list(Dns(Canned(["192.0.2.9"])).look_up("here.example", "A")) == ["192.0.2.9"]


@pytest.mark.parametrize(
    ("failure", "raised"),
    [
        (FAILURES.NXDOMAIN(), NoSuchDomain),
        (FAILURES.NoNameservers(), NotKnown),
        (FAILURES.LifetimeTimeout(timeout=5.0, errors=[]), NotKnown),
        (FAILURES.NoResolverConfiguration(), NotKnown),
        (OSError(), NotKnown),
        (NAMES.LabelTooLong(), NoSuchDomain),
    ],
)
def test_what_the_resolver_cannot_answer_is_told_apart(failure: Exception, raised: type[Exception]) -> None:
    with pytest.raises(raised):
        Dns(Canned(failure)).look_up("here.example", "MX")


def test_no_answer_is_an_empty_one() -> None:
    query = dns.message.make_query("here.example", "MX")
    silent = FAILURES.NoAnswer(response=dns.message.make_response(query))
    assert list(Dns(Canned(silent)).look_up("here.example", "MX")) == []


def passes(database: Database, names: Book, day: date = TODAY, refused: frozenset[str] = frozenset()) -> None:
    for _ in range(4):
        links.check_links(database, Tools(Quiet(), names, refused), today=day)


def failing(database: Database) -> Iterator[tuple[str, str | None, date | None]]:
    asked = select(LinkCheck).where(LinkCheck.field == "mailbox", LinkCheck.failing_since.is_not(None))
    with database.reading() as session:
        yield from [(row.address, row.finding, row.failing_since) for row in session.scalars(asked)]


def mailbox_of(database: Database) -> str:
    with database.reading() as session:
        return session.scalars(select(LinkCheck.address).where(LinkCheck.field == "mailbox").limit(1)).one()


def test_a_mailbox_that_nothing_reaches_is_kept_with_its_day_and_why_until_it_does(register: Database) -> None:
    domain = "dyffryn_cledwen_example"
    passes(register, Book(**{domain: MISSING}))
    found = list(failing(register))
    assert found and all(row[1:] == (MailFinding.NO_DOMAIN, TODAY) for row in found)
    passes(register, Book(**{domain: SILENT}), TODAY + timedelta(days=1))
    assert list(failing(register)) == found  # nobody answered: it stands as it stood
    passes(register, Book(), TODAY + timedelta(days=2))
    assert list(failing(register)) == []


def test_a_mailbox_that_refused_a_letter_for_good_is_told(register: Database) -> None:
    passes(register, Book())
    address = mailbox_of(register)
    passes(register, Book(), TODAY + timedelta(days=30), frozenset({address.casefold()}))
    assert {row[:2] for row in failing(register)} == {(address, MailFinding.REFUSED)}


def test_one_of_which_nobody_answered_is_tried_again_the_next_day(register: Database) -> None:
    passes(register, Book(dyffryn_cledwen_example=SILENT))
    with register.reading() as session:
        asked = select(LinkRound.next_on).join(System, System.id == LinkRound.system_id)
        days = set(session.scalars(asked.where(System.short_code == "K7RT3M")))
    assert days == {TODAY + timedelta(days=1)}
