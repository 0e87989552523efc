"""Deciding, clearing, cutting, copies, findings, and what stands against the answer, on a real database."""

from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.audit.models import AuditEvent
from portal.cases.models import Case
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Words
from portal.documents.cuts import SheetCut, WordsCut
from portal.documents.findings import Finding, FindingCode
from portal.documents.kinds import FileKind
from portal.subject_access.material import accepting, listing, queries, redacting, service
from portal.subject_access.material.models import Material
from portal.subject_access.material.rules import (
    Balancing,
    Decision,
    Exemption,
    HealthAnswer,
    ReporterAnswer,
    Show,
)
from portal.subject_access.material.service import About, Decided
from portal.subject_access.material.wording import said
from portal.subject_access.searching.models import SearchPlace
from portal.subject_access.searching.queries import list_tasks
from portal.subject_access.searching.rules import PlaceKind
from tests.documents.papers import NAME, simple
from tests.documents.sheets import rota
from tests.subject_access.conftest import World
from tests.subject_access.material.filing import (
    PART,
    RELEASE,
    STEPS,
    WITHHOLD,
    add,
    copied,
    cut,
    decide,
    found,
    new_file,
    out,
    place,
    started,
)

TEXT = "Mali Tudur and Siân were both there.".encode()


def msgids(world: World, session: object, case: Case) -> list[str]:
    return [one.msgid for one in service.problems(session, case)]  # type: ignore[arg-type]


def test_material_is_numbered_by_case_and_its_words_are_sealed(world: World) -> None:
    with world.database.writing() as session:
        case = found(world, session)
        first = add(world, session, case, "Mali.txt", TEXT, said="A note", period_from=date(2026, 3, 1))
        second = add(world, session, case, "again.txt", TEXT)
        assert (first.number, second.number) == (1, 2)
        assert b"Mali" not in first.file_name
        assert queries.file_name(first, world.desk.vault) == "Mali.txt"
        assert listing.list_twins(session, case) == {1: [2], 2: [1]}
        events = session.scalars(select(AuditEvent).where(AuditEvent.event == "access.material_added")).all()
        assert [one.facts for one in events] == [{"item": 1}, {"item": 2}]


def test_who_searches_adds_to_their_own_search_and_nobody_else_does(world: World) -> None:
    with world.database.writing() as session:
        world_place = place(world, session, "helen", "gwen")
        case = started(world, session)
        (task,) = out(world, session, case)
        files = [new_file(world, "a.txt", TEXT)]
        (item,) = service.add_found(session, world["helen"], task.id, files, About(Words("")), desk=world.desk)
        assert (item.task_id, item.system_id) == (task.id, world_place.system_id)
        for stranger in ("gwen", "sian", "dafydd"):
            with pytest.raises(NotFound):
                service.add_found(session, world[stranger], task.id, files, About(Words("")), desk=world.desk)


def test_a_decision_needs_its_answers_and_another_officers_decision_is_not_written_over(world: World) -> None:
    with world.database.writing() as session:
        case = found(world, session)
        item = add(world, session, case, "a.txt", TEXT)
        with pytest.raises(Refused, match="raised a concern"):
            decide(world, session, item, Decided(None, Decision.RELEASE, None, Words(""), Balancing()))
        decide(world, session, item, WITHHOLD)
        with pytest.raises(Conflict):
            service.decide(session, world["rhodri"], case, item, RELEASE, desk=world.desk, version=1)
        assert item.decision is Decision.WITHHOLD
        assert queries.open_words(item, "reason", world.desk.vault).reveal() == "Legal advice"  # type: ignore[union-attr]


def test_the_three_steps_are_kept_sealed_with_the_decision(world: World) -> None:
    with world.database.writing() as session:
        item = add(world, session, found(world, session), "a.txt", TEXT)
        decide(world, session, item, PART)
        assert queries.open_balancing(item, world.desk.vault) == STEPS
        assert item.balancing is not None
        assert b"Nobody" not in item.balancing


