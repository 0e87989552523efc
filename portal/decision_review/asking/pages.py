"""The worker's way to a review, with an account or without: choices that stand now, answers as lines, the case."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from anonymity.receipt import Code, case_locator, locator_hash
from portal.cases.models import Case
from portal.cases.naming import asker_of
from portal.cases.previewing import Goes, named, preview_of
from portal.cases.routing.exclusions import Affair, Kind
from portal.cases.rules import By, Relation
from portal.cases.visits import desk_of
from portal.core.errors import BadRequest, NotFound
from portal.core.text import Bilingual, Words, msg
from portal.decision_review.asking import forms, service
from portal.decision_review.asking.forms import UNKNOWN_POINT
from portal.decision_review.queries import list_lenders
from portal.decision_review.rules import WANTED, Wanted
from portal.decision_review.service import NewReview
from portal.directory.models import Body
from portal.directory.queries import list_bodies, list_engagements
from portal.i18n.formats import date_long
from portal.identity.actor import Actor
from portal.register.models import DecisionPoint
from portal.register.queries import PublishedSystem, find_system, list_decision_points, list_published
from portal.web.anonymous import Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems, form_id
from portal.web.questions import Question
from portal.web.rendering import in_words

CODE_BYTES = 13


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen on the pages, given the answers so far."""

    bodies: list[Body]
    systems: list[PublishedSystem]
    points: list[DecisionPoint]
    system: PublishedSystem | None
    questions: list[Question]


def choices(session: Session, visit: Visit, fields: FieldBag, actor: Actor | None) -> Choices:
    """Employers (one's own, for somebody signed in), then that employer's systems, then the system's decisions."""
    bodies = list(list_bodies(session))
    if actor is not None:
        own = {one.body_id for one in list_engagements(session, actor.person_id)} | {actor.body_id}
        bodies = [body for body in bodies if body.id in own]
    body = next((one for one in bodies if one.slug == fields.one("body")), None)
    systems = list(list_published(session, body.id)) if body else []
    system = next((one for one in systems if one.short_code == fields.one("system")), None)
    points = list(list_decision_points(session, system.id)) if system else []
    asked = forms.questions(
        [one.slug for one in bodies],
        [one.short_code for one in systems],
        [one.id for one in points],
        today=visit.today,
        with_name=actor is None,
        known=[name for name in forms.WHICH if name in fields.many("known")],
    )
    return Choices(bodies, systems, points, system, asked)


def preset(session: Session, short_code: str, key: str) -> list[tuple[str, str]]:
    """The answers that a system's page gives in advance; with a decision point, all of which decision it is."""
    system = find_system(session, short_code)
    if system is None:
        return []
    body = next((one for one in list_bodies(session) if one.id == system.body_id), None)
    if body is None:
        return []
    given = [("body", body.slug), ("system", system.short_code), ("known", "employer"), ("known", "system")]
    point = next((one.id for one in list_decision_points(session, system.id) if one.key == key), None)
    return given if point is None else [*given, ("point", point), ("known", "point")]


def options(visit: Visit, found: Choices) -> dict[str, Any]:
    """The choices as the macros take them."""
    unknown = (UNKNOWN_POINT, in_words(visit, msg("I don’t know")))
    points = [(one.id, Bilingual(one.title_cy, one.title_en).get(visit.locale)) for one in found.points]
    unsure = (UNKNOWN_POINT, in_words(visit, msg("I don’t know – a computer changed something")))
    return {
        "body": [(one.slug, Bilingual(one.name_cy, one.name_en).get(visit.locale)) for one in found.bodies],
        "system": [(one.short_code, one.name.get(visit.locale)) for one in found.systems] + [unknown],
        "point": [*points, unsure],
        "wanted": [(one.value, in_words(visit, WANTED[one])) for one in Wanted],
        "meeting": [("cy", "Cymraeg"), ("en", "English")],
    }


