"""Reviews of the demonstration's two bodies in every state, by the portal's own verbs, each on its day. No letter goes
out: the days are long past. Nobody of them has an account, so that the people whom tests know keep their own."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.rules import Relation
from portal.cases.sent import Sent
from portal.cases.service import take_step
from portal.cases.turn import Desk
from portal.cli.access_seeds import forget_letters, list_letters
from portal.core import ids
from portal.core.blobs import BlobStore
from portal.core.db import Database
from portal.core.text import Locale, Words
from portal.decision_review.asking import identity, proposing
from portal.decision_review.asking.classifying import Classed, classify
from portal.decision_review.asking.proposing import Proposal
from portal.decision_review.asking.rules import Proposed
from portal.decision_review.asking.service import ask
from portal.decision_review.evidence import saying
from portal.decision_review.evidence import service as records
from portal.decision_review.evidence.queries import find_unfrozen
from portal.decision_review.evidence.rules import KINDS, ItemKind
from portal.decision_review.evidence.service import NewItem
from portal.decision_review.holding import service as holding
from portal.decision_review.holding.queries import choose_manager, find_open
from portal.decision_review.holding.rules import Answer
from portal.decision_review.outcome import second
from portal.decision_review.outcome import service as outcomes
from portal.decision_review.outcome.composing import NewRemedy
from portal.decision_review.outcome.queries import list_remedies
from portal.decision_review.outcome.rules import Elsewhere, RemedyKind, WorkerSays
from portal.decision_review.reviewing import blind, concluding, deciding, seating
from portal.decision_review.reviewing.concluding import Ending
from portal.decision_review.reviewing.deciding import NewDisposition
from portal.decision_review.reviewing.pool import find_independence
from portal.decision_review.rules import Channel, Outcome, RefusalGround, ReviewClass, Wanted
from portal.decision_review.service import NewReview
from portal.decision_review.steps import STEPS
from portal.directory.models import Person
from portal.directory.queries import list_role_holders
from portal.directory.rules import RoleName
from portal.i18n.catalogue import say
from portal.identity.actor import Actor
from portal.identity.queries import get_actor_of
from portal.register.models import System
from portal.register.queries import list_decision_points
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays

FILE = Path(__file__).resolve().parent / "demo" / "reviews.json"
OFFICERS = (RoleName.DATA_PROTECTION_OFFICER, RoleName.REQUEST_HANDLER)
CHANNELS = (Channel.EMAIL, Channel.LETTER, Channel.PHONE, Channel.SPOKEN)
ASKER = Relation.REQUESTER
SHOWN = (ItemKind.INPUT, ItemKind.OUTPUT, ItemKind.THRESHOLD, ItemKind.ACTED, ItemKind.SECONDS, ItemKind.KNOWN_ISSUE)


class Reviews:
    """The desk of reviews in the hands of its people. One method for each stretch of the way."""

    def __init__(self, session: Session, settings: Settings, now: datetime) -> None:
        self.session, self.settings, self.now = session, settings, now
        self.told: Any = json.loads(FILE.read_text(encoding="utf-8"))
        self.blobs = BlobStore(settings.blob_folder, settings.vault)
        self.calendar = WorkingDays(settings.extra_holidays)
        self.actor: Callable[[str], Actor] = cache(self._actor)
        self._number = count()

    def desk(self, days_ago: float) -> Desk:
        return Desk(self.calendar, self.settings.vault, self.now - timedelta(days=days_ago))

    def _actor(self, person_id: str) -> Actor:
        return get_actor_of(self.session, person_id, today=self.desk(0).today)

    def words(self, case: Case, *keys: str) -> Words:
        found = self.told
        for key in keys:
            found = found[key]
        return Words(found[case.locale])

    def officer(self, body_id: str, place: int = 0) -> Actor:
        held = [
            person
            for role in OFFICERS
            for _holding, person in list_role_holders(
                self.session, role=role, body_id=body_id, today=self.desk(0).today
            )
        ]
        return self.actor(held[place].id)

    def log(self, slug: str, days_ago: float, *, effect_in: int | None = None) -> Case:
        """The next review, written down by an officer on the day that it came."""
        number = next(self._number)
        system = self.session.scalars(select(System).where(System.slug == slug)).one()
        lang = Locale.EN if number % 3 == 1 else Locale.CY
        asked = self.told["asked"][slug]
        said, desk = asked[number % len(asked)], self.desk(days_ago)
        points = list_decision_points(self.session, system.id)
        new = NewReview(
            case_id=ids.new_id(),
            body_id=system.body_id,
            system_id=system.id,
            decision_point_id=points[number % len(points)].id if points else None,
            decided_on=desk.today - timedelta(days=2 + number % 5),
            what_happened=Words(said["what"][lang.value]),
            effect=Words(said["effect"][lang.value]),
            effect_on=desk.today + timedelta(days=effect_in) if effect_in is not None else None,
            wanted=(Wanted.HUMAN, Wanted.CONTEST) if number % 2 else (Wanted.INFORMATION, Wanted.MY_SIDE),
            wanted_words=Words(""),
            locale=lang,
            meeting_locale=lang if number % 4 == 0 else None,
            channel=CHANNELS[number % len(CHANNELS)],
            name=Words(self.told["names"][number % len(self.told["names"])]),
            contact=Words(f"01632 960{600 + number}"),
        )
        return ask(self.session, self.officer(system.body_id), new, desk=desk)

    def class_(self, case: Case, review_class: ReviewClass, days_ago: float) -> Case:
        """What kind of review it is; a manager who is asked whether the effect waits says that it does."""
        classed = Classed(review_class, self.words(case, "class", review_class.value), Locale(case.locale))
        desk = self.desk(days_ago)
        classify(self.session, self.officer(case.body_id), case, classed, Sent(ids.new_id()), desk=desk)
        return case

    def hold(self, case: Case, days_ago: float, *, waits: bool = True, is_done: bool = True) -> Case:
        """The manager answers, if they were asked."""
        question, desk = find_open(self.session, case), self.desk(days_ago)
        asked = choose_manager(self.session, case, today=desk.today).person
        if question is None or asked is None:
            return case
        said, manager = Answer.HOLD if waits else Answer.GOES_ON, self.actor(asked.id)
        words = self.words(case, "hold" if waits else "goes_on")
        holding.answer(self.session, manager, case, question, said, words, lang=Locale(case.locale), desk=desk)
        if waits and is_done:
            holding.record_done(self.session, manager, case, question, desk=desk)
        return case

    def ask_records(self, case: Case, days_ago: float) -> Case:
        desk = self.desk(days_ago)
        records.request(self.session, self.officer(case.body_id), case, None, Sent(ids.new_id()), desk=desk)
        return case

    def freeze(self, case: Case, days_ago: float) -> Case:
        """The owner puts the records together."""
        pack, desk = find_unfrozen(self.session, case), self.desk(days_ago)
        if pack is None or pack.owner_id is None:
            raise RuntimeError("nobody was asked for the records")
        owner, lang = self.actor(pack.owner_id), Locale(case.locale)
        for kind in SHOWN:
            new = NewItem(
                ids.new_id(),
                kind,
                Words(say(KINDS[kind], lang)),
                lang,
                value=self.words(case, "records", kind.value),
                as_of=desk.today - timedelta(days=4),
                source=self.words(case, "records", "source"),
            )
            records.add_item(self.session, owner, case, pack, new, desk=desk)
        records.freeze(self.session, owner, case, pack, self.blobs, desk=desk)
        self._pack = pack
        return case

    def share(self, case: Case, days_ago: float, *, is_said: bool = True) -> Case:
        """The worker has the records, and says their side."""
        desk = self.desk(days_ago)
        records.share(self.session, self.officer(case.body_id), case, self._pack, Sent(ids.new_id()), desk=desk)
        if is_said:
            lang = Locale(case.locale)
            saying.say(self.session, ASKER, case, self.words(case, "side"), lang, desk=desk)
            saying.be_done(self.session, ASKER, case, desk=desk)
        return case

    def until_side(self, slug: str, days_ago: float, *, review_class: ReviewClass, **asked: Any) -> Case:
        """From the first day to the end of the worker's side, six days later."""
        case = self.class_(self.log(slug, days_ago, **asked), review_class, days_ago - 1)
        self.hold(case, days_ago - 1.5)
        self.freeze(self.ask_records(case, days_ago - 2), days_ago - 4)
        return self.share(case, days_ago - 5)

    def give(self, case: Case, days_ago: float) -> Actor:
        """To the first reviewer who stands apart."""
        desk = self.desk(days_ago)
        held = list_role_holders(self.session, role=RoleName.REVIEWER, body_id=case.body_id, today=desk.today)
        people = [person for _holding, person in held]
        free = [one for one in people if find_independence(self.session, case, one.id, today=desk.today) is None]
        chosen: Person = free[case.event_count % len(free)]
        seating.give(self.session, self.officer(case.body_id), case, chosen, desk=desk)
        return self.actor(chosen.id)

    def begin(self, case: Case, days_ago: float, *, looks: bool = True) -> Actor:
        """They declare, write a view of their own, and then look at the output."""
        reviewer, desk = self.give(case, days_ago + 0.5), self.desk(days_ago)
        declared = seating.Declared(desk.today - timedelta(days=90), Words("Polisi adolygu, adran 4"))
        seating.begin(self.session, reviewer, case, declared, desk=desk)
        if looks:
            view, lang = self.words(case, "view"), Locale(case.locale)
            blind.write_view(self.session, reviewer, case, Outcome.CHANGED, view, lang, desk=desk)
            blind.reveal(self.session, reviewer, case, desk=desk)
        return reviewer

    def conclude(self, case: Case, outcome: Outcome, days_ago: float, *, remedy_in: int | None = None) -> Case:
        """The whole way of one reviewer; what is to be put right goes to the manager of the system."""
        reviewer, desk, lang = self.begin(case, days_ago + 1), self.desk(days_ago), Locale(case.locale)
        issue = deciding.add_issue(
            self.session, reviewer, case, ids.new_id(), self.words(case, "issue"), lang, desk=desk
        )
        new = NewDisposition(outcome, {lang: self.words(case, "reasons", outcome.value)})
        deciding.dispose(self.session, reviewer, case, issue, new, desk=desk)
        deciding.consider(self.session, reviewer, case, ["worker"], desk=desk)
        ending = Ending(self.settings.public_url, self._remedies(case, remedy_in))
        concluding.conclude(self.session, reviewer, case, ending, desk=desk)
        return case

    def _remedies(self, case: Case, remedy_in: int | None) -> tuple[NewRemedy, ...]:
        manager = choose_manager(self.session, case, today=self.desk(0).today).person
        if remedy_in is None or manager is None:
            return ()
        due_on = self.desk(0).today + timedelta(days=remedy_in)
        words, lang = self.words(case, "remedy"), Locale(case.locale)
        return (NewRemedy(ids.new_id(), RemedyKind.DELETE_FLAG, words, lang, manager.id, due_on),)

    def put_right(self, case: Case, days_ago: float, says: WorkerSays | None = None) -> Case:
        """What was promised is done, and the worker may say whether it is so."""
        desk = self.desk(days_ago)
        for one in list_remedies(self.session, case):
            outcomes.finish_remedy(self.session, self.actor(one.owner_id), one.id, self.words(case, "done"), desk=desk)
            if says is not None:
                outcomes.say_of_remedy(self.session, ASKER, case, one, says, desk=desk)
        return case

    def two_officers(self, case: Case, kind: Proposed, key: str, days_ago: float, *, is_approved: bool = True) -> Case:
        """One proposes, another approves."""
        desk, lang = self.desk(days_ago), Locale(case.locale)
        ground = RefusalGround.EXCESSIVE if kind is Proposed.REFUSAL else None
        new = Proposal(kind, self.words(case, key), lang, refusal_ground=ground)
        first, other = self.officer(case.body_id), self.officer(case.body_id, 1)
        row = proposing.propose(self.session, first, case, new, Sent(ids.new_id()), desk=desk)
        if is_approved:
            proposing.approve(self.session, other, case, row, Sent(ids.new_id()), desk=desk)
        return case


