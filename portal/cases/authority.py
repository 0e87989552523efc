"""Who represents somebody without that person at the screen: who asked for them, and who an officer writes down.

Nobody is given ten words for one that came on paper: an officer could otherwise write as the representative.
"""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from portal.cases.models import Case, CaseRepresentative, RepresentativeAuthority, RepresentativeEnding
from portal.cases.representing import NewRepresentative, Represented, add_parts, add_row, find_known, said_context
from portal.cases.rules import By, CaseKind, Relation
from portal.cases.sent import tell
from portal.cases.speaking import Scope, Shared, Work, is_living
from portal.cases.standing_in import mark
from portal.cases.turn import Desk, Turn, take_turn
from portal.core import ids
from portal.core.errors import NotAllowed, NotFound, Refused
from portal.core.text import Locale, Words, msg, pmsg

HASH_BYTES = 32
OFFICER = frozenset({Relation.OFFICER})
NOT_YET = pmsg("error", "The day on which it was shown must be today or in the past")
SAY_WHAT = pmsg("error", "Write what was shown to you")
SAY_WHY = pmsg("error", "Say why it ends. The person reads it")
OVER = pmsg("error", "This has ended already")
THEIR_OWN = pmsg("error", "The person named this representative themselves, and ends it themselves")


@dataclass(frozen=True, slots=True)
class Shown:
    """What an officer saw as the authority of a representative, and when."""

    words: Words
    lang: Locale
    on: date


def ask_for(session: Session, case: Case, new: NewRepresentative, *, desk: Desk) -> CaseRepresentative:
    """Somebody opened this case for its person, with ten words of their own.

    Until an officer has seen their authority they read what they wrote, and where it stands.
    """
    known = find_known(session, case, new.own_id)
    if known is not None:
        return known
    own = replace(new, scope=Scope.SPEAK, parts=frozenset({Shared.ASKED}))
    row = add_row(session, case, own, desk=desk, is_asker=True)
    turn = take_turn(session, Relation.REPRESENTATIVE, case, {Relation.REPRESENTATIVE}, desk=desk)
    turn.tell("asked_for", msg("Somebody asked for the person. Nobody has seen yet whether they may"))
    mark(session, Represented(case, row, own.parts), (Work.ASKED, case.id), desk)
    return row


def write_down(
    session: Session, by: By, case: Case, new: NewRepresentative, shown: Shown, *, desk: Desk
) -> CaseRepresentative:
    """An officer writes down whom the person named on paper or by telephone. A second POST gives the first."""
    if case.kind is CaseKind.ACCESS:
        raise NotFound
    turn = take_turn(session, by, case, OFFICER, desk=desk)
    known = find_known(session, case, new.own_id)
    if known is not None:
        return known
    _check(shown, desk)
    unknown = replace(new, locator_hash=ids.random_bytes(HASH_BYTES), email=None)
    row = add_row(session, case, unknown, desk=desk, is_on_paper=True)
    _see(turn, row, shown)
    said = msg("A representative whom the requester named on paper or by telephone was written down")
    turn.tell("represented_on_paper", said)
    tell(session, case, desk, "case_news")
    return row


def see_authority(
    session: Session, by: By, case: Case, row: CaseRepresentative, shown: Shown, parts: frozenset[Shared], *, desk: Desk
) -> None:
    """An officer saw by what somebody may speak who asked for the person: from now on they see ``parts``. Once."""
    turn = take_turn(session, by, case, OFFICER, desk=desk)
    session.refresh(row)
    if session.get(RepresentativeAuthority, row.id) is not None:
        return
    if not row.is_asker:
        raise NotFound
    if not is_living(row, desk.today):
        raise Refused(OVER)
    _check(shown, desk)
    _see(turn, row, shown)
    add_parts(session, row, parts)
    turn.tell("authority_seen", msg("The authority of the representative was seen on {date}", date=shown.on))
    tell(session, case, desk, "case_news")


def end(
    session: Session, by: By, case: Case, row: CaseRepresentative, because: Words, lang: Locale, *, desk: Desk
) -> None:
    """An officer ends it at the person's word, or because it was not one: the person reads why. Again changes nothing.

    Who asked for somebody else no longer hears of the case either.
    """
    turn = take_turn(session, by, case, OFFICER, desk=desk)
    session.refresh(row)
    if row.revoked_at is not None or row.ended_on is not None:
        return
    if not may_end(case, row):
        raise Refused(THEIR_OWN)
    if not because:
        raise Refused(SAY_WHY)
    row.revoked_at, row.email = desk.now, None
    session.add(
        RepresentativeEnding(
            representative_id=row.id,
            because=desk.vault.seal(because, context=said_context("because", row.id)),
            lang=lang.value,
            ended_by=_account(turn),
            ended_at=desk.now,
        )
    )
    if row.is_asker:
        case.contact_email = None
    session.flush()
    turn.tell("representative_ended_here", msg("What a representative may do was ended, and the reason written down"))
    tell(session, case, desk, "case_news")


def may_end(case: Case, row: CaseRepresentative) -> bool:
    """Somebody with an account ends themselves what they gave themselves."""
    return row.is_on_paper or row.is_asker or case.requester_person_id is None


def _see(turn: Turn, row: CaseRepresentative, shown: Shown) -> None:
    turn.session.add(
        RepresentativeAuthority(
            representative_id=row.id,
            shown=turn.desk.vault.seal(shown.words, context=said_context("shown", row.id)),
            lang=shown.lang.value,
            shown_on=shown.on,
            seen_by=_account(turn),
            seen_at=turn.desk.now,
        )
    )
    turn.session.flush()


def _account(turn: Turn) -> str:
    if turn.account_id is None:
        raise NotAllowed
    return turn.account_id


def _check(shown: Shown, desk: Desk) -> None:
    if not shown.words:
        raise Refused(SAY_WHAT)
    if shown.on > desk.today:
        raise Refused(NOT_YET)
