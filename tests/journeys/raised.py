"""Concerns that were sent before a story begins: sealed as a reporter's device does, put into the story's portal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import select, update

from anonymity.encoding import to_b64u
from anonymity.item import About as SealedAbout
from anonymity.item import Matter as SealedMatter
from anonymity.item import SealedBy
from anonymity.plaintext import Plaintext
from anonymity.receipt import draw_code
from anonymity.reporting import Concern, raise_concern
from portal.concerns.casework.models import ReplyPair, SideLabel
from portal.concerns.casework.rules import Purpose, Side
from portal.concerns.queries import find_channel, get_about
from portal.concerns.reporting.service import card_of, store
from portal.core import ids
from portal.core.db import Database
from portal.core.text import Bilingual
from portal.directory.models import Person, RoleHolding, UnionBranch
from portal.register.models import System
from tests.serving import Server

BODY = "glannau-ogwen"


@dataclass(frozen=True)
class Raised:
    """A concern that was sent: its id as in addresses, and the words of its receipt."""

    case: str
    words: str


def raise_for(server: Server, body: str, *readers: str, left_out: Sequence[str] = (), day: date) -> Raised:
    """Send a concern about the roster to these readers, by their e-mail addresses."""
    return raise_many(server, [body], *readers, left_out=left_out, day=day)[0]


def raise_many(
    server: Server,
    bodies: Sequence[str],
    *readers: str,
    left_out: Sequence[str] = (),
    day: date,
    lang: Literal["cy", "en"] = "en",
) -> list[Raised]:
    """The same for many at once."""
    database = Database(server.database_url)
    sent = []
    with database.writing() as session:
        system = session.scalars(select(System).where(System.slug == "e-rostering")).one()
        about = get_about(session, BODY, f"system:{system.short_code}")
        channel = find_channel(session, about, today=day)
        emails = {one.id: one.email for one in session.scalars(select(Person))}
        cards = tuple(card_of(one) for one in channel.readers if emails[one.person_id] in readers)
        assert len(cards) == len(readers), "a reader has no key"
        out = tuple(sorted(one for one, email in emails.items() if email in left_out))
        for words in bodies:
            code = draw_code()
            sealed = SealedAbout(about.body.id, SealedMatter.SYSTEM, about.subject)
            concern = Concern(sealed, Plaintext(words), None, lang, day, cards, out)
            submission = raise_concern(concern, code, sealed_by=SealedBy.DEVICE)
            assert store(session, submission, today=day)
            sent.append(Raised(to_b64u(submission.case), " ".join(code.words("en"))))
    database.close()
    return sent


def leave_post(server: Server, email: str, *, day: date) -> None:
    """Somebody's duties end, as an import of the directory would end them."""
    database = Database(server.database_url)
    with database.writing() as session:
        person = session.scalars(select(Person).where(Person.email == email)).one()
        session.execute(update(RoleHolding).where(RoleHolding.person_id == person.id).values(ended_on=day))
    database.close()


def agree_in_branch(
    server: Server, branch: str, reply: tuple[str, Bilingual], label: Bilingual, *people: str, day: date
) -> None:
    """A reply with its name, and a label, that two people of a union branch have agreed, by e-mail addresses."""
    database = Database(server.database_url)
    with database.writing() as session:
        home = session.scalars(select(UnionBranch.id).where(UnionBranch.slug == branch)).one()
        by, other = (session.scalars(select(Person.id).where(Person.email == one)).one() for one in people)
        pair = ReplyPair(id=ids.new_id(), side=Side.UNION, home_id=home, purpose=Purpose.ACKNOWLEDGE, changed_on=day)
        (pair.name_cy, text), pair.name_en = reply, reply[0]
        pair.text_cy, pair.text_en = text.cy, text.en
        pair.written_by, pair.approved_by = by, other
        mark = SideLabel(id=ids.new_id(), side=Side.UNION, home_id=home, made_on=day)
        mark.name_cy, mark.name_en = label.cy, label.en
        mark.proposed_by, mark.approved_by = by, other
        session.add_all([pair, mark])
    database.close()
