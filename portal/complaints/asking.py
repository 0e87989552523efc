"""The worker's way to a complaint, with an account or without: choices that stand now, answers as lines, the case."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from anonymity.receipt import Code, Mistyped, case_locator, locator_hash, read_code
from portal.cases import standing_in
from portal.cases.models import Case
from portal.cases.naming import asker_of
from portal.cases.officers import list_officers
from portal.cases.previewing import Goes, named, preview_of
from portal.cases.queries import find_by_code, list_own
from portal.cases.routing.exclusions import Affair, Kind
from portal.cases.routing.people import OFFICERS
from portal.cases.rules import By, CaseKind, Relation
from portal.cases.speaking import Shared
from portal.cases.standing_in import Opened
from portal.cases.turn import Desk
from portal.cases.visits import desk_of
from portal.complaints import forms, opening
from portal.complaints.forms import OFFICE, TEAM, chosen
from portal.complaints.handling import list_alternates, named_seats, who_is_near
from portal.complaints.opening import NewComplaint
from portal.core.errors import BadRequest, NotFound
from portal.core.text import Bilingual, Locale, Message, Words, msg
from portal.directory.models import Body, Person
from portal.directory.queries import list_bodies, list_engagements
from portal.identity.actor import Actor
from portal.register.queries import PublishedSystem, find_system, list_published
from portal.web.anonymous import Visit
from portal.web.fields import FieldBag
from portal.web.forms import form_id
from portal.web.questions import Question
from portal.web.rendering import in_words

CODE_BYTES = 13
SHORTEST_NAME = 3
KINDS: dict[CaseKind, Message] = {
    CaseKind.ACCESS: msg("My request for a copy of my data"),
    CaseKind.REVIEW: msg("My request that a person looks again"),
}


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen on the pages, given the answers so far. ``cases`` are the person's own, and nobody else's."""

    bodies: list[Body]
    body: Body | None
    cases: list[tuple[str, str, CaseKind]]  # id, reference, kind
    systems: list[PublishedSystem]
    questions: list[Question]


def choices(session: Session, fields: FieldBag, actor: Actor | None) -> Choices:
    """Employers (one's own, for somebody signed in), then one's own cases with them, and their systems."""
    bodies = list(list_bodies(session))
    if actor is not None:
        own = {one.body_id for one in list_engagements(session, actor.person_id)} | {actor.body_id}
        bodies = [body for body in bodies if body.id in own]
    body = next((one for one in bodies if one.slug == fields.one("body")), None)
    cases = _own_cases(session, body, actor, fields) if body is not None else []
    systems = list(list_published(session, body.id)) if body is not None else []
    asked = forms.questions([one.slug for one in bodies], with_name=actor is None)
    return Choices(bodies, body, cases, systems, asked)


def preset(session: Session, actor: Actor | None, *, about: str, short_code: str) -> list[tuple[str, str]]:
    """The answers that the page somebody came from gives in advance: a case of theirs, or a system."""
    if actor is not None and about:
        row = next((one for one in list_own(session, actor, size=200).items if one.reference == about), None)
        if row is not None and row.kind in KINDS:
            return [("body", _slug(session, row.body_id)), ("about", row.reference)]
    system = find_system(session, short_code) if short_code else None
    if system is None:
        return []
    return [("body", _slug(session, system.body_id)), ("system", system.short_code)]


def preset_by_words(session: Session, typed: str) -> list[tuple[str, str]]:
    """The same for the case that ten words open. The words go along, for without them nobody may link it."""
    case = _case_of_words(session, typed)
    if case is None or case.kind not in KINDS:
        raise NotFound
    return [("body", _slug(session, case.body_id)), ("about", case.reference), ("about_words", typed)]