def answers(visit: Visit, fields: FieldBag, found: Choices) -> list[tuple[str, str, str]]:
    """The check page: label, answer, question to change."""
    shown = options(visit, found)
    day = forms.read_day(fields, Problems(), visit.today)
    wanted = dict(shown["wanted"])
    since = forms.read_since(fields, Problems(), visit.today)
    effect_on = forms.read_effect(fields, Problems())
    meeting = dict(shown["meeting"]).get(fields.one("meeting"), "")
    lines = [
        (msg("Employer"), dict(shown["body"]).get(fields.one("body"), ""), "employer"),
        (msg("System"), dict(shown["system"]).get(fields.one("system"), ""), "system"),
        (msg("Decision"), dict(shown["point"]).get(fields.one("point"), ""), "point"),
        (msg("When"), date_long(day, visit.locale) if day else "", "happened"),
        (msg("Since when it goes on"), date_long(since, visit.locale) if since else "", "happened"),
        (msg("What happened"), fields.one("what"), "happened"),
        (msg("What it does to me"), fields.one("effect"), "effect"),
        (msg("From which day"), date_long(effect_on, visit.locale) if effect_on else "", "effect"),
        (msg("What I want"), "; ".join(wanted[one] for one in fields.many("wanted") if one in wanted), "wanted"),
        (msg("In my own words"), fields.one("wanted-words"), "wanted"),
        (msg("Who comes with me"), fields.one("companion"), "wanted"),
        (msg("Language of a meeting"), meeting, "wanted"),
        (msg("Who must not see it"), fields.one("keep-away"), "wanted"),
        (msg("Name"), fields.one("name"), "you"),
        (msg("How you can recognise me"), fields.one("contact"), "you"),
        (msg("Email address"), fields.one("email"), "you"),
        (msg("You ask for this person; your own name"), fields.one("rep_name"), "you"),
        (msg("How the employer can reach you"), fields.one("rep_reach"), "you"),
    ]
    open_names = {question.name for question in found.questions}
    return [
        (in_words(visit, label), answer, question if question in open_names else "")
        for label, answer, question in lines
        if answer
    ]


def send(
    session: Session, visit: Visit, fields: FieldBag, found: Choices, actor: Actor | None
) -> tuple[Case, Code | None]:
    """Open the review from all answers; without an account its ten words come from the form's own bytes."""
    code = None if actor is not None else read_code_bytes(fields.one("form_id"))
    body = next((one for one in found.bodies if one.slug == fields.one("body")), None)
    decided_on = forms.read_day(fields, Problems(), visit.today)
    is_known = not set(fields.many("known")) or _is_offered(fields, found)
    if body is None or decided_on is None or not is_known:
        raise NotFound
    case_id, hashed = case_id_of(fields, code), locator_hash(case_locator(code)) if code else None
    asker = asker_of(fields, case_id, hashed, today=visit.today, locale=visit.locale)
    new = NewReview(
        case_id=case_id,
        body_id=body.id,
        system_id=found.system.id if found.system else None,
        decision_point_id=next((one.id for one in found.points if one.id == fields.one("point")), None),
        decided_on=decided_on,
        what_happened=Words(fields.one("what")),
        wanted=forms.read_wanted(fields, Problems()),
        wanted_words=Words(fields.one("wanted-words")),
        since_on=forms.read_since(fields, Problems(), visit.today),
        effect=_words(fields, "effect"),
        effect_on=forms.read_effect(fields, Problems()),
        companion=_words(fields, "companion"),
        meeting_locale=forms.read_meeting(fields),
        keep_away=_words(fields, "keep-away"),
        locale=visit.locale,
        requester_person_id=actor.person_id if actor else None,
        locator_hash=None if asker else hashed,
        asker=asker,
        name=Words(fields.one("name")) if code else None,
        contact=Words(fields.one("contact")) if code else None,
        email=Words(fields.one("email")) if code and fields.one("email") else None,
    )
    by: By = actor if actor is not None else Relation.REPRESENTATIVE if asker else Relation.REQUESTER
    return service.ask(session, by, new, desk=desk_of(visit)), code


def goes(session: Session, visit: Visit, fields: FieldBag, found: Choices, actor: Actor | None) -> list[Goes]:
    """To whom it goes and to whom not, before it is sent."""
    body = next((one for one in found.bodies if one.slug == fields.one("body")), None)
    if body is None:
        return []
    kept_away, me = fields.one("keep-away"), actor.person_id if actor else None
    affair = Affair(
        Kind.REVIEW,
        body.id,
        system_id=found.system.id if found.system else None,
        sender_id=me,
        conflicts=named(service.people_kept_away(session, body.id, Words(kept_away), me) if kept_away else ()),
        lang=visit.locale,
    )
    lenders = list_lenders(session, body.id)
    wrote = bool(kept_away)
    return [preview_of(session, body, affair, today=visit.today, lenders=lenders, wrote_names=wrote)]


def _words(fields: FieldBag, name: str) -> Words | None:
    return Words(fields.one(name)) if fields.one(name) else None


def _is_offered(fields: FieldBag, found: Choices) -> bool:
    """What the page before knew is still on offer."""
    points = {one.id for one in found.points} | {UNKNOWN_POINT}
    return found.system is not None and ("point" not in fields.many("known") or fields.one("point") in points)


def read_code_bytes(form_octets: str) -> Code:
    """The code from the bytes that went out with the form; NotFound for anything else."""
    try:
        octets = bytes.fromhex(form_octets)
    except ValueError:
        raise NotFound from None
    if len(octets) != CODE_BYTES:
        raise NotFound
    return Code(octets)


def case_id_of(fields: FieldBag, code: Code | None) -> str:
    """The case's key: the form's id, or for somebody without an account what their code's locator hashes to."""
    found = form_id(fields) if code is None else locator_hash(case_locator(code)).hex()[:26]
    if not found:
        raise BadRequest
    return found
