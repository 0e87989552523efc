"""Releasing the data and collecting it: one sealed file for ninety days, opened by a fresh sign-in or by a code."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases import correspondence
from portal.cases.correspondence import Writing
from portal.cases.models import Case
from portal.cases.rules import By, Relation
from portal.cases.turn import Desk, take_turn
from portal.core import ids
from portal.core.errors import NotFound, Refused
from portal.core.text import Locale, Message, Words, msg, pmsg
from portal.subject_access import letters
from portal.subject_access.models import Disclosure, SubjectAccessRequest
from portal.subject_access.queries import find_disclosure, get_disclosure, get_request
from portal.subject_access.rules import CODE_LENGTH, KEPT_FOR, MOST_WRONG_CODES, Given
from portal.subject_access.service import Sent, tell, was_sent
from portal.subject_access.steps import STEPS

IDENTITY_FIRST = pmsg("error", "First write down how this person’s identity was checked")
CANNOT_COLLECT = pmsg("error", "This person has no account and no case code. Give the answer in another way")


@dataclass(frozen=True, slots=True)
class Release:
    """What is released: a stored file (``blob_id``, bound to the id of the disclosure), or a note of another way."""

    disclosure_id: str
    given: Given
    blob_id: str | None = None
    file_name: Words | None = None
    media_type: str = ""
    size: int = 0


def disclose(
    session: Session,
    by: By,
    case: Case,
    release: Release,
    covering: Words,
    supplementary: Words,
    sent: Sent,
    *,
    lang: Locale,
    desk: Desk,
) -> Disclosure:
    """Release the data with its covering letter. A second POST gives the first disclosure."""
    if was_sent(session, case, sent):
        return get_disclosure(session, case)
    refusal = why_not_in_portal(get_request(session, case), case) if release.given is Given.PORTAL else None
    if refusal is not None:
        raise Refused(refusal)
    remove_on = desk.today + KEPT_FOR
    until = remove_on if release.given is Given.PORTAL else None
    writing = Writing(sent.form_id, letters.disclosure(covering, supplementary, until, lang), lang)
    correspondence.write_letter(session, by, case, writing, desk=desk, step=STEPS["disclose"])
    disclosure = Disclosure(
        id=release.disclosure_id,
        case_id=case.id,
        given=release.given,
        blob_id=release.blob_id,
        file_name=_sealed_name(release, desk),
        media_type=release.media_type,
        size=release.size,
        released_at=desk.now,
        remove_on=remove_on,
    )
    session.add(disclosure)
    session.flush()
    tell(session, case, desk, "case_news")
    return disclosure


def why_not_in_portal(request: SubjectAccessRequest, case: Case) -> Message | None:
    """Why the file cannot be collected in the portal, or None if it can."""
    if case.requester_person_id is not None:
        return None
    if case.locator_hash is None:
        return CANNOT_COLLECT
    return None if request.identity_checked_on is not None else IDENTITY_FIRST


def make_code(session: Session, by: By, case: Case, *, desk: Desk) -> str:
    """A collection code for somebody without an account, shown to the officer once and kept as a hash.

    An earlier code stops working. The officer reads it out or posts it: it never goes the way the case code went.
    """
    turn = take_turn(session, by, case, {Relation.OFFICER}, desk=desk)
    disclosure = get_disclosure(session, case)
    if disclosure.blob_id is None or case.requester_person_id is not None:
        raise NotFound
    code = ids.new_code(CODE_LENGTH)
    disclosure.code_hash, disclosure.wrong_codes = ids.token_hash(code), 0
    turn.tell("code_made", msg("A collection code was made"))
    return code


def is_right_code(session: Session, case: Case, typed: str) -> bool:
    """Whether this is the collection code; wrong tries are counted, and after ten the code is void."""
    disclosure = find_disclosure(session, case)
    if disclosure is None or disclosure.code_hash is None:
        return False
    if disclosure.wrong_codes >= MOST_WRONG_CODES:
        return False
    letters_only = "".join(sign for sign in typed.upper() if sign.isalnum())
    if ids.same(ids.token_hash(letters_only), disclosure.code_hash):
        return True
    disclosure.wrong_codes += 1
    return False


def collect(session: Session, by: By, case: Case, *, desk: Desk) -> Disclosure:
    """Take the file: every time is audited, the first is a line of the timeline. NotFound once it was removed."""
    turn = take_turn(session, by, case, {Relation.REQUESTER}, desk=desk)
    disclosure = get_disclosure(session, case)
    if disclosure.blob_id is None:
        raise NotFound
    if disclosure.collected_at is None:
        disclosure.collected_at = desk.now
        turn.tell("collect", msg("The data was downloaded"))
    record(
        session,
        actor=turn.actor,
        event="access.downloaded",
        subject=case.id,
        now=desk.now,
        body_id=case.body_id,
        facts={"disclosure": disclosure.id},
    )
    return disclosure


def _sealed_name(release: Release, desk: Desk) -> bytes | None:
    if release.file_name is None:
        return None
    return desk.vault.seal(release.file_name, context=f"disclosures.file_name:{release.disclosure_id}")
