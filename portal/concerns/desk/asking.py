"""A reader asks the register about a tool that a sealed concern told of, in the reader's own words.

The page knows no concern: none is in its address, its form or what it makes, and nothing is kept of who asked. What is
asked is seen from the next Monday on (``portal.register.unlisted``), so that its day cannot be laid beside a thread's.
"""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.concerns.desk.duty import bodies_read_by
from portal.core import ids
from portal.core.errors import TooMany
from portal.core.text import Bilingual, pmsg
from portal.directory.models import Body
from portal.directory.queries import list_bodies
from portal.i18n.sorting import sort_key
from portal.register.unlisted.forms import read_account
from portal.register.unlisted.rules import ANSWER_WITHIN, blurred_day, due_day
from portal.register.unlisted.service import ask_for_reader
from portal.web.dependencies import Fields, Read, SignedVisit, Write, requires
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.rendering import redirect, render

PAGE = "/my/concerns/ask-the-register"
NO_BODY = pmsg("error", "Select the employer")
TOO_MANY = pmsg(
    "error", "Many questions wait for this employer this week. What you wrote is still here: send it next week"
)

router = APIRouter(dependencies=[requires(Permission.CONCERNS_DESK)])


@router.get(PAGE)
def begin(visit: SignedVisit, session: Read) -> Response:
    """The form, empty: nothing of a concern comes along."""
    bodies = _bodies(visit, session)
    only = bodies[0].slug if len(bodies) == 1 else ""
    return _form(visit, bodies, FieldBag([("employer", only), ("form_id", ids.new_id())]))


@router.post(PAGE)
def ask(visit: SignedVisit, session: Write, fields: Fields) -> Response:
    """Take the question. Who asked is handed to nobody."""
    bodies, problems = _bodies(visit, session), Problems()
    body = next((one for one in bodies if one.slug == fields.one("employer")), None)
    if body is None:
        problems["employer"] = NO_BODY
    without_contact = FieldBag([(name, value) for name, value in fields.pairs() if name != "contact"])
    new = read_account(without_contact, problems, visit.locale)
    if body is None or new is None:
        return _form(visit, bodies, fields, problems)
    try:
        ask_for_reader(session, body.id, new, vault=visit.vault, calendar=visit.calendar, today=visit.today)
    except TooMany:
        return _form(visit, bodies, fields, Problems(page=TOO_MANY), status=429)
    return redirect(visit, f"{PAGE}/sent")


@router.get(f"{PAGE}/sent")
def sent(visit: SignedVisit) -> Response:
    """From when on it is seen, and what to tell the reporter."""
    stands = blurred_day(visit.today)
    return render(visit, "concerns/asked_register.html", from_on=stands, due_on=due_day(visit.calendar, stands))


def _bodies(visit: Visit, session: Session) -> list[Body]:
    read = bodies_read_by(session, visit.actor)
    return [body for body in list_bodies(session) if body.id in read]


def _form(
    visit: Visit, bodies: list[Body], fields: FieldBag, problems: Problems | None = None, status: int = 200
) -> Response:
    named = [(body.slug, Bilingual(body.name_cy, body.name_en).get(visit.locale)) for body in bodies]
    return render(
        visit,
        "concerns/ask_register.html",
        status=status,
        problems=problems,
        fields=fields,
        bodies=sorted(named, key=lambda one: sort_key(one[1], visit.locale)),
        action=PAGE,
        days=ANSWER_WITHIN,
    )