def seed_reviews(database: Database, settings: Settings) -> None:
    """Twenty-six reviews of both bodies."""
    with database.writing() as session:
        letters = list_letters(session)
        desk = Reviews(session, settings, settings.clock.now())
        _new(desk)
        _gathering(desk)
        _reviewed(desk)
        _decided(desk)
        _ended(desk)
        forget_letters(session, letters)


A, B, D = ReviewClass.ALONE, ReviewClass.INFLUENCED, ReviewClass.NOT_FOUND


def _new(desk: Reviews) -> None:
    """Just in, waiting for proof, or with the manager."""
    desk.log("e-rostering", 0)
    desk.log("recruitment-sifting", 1)
    desk.log("call-scoring", 2)
    case = desk.log("lone-worker", 4)
    identity.doubt(
        desk.session, desk.officer(case.body_id), case, desk.words(case, "doubt"), Sent(ids.new_id()),
        lang=Locale(case.locale), desk=desk.desk(3),
    )  # fmt: skip
    desk.class_(desk.log("e-rostering", 0, effect_in=4), A, 0)
    desk.hold(desk.class_(desk.log("telematics", 2, effect_in=5), B, 1.5), 1, is_done=False)


def _gathering(desk: Reviews) -> None:
    """The records are asked for, there, or late; the worker's side is open."""
    for slug, days in (("absence-triggers", 3), ("telematics", 4)):
        desk.ask_records(desk.hold(desk.class_(desk.log(slug, days), B, days - 1), days - 1), days - 2)
    late = desk.ask_records(desk.class_(desk.log("recruitment-sifting", 13), B, 12), 11)
    case = desk.ask_records(desk.hold(desk.class_(desk.log("e-rostering", 6, effect_in=20), B, 5), 5), 5)
    desk.freeze(case, 2)
    for slug, days in (("call-scoring", 8), ("lone-worker", 9)):
        case = desk.ask_records(desk.class_(desk.log(slug, days), B, days - 1), days - 1)
        desk.share(desk.freeze(case, 4), 3, is_said=False)
    desk.until_side("absence-triggers", 12, review_class=B)
    desk.two_officers(late, Proposed.REFUSAL, "refused", 1, is_approved=False)


