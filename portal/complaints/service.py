"""What the person who handles a complaint does between its beginning and its outcome."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.cases import correspondence, holding
from portal.cases import service as cases
from portal.cases.correspondence import Writing
from portal.cases.models import Case, CaseHold
from portal.cases.rules import Duty, Relation
from portal.cases.sent import Sent, tell, was_sent
from portal.cases.turn import Desk, take_turn
from portal.complaints import letters, opening
from portal.complaints.handling import check_apart, find_handler, give
from portal.complaints.models import ComplaintFile
from portal.complaints.queries import context_of, get_complaint, list_files
from portal.complaints.rules import LONGEST_HOLD, MOST_FILES
from portal.complaints.steps import ASKING, STEPS, update_step
from portal.complaints.taking import check_takes
from portal.core.errors import NotFound, Refused
from portal.core.text import Bilingual, Locale, Words, msg, pmsg
from portal.directory.models import Person
from portal.directory.queries import get_person, list_holdings_of
from portal.identity.actor import Actor

TOO_MANY = pmsg("error", "There are enough files with this complaint. Send anything more in another way")
WRONG_DAY = pmsg("error", "The day must be between the day of receipt and today")
LOOK_AGAIN = pmsg("error", "The day to look at it again must be after today and within a year")
OFFICERS = frozenset({Relation.OFFICER})


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that was sealed while it came in."""

    id: str
    blob_id: str
    file_name: Words
    media_type: str
    size: int


def acknowledge(session: Session, by: Actor, case: Case, sent: Sent, *, on: date, desk: Desk) -> None:
    """Write down that the complaint was acknowledged another way: by letter or by telephone, on its true day."""
    if not _is_begun(session, by, case, sent, "acknowledge", desk):
        return
    if not case.received_on <= on <= desk.today:
        raise Refused(WRONG_DAY)
    opening.acknowledge(session, by, case, desk=desk, on=on, form_id=sent.form_id)


def introduce(session: Session, by: Actor, case: Case, words: Words, sent: Sent, *, lang: Locale, desk: Desk) -> None:
    """The person who handles the complaint writes to the person who complained, with their name. Who writes takes it
    on; the enquiries begin if they have not."""
    if not _is_begun(session, by, case, sent, "introduce", desk):
        return
    take_on(session, by, case, desk=desk)
    person = get_person(session, by.person_id)
    posts = [one for one in list_holdings_of(session, by.person_id, today=desk.today) if one.body_id == case.body_id]
    post = next((Bilingual(one.post_cy, one.post_en) for one in posts if one.post_cy and one.post_en), None)
    letter = letters.introduction(person.display_name, post, words, lang)
    correspondence.write_letter(session, by, case, Writing(sent.form_id, letter, lang), desk=desk)
    get_complaint(session, case).introduced_on = desk.today
    tell(session, case, desk, "case_news")


def take_on(session: Session, by: Actor, case: Case, *, desk: Desk) -> None:
    """Take the complaint on; refused for somebody who had a hand in the matter."""
    check_apart(session, by, case, today=desk.today)
    handler = find_handler(session, case)
    if handler is None or handler.id != by.person_id:
        give(session, by, case, get_person(session, by.person_id), desk=desk)
    opening.begin(session, case, desk=desk)


def hand_over(session: Session, by: Actor, case: Case, to: Person, *, desk: Desk, tells: bool = True) -> None:
    """Give the complaint to somebody else who stands apart from the matter."""
    take_turn(session, by, case, OFFICERS, desk=desk)
    check_takes(case, "hand-over", desk)
    give(session, by, case, to, desk=desk, tells=tells)
    get_complaint(session, case).introduced_on = None
    opening.begin(session, case, desk=desk)


def ask_second(session: Session, by: Actor, case: Case, to: Person, *, desk: Desk) -> None:
    """Name the second person for the outcome of a complaint about the body's own officers."""
    take_turn(session, by, case, OFFICERS, desk=desk)
    check_takes(case, "second", desk)
    handler = find_handler(session, case)
    if handler is not None and handler.id == to.id:
        raise Refused(pmsg("error", "The second person must be somebody else"))
    give(session, by, case, to, desk=desk, duty=Duty.REVIEWER)


def update(session: Session, by: Actor, case: Case, words: Words, sent: Sent, *, lang: Locale, desk: Desk) -> None:
    """News of the progress, as section 164A asks: it goes to the person and is recorded as given on this day."""
    if not _is_begun(session, by, case, sent, "update", desk):
        return
    check_apart(session, by, case, today=desk.today)
    step = update_step(case.state)
    letter = letters.progress(words, case.target_on, lang)
    correspondence.write_letter(session, by, case, Writing(sent.form_id, letter, lang), desk=desk, step=step)
    get_complaint(session, case).told_on = desk.today
    tell(session, case, desk, "case_news")