def test_nothing_from_occupational_health_is_given_without_an_opinion(world: World) -> None:
    with world.database.writing() as session:
        case = found(world, session)
        (task,) = list_tasks(session, case)
        session.get_one(SearchPlace, task.place_id).kind = PlaceKind.OCCUPATIONAL_HEALTH
        item = add(world, session, case, "a.txt", TEXT, task_id=task.id)
        with pytest.raises(Refused, match="about health"):
            decide(world, session, item, RELEASE)
        old = Balancing(health=HealthAnswer.OPINION, opinion_on=date(2026, 5, 1))
        with pytest.raises(Refused, match="six months"):
            decide(world, session, item, Decided(ReporterAnswer.NO, Decision.RELEASE, None, Words(""), old))
        new = Balancing(health=HealthAnswer.OPINION, opinion_on=date(2026, 6, 1))
        decide(world, session, item, Decided(ReporterAnswer.NO, Decision.RELEASE, None, Words(""), new))
        assert queries.open_balancing(item, world.desk.vault).opinion_on == date(2026, 6, 1)


def test_what_concerns_a_reporter_leaves_only_after_a_second_person_and_every_change_asks_again(world: World) -> None:
    with world.database.writing() as session:
        case = found(world, session)
        item = add(world, session, case, "a.txt", TEXT)
        decide(world, session, item, Decided(ReporterAnswer.YES, Decision.RELEASE, None, Words(""), Balancing()))
        copied(world, session, item)
        assert queries.outgoing(session, case).copies == ()
        assert "wait for a second person" in (service.problems(session, case)[0].plural or "")
        with pytest.raises(Refused, match="Somebody else"):
            service.clear(session, world["rhodri"], case, item, desk=world.desk, version=item.version)
        world.make_officer("gwen")
        service.clear(session, world["gwen"], case, item, desk=world.desk, version=item.version)
        assert service.problems(session, case) == ()
        assert [one.item for one in queries.outgoing(session, case).copies] == [item]
        copied(world, session, item)
        assert item.cleared_by is None
        assert queries.outgoing(session, case).copies == ()
        service.clear(session, world["gwen"], case, item, desk=world.desk, version=item.version)
        about = About(Words("What Mali Tudur told us"))
        service.describe(session, world["rhodri"], case, item, about, desk=world.desk, version=item.version)
        assert item.cleared_by is None and queries.outgoing(session, case).copies == ()


def test_the_database_itself_wants_two_people(world: World) -> None:
    with world.database.writing() as session:
        item = add(world, session, found(world, session), "a.txt", TEXT)
        decide(world, session, item, Decided(ReporterAnswer.YES, Decision.RELEASE, None, Words(""), Balancing()))
        with pytest.raises(IntegrityError), session.begin_nested():
            own = item.reporter_said_by
            session.execute(update(Material).where(Material.id == item.id).values(cleared_by=own))


def test_a_cut_takes_the_words_out_of_the_copy_and_the_ledger_only_grows(world: World) -> None:
    with world.database.writing() as session:
        case = found(world, session)
        item = add(world, session, case, "a.pdf", simple(b"About Mali Tudur", b"and Gwyn"))
        decide(world, session, item, PART)
        assert msgids(world, session, case) == [service._PROBLEMS["nothing_cut"].msgid]
        with pytest.raises(Refused):
            redacting.draw_up(session, item, vault=world.desk.vault, blobs=world.blobs)
        cut(world, session, item, WordsCut(NAME))
        line = cut(world, session, item, WordsCut("Gwyn"))
        redacting.undo(session, world["rhodri"], case, item, line.id, desk=world.desk)
        with pytest.raises(Conflict):
            redacting.undo(session, world["rhodri"], case, item, line.id, desk=world.desk)
        ledger = queries.list_ledger(session, item)
        assert [one.number for one in ledger] == [1, 2, 3]
        assert [one.number for one in queries.standing(ledger)] == [1]
        assert b"Mali" not in (ledger[0].cut or b"")
        assert msgids(world, session, case) == [service._PROBLEMS["no_copy"].msgid]
        copy = copied(world, session, item)
        assert (copy.number, copy.ledger_number) == (1, 3)
        assert b"Mali" not in redacting.data_of_copy(copy, world.blobs)
        assert service.problems(session, case) == ()
        cut(world, session, item, WordsCut("About"))
        assert queries.outgoing(session, case).copies == ()
        assert msgids(world, session, case) == [service._PROBLEMS["no_copy"].msgid]


