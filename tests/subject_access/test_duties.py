"""Files go when their ninety days are over, and only then."""

from datetime import timedelta

from sqlalchemy import select

from portal.audit.models import AuditEvent
from portal.core import ids
from portal.core.text import Locale, Words
from portal.subject_access import service
from portal.subject_access.answering.releasing import Release, disclose
from portal.subject_access.duties import remove_old_disclosures
from portal.subject_access.models import Disclosure
from portal.subject_access.queries import blob_context
from portal.subject_access.rules import Given
from tests.subject_access.conftest import MONDAY, World, sent


def test_a_file_is_removed_after_ninety_days_once(world: World) -> None:
    made = ids.new_id()
    blob_id = world.blobs.put([b"data"], context=blob_context(made))
    release = Release(made, Given.PORTAL, blob_id, Words("a.txt"), "text/plain", 4)
    with world.database.writing() as session:
        case = world.request(session)
        service.start(session, world["rhodri"], case, sent(), desk=world.desk)
        disclose(
            session, world["rhodri"], case, release, Words("Dyma"), Words("Dibenion"), sent(), lang=Locale.CY,
            desk=world.desk,
        )  # fmt: skip
    assert remove_old_disclosures(world.database, world.settings, MONDAY + timedelta(days=89)) == 0
    assert (world.settings.blob_folder / blob_id).exists()
    assert remove_old_disclosures(world.database, world.settings, MONDAY + timedelta(days=90)) == 1
    assert not list(world.settings.blob_folder.iterdir())
    assert remove_old_disclosures(world.database, world.settings, MONDAY + timedelta(days=91)) == 0
    with world.database.reading() as session:
        assert session.scalars(select(Disclosure)).one().removed_at is not None
        assert "access.file_removed" in session.scalars(select(AuditEvent.event)).all()