def progress_over(session: Session, case: Case, *, desk: Desk) -> None:
    """News is due again: the portal puts the complaint back among those that wait for it."""
    cases.take_step(session, Relation.PORTAL, case, STEPS["progress_over"], desk=desk)


def ask(session: Session, by: Actor, case: Case, words: Words, sent: Sent, *, lang: Locale, desk: Desk) -> None:
    """Put a question to the person who complained. Nothing waits for the answer: no clock stops."""
    if _is_begun(session, by, case, sent, "ask", desk):
        correspondence.ask(session, by, case, Writing(sent.form_id, words, lang), desk=desk)
        tell(session, case, desk, "case_news")


def write(session: Session, by: Actor, case: Case, words: Words, sent: Sent, *, lang: Locale, desk: Desk) -> None:
    """Write to the person without a question."""
    if _is_begun(session, by, case, sent, "write", desk):
        correspondence.write_letter(session, by, case, Writing(sent.form_id, words, lang), desk=desk)
        tell(session, case, desk, "case_news")


def note(session: Session, by: Actor, case: Case, words: Words, sent: Sent, *, lang: Locale, desk: Desk) -> None:
    """A note for the people who work on the complaint."""
    if _is_begun(session, by, case, sent, "note", desk):
        correspondence.write_note(session, by, case, Writing(sent.form_id, words, lang), desk=desk)


def reply(
    session: Session, by: Actor, case: Case, words: Words, sent: Sent, *, on: date, lang: Locale, desk: Desk
) -> None:
    """Write down what the person said in another way, on its day."""
    if _is_begun(session, by, case, sent, "reply", desk):
        correspondence.reply(session, by, case, Writing(sent.form_id, words, lang), desk=desk, on=on)


def keep_file(session: Session, by: Actor | Relation, case: Case, paper: Paper, *, desk: Desk) -> ComplaintFile:
    """Keep a sealed file with the complaint, from the person or from who handles it."""
    turn = take_turn(session, by, case, OFFICERS | ASKING, desk=desk)
    check_takes(case, "file", desk)
    known = session.get(ComplaintFile, paper.id)
    if known is not None:
        raise NotFound
    if len(list_files(session, case)) >= MOST_FILES:
        raise Refused(TOO_MANY)
    file = ComplaintFile(
        id=paper.id,
        case_id=case.id,
        blob_id=paper.blob_id,
        media_type=paper.media_type,
        size=paper.size,
        added_at=desk.now,
        added_by=turn.account_id,
    )
    file.file_name = desk.vault.seal(paper.file_name, context=context_of(file, "file_name"))
    session.add(file)
    session.flush()
    turn.tell("file", msg("A file was added"))
    return file


def set_hold(
    session: Session, by: Actor, case: Case, because: Words, review_on: date, sent: Sent, *, desk: Desk
) -> None:
    """Keep the complaint beyond its period, for a reason."""
    turn = take_turn(session, by, case, OFFICERS, desk=desk)
    if session.get(CaseHold, sent.form_id) is not None:
        return
    if not desk.today < review_on <= desk.today + LONGEST_HOLD:
        raise Refused(LOOK_AGAIN)
    holding.set_hold(session, case, because, review_on, hold_id=sent.form_id, by=by.account_id, desk=desk)
    turn.tell("hold_set", msg("Nothing of this complaint is deleted until further notice"), visible=False)


def lift_hold(session: Session, by: Actor, case: Case, hold_id: str, *, desk: Desk) -> None:
    """Let the period run out again."""
    turn = take_turn(session, by, case, OFFICERS, desk=desk)
    hold = session.get(CaseHold, hold_id)
    if hold is None or hold.case_id != case.id or hold.for_case_id is not None:
        raise NotFound
    if hold.lifted_at is None:
        holding.lift_hold(hold, by=by.account_id, desk=desk)
        turn.tell("hold_lifted", msg("A hold on deleting was lifted"), visible=False)


def _is_begun(session: Session, by: Actor, case: Case, sent: Sent, verb: str, desk: Desk) -> bool:
    """False if this form did its work before. Otherwise the row is held, and the complaint takes what the verb does."""
    if was_sent(session, case, sent):
        return False
    take_turn(session, by, case, OFFICERS, desk=desk)
    check_takes(case, verb, desk)
    return True