def _reviewed(desk: Reviews) -> None:
    """Given to a reviewer, being looked at, and with a second one."""
    desk.give(desk.until_side("recruitment-sifting", 14, review_class=B), 2)
    desk.give(desk.until_side("e-rostering", 13, review_class=B), 1)
    desk.begin(desk.until_side("lone-worker", 17, review_class=B), 3, looks=False)
    desk.begin(desk.until_side("absence-triggers", 24, review_class=B), 5)
    desk.conclude(desk.until_side("lone-worker", 27, review_class=A), Outcome.UPHELD, 4)


def _decided(desk: Reviews) -> None:
    """With a letter, being put right, and at the second stage."""
    desk.conclude(desk.until_side("call-scoring", 30, review_class=B), Outcome.UPHELD, 12)
    desk.conclude(desk.until_side("e-rostering", 26, review_class=B), Outcome.CHANGED, 9)
    desk.conclude(desk.until_side("telematics", 25, review_class=B), Outcome.CHANGED, 6, remedy_in=3)
    case = desk.conclude(desk.until_side("absence-triggers", 40, review_class=B), Outcome.OVERTURNED, 20, remedy_in=1)
    desk.put_right(case, 6)
    again = desk.conclude(desk.until_side("recruitment-sifting", 45, review_class=B), Outcome.UPHELD, 22)
    second.ask(desk.session, ASKER, again, desk.words(again, "again"), Locale(again.locale), desk=desk.desk(9))
    desk.two_officers(desk.class_(desk.log("e-rostering", 20), D, 19), Proposed.EXPLANATION, "explained", 11)


def _ended(desk: Reviews) -> None:
    """Closed with everything put right, taken elsewhere, refused, taken back, and ended for want of proof."""
    case = desk.conclude(desk.until_side("lone-worker", 90, review_class=B), Outcome.OVERTURNED, 70, remedy_in=1)
    desk.put_right(case, 60, WorkerSays.HAPPENED)
    case = desk.conclude(desk.until_side("call-scoring", 60, review_class=B), Outcome.UPHELD, 40)
    second.go_elsewhere(desk.session, ASKER, case, Elsewhere.ICO, ids.new_id(), desk=desk.desk(8))
    desk.two_officers(desk.log("telematics", 21), Proposed.REFUSAL, "refused", 9)
    case = desk.log("absence-triggers", 5)
    take_step(desk.session, ASKER, case, STEPS["withdraw"], desk=desk.desk(2))
    case = desk.log("recruitment-sifting", 80)
    identity.doubt(
        desk.session, desk.officer(case.body_id), case, desk.words(case, "doubt"), Sent(ids.new_id()),
        lang=Locale(case.locale), desk=desk.desk(79),
    )  # fmt: skip
    take_step(desk.session, Relation.PORTAL, case, STEPS["give_up_proof"], desk=desk.desk(40))
