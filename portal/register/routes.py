"""The register's pages: which systems affect me, everything published, what was imported, one system."""

from functools import partial
from urllib.parse import urlencode

from fastapi import APIRouter, Response

from portal.authz.permissions import Permission
from portal.directory.queries import list_bodies, list_staff_groups, list_workplaces
from portal.register import affecting, find_pages, forms, history_pages, pages, product_pages, queries, system_pages
from portal.register.as_of import AsOf, answer_first
from portal.register.choosing import NOT_LISTED, Asked, Choice, Facts, Question, next_question, work_of
from portal.register.corrections.queries import list_own
from portal.register.corrections.rules import OUTCOMES
from portal.register.past import as_of_register
from portal.web.anonymous import PUBLIC, PlainVisit, Read, Visit
from portal.web.dependencies import SignedVisit, requires
from portal.web.forms import Problems
from portal.web.rendering import in_page, in_words, render

router = APIRouter()
router.routes += system_pages.router.routes
router.routes += history_pages.router.routes
router.routes += find_pages.router.routes
router.routes += product_pages.router.routes

PUBLIC_PAGES = ("/systems", "/systems/all", "/systems/imported", "/systems/products", "/systems/products/", "/s/")
"""Pages made of the register and of the question asked; see ``portal.web.keeping``."""
MOST_RADIOS = 15
"""With more answers than these, a question is a list to choose from."""


@router.get("/systems", dependencies=[PUBLIC])
def systems(visit: PlainVisit, session: Read) -> Response:
    """Four questions by GET, then the systems that affect somebody who answers so, today or on a day gone by."""
    choice = forms.read_choice(visit.request.query_params)
    as_of = as_of_register(visit.request.query_params, session, today=visit.today)
    instead = answer_first(visit, as_of, "/systems", choice.pairs(), "/systems")
    if instead is not None:
        return instead
    facts = affecting.read_facts(session, choice)
    asked = next_question(choice, facts)
    if asked is not None:
        return _ask(visit, session, choice, facts, asked, as_of)
    works = [(work_of(choice, facts, on=as_of.day), facts.names)]
    hits = affecting.affecting(session, works, visit.locale, is_past=as_of.is_past)
    return render(
        visit,
        "register/affecting.html",
        cards=_cards(visit, hits),
        answers=_answers(visit, choice, facts, as_of),
        employer=choice.employer,
        as_of=as_of,
        kept=dict(choice.pairs()),
        asked=urlencode([*choice.pairs(), *as_of.pairs]),
        today_href=in_page(visit.locale, pages.address(choice)),
    )


@router.get("/my/systems", dependencies=[requires(Permission.SIGNED_IN)])
def my_systems(visit: SignedVisit, session: Read) -> Response:
    """The systems that affect the person signed in, by their engagements; what they asked to be corrected."""
    as_of = as_of_register(visit.request.query_params, session, today=visit.today)
    instead = answer_first(visit, as_of, "/my/systems", [], "/my")
    if instead is not None:
        return instead
    works = affecting.works_of(session, visit.actor.person_id, today=as_of.day)
    hits = affecting.affecting(session, works, visit.locale, is_past=as_of.is_past)
    return render(
        visit,
        "register/mine.html",
        cards=_cards(visit, hits),
        works=[pages.engagement_of(names, visit.locale) for _work, names in works],
        as_of=as_of,
        kept={},
        asked=urlencode(as_of.pairs),
        today_href=in_page(visit.locale, "/my/systems"),
        corrections=list_own(session, visit.actor.account_id),
        outcomes=OUTCOMES,
    )


@router.get("/systems/imported", dependencies=[PUBLIC])
def imported(visit: PlainVisit, session: Read) -> Response:
    """Records published elsewhere, in English only."""
    search = forms.read_search(visit.request.query_params)
    cut = queries.list_imported(session, search=search, cursor=visit.request.query_params.get("after"))
    following = _following(visit, "/systems/imported", cut.next_cursor, q=search)
    return render(visit, "register/imported.html", cut=cut, search=search, next_href=following)


def _ask(visit: Visit, session: Read, choice: Choice, facts: Facts, asked: Asked, as_of: AsOf) -> Response:
    problem = pages.problem_of(asked)
    options = _options(visit, session, facts, asked.question)
    return render(
        visit,
        "register/question.html",
        problems=Problems({asked.question.value: problem} if problem else {}),
        question=asked.question,
        total=len(Question),
        asks=pages.question_words(asked.question),
        options=options,
        as_list=len(options) > MOST_RADIOS,
        answered=dict([*choice.without(asked.question).pairs(), *as_of.pairs]),
    )


def _options(visit: Visit, session: Read, facts: Facts, question: Question) -> list[pages.Option]:
    if question is Question.EMPLOYER or facts.body is None:
        return pages.body_options(list_bodies(session), visit.locale)
    if question is Question.KIND:
        return [(kind, in_words(visit, said)) for kind, said in pages.kind_options()]
    not_sure = (NOT_LISTED, in_words(visit, pages.NOT_SURE))
    if question is Question.STAFF_GROUP:
        return [*pages.group_options(list_staff_groups(session, facts.body.id), visit.locale), not_sure]
    places = pages.workplace_options(list_workplaces(session, facts.body.id), visit.locale)
    as_list = len(places) >= MOST_RADIOS
    return [*(_place(visit, *place, as_list=as_list) for place in places), not_sure]


def _place(visit: Visit, slug: str, name: str, around: str | None, *, as_list: bool) -> pages.Option:
    if around is None:
        return (slug, name)
    part_of = in_words(visit, pages.part_of(around))
    return (slug, f"{name} ({part_of})") if as_list else (slug, name, part_of)


def _cards(visit: Visit, hits: list[affecting.Hit]) -> list[pages.Shown]:
    return pages.shown(hits, partial(in_words, visit), visit.locale)


def _answers(visit: Visit, choice: Choice, facts: Facts, as_of: AsOf) -> list[tuple[str, str, tuple[str, None]]]:
    return [
        (
            in_words(visit, label),
            told if isinstance(told, str) else in_words(visit, told),
            (in_page(visit.locale, at), None),
        )
        for label, told, at in pages.chosen(choice, facts, visit.locale, as_of.pairs)
    ]


def _following(visit: Visit, path: str, cursor: str | None, **kept: str) -> str | None:
    return in_page(visit.locale, pages.following(path, cursor, **kept)) if cursor else None
