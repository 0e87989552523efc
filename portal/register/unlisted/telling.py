"""Letters about questions: what waits, to the register's office; that an answer stands, to an address somebody left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.clock import london_day
from portal.core.text import Locale, Words
from portal.core.vault import Vault
from portal.directory.models import Person
from portal.directory.queries import get_body, list_role_holders
from portal.directory.rules import RoleName
from portal.i18n.formats import date_long
from portal.notifications.letters import Addressee, to_person
from portal.notifications.service import queue
from portal.register.unlisted.models import ToolQuestion
from portal.register.unlisted.rules import Told, reminder_due
from portal.timelimits.calendar import WorkingDays

OFFICE = (RoleName.REGISTER_EDITOR,)
ABOVE = (RoleName.DATA_PROTECTION_OFFICER,)
"""Who hears as well, deputies too, when an answer is late or waits for a second person."""


@dataclass(frozen=True, slots=True)
class Post:
    """Where letters lead to, and when they are written."""

    address: str
    now: datetime

    @property
    def today(self) -> date:
        return london_day(self.now)


def tell_office(session: Session, *, vault: Vault, calendar: WorkingDays, post: Post) -> int:
    """One letter a body and person about what is new, due soon or late: never about what came today."""
    asked = (
        select(ToolQuestion)
        .where(
            ToolQuestion.answered_on.is_(None),
            ToolQuestion.received_on < post.today,
            ToolQuestion.told != Told.LATE,
        )
        .order_by(ToolQuestion.due_on, ToolQuestion.id)
    )
    due: dict[str, list[ToolQuestion]] = {}
    for question in session.scalars(asked):
        step = reminder_due(question.told, due_on=question.due_on, today=post.today, calendar=calendar)
        if step is not None:
            question.told = step
            due.setdefault(question.body_id, []).append(question)
    letters = 0
    for body_id, questions in due.items():
        is_late = any(question.told is Told.LATE for question in questions)
        for person in _people(session, body_id, OFFICE + ABOVE if is_late else OFFICE, post.today):
            _tell(session, person, questions, vault=vault, post=post)
            letters += 1
    session.flush()
    return letters


def tell_asker(session: Session, question: ToolQuestion, to: Words, *, vault: Vault, post: Post) -> None:
    """That there is an answer, to the address that was left for it; nothing of what was asked."""
    page = f"systems/questions?employer={get_body(session, question.body_id).slug}&show=answered"
    values = {f"page_{locale.value}": f"{post.address}/{locale.value}/{page}" for locale in Locale}
    addressee = Addressee(to.reveal(), Locale(question.locale))
    queue(session, vault=vault, to=addressee, template="tool_question_answered", values=values, now=post.now)


def tell_second(session: Session, question: ToolQuestion, writer: str, *, vault: Vault, post: Post) -> None:
    """That an answer waits to be read, to whoever may read it as the second person."""
    for person in _people(session, question.body_id, OFFICE + ABOVE, post.today):
        if person.id != writer:
            to = to_person(person)
            values = {"address": post.address, "id": question.id}
            queue(session, vault=vault, to=to, template="tool_answer_to_read", values=values, now=post.now)


def _people(session: Session, body_id: str, roles: Iterable[RoleName], today: date) -> list[Person]:
    found = [
        person
        for role in roles
        for _holding, person in list_role_holders(session, role=role, body_id=body_id, today=today)
    ]
    return list({person.id: person for person in found}.values())


def _tell(session: Session, person: Person, questions: Sequence[ToolQuestion], *, vault: Vault, post: Post) -> None:
    locale = Locale(person.locale) if person.locale else None
    due = " | ".join(date_long(questions[0].due_on, one) for one in ((locale,) if locale else Locale))
    counts = {step.value: str(sum(one.told is step for one in questions)) for step in Told}
    values = {**counts, "due": due, "address": post.address}
    to = to_person(person)
    queue(session, vault=vault, to=to, template="tool_questions_waiting", values=values, now=post.now)
