"""Comments on the sections of a draft, for those who write it."""

from fastapi import APIRouter
from starlette.responses import Response

from portal.core.text import Words, pmsg
from portal.register.editing import queries, service
from portal.register.editing.desk import SEES
from portal.register.editing.sections import AT, edit_of, section_of
from portal.register.lifecycle.rules import Role
from portal.register.lifecycle.standing import get_as
from portal.web import forms
from portal.web.dependencies import Fields, Read, SignedVisit, Write
from portal.web.forms import Problems
from portal.web.rendering import redirect, render

router = APIRouter()

LONGEST = 1500
WRITE = pmsg("error", "Write your comment")


@router.get(f"{AT}/{{key}}/comments", dependencies=SEES)
def ask_comments(visit: SignedVisit, session: Read, short_code: str, key: str) -> Response:
    """The comments on a section, and a box for one more."""
    return _page(visit, session, short_code, key)


@router.post(f"{AT}/{{key}}/comments", dependencies=SEES)
def comment(visit: SignedVisit, session: Write, fields: Fields, short_code: str, key: str) -> Response:
    """One more comment, or one that is dealt with."""
    system = get_as(session, visit.actor, short_code, Role.EDITOR, Role.MANAGER)
    section_of(key)
    if fields.one("resolve"):
        service.resolve(session, visit.actor, system, fields.one("resolve"), now=visit.now)
        return redirect(visit, f"{edit_of(system)}/{key}/comments")
    problems = Problems()
    text = forms.text(fields, "comment", problems, most=LONGEST, required=WRITE)
    if problems:
        return _page(visit, session, short_code, key, text, problems)
    service.comment(session, visit.actor, system, key, Words(text), vault=visit.vault, now=visit.now)
    return redirect(visit, f"{edit_of(system)}/{key}/comments")


def _page(
    visit: SignedVisit, session: Read, short_code: str, key: str, text: str = "", problems: Problems | None = None
) -> Response:
    system = get_as(session, visit.actor, short_code, Role.EDITOR, Role.MANAGER)
    section_of(key)
    record = queries.record_of(queries.get_draft(session, system))
    return render(
        visit,
        "register/editing/comments.html",
        problems=problems,
        name=record.name,
        label=queries.label_of_section(key),
        comments=queries.list_comments(session, system, visit.vault, key),
        text=text,
        longest=LONGEST,
        here=f"{edit_of(system)}/{key}/comments",
        at=edit_of(system),
    )
