"""What stands between a draft and a version: gaps, the order of days and standards, an account of what changed,
both languages approved, and a second pair of eyes.
"""

from datetime import date

from sqlalchemy.orm import Session

from portal.core.errors import Conflict, Refused
from portal.core.text import msg, nmsg
from portal.identity.actor import Actor
from portal.register.completeness import gaps
from portal.register.differing import differences, material
from portal.register.languages import unapproved
from portal.register.models import System, SystemDraft
from portal.register.record import Record, read_record
from portal.register.rules import ChangeClass
from portal.register.terms import Standard

_OF_ITS_LIFE = "lifecycle_state"
"""Where a system stands is told by the steps of its life, each with its own notice to staff."""


def refuse_unready(record: Record) -> None:
    """Refused with the list of what is missing."""
    missing = ", ".join(gap.path for gap in gaps(record))
    if missing:
        raise Refused(msg("This cannot be published yet. These parts are missing: {gaps}", gaps=missing))


def refuse_out_of_order(last_on: date, old: Record, record: Record, published_on: date) -> None:
    """A version follows the one before in its day, in its standard, and with an account of what changed."""
    if published_on < last_on:
        raise Conflict(msg("A newer version has been published already, on {date}", date=last_on))
    if record.standard.rank < old.standard.rank:
        raise Refused(msg("The version before was written to a newer standard of fields. Go on with that one"))
    if needs_account(old, record):
        raise Refused(
            msg("Something changed that matters to the people affected. Say what changed, and what changes for them")
        )


def needs_account(old: Record, new: Record) -> bool:
    """Whether a material difference lacks its own material change. Before the second standard nobody was asked."""
    if new.standard is Standard.FIRST:
        return False
    is_told = new.change is not None and new.change != old.change and new.change.change_class is ChangeClass.MATERIAL
    return not is_told and any(difference.field.key != _OF_ITS_LIFE for difference in material(differences(old, new)))


def refuse_unapproved(session: Session, actor: Actor, system: System, record: Record) -> None:
    """A person publishes what the draft holds, approved in both languages, and written by others."""
    draft = session.get(SystemDraft, system.id)
    if draft is None or _as_it_stands(read_record(draft.record), record) != record:
        raise Conflict(msg("The draft has changed since you looked at it. Look at it again before you publish it"))
    waiting = unapproved(draft)
    if waiting:
        raise Refused(
            nmsg(
                "{n} text is not approved yet. Both languages of every text are approved before it is published",
                "{n} texts are not approved yet. Both languages of every text are approved before it is published",
                len(waiting),
            )
        )
    if actor.account_id in draft.authors:
        raise Refused(msg("You wrote some of this, so somebody else publishes it"))


def _as_it_stands(draft: Record, record: Record) -> Record:
    return draft.model_copy(update={"state": record.state})
