"""Blind first: what a reviewer thinks on the facts and the worker's side, and only then what the system gave out."""

from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.rules import Relation
from portal.cases.turn import Desk, take_turn
from portal.core.errors import Refused
from portal.core.text import Locale, Words, msg, pmsg
from portal.decision_review.evidence.queries import list_shared
from portal.decision_review.reviewing.models import Declaration, ProvisionalView, Reveal
from portal.decision_review.reviewing.queries import find_view, seat_context, sees_output
from portal.decision_review.reviewing.seating import check_independence, sitting
from portal.decision_review.rules import Outcome
from portal.identity.actor import Actor

DECLARE_FIRST = pmsg("error", "Declare first that you are independent")
VIEW_FIRST = pmsg("error", "Write your own view first. What the system gave out is shown after that")


def write_view(
    session: Session, actor: Actor, case: Case, leaning: Outcome, words: Words, lang: Locale, *, desk: Desk
) -> ProvisionalView:
    """Write down one's own view. It is never changed: a second one is the first."""
    seat = sitting(session, actor, case, desk)
    if session.get(Declaration, (case.id, actor.person_id)) is None:
        raise Refused(DECLARE_FIRST)
    known = find_view(session, seat)
    if known is not None:
        return known
    check_independence(session, actor, case, desk)
    view = ProvisionalView(
        seat_id=seat.id,
        leaning=leaning,
        words=desk.vault.seal(words, context=seat_context("words", seat.id)),
        lang=lang.value,
        written_at=desk.now,
    )
    session.add(view)
    session.flush()
    turn = take_turn(session, actor, case, {Relation.REVIEWER}, desk=desk)
    turn.tell("view_written", msg("A reviewer wrote down their own view, before they saw what the system gave out"))
    return view


def reveal(session: Session, actor: Actor, case: Case, *, desk: Desk) -> Reveal:
    """Show the output to who has written down a view and still stands apart. From here on the server sends it to this
    seat."""
    seat = sitting(session, actor, case, desk)
    if find_view(session, seat) is None:
        raise Refused(VIEW_FIRST)
    if sees_output(session, seat):
        return session.get_one(Reveal, seat.id)
    check_independence(session, actor, case, desk)
    packs = list_shared(session, case)
    shown = Reveal(seat_id=seat.id, pack_id=packs[-1].id if packs else None, shown_at=desk.now)
    session.add(shown)
    session.flush()
    turn = take_turn(session, actor, case, {Relation.REVIEWER}, desk=desk)
    turn.tell("output_shown", msg("A reviewer was shown what the system gave out"))
    return shown
