"""A reader asks the register: nothing of the concern, nor of the reader, is in what comes of it."""

from datetime import date

from sqlalchemy import select

from portal.audit.models import AuditEvent
from portal.register.unlisted.models import ToolQuestion
from portal.register.unlisted.queries import account_of
from tests.demonstrated import CARYS, ELIN, Demonstrated

PAGE = "/cy/my/concerns/ask-the-register"


def test_a_reader_asks_in_own_words_and_no_row_knows_who_it_was(demonstrated: Demonstrated) -> None:
    with demonstrated.database.reading() as session:
        before = set(session.scalars(select(ToolQuestion.id)))
    with demonstrated.signed_in(CARYS) as reader:
        page = reader.get(PAGE)
        assert "glannau-ogwen" in page.text and "?" not in PAGE
        signed_in = len(_events(demonstrated))
        fields = {"form_id": reader.hidden()["form_id"], "employer": "", "called": "Mesurydd", "where": "Y ganolfan"}
        refused = reader.post(PAGE, fields)
        assert refused.status_code == 422 and "Y ganolfan" in refused.text
        sent = reader.post(PAGE, fields | {"employer": "glannau-ogwen", "contact": "carys@undeb.example"})
        assert sent.headers["location"] == f"{PAGE}/sent"
        assert "29 Tachwedd 2026" in reader.get(sent.headers["location"]).text
    with demonstrated.database.reading() as session:
        row = session.scalars(select(ToolQuestion).where(ToolQuestion.id.not_in(before))).one()
        assert (row.received_on, row.due_on, row.contact) == (date(2026, 11, 29), date(2026, 12, 11), None)
        told = account_of(demonstrated.settings.vault, row)
        assert told is not None and (told.called, told.where) == ("Mesurydd", "Y ganolfan")
    assert len(_events(demonstrated)) == signed_in


def test_only_of_an_employer_whose_concerns_one_reads(demonstrated: Demonstrated) -> None:
    with demonstrated.signed_in(ELIN) as reader:
        page = reader.get(PAGE)
        assert "dyffryn-cledwen" not in page.text
        fields = {"form_id": reader.hidden()["form_id"], "employer": "dyffryn-cledwen", "called": "Mesurydd"}
        assert reader.post(PAGE, fields).status_code == 422


def _events(world: Demonstrated) -> list[int]:
    with world.database.reading() as session:
        return list(session.scalars(select(AuditEvent.number)))
