"""From what was answered to the next page of a request: the same with an account and without."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

from anonymity.receipt import Code, draw_code
from portal.cases.models import Case
from portal.cases.previewing import Goes, named, preview_of
from portal.cases.routing.exclusions import Affair, Kind
from portal.cases.rules import By, Relation
from portal.cases.view import view_case
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.text import Bilingual, Message, Words, msg
from portal.directory.models import Body
from portal.directory.queries import get_body, list_bodies, list_engagements
from portal.identity.actor import Actor
from portal.register.queries import PublishedSystem, find_system, list_data_items, list_published
from portal.subject_access.asking import forms
from portal.subject_access.asking.forms import EVERYTHING, KEPT, OTHER, SOME, Offered, Ticket
from portal.subject_access.asking.leaving import holders_named
from portal.subject_access.asking.queries import list_linked
from portal.subject_access.asking.rules import KINDS, SCOPES
from portal.subject_access.asking.service import Asked, ask_all, id_for
from portal.subject_access.rules import FORMATS, AnswerFormat
from portal.web.anonymous import Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.questions import Next, Page, carried, follow
from portal.web.rendering import in_words, redirect, render

PRESET = msg("Everything that this system holds about me: {system}")
PRESET_OF_OTHER = msg("Everything that this system holds about this person: {system}")


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
    """The first page. Systems named in the address are ticked already; signed in, everything else is answered too."""
    asked = visit.request.query_params
    systems = [found for code in asked.getlist("system")[:20] if (found := find_system(session, code)) is not None]
    bodies = {one.body_id for one in systems} or {asked.get("body", "")}
    chosen = [slug for slug, body in asking.bodies.items() if body.id in bodies or slug in bodies]
    if len(asking.bodies) == 1:
        chosen = list(asking.bodies)
    for_other = not asking.with_account and asked.get("for") == OTHER
    hidden: dict[str, str | list[str]] = {"form_id": ids.new_id(), "body": chosen or ""}
    if not asking.with_account:
        hidden["code"] = draw_code().token
    if for_other:
        hidden["whose"] = OTHER
    if systems:
        hidden |= {"systems": [one.short_code for one in systems], "scope": SOME}
    if systems and chosen and asking.with_account:
        hidden |= {"answer_locale": visit.locale.value, "answer_format": AnswerFormat.DOWNLOAD.value, "go": "here"}
    return render(
        visit,
        "subject_access/begin.html",
        secret=True,
        base=asking.base,
        hidden=hidden,
        systems=[one.name for one in systems],
        with_account=asking.with_account,
        for_other=for_other,
        has_bodies=bool(asking.bodies),
    )


def show_next(visit: Visit, session: Session, asking: Asking, fields: FieldBag) -> Response:
    systems = _on_offer(session, asking, fields)
    for_other = not asking.with_account and fields.one("whose") == OTHER
    slugs = {body.id: slug for slug, body in asking.bodies.items()}
    of_bodies = {code: slugs[one.body_id] for code, one in systems.items()}
    offered = Offered(asking.bodies, of_bodies, asking.with_account, for_other)
    asked = forms.questions(offered, visit.today)
    ticket = forms.read_ticket(fields, with_account=asking.with_account)
    if ticket is None:
        return redirect(visit, asking.base)
    following = follow(fields, asked)
    if following.page is Page.SEND:
        return _send(visit, asking, fields, ticket, offered, systems)
    hidden = {name: [fields.one(name)] for name in KEPT if fields.one(name)}
    hidden |= carried(fields, asked, besides=following.question)
    if following.page is Page.CHECK:
        return _check(visit, session, asking, fields, hidden, offered, systems)
    return _question(visit, session, asking, fields, following, hidden, offered, systems)


def _on_offer(session: Session, asking: Asking, fields: FieldBag) -> dict[str, PublishedSystem]:
    """The systems of the bodies that were chosen, for ticking."""
    slugs = [slug for slug in dict.fromkeys(fields.many("body")) if slug in asking.bodies]
    return {one.short_code: one for slug in slugs for one in list_published(session, asking.bodies[slug].id)}


def _question(
    visit: Visit,
    session: Session,
    asking: Asking,
    fields: FieldBag,
    now: Next,
    hidden: Mapping[str, list[str]],
    offered: Offered,
    systems: Mapping[str, PublishedSystem],
) -> Response:
    """One question with what was answered there before, what a ticked system holds beside it."""
    ticked = forms.chosen_systems(fields, systems)
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
        chosen=forms.chosen_bodies(fields, offered),
        many=offered.many_bodies,
        for_other=offered.for_other,
        bodies=[(slug, Bilingual(body.name_cy, body.name_en)) for slug, body in asking.bodies.items()],
        formats=[(one, FORMATS[one]) for one in forms.formats_for(fields, for_other=offered.for_other)],
        systems=[(code, one.name) for code, one in systems.items()],
        ticked=ticked,
        items=[(systems[code].name, list_data_items(session, systems[code].id)) for code in ticked],
        kinds=list(KINDS.items()),
        scopes=list(SCOPES.items()),
    )


def _check(
    visit: Visit,
    session: Session,
    asking: Asking,
    fields: FieldBag,
    hidden: Mapping[str, list[str]],
    offered: Offered,
    systems: Mapping[str, PublishedSystem],
) -> Response:
    chosen = [asking.bodies[slug] for slug in forms.chosen_bodies(fields, offered)]
    first, last = forms.read_period(fields, Problems(), visit.today)
    return render(
        visit,
        "subject_access/check.html",
        secret=True,
        base=asking.base,
        hidden=hidden,
        typed=fields.one,
        bodies=[Bilingual(body.name_cy, body.name_en) for body in chosen],
        is_everything=fields.one("scope") == EVERYTHING,
        systems=[systems[code].name for code in forms.chosen_systems(fields, systems)],
        first=first,
        last=last,
        answer_format=dict(FORMATS).get(fields.one("answer_format")),  # type: ignore[call-overload]
        with_account=asking.with_account,
        for_other=offered.for_other,
        goes=[_goes(visit, session, asking, fields, body) for body in chosen],
        **_speaker_said(visit, fields, offered),
    )


def _goes(visit: Visit, session: Session, asking: Asking, fields: FieldBag, body: Body) -> Goes:
    """To whom it goes and to whom not, before it is sent."""
    left_out = Words(fields.one("left_out"))
    away = holders_named(session, body.id, left_out, today=visit.today) if left_out else []
    me = asking.by.person_id if isinstance(asking.by, Actor) else None
    affair = Affair(Kind.ACCESS, body.id, sender_id=me, conflicts=named(away), lang=visit.locale)
    return preview_of(session, body, affair, today=visit.today, wrote_names=bool(left_out))


def _speaker_said(visit: Visit, fields: FieldBag, offered: Offered) -> dict[str, Any]:
    if not offered.for_other:
        return {}
    return {
        "rep_kind": dict(KINDS).get(fields.one("rep_kind")),  # type: ignore[call-overload]
        "rep_scope": dict(SCOPES).get(fields.one("rep_scope")),  # type: ignore[call-overload]
        "rep_until": forms.read_until(fields, Problems(), visit.today),
    }


def _send(
    visit: Visit,
    asking: Asking,
    fields: FieldBag,
    ticket: Ticket,
    offered: Offered,
    systems: Mapping[str, PublishedSystem],
) -> Response:
    """Open the cases. With an account on to their page; without, the ten words are shown in this answer alone."""
    slugs = forms.chosen_bodies(fields, offered)
    speaker = None
    if offered.for_other and ticket.code is not None:
        speaker = forms.read_speaker(fields, ticket.code, visit.today)
    by = Relation.REPRESENTATIVE if speaker is not None else asking.by
    ticked = [systems[code] for code in forms.chosen_systems(fields, systems)]
    asked = [_one(visit, asking, fields, ticket, slug, ticked, len(slugs), offered) for slug in slugs]
    with visit.database.writing() as writing:
        cases = ask_all(writing, by, asked, desk=desk_of(visit), speaker=speaker)
        reference = cases[0].reference
    if ticket.code is None:
        return redirect(visit, f"{asking.base}/{reference}/sent")
    with visit.database.reading() as reading:
        return show_confirmation(visit, reading, cases, ticket.code, for_other=offered.for_other)


def _one(
    visit: Visit,
    asking: Asking,
    fields: FieldBag,
    ticket: Ticket,
    slug: str,
    ticked: Sequence[PublishedSystem],
    number: int,
    offered: Offered,
) -> Asked:
    """What one body is asked: its own systems by name, and the person's words."""
    body = asking.bodies[slug]
    own = [one for one in ticked if one.body_id == body.id]
    preset = PRESET_OF_OTHER if offered.for_other else PRESET
    lines = [in_words(visit, _preset(preset, one)) for one in own]
    words = Words("\n".join(filter(None, [*lines, fields.one("wanted")])))
    new = forms.read_request(fields, ticket, body, words, locale=visit.locale, today=visit.today)
    new = replace(new, system_id=own[0].id if len(own) == 1 else None)
    if isinstance(asking.by, Actor):
        new = replace(new, requester_person_id=asking.by.person_id)
    if number > 1:
        new = replace(new, case_id=id_for(ticket.form_id, body.id))
    is_alone = not fields.one("wanted") and not new.is_everything
    left_out = fields.one("left_out")
    return Asked(new, tuple(one.id for one in own), is_alone, Words(left_out) if left_out else None)


def _preset(message: Message, system: PublishedSystem) -> Message:
    return replace(message, values={"system": system.name})


def show_confirmation(
    visit: Visit, session: Session, cases: Sequence[Case], code: Code | None = None, *, for_other: bool = False
) -> Response:
    """One case or several: each with its own day, and why."""
    first = cases[0]
    return render(
        visit,
        "subject_access/sent.html",
        secret=True,
        cases=[receipt_of(visit, session, case) for case in cases],
        words=code.words(visit.locale.value) if code else None,
        other_words=" ".join(code.words(visit.locale.other.value)) if code else "",
        letters_go=first.contact_email is not None or first.requester_person_id is not None,
        for_other=for_other,
    )


def all_of(session: Session, case: Case) -> Sequence[Case]:
    """The case with those that belong to it."""
    return list_linked(session, case) or [case]


def receipt_of(visit: Visit, session: Session, case: Case) -> dict[str, Any]:
    """What a receipt says of one case."""
    body = get_body(session, case.body_id)
    return {
        "view": view_case(session, case, desk=desk_of(visit), for_requester=True),
        "body": Bilingual(body.name_cy, body.name_en),
    }
