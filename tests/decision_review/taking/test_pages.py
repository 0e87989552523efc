"""The worker takes their whole review with them, and nobody else can."""

import zipfile
from io import BytesIO

from portal.core import ids
from portal.core.blobs import BlobStore
from portal.core.text import Locale, Words
from portal.decision_review.asking import service as asking
from portal.decision_review.asking.queries import paper_context
from portal.decision_review.asking.service import Paper
from portal.decision_review.outcome import second
from portal.decision_review.rules import Outcome
from tests.decision_review.conftest import EMYR, MAIR, MELERI, Reviews
from tests.decision_review.outcome.deciding import remedy, told
from tests.demonstrated import ELIN, GWYNFOR


def test_the_file_holds_the_letter_what_is_put_right_and_the_papers(reviews: Reviews) -> None:
    settings = reviews.world.settings
    blobs, paper_id = BlobStore(settings.blob_folder, settings.vault), ids.new_id()
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        blob_id = blobs.put(iter([b"a photograph of the map"]), context=paper_context("blob_id", paper_id))
        paper = Paper(paper_id, blob_id, Words("../fy map.txt"), "text/plain", 23)
        asking.add_paper(session, reviews[GWYNFOR], case, paper, desk=reviews.desk)
        early = case.reference
        late = told(reviews, session, remedy(reviews), outcome=Outcome.CHANGED)
        second.ask(session, reviews[GWYNFOR], late, Words("Nid yw’n ddigon."), Locale.CY, desk=reviews.desk)
        reference = late.reference
    with reviews.world.signed_in(GWYNFOR) as gwynfor:
        assert "/take" in gwynfor.get(f"/cy/my/cases/{early}").text
        made = zipfile.ZipFile(BytesIO(gwynfor.get(f"/cy/my/review/{early}/take").content))
        assert made.testzip() is None
        name = next(one for one in made.namelist() if one != "adolygiad.html")
        assert name.startswith("files/p01-")
        assert ".." not in name
        assert made.read(name) == b"a photograph of the map"
        whole = zipfile.ZipFile(BytesIO(gwynfor.get(f"/en/my/review/{reference}/take").content))
        page = whole.read("review.html").decode()
        for words in ("Nid oedd y map yn gywir.", "Mae’r map yn hen.", "Dileu’r sgôr.", "Nid yw’n ddigon."):
            assert words in page
        assert MELERI not in page
        assert "<script" not in page
    for email in (MAIR, EMYR, MELERI, ELIN):
        with reviews.world.signed_in(email) as other:
            assert other.client.get(f"/en/my/review/{reference}/take").status_code == 404
