"""What is known of a version's texts stays with it: names for its writers, the day of approval for everybody."""

import html
import re
from datetime import date

import pytest
from sqlalchemy import select

from portal.core.text import Locale
from portal.register import origins
from portal.register.languages import texts_of
from portal.register.models import PublishedIsFinal, System, SystemVersion, VersionTexts
from portal.register.parts import Both
from portal.register.queries import get_system
from portal.register.record import read_record
from portal.register.service import save_draft
from portal.register.terms import Origin
from tests.demonstrated import Demonstrated
from tests.prepared import START_OF_TESTS
from tests.register.editing.test_routes import EDIT, NON, SARAH, boxes, words
from tests.visitors import Visitor

TEXTS = "/en/my/desk/register/K7RT3M/texts"
APPROVED = "Every text was approved in both languages"


def publish_one_text(non: Visitor, sarah: Visitor) -> None:
    """A minor change of one text, approved and published by another."""
    non.get(EDIT)
    non.post(f"{EDIT}/begin")
    non.get(f"{EDIT}/accountability")
    typed = {**boxes(non), "team_cy": "Tîm newydd", "team_en": "A new team"}
    assert non.post(f"{EDIT}/accountability", typed).status_code == 303, words(non)
    for side in ("cy", "en"):
        sarah.get(f"{EDIT}/languages")
        assert sarah.post(f"{EDIT}/languages", {**sarah.hidden(), "approve": side}).status_code == 303, words(sarah)
    sarah.get(f"{EDIT}/publish")
    answer = sarah.post(f"{EDIT}/publish", {"seen": sarah.hidden()["seen"]})
    assert answer.status_code == 303, words(sarah)


def test_writers_see_who_wrote_and_approved_and_nobody_else_reads_a_name(demonstrated: Demonstrated) -> None:
    with demonstrated.signed_in(NON) as non, demonstrated.signed_in(SARAH) as sarah:
        non.get(TEXTS)
        assert "This version came with a file." in words(non)
        publish_one_text(non, sarah)
        sarah.get(TEXTS)
        told = words(sarah)
        assert "Written by: Non Elidir" in told and "Approved by: Sarah Whitlock, 22 November 2026" in told
        assert "Came with a file" in told and "Not all of them here" in told
        page = html.unescape(sarah.get("/en/s/K7RT3M/record").text)
        assert APPROVED not in page and "Elidir" not in page
        assert sarah.get(f"{TEXTS}?version=99").status_code == 404
    with demonstrated.signed_in("iestyn.cadwaladr@glannau-ogwen.example") as stranger:
        assert stranger.get(TEXTS).status_code == 404


def test_the_record_says_it_once_every_text_was_approved(
    demonstrated: Demonstrated,
) -> None:
    with demonstrated.signed_in(NON) as non, demonstrated.signed_in(SARAH) as sarah:
        publish_one_text(non, sarah)
        with demonstrated.database.writing() as session:
            shown = get_system(session, "K7RT3M")
            version = session.get_one(SystemVersion, shown.version_id)
            known = session.get_one(VersionTexts, version.id).texts
            assert known["team"]["en"].keys() == {"source", "by", "approved_by", "approved_on"}
            session.connection().execute(VersionTexts.__table__.delete())
            session.expire_all()
            side = {"cy": "a", "en": "b"}
            day = {"cy": "2026-11-01", "en": "2026-11-03"}
            entry = {"written_by": side, "approved_by": side, "approved_on": day, "source": {}}
            row = origins.keep_origins(session, version, shown.whole, {path: entry for path in texts_of(shown.whole)})
            assert row.approved_on == date(2026, 11, 3)
            assert origins.list_origins(session, version.id)["name"][Locale.CY] == origins.Side(
                Origin.PERSON, "a", "a", date(2026, 11, 1)
            )
        page = html.unescape(re.sub(r"<[^>]+>", "", non.get("/en/s/K7RT3M/record").text))
        assert f"{APPROVED} by somebody who did not write it, the last of them on 3 November 2026." in page


def test_what_was_kept_never_changes(demonstrated: Demonstrated) -> None:
    with demonstrated.signed_in(NON) as non, demonstrated.signed_in(SARAH) as sarah:
        publish_one_text(non, sarah)
    with demonstrated.database.writing() as session:
        row = session.scalars(select(VersionTexts)).one()
        row.texts = {}
        with pytest.raises(PublishedIsFinal):
            session.flush()
        session.rollback()


def test_a_text_remembers_what_it_was_taken_from_until_somebody_rewrites_it(demonstrated: Demonstrated) -> None:
    with demonstrated.database.writing() as session:
        shown = get_system(session, "K7RT3M")
        from_file = read_record(shown.stored).model_copy(update={"summary": Both(cy="O ffeil.", en="From a file.")})
        row = session.get_one(System, shown.id)
        draft = save_draft(session, row, from_file, now=START_OF_TESTS, origin=Origin.IMPORT)
        assert draft.languages["summary"]["source"] == {"cy": "import", "en": "import"}
        mended = from_file.model_copy(update={"summary": Both(cy="O ffeil.", en="Mended by hand.")})
        draft = save_draft(session, row, mended, now=START_OF_TESTS)
        assert draft.languages["summary"]["source"] == {"cy": "import", "en": "person"}


def test_a_draft_that_says_nothing_new_is_not_published(demonstrated: Demonstrated) -> None:
    with demonstrated.signed_in(NON) as non:
        non.get(EDIT)
        non.post(f"{EDIT}/begin")
        non.get(f"{EDIT}/publish")
        assert "Nothing in the draft differs from the published version" in words(non)
        assert "seen" not in non.hidden()
