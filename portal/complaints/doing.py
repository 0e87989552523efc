"""The forms of the acts at the desk: what was typed is read, and if it is whole the act is done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.sent import Sent
from portal.cases.turn import Desk
from portal.complaints import deciding, ending, enquiring, service
from portal.complaints.ending import IcoRequest
from portal.complaints.handling import list_candidates
from portal.complaints.rules import EARLIEST, LETTER_LIMIT, REASON_LIMIT, Outcome, Theme
from portal.core.text import Locale, Words, pmsg
from portal.directory.models import Person
from portal.directory.queries import find_person_by_email
from portal.identity.actor import Actor
from portal.web.fields import FieldBag
from portal.web.forms import Problems, choice, day, email, text

WRITE = pmsg("error", "Write the text")
CHOOSE_LANGUAGE = pmsg("error", "Choose the language of the letter")
ENTER_DAY = pmsg("error", "Enter the day")
ENTER_PERSON = pmsg("error", "Enter the work email address of somebody at this body")
NOT_KNOWN = pmsg("error", "Nobody at this body has this email address in the directory")
CHOOSE_COLLEAGUE = pmsg("error", "Choose a person")
CHOOSE_OUTCOME = pmsg("error", "Choose an outcome")
CHOOSE_THEME = pmsg("error", "Choose what the complaint was about")
CHOOSE_ANSWER = pmsg("error", "Choose whether you sign it")
WRITE_REFERENCE = pmsg("error", "Enter the ICO’s reference")
REFERENCE_LIMIT = 60


@dataclass(slots=True)
class Sheet:
    """What was typed into the form of an act, and what is wrong with it."""

    fields: FieldBag
    problems: Problems
    sent: Sent
    today: date

    def words(self, most: int = LETTER_LIMIT) -> Words:
        return Words(text(self.fields, "words", self.problems, most=most, required=WRITE))

    def lang(self) -> Locale:
        known = [one.value for one in Locale]
        found = choice(self.fields, "lang", self.problems, allowed=known, required=CHOOSE_LANGUAGE)
        return Locale(found or Locale.CY)

    def past_day(self) -> date:
        found = day(self.fields, "on", self.problems, required=ENTER_DAY, not_after=self.today, not_before=EARLIEST)
        return found or self.today

    def day_ahead(self) -> date:
        found = day(self.fields, "due", self.problems, required=ENTER_DAY)
        if found is not None and found < self.today:
            self.problems["due"] = deciding.DAY_AHEAD
        return found or self.today

    def person(self, session: Session, case: Case) -> Person | None:
        address = email(self.fields, "person", self.problems, required=ENTER_PERSON)
        found = find_person_by_email(session, address) if address else None
        if address and "person" not in self.problems and (found is None or found.body_id != case.body_id):
            self.problems["person"] = NOT_KNOWN
            return None
        return found

    def colleague(self, session: Session, case: Case, desk: Desk) -> Person | None:
        people = {one.id: one for one in list_candidates(session, case, desk)}
        chosen = choice(self.fields, "colleague", self.problems, allowed=people, required=CHOOSE_COLLEAGUE)
        return people.get(chosen)


Do = Callable[[Session, Actor, Case, Sheet, Desk], None]


def do_acknowledge(session: Session, by: Actor, case: Case, sheet: Sheet, desk: Desk) -> None:
    """The day of an acknowledgement that went another way."""
    on = sheet.past_day()
    if not sheet.problems:
        service.acknowledge(session, by, case, sheet.sent, on=on, desk=desk)


def do_introduce(session: Session, by: Actor, case: Case, sheet: Sheet, desk: Desk) -> None:
    """A letter with the name of who handles it."""
    lang, words = sheet.lang(), sheet.words()
    if not sheet.problems:
        service.introduce(session, by, case, words, sheet.sent, lang=lang, desk=desk)


def do_update(session: Session, by: Actor, case: Case, sheet: Sheet, desk: Desk) -> None:
    """News of the progress."""
    lang, words = sheet.lang(), sheet.words()
    if not sheet.problems:
        service.update(session, by, case, words, sheet.sent, lang=lang, desk=desk)


def do_enquire(session: Session, by: Actor, case: Case, sheet: Sheet, desk: Desk) -> None:
    """A question to somebody of the body."""
    person, words, due_on = sheet.person(session, case), sheet.words(), sheet.day_ahead()
    if not sheet.problems and person is not None:
        enquiring.ask_person(session, by, case, person, words, due_on, sheet.sent.form_id, desk=desk)


def do_remedy(session: Session, by: Actor, case: Case, sheet: Sheet, desk: Desk) -> None:
    """Something to put right."""
    person, words, due_on = sheet.person(session, case), sheet.words(), sheet.day_ahead()
    if not sheet.problems and person is not None:
        deciding.plan_remedy(session, by, case, words, person, due_on, sheet.sent.form_id, desk=desk)


def do_decide(session: Session, by: Actor, case: Case, sheet: Sheet, desk: Desk) -> None:
    """The outcome."""
    outcome = choice(sheet.fields, "outcome", sheet.problems, allowed=set(Outcome), required=CHOOSE_OUTCOME)
    theme = choice(sheet.fields, "theme", sheet.problems, allowed=set(Theme), required=CHOOSE_THEME)
    words = sheet.words()
    if not sheet.problems:
        deciding.decide(session, by, case, Outcome(outcome), Theme(theme), words, sheet.sent, desk=desk)


def do_sign(session: Session, by: Actor, case: Case, sheet: Sheet, desk: Desk) -> None:
    """The second person signs, or sends back."""
    approves = choice(sheet.fields, "approves", sheet.problems, allowed={"yes", "no"}, required=CHOOSE_ANSWER)
    required = WRITE if approves == "no" else None
    comment = Words(text(sheet.fields, "words", sheet.problems, most=LETTER_LIMIT, required=required))
    if not sheet.problems:
        deciding.sign(session, by, case, approves=approves == "yes", comment=comment, sent=sheet.sent, desk=desk)


def do_ask(session: Session, by: Actor, case: Case, sheet: Sheet, desk: Desk) -> None:
    """A question to the person."""
    lang, words = sheet.lang(), sheet.words()
    if not sheet.problems:
        service.ask(session, by, case, words, sheet.sent, lang=lang, desk=desk)


def do_write(session: Session, by: Actor, case: Case, sheet: Sheet, desk: Desk) -> None:
    """A letter to the person."""
    lang, words = sheet.lang(), sheet.words()
    if not sheet.problems:
        service.write(session, by, case, words, sheet.sent, lang=lang, desk=desk)


def do_reply(session: Session, by: Actor, case: Case, sheet: Sheet, desk: Desk) -> None:
    """Words that came another way."""
    on, lang, words = sheet.past_day(), sheet.lang(), sheet.words()
    if not sheet.problems:
        service.reply(session, by, case, words, sheet.sent, on=on, lang=lang, desk=desk)


def do_note(session: Session, by: Actor, case: Case, sheet: Sheet, desk: Desk) -> None:
    """A note."""
    words = sheet.words()
    if not sheet.problems:
        service.note(session, by, case, words, sheet.sent, lang=Locale(case.locale), desk=desk)


def do_hand_over(session: Session, by: Actor, case: Case, sheet: Sheet, desk: Desk) -> None:
    """Somebody else handles it."""
    person = sheet.colleague(session, case, desk)
    if person is not None:
        service.hand_over(session, by, case, person, desk=desk)


def do_second(session: Session, by: Actor, case: Case, sheet: Sheet, desk: Desk) -> None:
    """The second person."""
    person = sheet.colleague(session, case, desk)
    if person is not None:
        service.ask_second(session, by, case, person, desk=desk)


def do_ico(session: Session, by: Actor, case: Case, sheet: Sheet, desk: Desk) -> None:
    """It went to the ICO."""
    on = sheet.past_day()
    reference = text(sheet.fields, "reference", sheet.problems, most=REFERENCE_LIMIT)
    if not sheet.problems:
        ending.to_regulator(session, by, case, sheet.sent, on=on, reference=reference, desk=desk)


def do_ico_reference(session: Session, by: Actor, case: Case, sheet: Sheet, desk: Desk) -> None:
    """The ICO's own reference."""
    reference = text(sheet.fields, "reference", sheet.problems, most=REFERENCE_LIMIT, required=WRITE_REFERENCE)
    if not sheet.problems:
        ending.set_reference(session, by, case, reference, sheet.sent, desk=desk)


def do_ico_asked(session: Session, by: Actor, case: Case, sheet: Sheet, desk: Desk) -> None:
    """The ICO wants something."""
    on, due_on, words = sheet.past_day(), sheet.day_ahead(), sheet.words()
    if not sheet.problems:
        ending.add_request(session, by, case, IcoRequest(on, due_on, words), sheet.sent, desk=desk)


def do_ico_ended(session: Session, by: Actor, case: Case, sheet: Sheet, desk: Desk) -> None:
    """The ICO has ended."""
    on, words = sheet.past_day(), sheet.words()
    if not sheet.problems:
        ending.regulator_ended(session, by, case, words, sheet.sent, on=on, desk=desk)


def do_hold(session: Session, by: Actor, case: Case, sheet: Sheet, desk: Desk) -> None:
    """Keep it longer."""
    words, due_on = sheet.words(REASON_LIMIT), sheet.day_ahead()
    if not sheet.problems:
        service.set_hold(session, by, case, words, due_on, sheet.sent, desk=desk)
