"""What an administrator learns of emails that could not be delivered: whom they did not reach, and no case."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from portal.account.routes import router as account_router
from portal.administration.routes import router
from portal.audit.models import AuditEvent
from portal.core.db import Database
from portal.directory.models import Person
from portal.directory.rules import RoleName
from portal.notifications.dead import OF_DUTIES, told_of
from portal.notifications.letters import FOLDER, Addressee, to_person
from portal.notifications.mailers import Failure, Reason
from portal.notifications.models import OutboxLetter
from portal.notifications.service import MOST_TRIES, _failed, open_content, queue
from portal.settings.models import Settings
from tests.people import PASSWORD, Member, add_body, add_branch, add_member
from tests.visitors import Visitor, make_rooms, visiting

PAGE = "/en/my/admin/letters"
PEOPLE = {"admin": RoleName.ADMINISTRATOR, "mair": RoleName.DATA_PROTECTION_OFFICER, "gwen": None}
OF_ONES_OWN = ("case_news", "access_late", "answer_ready", "complaint_acknowledged", "search_task", "review_late")
WITHOUT_A_ROLE = {"account_invitation", "system_emergency", "system_starts", "system_suspended"}
TEMPLATES = sorted({path.name.partition(".")[0] for path in FOLDER.glob("*.txt")})


@dataclass
class Post:
    """A body, another one, a branch, and letters that nobody takes."""

    database: Database
    settings: Settings
    now: datetime
    members: dict[str, Member]

    def given_up(self, who: str, template: str, values: dict[str, str] | None = None) -> str:
        with self.database.writing() as session:
            to = to_person(self.members[who].person) if who in self.members else Addressee(who, None)
            row = queue(session, vault=self.settings.vault, to=to, template=template, values=values or {}, now=self.now)
            assert row is not None
            row.tries = MOST_TRIES
            letter_id = row.id
        _failed(self.database, letter_id, Reason(Failure.ADDRESS, 550), self.now + timedelta(days=2))
        return letter_id

    def state(self, letter_id: str) -> tuple[str, int, str]:
        with self.database.reading() as session:
            row = session.get_one(OutboxLetter, letter_id)
            return row.state, row.tries, open_content(row, self.settings.vault)[0].email


@pytest.fixture
def post(database: Database, settings: Settings, now: datetime) -> Post:
    with database.writing() as session:
        body, other, branch = add_body(session), add_body(session, "mynach"), add_branch(session)
        members = {
            name: add_member(
                session, settings, now, email=f"{name}@x.example", body=body, roles=(role,) if role else ()
            )
            for name, role in PEOPLE.items()
        }
        stranger, rep, secretary = RoleName.REVIEWER, RoleName.UNION_REPRESENTATIVE, RoleName.UNION_ADMINISTRATOR
        members["far"] = add_member(session, settings, now, email="far@y.example", body=other, roles=(stranger,))
        members["rep"] = add_member(session, settings, now, email="rep@u.example", branch=branch, roles=(rep,))
        members["union"] = add_member(
            session, settings, now, email="union@u.example", branch=branch, roles=(secretary,)
        )
    return Post(database, settings, now, members)


@pytest.fixture
def rooms(post: Post) -> Iterator[dict[str, Visitor]]:
    app = make_rooms(post.settings, post.database, account_router, router)
    with visiting(app) as admin, visiting(app) as union, visiting(app) as mair:
        for name, one in (("admin", admin), ("union", union), ("mair", mair)):
            one.get("/en/my/sign-in")
            domain = "u" if name == "union" else "x"
            one.post("/en/my/sign-in", {"email": f"{name}@{domain}.example", "password": PASSWORD})
        yield {"admin": admin, "union": union, "mair": mair}


def test_whoever_administers_sees_whom_emails_did_not_reach_and_why(post: Post, rooms: dict[str, Visitor]) -> None:
    assert "No invitation and no email" in rooms["admin"].get(PAGE).text
    post.given_up("mair", "access_due_soon")
    post.given_up("gwen", "account_invitation", {"name": "G", "inviter": "A", "address": "", "token": "t"})
    page = rooms["admin"].get(PAGE).text
    for shown in ("mair@x.example", "gwen@x.example", "(550)", "this address does not exist", "24 November 2026"):
        assert shown in page
    assert "Invite them again" in page
    assert rooms["mair"].get(PAGE).status_code == 404


def test_of_nobodys_own_case_does_the_page_say_a_word(post: Post, rooms: dict[str, Visitor]) -> None:
    nothing = rooms["admin"].get(PAGE).text
    for template in (
        "case_news",
        "access_late",
        "answer_ready",
        "complaint_acknowledged",
        "search_task",
        "review_late",
    ):
        post.given_up("gwen", template)
        post.given_up("mair", template)
    post.given_up("somebody@elsewhere.example", "case_received")
    assert masked(rooms["admin"].get(PAGE).text) == masked(nothing)
    assert rooms["admin"].post(f"{PAGE}/{post.members['gwen'].person.id}/again").status_code == 404


def masked(page: str) -> str:
    return re.sub(r'(nonce|value|content)="[^"]*"', "", page)


def test_each_side_sees_its_own_people_alone(post: Post, rooms: dict[str, Visitor]) -> None:
    for who in ("mair", "rep", "far"):
        post.given_up(who, "concern_waiting", {"address": ""})
    admin, union = rooms["admin"].get(PAGE).text, rooms["union"].get(PAGE).text
    assert ("mair@x.example" in admin, "rep@u.example" in admin, "far@y.example" in admin) == (True, False, False)
    assert ("mair@x.example" in union, "rep@u.example" in union, "far@y.example" in union) == (False, True, False)
    for who in ("rep", "far"):
        rooms["admin"].get(PAGE)
        assert rooms["admin"].post(f"{PAGE}/{post.members[who].person.id}/again").status_code == 404


def test_sent_again_it_goes_to_the_address_of_now_and_takes_ones_own_along(
    post: Post, rooms: dict[str, Visitor]
) -> None:
    duty, own = post.given_up("mair", "access_due_soon"), post.given_up("mair", "case_news")
    link = post.given_up("mair", "account_reset", {"name": "M", "address": "", "token": "t"})
    person_id = post.members["mair"].person.id
    with post.database.writing() as session:
        session.get_one(Person, person_id).email = "mair.new@x.example"
    assert "New address: mair.new@x.example" in rooms["admin"].get(PAGE).text
    assert rooms["admin"].post(f"{PAGE}/{person_id}/again").status_code == 303
    assert post.state(duty) == post.state(own) == ("waiting", 0, "mair.new@x.example")
    assert post.state(link)[0] == "dead", "a link that has ended helps nobody"
    with post.database.reading() as session:
        audited = session.scalars(select(AuditEvent).where(AuditEvent.event == "letters.sent_again")).one()
        assert (audited.subject, audited.facts) == (person_id, {})
    assert "mair" not in rooms["admin"].get(f"{PAGE}?sent=yes").text


@pytest.mark.parametrize("template", TEMPLATES)
def test_without_a_role_nothing_but_invitations_and_notices_is_told(template: str) -> None:
    assert (told_of(template, has_role=False) is not None) == (template in WITHOUT_A_ROLE)


def test_what_is_told_of_duties_are_letters() -> None:
    assert set(TEMPLATES) >= OF_DUTIES