def options(visit: Visit, found: Choices) -> dict[str, Any]:
    """The choices as the macros take them."""
    return {
        "body": [(one.slug, Bilingual(one.name_cy, one.name_en).get(visit.locale)) for one in found.bodies],
        "about": [(reference, f"{in_words(visit, KINDS[kind])} ({reference})") for _id, reference, kind in found.cases],
        "system": [(one.short_code, one.name.get(visit.locale)) for one in found.systems],
        "office": [(TEAM, in_words(visit, msg("It is about the data protection officer or their team")))],
        "answer_locale": [("cy", "Cymraeg"), ("en", "English")],
    }


def answers(visit: Visit, fields: FieldBag, found: Choices) -> list[tuple[str, str, str]]:
    """The check page: label, answer, question to change."""
    shown = options(visit, found)
    ticked = [text for name in ("about", "system", OFFICE) for value, text in shown[name] if value in fields.many(name)]
    lines = [
        (msg("Employer"), dict(shown["body"]).get(fields.one("body"), ""), "employer"),
        (msg("What happened"), fields.one("what"), "what"),
        (msg("What I want"), fields.one("wanted"), "what"),
        (msg("What the complaint is about"), "; ".join(ticked), "about"),
        (msg("Who must not see it"), fields.one("away"), "about"),
        (msg("Language of the letters"), dict(shown["answer_locale"]).get(fields.one("answer_locale"), ""), "answer"),
        (msg("Name"), fields.one("name"), "you"),
        (msg("How you can recognise me"), fields.one("reach"), "you"),
        (msg("Email address"), fields.one("email"), "you"),
        (msg("You ask for this person; your own name"), fields.one("rep_name"), "you"),
        (msg("How the employer can reach you"), fields.one("rep_reach"), "you"),
    ]
    return [(in_words(visit, label), answer, question) for label, answer, question in lines if answer]


def send(
    session: Session, visit: Visit, fields: FieldBag, found: Choices, actor: Actor | None
) -> tuple[Case, Code | None]:
    """Open the complaint from all answers; without an account its ten words come from the form's own bytes."""
    code = None if actor is not None else code_of_bytes(fields.one("form_id"))
    if found.body is None:
        raise NotFound
    references = chosen(fields, "about", {reference for _id, reference, _kind in found.cases})
    systems = chosen(fields, "system", {one.short_code for one in found.systems})
    case_id, hashed = _case_id(fields, code), locator_hash(case_locator(code)) if code is not None else None
    asker = asker_of(fields, case_id, hashed, today=visit.today, locale=visit.locale)
    new = NewComplaint(
        case_id=case_id,
        body_id=found.body.id,
        what=Words(fields.one("what")),
        wanted=Words(fields.one("wanted")),
        locale=visit.locale,
        answer_locale=Locale(fields.one("answer_locale")),
        requester_person_id=actor.person_id if actor is not None else None,
        locator_hash=None if asker is not None else hashed,
        asker=asker,
        name=Words(fields.one("name")) if code is not None else None,
        reach=Words(fields.one("reach")) if code is not None else None,
        email=Words(fields.one("email")) if code is not None and fields.one("email") else None,
        is_about_office=TEAM in fields.many(OFFICE),
        about=tuple(case_id for case_id, reference, _kind in found.cases if reference in references),
        system_ids=tuple(one.id for one in found.systems if one.short_code in systems),
        away_from=Words(fields.one("away")),
        excluded=people_named(session, found.body, fields.one("away"), actor, desk=desk_of(visit)),
    )
    by: By = actor if actor is not None else Relation.REPRESENTATIVE if asker is not None else Relation.REQUESTER
    return opening.submit(session, by, new, desk=desk_of(visit)), code