def test_a_second_post_of_a_cut_adds_one_line(world: World) -> None:
    with world.database.writing() as session:
        case = found(world, session)
        item = add(world, session, case, "a.txt", TEXT)
        line = cut(world, session, item, WordsCut(NAME))
        why = (Exemption.OTHER_PEOPLE, Words("x"))
        again = redacting.cut(
            session, world["rhodri"], case, item, WordsCut("other"), *why, desk=world.desk, form_id=line.id
        )
        assert again is line
        assert len(queries.list_ledger(session, item)) == 1


def test_the_very_hidden_sheet_blocks_is_named_is_fixed_and_then_nothing_stands_against_it(world: World) -> None:
    with world.database.writing() as session:
        case = found(world, session)
        item = add(world, session, case, "rota.xlsx", rota())
        decide(world, session, item, RELEASE)
        copy = copied(world, session, item)
        findings = queries.list_findings(session, copy)
        sheet = next(one for one in findings if one.code is FindingCode.HIDDEN_SHEET)
        assert (queries.open_place(sheet, world.desk.vault), sheet.number) == ("Mali list", 1204)
        assert b"Mali" not in sheet.place
        assert msgids(world, session, case) == [service._PROBLEMS["findings"].msgid]
        assert listing.list_shown(session, case, Show.FINDINGS) == [item]
        fixed = copied(world, session, item, redacting.draw_up_fix)
        assert (fixed.number, queries.list_findings(session, fixed)) == (2, [])
        assert service.problems(session, case) == ()
        (going,) = queries.outgoing(session, case).copies
        assert (going.copy, going.name(world.desk.vault)) == (fixed, "rota.xlsx")
        assert b"Mali" not in redacting.data_of_copy(fixed, world.blobs)


def test_a_finding_is_accepted_by_name_with_a_reason_and_cut_words_never_are(world: World) -> None:
    with world.database.writing() as session:
        case = found(world, session)
        item = add(world, session, case, "strange.bin", b"\x00\x01\x02")
        assert item.kind is FileKind.OTHER
        decide(world, session, item, RELEASE)
        (finding,) = queries.list_findings(session, copied(world, session, item))
        assert said(queries_finding(world, finding)).msgid.startswith("The file cannot be read here")
        because = Words("I opened it in its own program")
        with pytest.raises(Refused, match="Say who opened"):
            accepting.accept(session, world["rhodri"], case, item, finding, because, desk=world.desk)
        looked = Words("Siân, at her desk\nA rota of March")
        accepting.accept(session, world["rhodri"], case, item, finding, because, looked=looked, desk=world.desk)
        assert finding.accepted_by == world["rhodri"].account_id
        assert queries.open_acceptance(finding, world.desk.vault) == f"{looked.reveal()}\n{because.reveal()}"
        assert msgids(world, session, case) == [service._PROBLEMS["findings"].msgid]
        assert listing.list_shown(session, case, Show.FINDINGS) == [item]
        with pytest.raises(Refused, match="Another officer"):
            accepting.confirm(session, world["rhodri"], case, item, finding, is_yes=True, desk=world.desk)
        accepting.confirm(session, world["bethan"], case, item, finding, is_yes=False, desk=world.desk)
        with pytest.raises(Conflict):
            accepting.confirm(session, world["bethan"], case, item, finding, is_yes=True, desk=world.desk)
        accepting.accept(session, world["rhodri"], case, item, finding, because, looked=looked, desk=world.desk)
        accepting.confirm(session, world["bethan"], case, item, finding, is_yes=True, desk=world.desk)
        assert service.problems(session, case) == ()
        finding.code = FindingCode.CUT_WORDS_LEFT
        session.flush()
        with pytest.raises(Refused):
            accepting.accept(session, world["rhodri"], case, item, finding, because, desk=world.desk)


