"""From what was answered to the next page of a request: the same with an account and without."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session
from starlette.responses import Response

from anonymity.receipt import Code, draw_code
from portal.cases.models import Case
from portal.cases.rules import By, Relation
from portal.cases.view import view_case
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.text import Bilingual, Message, msg
from portal.directory.models import Body
from portal.directory.queries import get_body, list_bodies, list_engagements
from portal.identity.actor import Actor
from portal.register.queries import PublishedSystem, find_system, list_data_items
from portal.subject_access import service
from portal.subject_access.asking import forms
from portal.subject_access.asking.forms import EVERYTHING, KEPT, SOME, Ticket
from portal.subject_access.rules import FORMATS
from portal.web.anonymous import Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.questions import Next, Page, carried, follow
from portal.web.rendering import in_words, redirect, render

PRESET = msg("Everything that this system holds about me: {system}")


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks and whom they can ask. ``base`` is the address that all pages post to."""

    base: str
    by: By
    bodies: Mapping[str, Body]

    @property
    def with_account(self) -> bool:
        return isinstance(self.by, Actor)


def anybody(session: Session) -> Asking:
    return Asking("/access", Relation.REQUESTER, {body.slug: body for body in list_bodies(session)})


def worker(session: Session, actor: Actor) -> Asking:
    """A worker asks the bodies that they work or worked for."""
    own = {engagement.body_id for engagement in list_engagements(session, actor.person_id)}
    wanted = sorted({*own, *filter(None, [actor.body_id])})
    bodies = [get_body(session, body_id) for body_id in wanted]
    return Asking("/my/access", actor, {body.slug: body for body in bodies})


def show_begin(visit: Visit, session: Session, asking: Asking) -> Response:
    system = find_system(session, visit.request.query_params.get("system", ""))
    body = system.body_id if system else visit.request.query_params.get("body", "")
    chosen = [slug for slug, one in asking.bodies.items() if body in (one.id, slug)]
    if len(asking.bodies) == 1:
        chosen = list(asking.bodies)
    hidden = {"form_id": ids.new_id(), "body": chosen[0] if chosen else ""}
    if not asking.with_account:
        hidden["code"] = draw_code().token
    if system is not None:
        hidden |= {"system": system.short_code, "scope": SOME, "wanted": in_words(visit, _preset(system))}
    return render(
        visit,
        "subject_access/begin.html",
        secret=True,
        base=asking.base,
        hidden=hidden,
        system=system.name if system else None,
        with_account=asking.with_account,
        has_bodies=bool(asking.bodies),
    )


def _preset(system: PublishedSystem) -> Message:
    return replace(PRESET, values={"system": system.name})


def show_next(visit: Visit, session: Session, asking: Asking, fields: FieldBag) -> Response:
    asked = forms.questions(asking.bodies, visit.today, with_account=asking.with_account)
    ticket = forms.read_ticket(fields, with_account=asking.with_account)
    if ticket is None:
        return redirect(visit, asking.base)
    following = follow(fields, asked)
    if following.page is Page.SEND:
        return _send(visit, session, asking, fields, ticket)
    hidden = {name: [fields.one(name)] for name in KEPT if fields.one(name)}
    hidden |= carried(fields, asked, besides=following.question)
    if following.page is Page.CHECK:
        return _check(visit, asking, fields, hidden)
    return _question(visit, session, asking, fields, following, hidden)


def _question(
    visit: Visit, session: Session, asking: Asking, fields: FieldBag, now: Next, hidden: Mapping[str, list[str]]
) -> Response:
    """One question with what was answered there before, what a named system holds beside it."""
    system = find_system(session, fields.one("system"))
    return render(
        visit,
        f"subject_access/ask_{now.question.name if now.question else 'body'}.html",
        problems=now.problems,
        secret=True,
        base=asking.base,
        hidden=dict(hidden, step=now.question.name if now.question else "", returns="1" if now.returns else ""),
        number=now.number,
        total=now.total,
        typed=fields.one,
        bodies=[(slug, Bilingual(body.name_cy, body.name_en)) for slug, body in asking.bodies.items()],
        formats=list(FORMATS.items()),
        items=list_data_items(session, system.id) if system else [],
    )


def _check(visit: Visit, asking: Asking, fields: FieldBag, hidden: Mapping[str, list[str]]) -> Response:
    body = asking.bodies.get(fields.one("body"))
    first, last = forms.read_period(fields, Problems(), visit.today)
    return render(
        visit,
        "subject_access/check.html",
        secret=True,
        base=asking.base,
        hidden=hidden,
        typed=fields.one,
        body=Bilingual(body.name_cy, body.name_en) if body else None,
        is_everything=fields.one("scope") == EVERYTHING,
        first=first,
        last=last,
        answer_format=dict(FORMATS).get(fields.one("answer_format")),  # type: ignore[call-overload]
        with_account=asking.with_account,
    )


def _send(visit: Visit, session: Session, asking: Asking, fields: FieldBag, ticket: Ticket) -> Response:
    """Open the case. With an account on to its page; without, the ten words are shown in this answer alone."""
    system = find_system(session, fields.one("system"))
    body = asking.bodies[fields.one("body")]
    new = forms.read_request(fields, ticket, body, system, locale=visit.locale, today=visit.today)
    if isinstance(asking.by, Actor):
        new = replace(new, requester_person_id=asking.by.person_id)
    with visit.database.writing() as writing:
        case = service.submit(writing, asking.by, new, desk=desk_of(visit))
    if ticket.code is None:
        return redirect(visit, f"{asking.base}/{case.reference}/sent")
    with visit.database.reading() as reading:
        return show_confirmation(visit, reading, case, ticket.code)


def show_confirmation(visit: Visit, session: Session, case: Case, code: Code | None = None) -> Response:
    return render(
        visit,
        "subject_access/sent.html",
        secret=True,
        case=view_case(session, case, desk=desk_of(visit), for_requester=True),
        body=get_body(session, case.body_id),
        words=code.words(visit.locale.value) if code else None,
        other_words=" ".join(code.words(visit.locale.other.value)) if code else "",
        letters_go=case.contact_email is not None or case.requester_person_id is not None,
    )
