"""The second pair of eyes: the languages of a draft, its preview as a worker sees it, and publishing it."""

from functools import partial
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.core.errors import Conflict, Refused
from portal.core.text import Bilingual, Locale, Message, msg
from portal.directory.queries import get_body
from portal.register import languages, system_pages
from portal.register.definitions import field_at, groups
from portal.register.editing import queries, service
from portal.register.editing.desk import SEES
from portal.register.editing.example import example_of
from portal.register.editing.sections import AT, edit_of
from portal.register.editing.shape import STANDARD, sections
from portal.register.editing.view import Forms, missing
from portal.register.lifecycle.rules import Role
from portal.register.lifecycle.standing import get_as, roles_at
from portal.register.models import System, SystemDraft, SystemVersion
from portal.register.opening import read_open
from portal.register.publishing import needs_account
from portal.register.queries import PublishedSystem
from portal.register.record import Record, read_record
from portal.register.words import words
from portal.web.dependencies import Fields, Read, SignedVisit, Write
from portal.web.dependencies import SignedIn as Visit
from portal.web.forms import Problems
from portal.web.rendering import in_words, redirect, render

router = APIRouter()


@router.get(f"{AT}/languages", dependencies=SEES)
def ask_languages(visit: SignedVisit, session: Read, short_code: str) -> Response:
    """Every text that waits: what needs translating, what waits for approval, and who wrote it."""
    return _languages_page(visit, session, _own(visit, session, short_code))


@router.post(f"{AT}/languages", dependencies=SEES)
def approve(visit: SignedVisit, session: Write, fields: Fields, short_code: str) -> Response:
    """Approve one language of a section or of the whole draft, as far as somebody else wrote it."""
    system = _own(visit, session, short_code)
    draft = queries.get_draft(session, system, lock=True)
    side, _, section = fields.one("approve").partition(":")
    if side not in set(Locale) or (section and section not in sections()):
        return _languages_page(visit, session, system)
    if fields.one("seen") != queries.record_of(draft).digest().hex():
        changed = msg("The draft has changed since you looked at it. Look at it again before you approve it")
        return _languages_page(visit, session, system, Problems(page=changed))
    done = _approve(session, visit, draft, Locale(side), section)
    if not done:
        nothing = msg("There is nothing here that you can approve: you wrote it yourself, or it is not there yet")
        return _languages_page(visit, session, system, Problems(page=nothing))
    return redirect(visit, f"{edit_of(system)}/languages?approved={done}")


@router.get(f"{AT}/preview", dependencies=SEES)
def preview(visit: SignedVisit, session: Read, short_code: str) -> Response:
    """The system’s own page, made of the draft. Nothing of it is kept."""
    system = _own(visit, session, short_code)
    record = queries.record_of(queries.get_draft(session, system))
    shown = _as_published(visit, session, system, record)
    example = example_of(session, shown.record, today=visit.today)
    return system_pages.preview(visit, session, shown, example, draft_at=edit_of(system))


@router.get(f"{AT}/publish", dependencies=SEES)
def ask_publish(visit: SignedVisit, session: Read, short_code: str) -> Response:
    """What still stands between the draft and everybody, or the button."""
    return _publish_page(visit, session, _own(visit, session, short_code))


@router.post(f"{AT}/publish", dependencies=SEES)
def publish(visit: SignedVisit, session: Write, fields: Fields, short_code: str) -> Response:
    """Publish, by a second person."""
    system = _own(visit, session, short_code)
    try:
        with session.begin_nested():
            asked = service.Publishing(fields.one("seen"), visit.now)
            service.publish_draft(session, visit.actor, system, asked)
    except (Refused, Conflict) as refused:
        return _publish_page(visit, session, system, Problems(page=refused.message))
    return redirect(visit, f"/my/desk/register/{system.short_code}")


def _own(visit: Visit, session: Session, short_code: str) -> System:
    return get_as(session, visit.actor, short_code, Role.EDITOR, Role.MANAGER)


def _section_of(path: str) -> str:
    """The section of a text by its lasting path."""
    plain = "".join(part.partition("]")[2] if number else part for number, part in enumerate(path.split("[")))
    field = field_at(STANDARD, plain)
    return field.group if field else ""


def _approve(session: Session, visit: Visit, draft: SystemDraft, locale: Locale, section: str) -> int:
    if not section:
        return languages.approve_all(session, visit.actor, draft, locale, now=visit.now)
    done = 0
    for one in languages.unapproved(draft):
        if one.locale is locale and _section_of(one.path) == section and languages.may_approve(draft, one, visit.actor):
            languages.approve(session, visit.actor, draft, one.path, locale, now=visit.now)
            done += 1
    return done


