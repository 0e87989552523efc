"""Requests on their way to an answer: with material that was decided on, proposed, and approved by a second person."""

import hashlib
import io
import zipfile
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.service import take_step
from portal.core import ids
from portal.core.text import Locale, Words
from portal.documents.kinds import FileKind
from portal.subject_access import service as access
from portal.subject_access.answering.deciding import approve
from portal.subject_access.answering.models import Pack, SignOff
from portal.subject_access.answering.packing import build_waiting
from portal.subject_access.answering.proposing import Proposal, propose
from portal.subject_access.answering.queries import get_pack
from portal.subject_access.answering.rules import Outcome
from portal.subject_access.material.models import Material, MaterialCopy
from portal.subject_access.material.queries import copy_context, item_context
from portal.subject_access.material.rules import Decision, Exemption, ReporterAnswer
from portal.subject_access.queries import blob_context
from portal.subject_access.rules import ExtensionGround, RefusalGround
from portal.subject_access.steps import STEPS
from tests.subject_access.conftest import World, sent

LETTER = Words("Dyma’ch data")
ABOUT = Words("# Rota\n\nPam rydym yn defnyddio’r data: i drefnu shifftiau")
RELEASE = Proposal(Outcome.RELEASE, LETTER, Locale.CY, supplementary=ABOUT, glossary=Words("SB2 = ail egwyl"))
NOTHING = Proposal(Outcome.NOTHING_HELD, Words("E-bost: dim"), Locale.EN)
REFUSAL = Proposal(Outcome.REFUSAL, Words("Rhesymau"), Locale.CY, refusal_ground=RefusalGround.EXEMPT)
MORE_TIME = Proposal(Outcome.EXTENSION, Words("Tair system"), Locale.CY, extension_ground=ExtensionGround.COMPLEXITY)


def add_item(
    world: World,
    session: Session,
    case: Case,
    data: bytes,
    *,
    name: str = "rota.csv",
    said: str = "Eich rota",
    decision: Decision = Decision.RELEASE,
    exemption: Exemption | None = None,
    reporter: ReporterAnswer = ReporterAnswer.NO,
) -> Material:
    """An item that was decided on by Rhodri; what is released has its copy."""
    vault, officer = world.settings.vault, world["rhodri"].account_id
    item_id, copy_id = ids.new_id(), ids.new_id()
    number = len(session.scalars(select(Material.id).where(Material.case_id == case.id)).all()) + 1
    hashed = hashlib.sha256(data).digest()
    kind = FileKind.TABLE if name.endswith(".csv") else FileKind.PDF
    item = Material(
        id=item_id, case_id=case.id, number=number, kind=kind, media_type="text/csv", size=len(data), sha256=hashed,
        file_name=vault.seal(Words(name), context=item_context("file_name", item_id)),
        said=vault.seal(Words(said), context=item_context("said", item_id)),
        added_at=world.desk.now, added_by=officer, reporter=reporter, reporter_said_by=officer, decision=decision,
        exemption=exemption, decided_by=officer, decided_at=world.desk.now,
        reason=vault.seal(Words("Oherwydd"), context=item_context("reason", item_id)) if exemption else None,
    )  # fmt: skip
    session.add(item)
    session.flush()
    if decision is not Decision.WITHHOLD:
        blob_id = world.blobs.put([data], context=copy_context(copy_id))
        session.add(MaterialCopy(
            id=copy_id, material_id=item_id, number=1, ledger_number=0, kind=kind, blob_id=blob_id,
            media_type="text/csv", size=len(data), sha256=hashed, pictured=[], made_at=world.desk.now,
        ))  # fmt: skip
    session.flush()
    return item


def started(world: World, session: Session, **changes: object) -> Case:
    case = world.request(session, **changes)
    access.start(session, world["rhodri"], case, sent(), desk=world.desk)
    return case


def prepared(world: World, session: Session, *files: bytes, **changes: object) -> Case:
    """A request whose searches are answered and whose material is decided on."""
    case = started(world, session, **changes)
    for data in files or (b"dydd,awr\nLlun,8\n",):
        add_item(world, session, case, data)
    return to_material(world, session, case)


def to_material(world: World, session: Session, case: Case) -> Case:
    """Without places to search there is no task to answer."""
    for step in ("send_tasks", "search_done"):
        take_step(session, world["rhodri"], case, STEPS[step], desk=world.desk)
    return case


def proposed(world: World, session: Session, case: Case, proposal: Proposal = RELEASE, by: str = "rhodri") -> SignOff:
    return propose(session, world[by], case, proposal, sent(), desk=world.desk)


def approved(world: World, session: Session, case: Case, one: SignOff, by: str = "bethan") -> SignOff:
    """With the pack's own hash, as the page of the second person shows it."""
    hashed = get_pack(session, one).sha256 if one.outcome is Outcome.RELEASE else None
    return approve(session, world[by], case, one, sent(), desk=world.desk, pack_hash=hashed.hex() if hashed else "")


def answered(world: World, proposal: Proposal, **changes: object) -> str:
    """The reference of a request that two people answered in this way, without material."""
    with world.database.writing() as session:
        case = started(world, session, **changes)
        approved(world, session, case, proposed(world, session, case, proposal))
        return case.reference


def released(world: World, *files: bytes, **changes: object) -> str:
    """The reference of a request whose pack two people released."""
    with world.database.writing() as session:
        case = prepared(world, session, *files, **changes)
        one = proposed(world, session, case)
    assert build_waiting(world.database, world.settings, world.desk.now) == 1
    with world.database.writing() as session:
        approved(world, session, session.get_one(Case, case.id), session.get_one(SignOff, one.id))
    return case.reference


def in_language(proposal: Proposal, lang: Locale) -> Proposal:
    return replace(proposal, lang=lang)


def unpacked(world: World, pack: Pack) -> dict[str, bytes]:
    """The files of a pack."""
    assert pack.blob_id is not None
    whole = b"".join(world.blobs.read(pack.blob_id, context=blob_context(pack.id)))
    assert hashlib.sha256(whole).digest() == pack.sha256
    assert len(whole) == pack.size
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}
