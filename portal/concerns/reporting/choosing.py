"""Which employer, and about what: the two questions before the pages that write.

The answers travel in forms, never in an address: browsers keep addresses, and the next person at a shared computer
reads them. Nothing is made by these forms, so it does no harm when one is sent again.
"""

from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.concerns.queries import About, get_about
from portal.concerns.reporting import pages
from portal.concerns.reporting.around import around
from portal.concerns.rules import MATTER_NAMES, Matter
from portal.core.text import pmsg
from portal.directory.models import Body
from portal.directory.queries import find_body_by_slug, get_body, list_bodies
from portal.register.queries import find_system, list_published
from portal.web.anonymous import Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.rendering import in_words, render

UNLISTED = f"matter:{Matter.UNLISTED_SYSTEM.value}"
START, WRITE = "/concern", "/concern/write"
NO_BODY = pmsg("error", "Choose an employer")
NO_ABOUT = pmsg("error", "Choose what it is about")


def is_turning(fields: FieldBag) -> bool:
    """The language switch in the middle of answers was pressed: what was typed comes back, and nothing is sent."""
    return fields.one("go") == "here"


def start_page(visit: Visit, session: Session, problems: Problems | None = None, matter: str = "") -> Response:
    """What this channel is, and the first question. Its language switch carries the kind, where one was brought along
    from the register, and nothing else."""
    visit.request.state.fields = FieldBag([("about", matter)] if matter else [])
    options = pages.body_options(visit, list_bodies(session))
    return render(
        visit,
        "concerns/start.html",
        problems=problems,
        body=None,
        body_options=options,
        about_options=[],
        matter=matter,
        subject=in_words(visit, MATTER_NAMES[Matter.UNLISTED_SYSTEM]) if matter else "",
    )


def about_page(visit: Visit, session: Session, body: Body, about: str = "", *, is_wrong: bool = False) -> Response:
    """The second question."""
    return render(
        visit,
        "concerns/start.html",
        problems=Problems(about=NO_ABOUT) if is_wrong else None,
        turns=START,
        body=body,
        body_options=[],
        about_options=pages.about_options(visit, list_published(session, body.id)),
        about=about,
        **around(session, body),
    )


def ask(visit: Visit, session: Session, fields: FieldBag) -> Response:
    """The question that comes next, after the first or for the language switch."""
    body = find_body_by_slug(session, fields.one("body"))
    if body is None:
        matter = _brought(fields)
        is_first = bool(matter) and "body" not in fields.names()
        return start_page(visit, session, None if is_first else Problems(body=NO_BODY), matter)
    return about_page(visit, session, body, fields.one("about"))


def chosen(visit: Visit, session: Session, fields: FieldBag) -> About | Response:
    """What was chosen; else the question that lacks an answer. NotFound for what is not offered.

    A system's own page names the system alone. The language switch of the page to come carries the choice and no more.
    """
    about = _about(session, fields)
    if about is None:
        body = find_body_by_slug(session, fields.one("body"))
        if body is None:
            return start_page(visit, session, Problems(body=NO_BODY), _brought(fields))
        return about_page(visit, session, body, is_wrong=True)
    visit.request.state.fields = FieldBag([("body", about.body.slug), ("about", about.code)])
    return about


def _brought(fields: FieldBag) -> str:
    """The kind that the register's page about missing tools brings along: it names no employer and no system."""
    return UNLISTED if fields.one("about") == UNLISTED else ""


def _about(session: Session, fields: FieldBag) -> About | None:
    system = find_system(session, fields.one("system")) if fields.one("system") else None
    if system is not None:
        return get_about(session, get_body(session, system.body_id).slug, f"system:{system.short_code}")
    if not fields.one("body") or not fields.one("about"):
        return None
    return get_about(session, fields.one("body"), fields.one("about"))