def _languages_page(visit: Visit, session: Session, system: System, problems: Problems | None = None) -> Response:
    draft = queries.get_draft(session, system)
    record = queries.record_of(draft)
    approved = visit.request.query_params.get("approved", "")
    return render(
        visit,
        "register/editing/languages.html",
        problems=problems,
        name=record.name,
        groups=_waiting(visit, session, draft, record),
        seen=record.digest().hex(),
        approved=int(approved) if approved.isascii() and approved.isdigit() and len(approved) < 5 else 0,
        words=words,
        at=edit_of(system),
        may_edit=Role.EDITOR in roles_at(session, visit.actor, system),
    )


def _waiting(visit: Visit, session: Session, draft: SystemDraft, record: Record) -> list[dict[str, Any]]:
    """What waits, by section; of each text both sides, with who wrote each."""
    texts = languages.texts_of(record)
    names = queries.names_of_accounts(session, draft.authors)
    found: dict[str, dict[str, Any]] = {}
    for one in languages.unapproved(draft):
        key = _section_of(one.path)
        group = found.setdefault(
            key, {"key": key, "label": groups(STANDARD)[key].get(visit.locale), "texts": {}, "may": {"cy": 0, "en": 0}}
        )
        entry = draft.languages[one.path]
        text = group["texts"].setdefault(
            one.path, {"label": label_of_text(one.path, visit.locale), "both": texts[one.path], "states": {}, "by": {}}
        )
        text["states"][one.locale.value] = one.state
        text["by"][one.locale.value] = names.get(entry["written_by"].get(one.locale.value, ""), "")
        group["may"][one.locale.value] += languages.may_approve(draft, one, visit.actor)
    return list(found.values())


def label_of_text(path: str, locale: Locale) -> str:
    """What a text is called, by its lasting path."""
    plain = "".join(part.partition("]")[2] if number else part for number, part in enumerate(path.split("[")))
    field = field_at(STANDARD, plain)
    return field.label.get(locale) if field else path


def _publish_page(visit: Visit, session: Session, system: System, problems: Problems | None = None) -> Response:
    draft = queries.get_draft(session, system)
    record = queries.record_of(draft)
    forms = Forms(session, system, record, visit.locale, partial(in_words, visit))
    version = queries.find_published(session, system)
    at = edit_of(system)
    return render(
        visit,
        "register/editing/publish.html",
        problems=problems,
        name=record.name,
        missing=missing(record, forms, at, system.state),
        stops=_stops(visit, session, system, draft, version),
        change=record.change,
        seen=record.digest().hex(),
        at=at,
        may_edit=Role.EDITOR in roles_at(session, visit.actor, system),
    )


def _needs_account(version: SystemVersion | None, record: Record, system: System) -> bool:
    stands = record.model_copy(update={"state": system.state})
    return version is not None and needs_account(read_record(version.record), stands)


def _stops(
    visit: Visit, session: Session, system: System, draft: SystemDraft, version: SystemVersion | None
) -> list[tuple[Message, str]]:
    """What else keeps a draft from being published by this reader, each with where to put it right."""
    at, record = edit_of(system), queries.record_of(draft)
    found: list[tuple[Message, str]] = []
    if service.is_unchanged(version, record):
        found.append((service.UNCHANGED, at))
    if queries.list_unfinished(session, system):
        found.append((msg("Something was begun and is not whole yet"), at))
    if languages.unapproved(draft):
        found.append((msg("Texts wait for their approval in one language or in both"), f"{at}/languages"))
    if _needs_account(version, record, system):
        told = msg("Something changed that matters to the people affected. Say what changed, and what changes for them")
        found.append((told, f"{at}/life#change.change_class"))
    if visit.actor.account_id in draft.authors:
        found.append((msg("You wrote some of this, so somebody else publishes it"), f"{at}/hand-over"))
    return found


def _as_published(visit: Visit, session: Session, system: System, record: Record) -> PublishedSystem:
    """The draft as the version that it would be today."""
    record = record.model_copy(update={"state": system.state})
    body = get_body(session, system.body_id)
    stored = record.canonical()
    return PublishedSystem(
        id=system.id,
        slug=system.slug,
        short_code=system.short_code,
        body_id=body.id,
        body=Bilingual(body.name_cy, body.name_en),
        version_id="",
        number=(system.current_number or 0) + 1,
        published_on=visit.today,
        is_current=True,
        record=read_open(stored),
        stored=stored,
        state=system.state,
        state_since=system.state_since,
        state_until=system.state_until,
        review_due_on=system.review_due_on,
        confirmed_on=system.confirmed_on,
    )
