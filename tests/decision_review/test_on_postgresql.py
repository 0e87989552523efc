"""A review on PostgreSQL: through every step and duty of its machine, and two who press in the same moment."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, func, select, text
from sqlalchemy.orm import Session

from portal.cases.erasing import belongs, owned_tables
from portal.cases.models import Case
from portal.cases.service import take_step
from portal.core import ids
from portal.core.blobs import BlobStore
from portal.core.db import Database
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Locale, Words
from portal.decision_review.asking import classifying, proposing, service
from portal.decision_review.asking.classifying import Classed
from portal.decision_review.asking.proposing import Proposal
from portal.decision_review.asking.rules import Proposed
from portal.decision_review.desk import duties as desk_duties
from portal.decision_review.desk.models import ReviewTombstone
from portal.decision_review.evidence import cutting, saying
from portal.decision_review.evidence import duties as records_duties
from portal.decision_review.evidence import service as records
from portal.decision_review.evidence.models import EvidencePack
from portal.decision_review.evidence.queries import get_correction, item_context, list_corrections, list_items
from portal.decision_review.evidence.rules import CorrectionAnswer, ItemKind
from portal.decision_review.evidence.saying import NewCorrection
from portal.decision_review.evidence.service import NewFile
from portal.decision_review.holding import duties as hold_duties
from portal.decision_review.holding import service as holding
from portal.decision_review.holding.queries import find_open, list_questions
from portal.decision_review.holding.rules import Answer
from portal.decision_review.models import ReviewDecision
from portal.decision_review.outcome import chairs, drafting, second
from portal.decision_review.outcome import duties as outcome_duties
from portal.decision_review.outcome import service as outcome
from portal.decision_review.outcome.queries import list_letters, list_remedies
from portal.decision_review.outcome.rules import WorkerSays
from portal.decision_review.reviewing import concluding, drawing, questions, seating
from portal.decision_review.reviewing.concluding import Ending
from portal.decision_review.reviewing.models import SecondLookDraw
from portal.decision_review.reviewing.queries import list_views
from portal.decision_review.reviewing.questions import NewQuestion
from portal.decision_review.reviewing.rules import AskedOf
from portal.decision_review.rules import ExtensionGround, Outcome, RefusalGround, ReviewClass, State
from portal.decision_review.steps import STEPS
from portal.directory.models import Person
from portal.migrations.tables import METADATA
from tests.decision_review.conftest import EMYR, HYWEL, LOWRI, MAIR, MELERI, Reviews, sent, steps_of
from tests.decision_review.deciding_way import URL, begun, disposed, given, shown
from tests.decision_review.outcome.deciding import REASONS, person, remedy
from tests.decision_review.recording import BLIND, OPEN, blobs_of, item, shared
from tests.demonstrated import GWYNFOR, Demonstrated
from tests.postgres import empty

pytestmark = pytest.mark.postgres

DAVID = "david.okafor@dyffryn-cledwen.example"
Rows = dict[Table, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def rows(demonstration_folder: Path) -> Rows:
    """Every row of the demonstration, from the database in which it was made."""
    opened = Database(f"sqlite:///{demonstration_folder / 'porth.sqlite3'}")
    with opened.reading() as session:
        found = {
            table: [dict(row) for row in session.execute(select(table)).mappings()] for table in METADATA.sorted_tables
        }
    opened.close()
    return found


@pytest.fixture
def demonstrated(demonstrated: Demonstrated, rows: Rows, postgres_database: Database) -> Iterator[Demonstrated]:
    """The same demonstration in the other database."""
    with postgres_database.writing() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        for table, found in rows.items():
            if found:
                session.execute(table.insert(), found)
    yield Demonstrated(demonstrated.settings, postgres_database, demonstrated.secrets)
    empty(postgres_database)


def get(session: Session, case_id: str) -> Case:
    return session.get_one(Case, case_id)


def due(reviews: Reviews, now: datetime, *names: str) -> int:
    """What the duties of these names do at an instant."""
    found = {
        name: verb
        for room in (hold_duties, records_duties, desk_duties, outcome_duties)
        for name, verb in vars(room).items()
    }
    return sum(found[name](reviews.world.database, reviews.world.settings, now) for name in names)


def test_a_review_from_the_first_word_to_its_tombstone(reviews: Reviews, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "live_since", lambda _session, _case: date(2026, 11, 1))
    database = reviews.world.database
    case_id = up_to_the_records(reviews)
    with database.writing() as session:
        share_all(reviews, session, get(session, case_id))
    assert due(reviews, reviews.after(11).now, "close_sides") == 1
    reviews.desk = reviews.after(11)
    with database.writing() as session:
        both_look(reviews, session, get(session, case_id))
    put_right(reviews, case_id)
    with database.writing() as session:
        at_second_stage(reviews, session, get(session, case_id))
    later = reviews.after(15)
    assert due(reviews, later.now, "close_reviews") == 1
    with database.reading() as session:
        case = get(session, case_id)
        reference = case.reference
        assert case.state == State.CLOSED
    midnight = datetime(2033, 1, 18, 0, 30, tzinfo=UTC)
    assert due(reviews, midnight - timedelta(hours=1), "delete_reviews") == 0
    assert due(reviews, midnight, "delete_reviews") == 1
    with database.reading() as session:
        assert session.get(Case, case_id) is None
        assert session.get_one(ReviewTombstone, reference).rule == "years_6"
        left = [
            table.name
            for table in owned_tables()
            if session.scalar(select(func.count()).select_from(table).where(belongs(table, case_id)))
        ]
        assert left == []


def up_to_the_records(reviews: Reviews) -> str:
    """Asked, taken back and taken up again, classified and contested; the hold is asked, kept and chased; the records
    are late, and then frozen, with a file among them."""
    database, desk = reviews.world.database, reviews.desk
    with database.writing() as session:
        case = reviews.asked(session, effect=Words("Llai o oriau"), effect_on=desk.today + timedelta(days=2))
        case_id = case.id
        take_step(session, reviews[GWYNFOR], case, STEPS["withdraw"], desk=desk)
        service.undo_withdrawal(session, reviews[GWYNFOR], case, desk=desk)
        classed = Classed(ReviewClass.INFLUENCED, Words("x"), Locale.CY)
        classifying.classify(session, reviews[MAIR], case, classed, sent(case), desk=desk)
        service.contest(session, reviews[GWYNFOR], case, Words("y"), desk=desk)
        alone = Classed(ReviewClass.ALONE, Words("z"), Locale.CY)
        with pytest.raises(Refused):
            classifying.settle(session, reviews[MAIR], case, alone, sent(case), desk=desk)
        classifying.settle(session, reviews[LOWRI], case, alone, sent(case), desk=desk)
        question = find_open(session, case)
        assert question is not None
        holding.answer(session, reviews[EMYR], case, question, Answer.HOLD, None, lang=Locale.CY, desk=desk)
        assert records.request(session, reviews[MAIR], case, None, sent(case), desk=desk) is not None
    assert due(reviews, reviews.after(4).now, "chase_holds", "chase_holds") == 1
    assert due(reviews, reviews.after(7).now, "chase_records", "chase_records") == 1
    with database.writing() as session:
        case = get(session, case_id)
        holding.record_done(session, reviews[EMYR], case, list_questions(session, case)[0], desk=desk)
        pack = session.scalars(select(EvidencePack).where(EvidencePack.case_id == case_id)).one()
        for kind, value in (OPEN | BLIND).items():
            records.add_item(session, reviews[EMYR], case, pack, item(kind, value), desk=desk)
        with_file(reviews, session, case, pack)
        records.freeze(session, reviews[EMYR], case, pack, blobs_of(reviews), desk=desk)
        assert records.check(session, pack, blobs_of(reviews), desk=desk)
    return case_id


def with_file(reviews: Reviews, session: Session, case: Case, pack: EvidencePack) -> None:
    new = item(ItemKind.KNOWN_ISSUE, "x")
    blobs: BlobStore = blobs_of(reviews)
    blob_id = blobs.put([b"Sarah, 12:30"], context=item_context("blob_id", new.item_id))
    new = replace(new, value=None, file=NewFile(blob_id, Words("log.txt"), "text/plain", 12))
    records.add_item(session, reviews[EMYR], case, pack, new, desk=reviews.desk)


def share_all(reviews: Reviews, session: Session, case: Case) -> None:
    """Third parties go out, the worker reads, corrects and says their side."""
    desk = reviews.desk
    pack = session.scalars(select(EvidencePack).where(EvidencePack.case_id == case.id)).one()
    items = {one.kind: one for one in list_items(session, pack, with_output=True) if one.value is not None}
    filed = next(one for one in list_items(session, pack, with_output=True) if one.blob_id is not None)
    cutting.rewrite(session, reviews[MAIR], case, items[ItemKind.SEEN], Words("Rhestr"), desk=desk)
    cutting.withhold(session, reviews[MAIR], case, items[ItemKind.COMPARABLE], Words("Eraill"), desk=desk)
    copy = blobs_of(reviews).put([b"[..], 12:30"], context=item_context("shared_blob_id", filed.id))
    assert cutting.keep_cut(session, reviews[MAIR], case, filed, copy, desk=desk) is None
    records.share(session, reviews[MAIR], case, pack, sent(case), desk=desk)
    new = NewCorrection(ids.new_id(), Words("Nid 41"), Words("63"), Locale.CY)
    saying.correct(session, reviews[GWYNFOR], case, items[ItemKind.OUTPUT], new, desk=desk)
    row = next(iter(list_corrections(session, case, desk.vault, with_output=True)))
    assert list_corrections(session, case, desk.vault, with_output=False) == []
    found = get_correction(session, case, row.id)
    saying.answer(session, reviews[MAIR], case, found, CorrectionAnswer.PARTLY, Words("Rhan"), desk=desk)
    saying.choose_days(session, reviews[GWYNFOR], case, 10, desk=desk)
    saying.say(session, reviews[GWYNFOR], case, Words("Nid oedd dewis."), Locale.CY, desk=desk)
    wanted = Proposal(Proposed.EXTENSION, Words("Cymhleth"), Locale.CY, extension_ground=next(iter(ExtensionGround)))
    proposed = proposing.propose(session, reviews[MAIR], case, wanted, sent(case), desk=desk)
    with pytest.raises(Refused):
        proposing.approve(session, reviews[MAIR], case, proposed, sent(case), desk=desk)
    before = case.due_on
    proposing.approve(session, reviews[LOWRI], case, proposed, sent(case), desk=desk)
    assert case.due_on > before


def both_look(reviews: Reviews, session: Session, case: Case) -> None:
    """One hands it back, one upholds it, another looks and agrees; and something is put right all the same."""
    desk, mair = reviews.desk, reviews[MAIR]
    given(session, mair, reviews[DAVID], case, desk=desk)
    given(session, mair, reviews[MELERI], case, desk=desk)
    siwan = reviews["siwan.trefor@dyffryn-cledwen.example"]
    for reviewer, ending in ((reviews[MELERI], Ending(URL)), (siwan, Ending(URL, (remedy(reviews),)))):
        given(session, mair, reviewer, case, desk=desk)
        begun(session, reviewer, case, desk=desk)
        shown(session, reviewer, case, desk=desk)
        disposed(session, reviewer, case, Outcome.UPHELD, desk=desk)
        concluding.conclude(session, reviewer, case, ending, desk=desk)
    assert session.get_one(SecondLookDraw, case.id).is_looked_at
    assert case.state == State.IMPLEMENTING
    assert session.get_one(ReviewDecision, case.id).second_by == siwan.person_id
    assert len(list_views(session, case, desk.vault)) == 2
    with pytest.raises(NotFound):
        seating.hand_back(session, reviews[DAVID], case, None, desk=desk)


def put_right(reviews: Reviews, case_id: str) -> None:
    """Late, done, asked about after thirty days, and confirmed."""
    database, desk = reviews.world.database, reviews.desk
    assert due(reviews, reviews.after(6).now, "chase_remedies", "chase_remedies") == 1
    with database.writing() as session:
        row = list_remedies(session, get(session, case_id))[0]
        outcome.finish_remedy(session, reviews[EMYR], row.id, Words("Wedi dileu"), desk=desk)
    reviews.desk = reviews.after(31)
    assert due(reviews, reviews.desk.now, "ask_whether_it_happened") == 1
    with database.writing() as session:
        case = get(session, case_id)
        row = list_remedies(session, case)[0]
        outcome.say_of_remedy(session, reviews[GWYNFOR], case, row, WorkerSays.HAPPENED, desk=reviews.desk)
        assert case.state == State.CLOSED


def at_second_stage(reviews: Reviews, session: Session, case: Case) -> None:
    """A panel of two decides again."""
    desk = reviews.desk
    second.ask(session, reviews[GWYNFOR], case, Words("Na"), Locale.CY, desk=desk)
    found = select(Person).where(Person.id.in_(chairs.union_people(session, case, today=desk.today)))
    union = session.scalars(found.order_by(Person.email)).all()[0]
    chairs.give_to_panel(session, reviews[MAIR], case, person(session, HYWEL), union, desk=desk)
    for chair in (reviews[HYWEL], reviews[union.email]):
        drafting.write_view(session, chair, case.id, Outcome.CHANGED, Words("Fy marn"), Locale.CY, desk=desk)
        drafting.write(session, chair, case.id, Outcome.CHANGED, REASONS, desk=desk)
    assert case.state == State.STAGE_TWO
    row = chairs.get_panel(session, reviews[HYWEL], case.id, today=desk.today)[1]
    drafting.sign(session, reviews[HYWEL], case.id, seen=drafting.mark_of(session, case, row), desk=desk)
    assert case.state == State.DECIDED
    assert [one.stage for one in list_letters(session, case)] == [2, 1]


def test_a_refusal_needs_two_and_the_day_that_is_missed_is_told_once(reviews: Reviews) -> None:
    database, desk = reviews.world.database, reviews.desk
    with database.writing() as session:
        case = reviews.asked(session)
        case_id, late = case.id, reviews.on(case.due_on + timedelta(days=1))
    due(reviews, late.now, "warn_of_reviews", "open_missed_reviews", "open_missed_reviews")
    with database.writing() as session:
        case = get(session, case_id)
        assert steps_of(session, case).count("missed_day") == 1
        wanted = Proposal(Proposed.REFUSAL, Words("x"), Locale.CY, refusal_ground=next(iter(RefusalGround)))
        proposed = proposing.propose(session, reviews[MAIR], case, wanted, sent(case), desk=desk)
        proposing.approve(session, reviews[LOWRI], case, proposed, sent(case), desk=desk)
        assert case.state == State.REFUSED
    assert due(reviews, reviews.after(14).now, "close_ended") == 0
    assert due(reviews, reviews.after(15).now, "close_ended") == 1


def pressed(
    reviews: Reviews, press: Callable[[Session, str], object], *names: str
) -> tuple[list[str], list[Exception]]:
    """Both press in the same moment: who got through, and what the others were told."""
    start = threading.Barrier(len(names))
    done: list[str] = []
    told: list[Exception] = []

    def one(name: str) -> None:
        start.wait()
        try:
            with reviews.world.database.writing() as session:
                press(session, name)
            done.append(name)
        except (Conflict, Refused, NotFound) as refusal:
            told.append(refusal)

    people = [threading.Thread(target=one, args=(name,)) for name in names]
    for who in people:
        who.start()
    for who in people:
        who.join()
    return done, told


def test_of_two_who_press_in_the_same_moment_one_answer_and_one_end_come(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        case_id = case.id
        shared(session, reviews, case, ReviewClass.INFLUENCED)
        given(session, reviews[MAIR], reviews[MELERI], case, desk=reviews.desk)
        begun(session, reviews[MELERI], case, desk=reviews.desk)
        shown(session, reviews[MELERI], case, desk=reviews.desk)
        disposed(session, reviews[MELERI], case, Outcome.CHANGED, desk=reviews.desk)
        new = NewQuestion(ids.new_id(), AskedOf.OWNER, Words("Pryd?"), Locale.CY)
        question_id = questions.ask_other(session, reviews[MELERI], case, new, desk=reviews.desk).id
    meleri, emyr, desk = reviews[MELERI], reviews[EMYR], reviews.desk

    def reply(session: Session, words: str) -> None:
        questions.answer(session, emyr, question_id, Words(words), desk=desk)

    done, told = pressed(reviews, reply, "Ddoe", "Heddiw")
    assert (len(done), len(told)) == (1, 1)

    def conclude(session: Session, _name: str) -> None:
        concluding.conclude(session, meleri, get(session, case_id), Ending(URL), desk=desk)

    done, told = pressed(reviews, conclude, MELERI, MELERI)
    assert (len(done), told) == (2, [])
    with reviews.world.database.reading() as session:
        assert get(session, case_id).state == State.DECIDED
        assert len(list_letters(session, get(session, case_id))) == 1


def test_of_two_officers_who_classify_in_the_same_moment_one_is_told(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        case_id, forms = case.id, {name: sent(case) for name in (MAIR, LOWRI)}
    people = {name: reviews[name] for name in forms}

    def say(session: Session, name: str) -> None:
        classed = Classed(ReviewClass.ALONE, Words(name), Locale.CY)
        classifying.classify(session, people[name], get(session, case_id), classed, forms[name], desk=reviews.desk)

    done, told = pressed(reviews, say, MAIR, LOWRI)
    assert (len(done), len(told)) == (1, 1)
