"""The desk of the register's office: questions about tools, their wording, their answer and the second person's yes."""

from functools import partial
from urllib.parse import quote

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from portal.authz.permissions import Permission
from portal.core.errors import Conflict
from portal.directory.rules import RoleName
from portal.i18n.sorting import sort_key
from portal.register.queries import PublishedSystem, find_system, list_published
from portal.register.unlisted import forms, queries, service
from portal.register.unlisted.rules import (
    FINDINGS,
    LONGEST_ANSWER,
    LONGEST_QUESTION,
    SILENCES,
    Finding,
    Silence,
)
from portal.register.unlisted.telling import Post
from portal.web.dependencies import Fields, Read, SignedVisit, Write, requires
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.rendering import redirect, render

DESK = "/my/desk/register/questions"

router = APIRouter(dependencies=[requires(Permission.REGISTER_QUESTIONS)])


@router.get(DESK)
def waiting(visit: SignedVisit, session: Read) -> Response:
    """What waits for an answer, or, with ?show=answered, what was answered."""
    shows_answered = visit.request.query_params.get("show") == "answered"
    cut = queries.list_at_desk(
        session,
        visit.actor,
        today=visit.today,
        answered=shows_answered,
        cursor=visit.request.query_params.get("after"),
    )
    number, late = queries.count_at_desk(session, visit.actor, today=visit.today)
    shown = "show=answered&" if shows_answered else ""
    return render(
        visit,
        "register/unlisted/desk.html",
        lines=cut.items,
        shows_answered=shows_answered,
        number=number,
        late=late,
        findings=FINDINGS,
        to_be_entered=Finding.TO_BE_ENTERED,
        desk=DESK,
        more=f"{DESK}?{shown}after={quote(cut.next_cursor)}" if cut.next_cursor else None,
    )


@router.get(f"{DESK}/{{question_id}}")
def one(visit: SignedVisit, session: Read, question_id: str) -> Response:
    """What was told, the wording for everybody, and the answer."""
    return _page(visit, session, question_id)


@router.post(f"{DESK}/{{question_id}}/wording")
def word(visit: SignedVisit, session: Write, question_id: str, fields: Fields) -> Response:
    """Publish the question in the words of the register's office."""
    found = queries.get_at_desk(session, visit.actor, question_id, today=visit.today)
    problems = Problems()
    asked = forms.read_wording(fields, problems)
    if asked is None:
        return _page(visit, session, question_id, fields, problems)
    try:
        service.word(session, visit.actor, found.row, asked, now=visit.now)
    except Conflict as refusal:
        return _page(visit, session, question_id, fields, Problems(page=refusal.message))
    return redirect(visit, f"{DESK}/{question_id}")


@router.post(f"{DESK}/{{question_id}}")
def answer(visit: SignedVisit, session: Write, question_id: str, fields: Fields) -> Response:
    """Publish the answer, or lay it before a second person."""
    found = queries.get_at_desk(session, visit.actor, question_id, today=visit.today)
    problems = Problems()
    new = forms.read_finding(fields, problems, partial(_entry_of, session, found.row.body_id))
    if new is None:
        return _page(visit, session, question_id, fields, problems)
    try:
        service.answer(session, visit.actor, found.row, new, post=_post(visit), vault=visit.vault)
    except Conflict as refusal:
        return _page(visit, session, question_id, fields, Problems(page=refusal.message))
    return redirect(visit, f"{DESK}/{question_id}" if found.row.waits_for_second else DESK)


@router.post(f"{DESK}/{{question_id}}/approval")
def approve(visit: SignedVisit, session: Write, question_id: str, fields: Fields) -> Response:
    """The second person's yes."""
    found = queries.get_at_desk(session, visit.actor, question_id, today=visit.today)
    try:
        service.approve(session, visit.actor, found.row, fields.one("seen"), post=_post(visit), vault=visit.vault)
    except Conflict as refusal:
        return _page(visit, session, question_id, problems=Problems(page=refusal.message))
    return redirect(visit, DESK)


def _post(visit: Visit) -> Post:
    return Post(visit.settings.public_url.rstrip("/"), visit.now)


def _entry_of(session: Session, body_id: str, code: str) -> PublishedSystem | None:
    found = find_system(session, code)
    return found if found is not None and found.body_id == body_id else None


def _entries(visit: Visit, session: Session, body_id: str) -> list[tuple[str, str]]:
    """The published entries of the body, one of which may be the answer."""
    listed = [(system.short_code, system.name.get(visit.locale)) for system in list_published(session, body_id)]
    return sorted(listed, key=lambda entry: sort_key(entry[1], visit.locale))


def _page(
    visit: Visit,
    session: Session,
    question_id: str,
    fields: FieldBag | None = None,
    problems: Problems | None = None,
) -> Response:
    found = queries.get_at_desk(session, visit.actor, question_id, today=visit.today)
    row = found.row
    is_editor = visit.actor.holds(RoleName.REGISTER_EDITOR, body_id=row.body_id)
    can_answer = is_editor and (row.answered_on is None or row.finding is Finding.TO_BE_ENTERED)
    return render(
        visit,
        "register/unlisted/one.html",
        problems=problems,
        found=found,
        report=queries.account_of(visit.vault, row) if is_editor else None,
        is_editor=is_editor,
        may_approve=row.waits_for_second and row.answered_by != visit.actor.account_id,
        seen=queries.seen_mark(row),
        fields=fields or _as_it_stands(found),
        findings=[(one.value, FINDINGS[one]) for one in Finding],
        silences=[(one.value, SILENCES[one]) for one in Silence],
        told=FINDINGS,
        why=SILENCES,
        can_answer=can_answer,
        entries=_entries(visit, session, row.body_id) if can_answer else [],
        desk=DESK,
        longest_question=LONGEST_QUESTION,
        longest=LONGEST_ANSWER,
    )


def _as_it_stands(found: queries.Line) -> FieldBag:
    row = found.row
    values = {
        "asked_cy": row.asked_cy,
        "asked_en": row.asked_en,
        "finding": row.finding,
        "reason": row.reason,
        "system": found.short_code,
        "answer_cy": row.answer_cy,
        "answer_en": row.answer_en,
    }
    return FieldBag([(name, value or "") for name, value in values.items()])
