"""The pages of the replies that a side has agreed, and the list that the device reads."""

from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.visits import desk_of
from portal.concerns.casework.homes import home_names
from portal.concerns.casework.models import ReplyPair
from portal.concerns.casework.pairs import (
    LONGEST,
    LONGEST_NAME,
    Written,
    approve_pair,
    change_pair,
    end_pair,
    fingerprint_of,
    get_pair,
    list_pairs,
    list_ready,
    write_pair,
)
from portal.concerns.casework.rules import PURPOSES, Purpose
from portal.concerns.delivery import answer
from portal.core import ids
from portal.core.errors import Conflict, Refused
from portal.core.text import Bilingual, Message, pmsg
from portal.web.dependencies import Fields, Read, SignedIn, SignedVisit, Write, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, choice, form_id, text
from portal.web.rendering import in_words, redirect, render

router = APIRouter(prefix="/my/concerns/replies", dependencies=[requires(Permission.CONCERNS_DESK)])
HERE = "/my/concerns/replies"
CHOOSE_PURPOSE = pmsg("error", "Choose what the reply is for")
NAME_WELSH = pmsg("error", "Give the reply a name in Welsh")
NAME_ENGLISH = pmsg("error", "Give the reply a name in English")
WRITE_WELSH = pmsg("error", "Write the reply in Welsh")
WRITE_ENGLISH = pmsg("error", "Write the reply in English")
CHOOSE_HOME = pmsg("error", "Choose for whom this is")


@router.get("")
def replies(visit: SignedVisit, session: Read) -> Response:
    """What the side has agreed, what waits for a second person, and a form for another."""
    return _page(visit, session, FieldBag([]), Problems())


@router.get("/ready")
def ready(visit: SignedVisit, session: Read) -> Response:
    """The approved pairs, for the device."""
    pairs = [
        {
            "id": pair.id,
            "home": pair.home_id,
            "purpose": pair.purpose.value,
            "for": in_words(visit, PURPOSES[pair.purpose]),
            "name": Bilingual(pair.name_cy, pair.name_en).get(visit.locale),
            "cy": pair.text_cy,
            "en": pair.text_en,
        }
        for pair in list_ready(session, visit.actor)
    ]
    return answer(200, {"v": 1, "pairs": pairs})


@router.post("")
def write(visit: SignedVisit, session: Write, fields: Fields) -> Response:
    """Write a pair."""
    homes, problems = home_names(session, visit.actor), Problems()
    home = choice(fields, "home", problems, allowed=homes) or (next(iter(homes)) if len(homes) == 1 else "")
    if not home:
        problems["home"] = CHOOSE_HOME
    written = _read(fields, problems)
    if written is not None and not problems:
        try:
            pair_id = form_id(fields) or ids.new_id()
            write_pair(session, visit.actor, written, home_id=home, pair_id=pair_id, desk=desk_of(visit))
        except Refused as refusal:
            problems["page"] = refusal.message
    return _page(visit, session, fields, problems) if problems else redirect(visit, HERE)


@router.get("/{pair_id}")
def one(visit: SignedVisit, session: Read, pair_id: str) -> Response:
    """One pair: its words, and what can be done with it."""
    return _one(visit, session, get_pair(session, visit.actor, pair_id), None, Problems())


@router.post("/{pair_id}")
def change(visit: SignedVisit, session: Write, fields: Fields, pair_id: str) -> Response:
    """Change what nobody has approved yet."""
    pair, problems = get_pair(session, visit.actor, pair_id), Problems()
    written = _read(fields, problems)
    if written is not None and not problems:
        try:
            change_pair(session, visit.actor, pair, written, desk=desk_of(visit))
        except Refused as refusal:
            problems["page"] = refusal.message
    return _one(visit, session, pair, fields, problems) if problems else redirect(visit, HERE)


@router.post("/{pair_id}/approve")
def approve(visit: SignedVisit, session: Write, fields: Fields, pair_id: str) -> Response:
    """The second person approves the words that they read."""
    pair = get_pair(session, visit.actor, pair_id)
    try:
        approve_pair(session, visit.actor, pair, read=fields.one("read"), desk=desk_of(visit))
    except (Refused, Conflict) as refusal:
        return _one(visit, session, pair, None, Problems(page=refusal.message))
    return redirect(visit, HERE)


@router.post("/{pair_id}/end")
def end(visit: SignedVisit, session: Write, pair_id: str) -> Response:
    """Take a pair out of use."""
    end_pair(session, visit.actor, get_pair(session, visit.actor, pair_id), desk=desk_of(visit))
    return redirect(visit, HERE)


def _read(fields: FieldBag, problems: Problems) -> Written | None:
    purpose = choice(fields, "purpose", problems, allowed=list(Purpose), required=CHOOSE_PURPOSE)
    name = _both(fields, "name", problems, most=LONGEST_NAME, required=(NAME_WELSH, NAME_ENGLISH))
    both = _both(fields, "text", problems, most=LONGEST, required=(WRITE_WELSH, WRITE_ENGLISH))
    return Written(Purpose(purpose), name, both) if purpose and not problems else None


def _both(
    fields: FieldBag, name: str, problems: Problems, *, most: int, required: tuple[Message, Message]
) -> Bilingual:
    cy = text(fields, f"{name}_cy", problems, most=most, required=required[0])
    return Bilingual(cy, text(fields, f"{name}_en", problems, most=most, required=required[1]))


def _page(visit: SignedIn, session: Session, typed: FieldBag, problems: Problems) -> Response:
    pairs = list_pairs(session, visit.actor)
    return render(
        visit,
        "concerns/casework/replies.html",
        problems=problems,
        counting=True,
        ready=[pair for pair in pairs if pair.approved_by is not None],
        waiting=[pair for pair in pairs if pair.approved_by is None],
        homes=home_names(session, visit.actor),
        form_id=form_id(typed) or ids.new_id(),
        typed=typed,
        **_parts(visit),
    )


def _one(visit: SignedIn, session: Session, pair: ReplyPair, typed: FieldBag | None, problems: Problems) -> Response:
    return render(
        visit,
        "concerns/casework/reply.html",
        problems=problems,
        counting=True,
        pair=pair,
        read=fingerprint_of(pair),
        homes=home_names(session, visit.actor),
        form_id=ids.new_id(),
        typed=typed or _as_typed(pair),
        **_parts(visit),
    )


def _as_typed(pair: ReplyPair) -> FieldBag:
    names = ("name_cy", "name_en", "text_cy", "text_en")
    return FieldBag([("purpose", pair.purpose.value), *((name, getattr(pair, name)) for name in names)])


def _parts(visit: SignedIn) -> dict[str, Any]:
    return {"purposes": PURPOSES, "me": visit.actor.person_id, "longest": LONGEST, "longest_name": LONGEST_NAME}
