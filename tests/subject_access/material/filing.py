"""Cases with material: a request that has come to its material, two officers, and files with things in them."""

import hashlib
from typing import Any

from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.core import ids
from portal.core.text import Words
from portal.documents.cuts import Cut
from portal.documents.kinds import kind_of
from portal.subject_access.material import queries, redacting, service
from portal.subject_access.material.models import Material, MaterialCopy
from portal.subject_access.material.rules import Balancing, Decision, Exemption, ReporterAnswer
from portal.subject_access.material.service import About, Decided, NewFile
from portal.subject_access.searching import service as searching
from tests.subject_access.conftest import World, sent
from tests.subject_access.searching.test_service import FOUND, out, place, started

RELEASE = Decided(ReporterAnswer.NO, Decision.RELEASE, None, Words(""), Balancing())
STEPS = Balancing("Names can be cut", "Nobody was asked", "Yes, once cut")
PART = Decided(ReporterAnswer.NO, Decision.PART, Exemption.OTHER_PEOPLE, Words("Colleagues are named"), STEPS)
WITHHOLD = Decided(ReporterAnswer.NO, Decision.WITHHOLD, Exemption.PRIVILEGE, Words("Legal advice"), Balancing())

__all__ = ["FOUND", "out", "place", "started"]


def found(world: World, session: Session) -> Case:
    """A request whose one search is answered: it stands at its material."""
    place(world, session, "helen", "gwen")
    case = started(world, session)
    (task,) = out(world, session, case)
    searching.answer(session, world["helen"], task, FOUND, desk=world.desk)
    return searching.finish_search(session, world["rhodri"], case, sent().form_id, desk=world.desk)


def new_file(world: World, name: str, data: bytes) -> NewFile:
    own = ids.new_id()
    blob = world.blobs.put([data], context=queries.item_context("blob_id", own))
    kind = kind_of(name, data[:1024])
    digest = hashlib.sha256(data).digest()
    return NewFile(own, blob, Words(name), kind, redacting.media_type_of(kind, name), len(data), digest)


def add(world: World, session: Session, case: Case, name: str, data: bytes, **about: Any) -> Material:
    told = About(Words(about.pop("said", "")), **about)
    (item,) = service.add(session, world["rhodri"], case, [new_file(world, name, data)], told, desk=world.desk)
    return item


def decide(world: World, session: Session, item: Material, decided: Decided, who: str = "rhodri") -> Material:
    case = session.get_one(Case, item.case_id)
    return service.decide(session, world[who], case, item, decided, desk=world.desk, version=item.version)


def cut(world: World, session: Session, item: Material, what: Cut) -> Any:
    case = session.get_one(Case, item.case_id)
    return redacting.cut(
        session,
        world["rhodri"],
        case,
        item,
        what,
        Exemption.OTHER_PEOPLE,
        Words("A colleague"),
        desk=world.desk,
        form_id=ids.new_id(),
    )


def copied(world: World, session: Session, item: Material, draw_up: Any = redacting.draw_up) -> MaterialCopy:
    """The copy as it is made and kept."""
    order = draw_up(session, item, vault=world.desk.vault, blobs=world.blobs)
    made = redacting.carry_out(order)
    own = ids.new_id()
    blob = world.blobs.put([made.data], context=queries.copy_context(own))
    case = session.get_one(Case, item.case_id)
    return redacting.keep(session, world["rhodri"], case, item, made, own, blob, desk=world.desk)
