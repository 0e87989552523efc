"""The typed code, the QR codes, and what is printed. All of it is public; nothing is known about who asks."""

from collections.abc import Sequence

from fastapi import APIRouter, Response

from portal.core.text import Message, pmsg
from portal.i18n.sorting import fold, sort_key
from portal.register import forms, queries
from portal.register.posters import codes, qr
from portal.register.posters.places import Place, list_places
from portal.register.posters.sheets import STICKERS, make_sheet
from portal.register.queries import PublishedSystem
from portal.web.anonymous import PUBLIC, PlainVisit, Read, Visit
from portal.web.forms import Problems
from portal.web.rendering import redirect, render

router = APIRouter()

SHEET = "poster.css"
MOST_CHOSEN = 40
"""With more workplaces than these, a part of the name is typed; a list of hundreds is long and heavy."""
MOST_FOUND = 20


@router.get("/code", dependencies=[PUBLIC])
def typed_code(visit: PlainVisit, session: Read) -> Response:
    """A code typed by hand leads to its system; until then the page asks for it."""
    typed = visit.request.query_params.get("code")
    code = codes.read_code(typed or "")
    if typed is None:
        return render(visit, "register/code.html", typed="")
    problem = _problem(code)
    if problem is None and queries.find_system(session, code) is not None:
        return redirect(visit, f"/s/{code}")
    said = problem or pmsg("error", "No system has this code. Check it against the poster or sticker")
    return render(visit, "register/code.html", typed=typed[: codes.LONGEST], problems=Problems({"code": said}))


@router.get("/s/{short_code}/qr.svg", dependencies=[PUBLIC])
def qr_drawing(visit: PlainVisit, session: Read, short_code: str) -> Response:
    """The QR code of the page in this language, as a drawing."""
    return Response(qr.qr_svg(_address(visit, session, short_code)), media_type="image/svg+xml")


@router.get("/s/{short_code}/qr.png", dependencies=[PUBLIC])
def qr_picture(visit: PlainVisit, session: Read, short_code: str) -> Response:
    """The same as a picture."""
    return Response(qr.qr_png(_address(visit, session, short_code)), media_type="image/png")


@router.get("/s/{short_code}/poster", dependencies=[PUBLIC])
def poster(visit: PlainVisit, session: Read, short_code: str) -> Response:
    """One page of A4 for a wall."""
    return _printed(visit, session, short_code, "register/poster.html")


@router.get("/s/{short_code}/sticker-sheet", dependencies=[PUBLIC])
def sticker_sheet(visit: PlainVisit, session: Read, short_code: str) -> Response:
    """Ten stickers on one page of A4, for machines and doors."""
    return _printed(visit, session, short_code, "register/stickers.html")


def _printed(visit: Visit, session: Read, short_code: str, template: str) -> Response:
    system = queries.get_system(session, short_code)
    places = list_places(session, system.version_id, system.body_id)
    asked = visit.request.query_params.get("workplace", "")
    place = next((one for one in places if one.key == asked), None)
    unknown = pmsg("error", "This system is not used at the place in this address. Choose another one")
    options = _options(visit, places)
    is_typed = len(options) > MOST_CHOSEN
    typed = forms.read_search({"q": visit.request.query_params.get("find", "")}) if is_typed else ""
    found = [one for one in options if all(word in fold(one[1]) for word in fold(typed).split())] if typed else []
    return render(
        visit,
        template,
        sheet=SHEET,
        problems=Problems({"workplace": unknown}) if asked and place is None else None,
        system=system,
        printed=make_sheet(system, place, public_url=visit.settings.public_url, pseudo=visit.settings.pseudo_locale),
        places=[] if is_typed else options,
        is_typed=is_typed,
        typed=typed,
        found=found[:MOST_FOUND],
        has_more=len(found) > MOST_FOUND,
        named=dict(options).get(asked, ""),
        chosen=place.key if place else "",
        stickers=STICKERS,
    )


def _options(visit: Visit, places: Sequence[Place]) -> list[tuple[str, str]]:
    """The places by name, each with the one it lies in."""

    def told(place: Place) -> str:
        name = place.name.get(visit.locale)
        return f"{name} ({place.around.get(visit.locale)})" if place.around else name

    return sorted(((place.key, told(place)) for place in places), key=lambda one: sort_key(one[1], visit.locale))


def _address(visit: Visit, session: Read, short_code: str) -> str:
    system: PublishedSystem = queries.get_system(session, short_code)
    return qr.address_of(visit.settings.public_url, visit.locale, system.short_code)


def _problem(code: str) -> Message | None:
    """What is wrong with a code before anybody looks for it."""
    if not code:
        return pmsg("error", "Enter the code on the poster or sticker")
    foreign = codes.foreign_signs(code)
    if foreign:
        return pmsg("error", "No code has any of these signs: {signs}. Look at the poster again", signs=foreign[:20])
    if not codes.is_code(code):
        return pmsg("error", "Enter all six letters and digits of the code, and no more")
    return None
