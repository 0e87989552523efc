"""Records of a decision for tests: asked of the manager, put together, frozen, shared; and the worker's side closed."""

from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.core import ids
from portal.core.blobs import BlobStore
from portal.core.text import Locale, Words
from portal.decision_review.asking.classifying import Classed, classify
from portal.decision_review.evidence import saying, service
from portal.decision_review.evidence.models import EvidencePack
from portal.decision_review.evidence.rules import ItemKind
from portal.decision_review.evidence.service import NewItem
from portal.decision_review.rules import ReviewClass
from tests.decision_review.conftest import EMYR, MAIR, Reviews, sent
from tests.demonstrated import GWYNFOR

SCORE = "Sgôr 41 allan o 100"
BLIND = {
    ItemKind.OUTPUT: SCORE,
    ItemKind.THRESHOLD: "Trothwy 45 y sgôr",
    ItemKind.SEEN: "Rhestr goch o yrwyr",
    ItemKind.ACTED: "Goruchwyliwr depo 77",
    ItemKind.SECONDS: "Pedair eiliad 88",
    ItemKind.COMPARABLE: "Deuddeg gyrrwr arall 99",
}
OPEN = {ItemKind.INPUT: "Map y ffyrdd o fis Medi", ItemKind.KNOWN_ISSUE: "Gwaith ffordd nad yw ar y map"}


def blobs_of(reviews: Reviews) -> BlobStore:
    settings = reviews.world.settings
    return BlobStore(settings.blob_folder, settings.vault)


def item(kind: ItemKind, value: str) -> NewItem:
    return NewItem(ids.new_id(), kind, Words(f"Enw {kind.value}"), Locale.CY, value=Words(value))


def asked(
    session: Session, reviews: Reviews, case: Case, review_class: ReviewClass = ReviewClass.ALONE
) -> EvidencePack:
    """Classified, and the manager is asked for the records."""
    classify(session, reviews[MAIR], case, Classed(review_class, Words("x"), Locale.CY), sent(case), desk=reviews.desk)
    pack = service.request(session, reviews[MAIR], case, None, sent(case), desk=reviews.desk)
    assert pack is not None
    return pack


def frozen(session: Session, reviews: Reviews, case: Case, pack: EvidencePack) -> None:
    """Everything that a decision was made of."""
    for kind, value in (OPEN | BLIND).items():
        service.add_item(session, reviews[EMYR], case, pack, item(kind, value), desk=reviews.desk)
    service.freeze(session, reviews[EMYR], case, pack, blobs_of(reviews), desk=reviews.desk)


def shared(
    session: Session, reviews: Reviews, case: Case, review_class: ReviewClass = ReviewClass.ALONE
) -> EvidencePack:
    """The worker has the records, and has said all."""
    pack = asked(session, reviews, case, review_class)
    frozen(session, reviews, case, pack)
    service.share(session, reviews[MAIR], case, pack, sent(case), desk=reviews.desk)
    saying.say(session, reviews[GWYNFOR], case, Words("Nid oedd dewis."), Locale.CY, desk=reviews.desk)
    saying.be_done(session, reviews[GWYNFOR], case, desk=reviews.desk)
    return pack
