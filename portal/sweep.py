"""One idempotent pass of timed duties. A lease in the database keeps two processes from doing one duty at once."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import String, select
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.orm import Mapped, mapped_column

from portal.account.duties import end_old_links_and_sessions
from portal.administration.duties import ask_to_check_help
from portal.cases.hearing import end_named, tell_named
from portal.cases.passing_on import infer_absences
from portal.cases.renewing import renew_exclusions
from portal.cases.rules import CaseKind
from portal.cases.timekeeping import renew_days
from portal.complaints.duties import (
    close_complaints,
    delete_complaints,
    find_handlers,
    prompt_progress,
    warn,
)
from portal.complaints.editions import tell_returns
from portal.complaints.lines import LINES as LINES_OF_COMPLAINTS
from portal.concerns.after.duties import forget_what_was_linked, go_on_after_outcomes, show_what_is_closed
from portal.concerns.casework.bulk import end_undo
from portal.concerns.casework.days import list_owners
from portal.concerns.casework.duties import end_claims, keep_desks
from portal.concerns.duties import forget_expired_concerns, forget_unnamed_files, hide_order_of_arrival
from portal.concerns.reporting.admission import forget_used_tickets
from portal.concerns.telling import answer_calls
from portal.concerns.timing.boards import tell_boards
from portal.concerns.timing.duties import begin_clocks_of_concerns, climb_for_the_silent, tell_of_news
from portal.core import ids
from portal.core.blobs import BlobStore
from portal.core.columns import UtcInstant
from portal.core.db import Base, Database
from portal.decision_review.asking.duties import wait_for_proof as wait_for_proof_of_reviews
from portal.decision_review.desk.duties import close_ended, delete_reviews, open_missed_reviews, warn_of_reviews
from portal.decision_review.desk.without_officer import tell_of_reviews_without_officer
from portal.decision_review.evidence.duties import chase_records, close_sides
from portal.decision_review.holding.duties import answer_for_the_silent, chase_holds
from portal.decision_review.learning.duties import forget_looked_for, freeze_review_figures
from portal.decision_review.lines import LINES as LINES_OF_REVIEWS
from portal.decision_review.outcome.duties import (
    ask_whether_it_happened,
    chase_remedies,
    close_reviews,
    tell_of_gone_chairs,
)
from portal.decision_review.reviewing.chasing import chase_reviewing
from portal.decision_review.reviewing.vacating import vacate_seats
from portal.home.figures import freeze_reports
from portal.home.passing import pass_on_what_waits
from portal.notifications.digests import write_digests
from portal.notifications.mailers import make_mailer
from portal.notifications.service import forget_old, send_waiting
from portal.register.corrections.duties import tell_editors_of_corrections
from portal.register.lifecycle.duties import tell_affected_staff, watch_systems
from portal.register.unlisted.duties import tell_of_questions
from portal.register.watching.duties import check_links_of_entries, forget_followers, tell_followers
from portal.settings.models import Settings
from portal.subject_access.after.duties import close_requests, delete_what_is_due, freeze_figures, remind_of_holds
from portal.subject_access.after.unnamed import remove_unnamed_files
from portal.subject_access.answering.duties import (
    build_packs,
    remind_to_collect,
    remove_dropped_packs,
    remove_old_disclosures,
)
from portal.subject_access.asking.duties import end_authorities, tell_representatives, wait_for_proof
from portal.subject_access.officer.duties import (
    forget_visits,
    open_missed_days,
    pass_on_left_out,
    tell_where_nobody_can,
    warn_of_days,
)
from portal.subject_access.searching.duties import chase_searches, hand_over_searches
from portal.timelimits.calendar import WorkingDays
from portal.union_casework.packs import forget_packs

LEASE = timedelta(minutes=10)
LOG = logging.getLogger("porth")

Duty = Callable[[Database, Settings, datetime], int]


class SweepLease(Base):
    """Who does a duty now, and until when nobody else may."""

    __tablename__ = "sweep_leases"

    duty: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(26))
    until: Mapped[datetime] = mapped_column(UtcInstant)


def send_letters(database: Database, settings: Settings, now: datetime) -> int:
    """Letters that wait in the outbox."""
    return send_waiting(database, settings.vault, make_mailer(settings), now=now)


def gather_news(database: Database, settings: Settings, now: datetime) -> int:
    """One letter to everybody whose digest has come."""
    return write_digests(database, settings.vault, now=now)


def forget_letters(database: Database, _settings: Settings, now: datetime) -> int:
    """Letters that were sent, or could not be, long ago."""
    return forget_old(database, now=now)


def replay_clocks(database: Database, settings: Settings) -> int:
    """Replay the clock of every open case: the settings may name a new one-off holiday. Done when a process starts."""
    calendar, replayed = WorkingDays(settings.extra_holidays), 0
    after: str | None = ""
    while after is not None:
        with database.writing() as session:
            after = renew_days(session, calendar, after=after)
        replayed += 1
    return replayed


def remove_broken_uploads(_database: Database, settings: Settings, _now: datetime) -> int:
    """What a killed process left half-written of a file: sealed, and of no use to anybody."""
    return BlobStore(settings.blob_folder, settings.vault).drop_broken()


DUTIES: Mapping[str, Duty] = {
    "urgent calls answered": answer_calls,
    "corrections told": tell_editors_of_corrections,
    "questions about tools told": tell_of_questions,
    "systems watched": watch_systems,
    "missed days opened": open_missed_days,
    "days to come warned of": warn_of_days,
    "missed days of reviews opened": open_missed_reviews,
    "days of reviews warned of": warn_of_reviews,
    "reviews without an officer told": tell_of_reviews_without_officer,
    "ended reviews closed": close_ended,
    "reviews deleted": delete_reviews,
    "complaints given": find_handlers,
    "progress of complaints": prompt_progress,
    "days of complaints": warn,
    "complaints deleted": delete_complaints,
    "complaints closed": close_complaints,
    "returns of complaints told": tell_returns,
    "affected staff told": tell_affected_staff,
    "followers told": tell_followers,
    "digests written": gather_news,
    "quarterly reports frozen": freeze_reports,
    "letters sent": send_letters,
    "letters forgotten": forget_letters,
    "followers forgotten": forget_followers,
    "links and sessions ended": end_old_links_and_sessions,
    "packs built": build_packs,
    "packs dropped": remove_dropped_packs,
    "answers waited for": remind_to_collect,
    "disclosures removed": remove_old_disclosures,
    "proof waited for": wait_for_proof,
    "proof of reviews waited for": wait_for_proof_of_reviews,
    "holds answered for the silent": answer_for_the_silent,
    "holds chased": chase_holds,
    "remedies chased": chase_remedies,
    "remedies checked": ask_whether_it_happened,
    "review figures frozen": freeze_review_figures,
    "names looked for forgotten": forget_looked_for,
    "seats of reviewers vacated": vacate_seats,
    "chairs who can decide no longer told": tell_of_gone_chairs,
    "reviews closed": close_reviews,
    "records of decisions chased": chase_records,
    "sides of workers closed": close_sides,
    "questions and seats of reviews chased": chase_reviewing,
    "authorities ended": end_authorities,
    "representatives told": tell_representatives,
    "representatives named told": partial(
        tell_named, lines={CaseKind.REVIEW: LINES_OF_REVIEWS, CaseKind.COMPLAINT: LINES_OF_COMPLAINTS}
    ),
    "representatives named ended": end_named,
    "holds to look at again told": remind_of_holds,
    "visits to requests forgotten": forget_visits,
    "exclusions renewed": renew_exclusions,
    "absences inferred": infer_absences,
    "what nobody works on passed on": pass_on_what_waits,
    "what people left out held passed on": pass_on_left_out,
    "requests that nobody may work on told": tell_where_nobody_can,
    "searches handed over": hand_over_searches,
    "searches chased": chase_searches,
    "access figures frozen": freeze_figures,
    "access requests deleted": delete_what_is_due,
    "access requests closed": close_requests,
    "broken uploads removed": remove_broken_uploads,
    "files without a row removed": remove_unnamed_files,
    "concerns forgotten": forget_expired_concerns,
    "concern files forgotten": forget_unnamed_files,
    "order of arrival hidden": hide_order_of_arrival,
    "clocks of concerns begun": begin_clocks_of_concerns,
    "readers told of news": tell_of_news,
    "boards told of silence": tell_boards,
    "silence about concerns climbed": partial(climb_for_the_silent, owners=list_owners),
    "outcomes asked about and concerns closed": go_on_after_outcomes,
    "reporters shown what is closed": show_what_is_closed,
    "links of forgotten concerns removed": forget_what_was_linked,
    "desks kept": keep_desks,
    "packs of forgotten threads": forget_packs,
    "claims ended": end_claims,
    "acts past undoing": end_undo,
    "used tickets forgotten": forget_used_tickets,
    "links of entries tried": check_links_of_entries,
    "old lines of help told": ask_to_check_help,
}


def sweep(database: Database, settings: Settings, *, now: datetime | None = None) -> dict[str, int | None]:
    """Do every duty; the count of what each did, or None for one that another process holds.

    Each duty asks the clock anew, unless ``now`` is given: the one before may have taken minutes. A duty that fails
    does not keep the others from being done; the first failure is raised at the end.
    """
    done: dict[str, int | None] = {}
    failures: list[Exception] = []
    for name, duty in DUTIES.items():
        try:
            done[name] = _one(database, settings, name, duty, now or settings.clock.now())
        except Exception as failure:
            LOG.error("duty failed: %s: %s", name, type(failure).__name__)
            failures.append(failure)
    if failures:
        raise failures[0]
    return done


def _one(database: Database, settings: Settings, name: str, duty: Duty, now: datetime) -> int | None:
    holder = ids.new_id()
    if not _take(database, name, holder, now):
        return None
    try:
        return duty(database, settings, now)
    finally:
        _give_back(database, name, holder, now)


def _take(database: Database, name: str, holder: str, now: datetime) -> bool:
    with database.writing() as session:
        inserting = insert_on_sqlite if database.is_sqlite else insert_on_postgresql
        first = inserting(SweepLease).values(duty=name, holder=holder, until=now + LEASE).on_conflict_do_nothing()
        session.execute(first)
        lease = session.scalars(select(SweepLease).where(SweepLease.duty == name).with_for_update()).one()
        if lease.holder == holder:
            return True
        if lease.until > now:
            return False
        lease.holder, lease.until = holder, now + LEASE
        return True


def _give_back(database: Database, name: str, holder: str, now: datetime) -> None:
    with database.writing() as session:
        lease = session.get(SweepLease, name)
        if lease is not None and lease.holder == holder:
            lease.until = now
