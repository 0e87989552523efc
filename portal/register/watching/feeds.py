"""Feeds and the calendar of reviews. No account, no cookie: nothing is kept of who follows what."""

import hashlib
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.core.text import Bilingual, Locale, Message, msg
from portal.directory.queries import list_bodies
from portal.register import affecting, forms, pages
from portal.register.choosing import NOT_LISTED, Choice, Facts
from portal.register.openness import is_open
from portal.register.posters.qr import address_of
from portal.register.queries import find_system, get_system, list_published
from portal.register.rules import SystemState
from portal.register.unlisted.queries import Line, list_answered
from portal.register.unlisted.rules import FINDINGS
from portal.register.watching import queries
from portal.register.watching.atom import MEDIA_TYPE as ATOM_TYPE
from portal.register.watching.atom import Entry, entry_of, write_feed
from portal.register.watching.reviews import MEDIA_TYPE as CALENDAR_TYPE
from portal.register.watching.reviews import Review, write_calendar
from portal.register.watching.rules import MOST_ENTRIES
from portal.web.anonymous import PUBLIC, PlainVisit, Read, Visit
from portal.web.rendering import compress, in_words, render

router = APIRouter()

FEED, CALENDAR, PAGE = "/feeds/systems.atom", "/feeds/reviews.ics", "/follow"
QUESTIONS = "/systems/questions"
NEVER_REVIEWED = frozenset({SystemState.REJECTED, SystemState.RETIRED})
KEPT = {"cache-control": "public, max-age=900", "vary": "Accept-Encoding", "referrer-policy": "no-referrer"}


@dataclass(frozen=True, slots=True)
class Scope:
    """What a feed is about: its systems (None: every one), its title, its parameters and the page for people."""

    systems: list[str] | None
    title: Message
    pairs: list[tuple[str, str]]
    page: str
    asks_of: str | None = None

    @property
    def has_questions(self) -> bool:
        """A feed of everything or of one employer also tells which questions about tools were answered."""
        return self.systems is None or self.asks_of is not None


@router.get(FEED, dependencies=[PUBLIC])
def feed(visit: PlainVisit, session: Read) -> Response:
    """What changed on the register, or of one system, employer, workplace or staff group, newest first."""
    scope = _scope(visit, session)
    public_url = visit.settings.public_url.rstrip("/")
    base = f"{public_url}/{visit.locale.value}"
    body = write_feed(
        _entries(visit, session, scope, public_url),
        title=in_words(visit, scope.title),
        address=_with(base + FEED, scope.pairs),
        page=base + scope.page,
        locale=visit.locale,
        today=visit.today,
    )
    return _answer(visit, body, ATOM_TYPE)


@router.get(CALENDAR, dependencies=[PUBLIC])
def calendar(visit: PlainVisit, session: Read) -> Response:
    """The days by which the entries of an employer are to be checked."""
    body = affecting.read_facts(session, Choice(employer=_choice(visit).employer)).body
    if body is None:
        raise NotFound
    public_url = visit.settings.public_url.rstrip("/")
    reviews = [
        Review(
            system.short_code,
            system.name.get(visit.locale),
            due_on,
            system.published_on,
            address_of(public_url, visit.locale, system.short_code),
        )
        for system in list_published(session, body.id)
        if (due_on := system.review_due_on or system.record.next_review_on)
        and system.state not in NEVER_REVIEWED
        and is_open(system.record, "next_review_due")
    ]
    name = in_words(visit, msg("Register entries to be checked: {name}", name=body.name))
    host = urlsplit(public_url).hostname or "porth"
    made = write_calendar(sorted(reviews, key=lambda one: one.on), name=name, host=host, locale=visit.locale)
    return _answer(visit, made, CALENDAR_TYPE, **{"content-disposition": 'inline; filename="reviews.ics"'})


