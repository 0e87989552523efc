"""«You said, we did»: written by one person, signed by another, and final then."""

from collections.abc import Iterator
from datetime import date

import pytest

from portal.cases.turn import Desk
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.ids import new_id
from portal.statistics.models import FrozenIsFinal, ReportText
from portal.statistics.queries import find_draft, find_text
from portal.statistics.service import NewText, sign_text, write_text
from tests.statistics.conftest import SPRING, SUMMER, Joint

NEW = NewText("", "Roedd y rota’n hwyr", "The rota was late", "Mae’n dod wythnos ynghynt", "It comes a week sooner")


@pytest.fixture
def told(joint: Joint) -> Iterator[Joint]:
    joint.freeze(SUMMER)
    yield joint


def desk(joint: Joint) -> Desk:
    return joint.seated.desk


def write(joint: Joint, who: str, text_id: str | None = None) -> str:
    new = NewText(text_id or new_id(), NEW.you_said_cy, NEW.you_said_en, NEW.we_did_cy, NEW.we_did_en)
    with joint.database.writing() as session:
        actor = joint.seated.actor(who)
        return write_text(session, actor, joint.body_id, SUMMER, new, desk=desk(joint)).id


def sign(joint: Joint, who: str, text_id: str) -> None:
    with joint.database.writing() as session:
        sign_text(session, joint.seated.actor(who), joint.body_id, SUMMER, text_id, desk=desk(joint))


def shown(joint: Joint, as_at: date | None = None) -> str | None:
    with joint.database.reading() as session:
        found = find_text(session, joint.body_id, SUMMER, as_at=as_at)
        return found.id if found is not None else None


def test_a_text_is_shown_once_somebody_else_has_signed_it(told: Joint) -> None:
    text_id = write(told, "head")
    assert shown(told) is None
    with pytest.raises(Refused):
        sign(told, "head", text_id)
    sign(told, "rep", text_id)
    sign(told, "rep", text_id)
    assert shown(told) == text_id
    assert shown(told, as_at=date(2026, 1, 1)) is None
    with told.database.reading() as session:
        assert find_draft(session, told.body_id, SUMMER) is None


def test_who_signs_signs_what_they_read(told: Joint) -> None:
    first = write(told, "head")
    second = write(told, "outside")
    with pytest.raises(Conflict):
        sign(told, "rep", first)
    sign(told, "head", second)
    third = write(told, "head")
    assert shown(told) == second, "a new text changes nothing until it is signed"
    sign(told, "outside", third)
    assert shown(told) == third


def test_a_form_sent_twice_writes_one_text_and_nobody_takes_anothers(told: Joint) -> None:
    own = new_id()
    assert write(told, "head", own) == write(told, "head", own) == own
    with pytest.raises(NotFound):
        write(told, "outside", own)


def test_strangers_and_reports_that_are_not_there_are_not_found(told: Joint) -> None:
    text_id = write(told, "head")
    with pytest.raises(NotFound):
        sign(told, "elsewhere", text_id)
    with pytest.raises(NotFound):
        write(told, "elsewhere")
    with pytest.raises(NotFound), told.database.writing() as session:
        write_text(session, told.seated.actor("head"), told.body_id, SPRING, NEW, desk=desk(told))


def test_a_signed_text_is_final_and_an_unsigned_one_can_only_be_signed(told: Joint) -> None:
    signed, draft = write(told, "head"), ""
    sign(told, "outside", signed)
    draft = write(told, "head")
    for text_id, name, value in (
        (signed, "signed_by", told.seated.people["rep"]),
        (signed, "you_said_en", "Otherwise"),
        (draft, "we_did_cy", "Fel arall"),
    ):
        with pytest.raises(FrozenIsFinal), told.database.writing() as session:
            setattr(session.get_one(ReportText, text_id), name, value)
            session.flush()
