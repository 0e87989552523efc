"""Typed codes, QR codes and posters, asked for as a browser does."""

from io import BytesIO

import zxingcpp
from PIL import Image
from sqlalchemy import select

from portal.core.db import Database
from portal.core.text import Locale
from portal.directory.models import Body, Workplace
from portal.register.models import AffectedGroup
from portal.register.posters.qr import address_of, qr_png, qr_svg, spoken
from portal.register.queries import get_system
from tests.register.posters.conftest import PUBLIC_URL
from tests.visitors import Visitor


def read(picture: bytes) -> str:
    """What a phone reads in a picture."""
    with Image.open(BytesIO(picture)) as opened:
        found = zxingcpp.read_barcodes(opened.convert("L"))
    assert len(found) == 1
    return str(found[0].text)


def test_a_phone_reads_the_whole_address_of_the_page_in_its_language(visitor: Visitor) -> None:
    for locale in ("cy", "en"):
        answer = visitor.get(f"/{locale}/s/k7rt3m/qr.png")
        assert answer.headers["content-type"] == "image/png"
        assert read(answer.content) == f"{PUBLIC_URL}/{locale}/s/K7RT3M"
        drawing = visitor.get(f"/{locale}/s/K7RT3M/qr.svg")
        assert drawing.headers["content-type"] == "image/svg+xml"
        assert drawing.content.startswith(b"<svg ")
    assert visitor.get(f"/{locale}/s/ZZZZZZ/qr.svg").status_code == 404


def test_a_scratched_sticker_still_reads() -> None:
    address = address_of("https://porth.dyffryn-cledwen.llyw.cymru", Locale.CY, "K7RT3M")
    with Image.open(BytesIO(qr_png(address))) as opened:
        picture = opened.convert("L")
        side = picture.width
        picture.paste(255, (side * 5 // 10, side * 5 // 10, side * 7 // 10, side * 7 // 10))
        out = BytesIO()
        picture.save(out, "png")
    assert read(out.getvalue()) == address


def test_drawing_and_picture_are_the_same_code_and_always_the_same_bytes() -> None:
    address = address_of(PUBLIC_URL, Locale.EN, "K7RT3M")
    first = (qr_svg(address), qr_png(address))
    qr_svg.cache_clear()
    qr_png.cache_clear()
    assert (qr_svg(address), qr_png(address)) == first
    assert b"#000" in first[0] and b"script" not in first[0] and b"style" not in first[0]
    assert spoken(address) == "porth.example/en/s/K7RT3M"


def test_a_typed_code_leads_to_its_system(visitor: Visitor) -> None:
    for typed in ("K7RT3M", " k7rt 3m ", f"{PUBLIC_URL}/en/s/K7RT3M"):
        answer = visitor.get("/cy/code", params={"code": typed})
        assert (answer.status_code, answer.headers["location"]) == (303, "/cy/s/K7RT3M")


LEADS_NOWHERE = {
    "": "Enter the code on the poster or sticker",
    "K7RT3O": "No code has any of these signs: O.",
    "K7R1I0": "No code has any of these signs: 1I0.",
    "K7RT3": "Enter all six letters and digits of the code, and no more",
    "ZZZZZZ": "No system has this code. Check it against the poster or sticker",
}


def test_a_code_that_leads_nowhere_says_why_and_keeps_what_was_typed(visitor: Visitor) -> None:
    for typed, said in LEADS_NOWHERE.items():
        answer = visitor.get("/en/code", params={"code": typed})
        assert answer.status_code == 422
        assert "<title>Error:" in answer.text
        assert answer.text.count(said) == 2
        assert f'value="{typed}"' in answer.text


def test_a_poster_says_in_both_languages_what_it_is_and_that_a_person_can_look_again(visitor: Visitor) -> None:
    for locale in ("cy", "en"):
        page = visitor.get(f"/{locale}/s/K7RT3M/poster").text
        assert page.index('<section class="half" lang="cy">') < page.index('<section class="half" lang="en">')
        assert "Refuse lorry telematics" in page and "Telemateg y lorïau casglu" in page
        assert "Ask a person to look again at a decision" in page
        assert "porth.example/cy/s/K7RT3M" in page and "porth.example/en/s/K7RT3M" in page
        assert 'src="/cy/s/K7RT3M/qr.svg"' in page and 'src="/en/s/K7RT3M/qr.svg"' in page


def test_a_poster_of_a_place_names_it_and_any_other_place_is_refused(visitor: Visitor) -> None:
    page = visitor.get("/en/s/K7RT3M/poster")
    assert 'value="pen-y-lan"' in page.text and 'value="ward-alaw"' not in page.text
    page = visitor.get("/en/s/K7RT3M/sticker-sheet?workplace=pen-y-lan")
    assert page.status_code == 200 and "Place: " in page.text and "/poster?workplace=pen-y-lan" in page.text
    page = visitor.get("/en/s/K7RT3M/poster?workplace=ward-alaw")
    assert page.status_code == 422 and "This system is not used at the place in this address" in page.text
    assert visitor.get("/en/s/ZZZZZZ/poster").status_code == 404


def test_among_hundreds_of_workplaces_a_part_of_the_name_is_typed(visitor: Visitor, register: Database) -> None:
    with register.writing() as session:
        (body,) = session.scalars(select(Body).where(Body.slug == "dyffryn-cledwen"))
        session.add_all(
            Workplace(
                id=f"place-{n}", body_id=body.id, slug=f"place-{n}", name_cy=f"Lle Ŷr {n}", name_en=f"Spot Ŷr {n}"
            )
            for n in range(400)
        )
        system = get_system(session, "K7RT3M")
        (group, *_others) = session.scalars(select(AffectedGroup).where(AffectedGroup.version_id == system.version_id))
        told = {column.key: getattr(group, column.key) for column in AffectedGroup.__table__.columns}
        session.add(AffectedGroup(**{**told, "id": "whole", "workplace_id": None}))
    page = visitor.get("/en/s/K7RT3M/poster", headers={"accept-encoding": "br"})
    assert int(page.headers["content-length"]) <= 10_000
    assert "<select" not in page.text and 'name="find"' in page.text
    page = visitor.get("/en/s/K7RT3M/poster?find=yr+399")
    assert "?workplace=place-399" in page.text and "place-398" not in page.text
    assert "There are more. Type more of the name." in visitor.get("/en/s/K7RT3M/poster?find=spot").text
    page = visitor.get("/en/s/K7RT3M/poster?workplace=place-7&find=zzz").text
    assert "Place on it: Spot Ŷr 7" in page and "No workplace where this system is used has this in its name" in page