@router.get(PAGE, dependencies=[PUBLIC])
def ways(visit: PlainVisit, session: Read) -> Response:
    """Every way to hear of changes, for one system (?system=) or for an employer (?employer=)."""
    query = visit.request.query_params
    system = find_system(session, query.get("system", ""))
    choice = _choice(visit)
    facts = affecting.read_facts(session, choice)
    base = f"{visit.settings.public_url.rstrip('/')}/{visit.locale.value}"
    pairs = [("system", system.short_code)] if system else []
    employer = [("employer", facts.body.slug)] if facts.body else []
    return render(
        visit,
        "register/watching/ways.html",
        system=system,
        body=facts.body,
        bodies=pages.body_options(list_bodies(session), visit.locale),
        system_feed=_with(base + FEED, pairs) if pairs else "",
        body_feed=_with(base + FEED, employer) if employer else "",
        work_feed=_with(base + FEED, _known(choice, facts).pairs()) if facts.places or facts.staff_group else "",
        work=pages.engagement_of(facts.names, visit.locale) if facts.body else "",
        body_calendar=_with(base + CALENDAR, employer) if employer else "",
        every_feed=base + FEED,
    )


def _choice(visit: Visit) -> Choice:
    read = forms.read_choice(visit.request.query_params)
    place, group = ("" if told == NOT_LISTED else told for told in (read.workplace, read.staff_group))
    return Choice(employer=read.employer, workplace=place, staff_group=group)


def _known(choice: Choice, facts: Facts) -> Choice:
    """The choice without what the directory does not know."""
    place = choice.workplace if facts.places else ""
    return Choice(choice.employer, place, choice.staff_group if facts.staff_group else "")


def _entries(visit: Visit, session: Session, scope: Scope, public_url: str) -> list[Entry]:
    happened = queries.list_happenings(session, scope.systems)
    entries = [entry_of(one, public_url, visit.locale) for one in happened]
    if scope.has_questions:
        entries += [_answered(line, public_url, visit.locale) for line in list_answered(session, scope.asks_of).items]
        entries.sort(key=lambda entry: entry.on, reverse=True)
    return entries[:MOST_ENTRIES]


def _answered(line: Line, public_url: str, locale: Locale) -> Entry:
    """A question about a tool that is answered, in the words of the register's office."""
    row = line.row
    if row.answered_on is None or row.finding is None:
        raise ValueError("only an answered question is told")
    pairs = [("employer", line.slug), ("show", "answered")]
    page = _with(f"{public_url}/{locale.value}{QUESTIONS}", pairs)
    asked = Bilingual(row.asked_cy or "", row.asked_en or "")
    return Entry(
        title=asked.get(locale),
        link=f"{page}#q-{row.id}",
        lasting=f"{page}#q-{row.id}-{row.finding.value}",
        on=row.answered_on,
        author=line.body.get(locale),
        term="question",
        parts=((FINDINGS[row.finding], Bilingual(row.answer_cy or "", row.answer_en or "")),),
    )


def _scope(visit: Visit, session: Session) -> Scope:
    """NotFound for what the register or the directory does not know: a feed that stays empty for ever helps nobody."""
    code = visit.request.query_params.get("system", "")
    if code:
        system = get_system(session, code)
        title = msg("Changes on the register: {name}", name=system.name)
        return Scope([system.id], title, [("system", system.short_code)], f"/s/{system.short_code}")
    choice = _choice(visit)
    if not choice.pairs():
        return Scope(None, msg("Changes on the register"), [], "/systems/all")
    facts = affecting.read_facts(session, choice)
    found = (facts.body is not None, bool(facts.places), facts.staff_group is not None)
    if facts.body is None or found[1:] != (bool(choice.workplace), bool(choice.staff_group)):
        raise NotFound
    names = [facts.staff_group.name] if facts.staff_group else []
    names += [facts.places[0].name] if facts.places else []
    told = {locale: ", ".join(name.get(locale) for name in [*names, facts.body.name]) for locale in Locale}
    title = msg("Changes on the register: {name}", name=told[visit.locale])
    page = _with("/systems/all", [("employer", facts.body.slug)])
    asks_of = facts.body.id if choice.pairs() == [("employer", facts.body.slug)] else None
    return Scope(queries.systems_of(session, facts), title, choice.pairs(), page, asks_of)


def _answer(visit: Visit, body: bytes, media_type: str, **more: str) -> Response:
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {**KEPT, "etag": tag, **more}
    held = {one.strip().removeprefix("W/") for one in visit.request.headers.get("if-none-match", "").split(",")}
    if tag.removeprefix("W/") in held:
        return Response(status_code=304, headers={**KEPT, "etag": tag})
    return compress(visit.request, Response(body, media_type=media_type, headers=headers))


def _with(address: str, pairs: list[tuple[str, str]]) -> str:
    return f"{address}?{urlencode(pairs)}" if pairs else address
