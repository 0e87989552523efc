"""The officers' page of who represents the person of a case: writing down, seeing an authority, ending. Rooms say where
it stands, and that the reader is an officer of the case."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.cases import authority, representing
from portal.cases.authority import Shown
from portal.cases.models import Case
from portal.cases.naming import read_named, read_shared
from portal.cases.speaking import SCOPES, SHARED, STANDINGS, Shared, Standing
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Words, pmsg
from portal.web.dependencies import SignedIn
from portal.web.fields import FieldBag
from portal.web.forms import Problems, day, form_id, text
from portal.web.rendering import redirect, render

SHOWN_LIMIT = 1000
ENTER_DAY = pmsg("error", "Enter the day on which it was shown to you")


@dataclass(frozen=True, slots=True)
class Place:
    """A case whose representatives an officer has before them: the parts it has, and the address of its desk page."""

    case: Case
    shares: tuple[Shared, ...]
    back: str

    @property
    def here(self) -> str:
        return f"{self.back}/represented"


def show(
    visit: SignedIn,
    session: Session,
    place: Place,
    problems: Problems | None = None,
    fields: FieldBag | None = None,
) -> Response:
    """Everybody who was ever named, and the form for one that came on paper."""
    typed, desk = fields or FieldBag([]), desk_of(visit)
    return render(
        visit,
        "home/desk_represented.html",
        problems=problems,
        place=place,
        rows=[_row(session, place, one, desk) for one in representing.list_of(session, place.case)],
        scopes=list(SCOPES.items()),
        shared=[(one, SHARED[one]) for one in place.shares],
        typed=typed,
        form_id=form_id(typed) or ids.new_id(),
    )


def act(visit: SignedIn, session: Session, place: Place, fields: FieldBag) -> Response:
    """Do what the form asks for."""
    acts = {"write": _write, "see": _see, "end": _end}
    verb = acts.get(fields.one("go"))
    if verb is None:
        raise NotFound
    problems = Problems()
    try:
        with session.begin_nested():
            verb(visit, session, place, fields, problems)
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    if problems:
        return show(visit, session, place, problems, fields)
    return redirect(visit, place.here)


def _write(visit: SignedIn, session: Session, place: Place, fields: FieldBag, problems: Problems) -> None:
    own_id = form_id(fields)
    if not own_id:
        raise NotFound
    new = read_named(fields, problems, own_id, b"", today=visit.today, shares=place.shares, by_officer=True)
    shown = _shown(visit, fields, problems, "")
    if new is not None and shown is not None:
        authority.write_down(session, visit.actor, place.case, new, shown, desk=desk_of(visit))


def _see(visit: SignedIn, session: Session, place: Place, fields: FieldBag, problems: Problems) -> None:
    row = representing.get_of(session, place.case, fields.one("representative"))
    suffix = f"-{row.id}"
    shown = _shown(visit, fields, problems, suffix)
    parts = read_shared(fields, place.shares, f"share{suffix}")
    if shown is not None:
        authority.see_authority(session, visit.actor, place.case, row, shown, parts, desk=desk_of(visit))


def _end(visit: SignedIn, session: Session, place: Place, fields: FieldBag, problems: Problems) -> None:
    row = representing.get_of(session, place.case, fields.one("representative"))
    because = text(fields, f"because-{row.id}", problems, most=SHOWN_LIMIT, required=authority.SAY_WHY)
    if not problems:
        authority.end(session, visit.actor, place.case, row, Words(because), visit.locale, desk=desk_of(visit))


def _shown(visit: SignedIn, fields: FieldBag, problems: Problems, suffix: str) -> Shown | None:
    """``suffix`` tells the fields of one representative from those of the others on the page."""
    words = text(fields, f"shown{suffix}", problems, most=SHOWN_LIMIT, required=authority.SAY_WHAT)
    on = day(fields, f"shown_on{suffix}", problems, required=ENTER_DAY, not_after=visit.today)
    return Shown(Words(words), visit.locale, on) if on is not None and not problems else None


def _row(session: Session, place: Place, row: Any, desk: Any) -> dict[str, Any]:
    named = representing.view_of(session, row, desk)
    is_current = named.standing in {Standing.TO_COME, Standing.LIVING}
    return {
        "named": named,
        "scope": SCOPES[named.scope],
        "parts": [SHARED[part] for part in named.parts],
        "standing": STANDINGS[named.standing],
        "may_see": is_current and named.is_unproven,
        "may_end": is_current and authority.may_end(place.case, row),
    }