def goes(session: Session, visit: Visit, fields: FieldBag, found: Choices, actor: Actor | None) -> list[Goes]:
    """To whom it goes and to whom not, before it is sent."""
    if found.body is None:
        return []
    references = chosen(fields, "about", {reference for _id, reference, _kind in found.cases})
    systems = chosen(fields, "system", {one.short_code for one in found.systems})
    ticked = [one.id for one in found.systems if one.short_code in systems]
    about = [session.get(Case, case_id) for case_id, reference, _kind in found.cases if reference in references]
    is_about_office = TEAM in fields.many(OFFICE)
    away = people_named(session, found.body, fields.one("away"), actor, desk=desk_of(visit))
    affair = Affair(
        Kind.COMPLAINT,
        found.body.id,
        system_id=ticked[0] if len(ticked) == 1 else None,
        sender_id=actor.person_id if actor is not None else None,
        conflicts=named(away),
        handled=who_is_near(session, found.body.id, [one for one in about if one], ticked, office=is_about_office),
        about=frozenset(OFFICERS if is_about_office else ()),
        lang=visit.locale,
    )
    seats = named_seats(session, found.body.id)
    wrote = bool(fields.one("away"))
    return [preview_of(session, found.body, affair, today=visit.today, seats=seats, wrote_names=wrote)]


def people_named(session: Session, body: Body, typed: str, actor: Actor | None, *, desk: Desk) -> tuple[str, ...]:
    """Whom the person keeps away: everybody of the body with this work address or full name. Where that is nobody,
    whoever could be given the complaint and has a word of it in their name: better one too many than the wrong one."""
    lines = [part.strip().casefold() for part in typed.replace(",", "\n").splitlines() if part.strip()]
    if not lines:
        return ()
    could = {
        one.id: one
        for one in (*list_officers(session, {body.id}, today=desk.today), *list_alternates(session, body.id))
    }
    everybody = session.execute(select(Person.id, Person.email, Person.display_name).where(Person.body_id == body.id))
    known = [(one, {email.casefold(), name.casefold()}) for one, email, name in everybody]
    known += [(one, {person.email.casefold(), person.display_name.casefold()}) for one, person in could.items()]
    found: list[str] = []
    for line in lines:
        exact = [one for one, said in known if line in said]
        found += exact or [one for one, person in could.items() if _words(line) & _words(person.display_name)]
    return tuple(one for one in dict.fromkeys(found) if actor is None or one != actor.person_id)


def _words(name: str) -> set[str]:
    """The words of a name that are long enough to tell people apart."""
    return {word for word in re.split(r"[^\w’'-]+", name.casefold()) if len(word) >= SHORTEST_NAME}


def code_of_bytes(form_octets: str) -> Code:
    """The code from the bytes that went out with the form; NotFound for anything else."""
    try:
        octets = bytes.fromhex(form_octets)
    except ValueError:
        raise NotFound from None
    if len(octets) != CODE_BYTES:
        raise NotFound
    return Code(octets)


def open_for_all(session: Session, visit: Visit, typed: str, part: Shared | None) -> Opened:
    """The complaint of the person's own ten words, or of a representative with whom ``part`` is shared.

    Without a part, of a representative who speaks. NotFound for any other words.
    """
    try:
        found = locator_hash(case_locator(read_code(typed)))
    except Mistyped:
        raise NotFound from None
    return standing_in.open_case(session, found, CaseKind.COMPLAINT, desk_of(visit), part)


def _case_of_words(session: Session, typed: str) -> Case | None:
    try:
        return find_by_code(session, locator_hash(case_locator(read_code(typed))))
    except Mistyped:
        return None


def _own_cases(session: Session, body: Body, actor: Actor | None, fields: FieldBag) -> list[tuple[str, str, CaseKind]]:
    if actor is not None:
        rows = list_own(session, actor, size=200).items
        return [(row.id, row.reference, row.kind) for row in rows if row.body_id == body.id and row.kind in KINDS]
    case = _case_of_words(session, fields.one("about_words")) if fields.one("about_words") else None
    if case is None or case.body_id != body.id or case.kind not in KINDS:
        return []
    return [(case.id, case.reference, case.kind)]


def _slug(session: Session, body_id: str) -> str:
    return next(one.slug for one in list_bodies(session) if one.id == body_id)


def _case_id(fields: FieldBag, code: Code | None) -> str:
    """The case's key: the form's id, or for somebody without an account what their code's locator hashes to."""
    found = form_id(fields) if code is None else locator_hash(case_locator(code)).hex()[:26]
    if not found:
        raise BadRequest
    return found
