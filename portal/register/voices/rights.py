"""What staff of a body have a right to: by law, and beyond it by what was agreed with the unions."""

from dataclasses import dataclass

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from portal.authz.permissions import Permission
from portal.core.errors import NotFound
from portal.core.text import Bilingual, Message, msg, pmsg
from portal.directory.models import Body
from portal.directory.queries import find_body_by_slug, get_body, list_bodies
from portal.directory.rules import RoleName
from portal.i18n.sorting import sort_key
from portal.register.as_of import address, answer_first
from portal.register.asking import Sheet, ask, fresh
from portal.register.lifecycle.desk import post_of
from portal.register.past import as_of_register
from portal.register.voices import forms, offers, queries
from portal.web.anonymous import PUBLIC, PlainVisit, Visit
from portal.web.dependencies import Fields, Read, SignedIn, SignedVisit, Write, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.rendering import in_page, redirect, render

router = APIRouter()

RIGHTS = "/rights"
RIGHTS_DESK = "/my/desk/register/rights"
EDIT = [requires(Permission.REGISTER_EDIT)]


@dataclass(frozen=True, slots=True)
class StatutoryRight:
    """A right by law: its name, what it means in plain words, and where it stands."""

    title: Message
    text: Message
    law: Message


STATUTORY = (
    StatutoryRight(
        msg("A copy of your data"),
        msg(
            "You can ask for everything your employer holds about you, in any form and without a reason. It is free. "
            "The answer usually comes within one month."
        ),
        msg("UK GDPR, Articles 12A and 15"),
    ),
    StatutoryRight(
        msg("A person looks at a decision that a computer made alone"),
        msg(
            "If a computer alone made a significant decision about you, you can have it explained, say what you think "
            "of it, have a person look at it, and contest it."
        ),
        msg("UK GDPR, Article 22C"),
    ),
    StatutoryRight(
        msg("A complaint about how your data is used"),
        msg(
            "You can complain to your employer. It has to acknowledge your complaint within 30 days. You can then go "
            "to the ICO."
        ),
        msg("Data Protection Act 2018, sections 164A and 165"),
    ),
    StatutoryRight(
        msg("Protection when you report wrongdoing"),
        msg("If you report wrongdoing in the public interest, your employer must not treat you worse because of it."),
        msg("Employment Rights Act 1996, section 47B"),
    ),
    StatutoryRight(
        msg("Somebody beside you at a hearing"),
        msg(
            "At a grievance or disciplinary hearing you can have a union representative or a colleague with you, "
            "whether or not your employer recognises that union."
        ),
        msg("Employment Relations Act 1999, section 10"),
    ),
    StatutoryRight(
        msg("Safety representatives are consulted about new technology"),
        msg(
            "Your employer has to consult the unions’ safety representatives in good time about what new technology "
            "means for health and safety."
        ),
        msg("Safety Representatives and Safety Committees Regulations 1977, regulation 4A"),
    ),
    StatutoryRight(
        msg("Consensus or compromise with the unions"),
        msg(
            "A public body has to seek consensus or compromise with its recognised unions on its well-being "
            "objectives and on the strategic decisions that serve them."
        ),
        msg("Social Partnership and Public Procurement (Wales) Act 2023, section 16"),
    ),
)


@router.get(RIGHTS, dependencies=[PUBLIC])
def rights(visit: PlainVisit, session: Read) -> Response:
    """Rights by law and, for one employer, what is agreed there. Nothing of the visitor is kept."""
    query = visit.request.query_params
    slug = query.get("employer", "")
    kept = {"employer": slug} if slug else {}
    as_of = as_of_register(query, session, today=visit.today)
    instead = answer_first(visit, as_of, RIGHTS, list(kept.items()), RIGHTS)
    if instead is not None:
        return instead
    body = find_body_by_slug(session, slug) if slug else None
    if slug and body is None:
        raise NotFound
    return render(
        visit,
        "register/voices/rights.html",
        body=body,
        bodies=_bodies(visit, session),
        statutory=STATUTORY,
        agreed=queries.list_rights(session, body.id, today=as_of.day) if body else [],
        as_of=as_of,
        here=RIGHTS,
        kept=kept,
        today_href=in_page(visit.locale, address(RIGHTS, list(kept.items()))),
    )


@router.get(RIGHTS_DESK, dependencies=EDIT)
def rights_desk(visit: SignedVisit, session: Read) -> Response:
    """What is agreed in the bodies whose register somebody edits."""
    bodies = [get_body(session, body_id) for body_id in sorted(_own(visit))]
    listed = [(body, queries.list_rights(session, body.id, today=visit.today)) for body in bodies]
    return render(visit, "register/voices/rights_desk.html", listed=listed, at=RIGHTS_DESK)


@router.get(RIGHTS_DESK + "/new/{slug}", dependencies=EDIT)
def ask_right(visit: SignedVisit, session: Read, slug: str) -> Response:
    """The form of a right."""
    return _form(visit, _body(visit, session, slug), fresh())


@router.post(RIGHTS_DESK + "/new/{slug}", dependencies=EDIT)
def add_right(visit: SignedVisit, session: Write, fields: Fields, slug: str) -> Response:
    """Publish a right that was agreed."""
    body = _body(visit, session, slug)
    problems = Problems()
    new = forms.read_right(fields, problems, today=visit.today)
    if new is None:
        return _form(visit, body, fields, problems)
    offers.add_right(session, visit.actor, body.id, new, post=post_of(visit))
    return redirect(visit, RIGHTS_DESK)


@router.post(RIGHTS_DESK + "/{right_id}/end", dependencies=EDIT)
def end_right(visit: SignedVisit, session: Write, right_id: str) -> Response:
    """No longer list a right: the agreement has ended."""
    right = queries.get_right(session, right_id, _own(visit))
    offers.end_right(session, visit.actor, right, post=post_of(visit))
    return redirect(visit, RIGHTS_DESK)


def _own(visit: SignedIn) -> frozenset[str]:
    return visit.actor.bodies_where(RoleName.REGISTER_EDITOR)


def _body(visit: SignedIn, session: Session, slug: str) -> Body:
    found = find_body_by_slug(session, slug)
    if found is None or found.id not in _own(visit):
        raise NotFound
    return found


def _bodies(visit: Visit, session: Session) -> list[tuple[str, str]]:
    named = [(body.slug, body.name_cy if visit.locale == "cy" else body.name_en) for body in list_bodies(session)]
    return sorted(named, key=lambda one: sort_key(one[1], visit.locale))


def _form(visit: SignedIn, body: Body, fields: FieldBag, problems: Problems | None = None) -> Response:
    lead = msg("Employer: {name}", name=Bilingual(body.name_cy, body.name_en))
    sheet = Sheet(msg("A right agreed with the unions"), pmsg("button", "Publish the right"), lead)
    return ask(visit, sheet, forms.right_asks(), fields, back=RIGHTS_DESK, about=None, problems=problems)
