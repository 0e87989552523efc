"""Complaints of the demonstration's health board, each on its day by the portal's own verbs. No letter goes out."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.queries import find_assigned
from portal.cases.rules import Duty
from portal.cases.sent import Sent
from portal.cases.turn import Desk
from portal.cli.access_seeds import SECOND_LOOK, Board, forget_letters, list_letters
from portal.complaints import deciding, ending, enquiring, service
from portal.complaints.models import ComplaintAlternate
from portal.complaints.opening import NewComplaint, acknowledge, submit
from portal.complaints.rules import Channel, Outcome, Theme
from portal.core import ids
from portal.core.db import Database
from portal.core.text import Locale, Words
from portal.directory.queries import find_person_by_email
from portal.identity.actor import Actor
from portal.identity.queries import get_actor_of
from portal.settings.models import Settings

NAMED = ("mair.tudur@dyffryn-cledwen.example", "jonathan.pryce.lewis@dyffryn-cledwen.example")
"""Officers of the council, named for complaints about the health board's own data protection team."""
ROSTERED = "nia.meredith"
ROSTER = (
    "Pan ddes i yn ôl ar ôl bod yn sâl, roedd y rota yn fy rhoi ar y nosweithiau nad oedd neb arall eu heisiau. "
    "Dywedodd fy rheolwr fod y system yn gwybod am fy nyddiau salwch. Ni ddywedodd neb wrthyf y byddai’r data hwnnw "
    "yn cael ei ddefnyddio fel hyn."
)
LETTER = (
    "I am writing because the list with everybody’s home telephone number hung in the staff room for a week. "
    "I had given mine to the ward for emergencies and for nothing else."
)
SLOW = "I asked for a copy of my data and got an answer. Nobody has answered my questions about what was cut out of it."
WRONG = "The trigger score counted two days that were annual leave. I told the team twice and it is still there."


def seed_complaints(database: Database, settings: Settings) -> None:
    """Five complaints, from one that nobody has acknowledged to one whose outcome was sent."""
    with database.writing() as session:
        board = Board(session, settings, settings.clock.now())
        letters = list_letters(session)
        _name(board)
        _being_asked(board)
        _on_paper(board)
        _put_right(board)
        _about_the_office(board)
        _at_the_ico(board)
        forget_letters(session, letters)


def _name(board: Board) -> None:
    administrator = board.actor("heledd.sivell")
    for place, email in enumerate(NAMED):
        person = find_person_by_email(board.session, email)
        if person is None:
            raise RuntimeError("the demonstration's directory has changed")
        board.session.add(
            ComplaintAlternate(
                id=ids.new_id(),
                body_id=administrator.body_id or "",
                person_id=person.id,
                place=place,
                named_at=board.now,
                named_by=administrator.account_id,
            )
        )
    board.session.flush()


def _new(board: Board, what: str, lang: Locale, who: str | None = None, **changes: Any) -> NewComplaint:
    officer = board.actor("rhodri.vaughan")
    new = NewComplaint(
        case_id=ids.new_id(),
        body_id=officer.body_id or "",
        what=Words(what),
        locale=lang,
        answer_locale=lang,
        requester_person_id=board.actor(who).person_id if who else None,
    )
    return replace(new, **changes)


def _being_asked(board: Board) -> None:
    """Twelve days old: the responsible manager was asked, and news of the progress is due soon."""
    new = _new(board, ROSTER, Locale.CY, ROSTERED, system_ids=(board.system("e-rostering"),))
    case = submit(board.session, board.actor(ROSTERED), new, desk=board.desk(12))
    handler, desk = _handler(board.session, case, board.today), board.desk(11)
    hello = Words("Byddaf yn gofyn i’r rhai sy’n gyfrifol am y rota yfory, ac yn ysgrifennu eto.")
    service.introduce(board.session, handler, case, hello, Sent(ids.new_id()), lang=Locale.CY, desk=desk)
    question = Words("Pa ddata salwch y mae’r rota yn ei ddarllen, ers pryd, ac ar ba sail? Peidiwch â dileu dim.")
    due_on = board.today + timedelta(days=2)
    manager = board.person("elin.haf.morris")
    enquiring.ask_person(board.session, handler, case, manager, question, due_on, ids.new_id(), desk=desk)


def _on_paper(board: Board) -> None:
    """A letter of twenty-six days ago, which nobody has acknowledged yet."""
    new = _new(
        board, LETTER, Locale.EN, channel=Channel.LETTER, name=Words("Philip Garland"),
        reach=Words("4 Station Row, Llan-y-lan"), received_on=board.today - timedelta(days=26),
        late_reason=Words("It lay in the post room of another hospital."),
    )  # fmt: skip
    submit(board.session, board.actor("gareth.penri"), new, desk=board.desk(3))


def _put_right(board: Board) -> None:
    """Partly upheld, with something to put right that is still to be done."""
    new = _new(
        board, WRONG, Locale.EN, channel=Channel.EMAIL, name=Words("Kerry Maddox"),
        email=Words("kerry.maddox@post.example"), system_ids=(board.system("absence-triggers"),),
    )  # fmt: skip
    case = submit(board.session, board.actor("bethan.islwyn"), new, desk=board.desk(40))
    handler, desk = _handler(board.session, case, board.today), board.desk(20)
    remedy = Words("We correct the two days and work the score out anew.")
    due_on, owner = board.today + timedelta(days=5), board.person("elin.haf.morris")
    deciding.plan_remedy(board.session, handler, case, remedy, owner, due_on, ids.new_id(), desk=desk)
    reasons = Words("The two days were annual leave and the score was wrong. Your data was not kept too long.")
    _decide(board, handler, case, Outcome.PARTLY, Theme.ACCURACY, reasons, desk)


def _about_the_office(board: Board) -> None:
    """About how the data protection team answered a request: with an officer of the council."""
    asked = board.actor(SECOND_LOOK)
    own = tuple(board.session.scalars(select(Case.id).where(Case.requester_person_id == asked.person_id)))
    new = _new(board, SLOW, Locale.EN, SECOND_LOOK, is_about_office=True, about=own)
    submit(board.session, asked, new, desk=board.desk(6))


def _at_the_ico(board: Board) -> None:
    """Not upheld, and the person went to the Information Commission."""
    new = _new(board, LETTER, Locale.EN, channel=Channel.PHONE, name=Words("Enid Mostyn"), reach=Words("01632 960345"))
    case = submit(board.session, board.actor("gareth.penri"), new, desk=board.desk(70))
    handler = _handler(board.session, case, board.today)
    acknowledge(board.session, handler, case, desk=board.desk(69))
    reasons = Words("The list was taken down on the day you rang. We found nobody who had seen it.")
    _decide(board, handler, case, Outcome.NOT_UPHELD, Theme.SECURITY, reasons, board.desk(45))
    desk = board.desk(15)
    sent = Sent(ids.new_id())
    ending.to_regulator(board.session, handler, case, sent, on=desk.today, reference="IC-482193", desk=desk)


def _decide(
    board: Board, handler: Actor, case: Case, outcome: Outcome, theme: Theme, reasons: Words, desk: Desk
) -> None:
    deciding.decide(board.session, handler, case, outcome, theme, reasons, Sent(ids.new_id()), desk=desk)


def _handler(session: Session, case: Case, today: date) -> Actor:
    person = find_assigned(session, case, Duty.HANDLER)
    if person is None:
        raise RuntimeError("nobody handles the complaint")
    return get_actor_of(session, person.id, today=today)