def test_a_cut_that_finds_nothing_blocks_until_it_is_answered_and_stays_after_a_mend(world: World) -> None:
    with world.database.writing() as session:
        case = found(world, session)
        item = add(world, session, case, "a.txt", TEXT)
        decide(world, session, item, PART)
        cut(world, session, item, WordsCut("Prydderch-Nobody"))
        (finding,) = queries.list_findings(session, copied(world, session, item))
        assert queries.open_place(finding, world.desk.vault) == "Prydderch-Nobody"
        assert "were found nowhere" in said(queries_finding(world, finding)).msgid
        assert msgids(world, session, case) == [service._PROBLEMS["findings"].msgid]
        order = redacting.draw_up_fix(session, item, vault=world.desk.vault, blobs=world.blobs)
        assert [one.code for one in order.told] == [FindingCode.CUT_WORDS_NOWHERE]
        accepting.accept(session, world["rhodri"], case, item, finding, Words("It is in no file"), desk=world.desk)
        assert service.problems(session, case) == ()


def queries_finding(world: World, finding: object) -> Finding:
    place = queries.open_place(finding, world.desk.vault)  # type: ignore[arg-type]
    return Finding(finding.code, place, finding.number)  # type: ignore[attr-defined]


def test_a_copy_that_was_made_of_an_older_item_is_not_kept(world: World) -> None:
    with world.database.writing() as session:
        case = found(world, session)
        item = add(world, session, case, "a.txt", TEXT)
        decide(world, session, item, PART)
        cut(world, session, item, WordsCut(NAME))
        made = redacting.carry_out(redacting.draw_up(session, item, vault=world.desk.vault, blobs=world.blobs))
        cut(world, session, item, WordsCut("Siân"))
        with pytest.raises(Conflict):
            redacting.keep(session, world["rhodri"], case, item, made, "c" * 26, "b" * 26, desk=world.desk)


def test_what_goes_out_and_what_is_held_back_are_told_apart(world: World) -> None:
    with world.database.writing() as session:
        case = found(world, session)
        assert service.problems(session, case) == (service.NOTHING_ADDED,)
        whole, part, none = (add(world, session, case, f"{name}.eml", b"From: a\n\n" + TEXT) for name in "abc")
        assert service.problems(session, case)[0].values["items"] == "1, 2, 3"
        decide(world, session, whole, RELEASE)
        decide(world, session, part, PART)
        decide(world, session, none, WITHHOLD)
        cut(world, session, part, WordsCut(NAME))
        copied(world, session, whole)
        copied(world, session, part)
        with pytest.raises(Refused):
            redacting.draw_up(session, none, vault=world.desk.vault, blobs=world.blobs)
        going = queries.outgoing(session, case)
        names = [one.name(world.desk.vault) for one in going.copies]
        assert names == ["a.eml", "b.txt"]  # an e-mail that was cut is the text of it
        assert [(one.item, one.exemptions) for one in going.held_back] == [
            (part, (Exemption.OTHER_PEOPLE,)),
            (none, (Exemption.PRIVILEGE,)),
        ]
        assert b"Mali" not in b"".join(world.blobs.read(going.copies[1].blob_id, context=going.copies[1].context))


def test_material_rests_while_the_second_person_has_the_answer(world: World) -> None:
    with world.database.writing() as session:
        case = found(world, session)
        item = add(world, session, case, "a.xlsx", rota())
        case.state = "sign_off"
        session.flush()
        for act in (lambda: decide(world, session, item, RELEASE), lambda: cut(world, session, item, SheetCut("Rota"))):
            with pytest.raises(Conflict):
                act()
        with pytest.raises(NotFound):
            service.add(session, world["dafydd"], case, [], About(Words("")), desk=world.desk)
