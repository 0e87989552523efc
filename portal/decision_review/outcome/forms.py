"""The part of a form that says what is put right: read as typed, and filled with what was written before."""

from collections.abc import Iterable
from datetime import date

from portal.core import ids
from portal.core.db import Session
from portal.core.text import Locale, Words, pmsg
from portal.decision_review.outcome.composing import NewRemedy
from portal.decision_review.outcome.rules import MOST_REMEDIES, RemedyKind
from portal.decision_review.rules import TEXT_LIMIT
from portal.directory.queries import find_person_by_email, get_person
from portal.web import forms
from portal.web.fields import FieldBag
from portal.web.forms import Problems

MOST_AT_ONCE = 4 * MOST_REMEDIES
"""What four reviewers can have wanted."""
NOT_KNOWN = pmsg("error", "Nobody has this work address in the directory")
WRITE_REMEDY = pmsg("error", "Write what has to be done, who does it and by when; or leave all of it empty")


def read_remedies(
    session: Session, fields: FieldBag, own: Locale, problems: Problems, *, today: date
) -> tuple[NewRemedy, ...]:
    """What is put right; what was left empty is not there."""
    found = [_remedy(session, fields, number, own, problems, today) for number in range(1, MOST_AT_ONCE + 1)]
    return tuple(one for one in found if one is not None)


def remedy_values(session: Session, remedies: Iterable[NewRemedy]) -> list[tuple[str, str]]:
    """The fields of a form that begins with these."""
    values: dict[str, str] = {}
    for number, one in enumerate(remedies, start=1):
        name = f"remedy-{number}"
        values |= {
            name: one.kind.value,
            f"{name}-words": one.words.reveal(),
            f"{name}-owner": get_person(session, one.owner_id).email,
            f"{name}-due-day": str(one.due_on.day),
            f"{name}-due-month": str(one.due_on.month),
            f"{name}-due-year": str(one.due_on.year),
        }
    return list(values.items())


def remedy_numbers(filled: int = 0) -> list[int]:
    """How many a form has: as many as are filled, and never fewer than three."""
    return list(range(1, min(max(MOST_REMEDIES, filled), MOST_AT_ONCE) + 1))


def _remedy(
    session: Session, fields: FieldBag, number: int, own: Locale, problems: Problems, today: date
) -> NewRemedy | None:
    name = f"remedy-{number}"
    kind = forms.choice(fields, name, problems, allowed={one.value for one in RemedyKind})
    words = forms.text(fields, f"{name}-words", problems, most=TEXT_LIMIT)
    address = fields.one(f"{name}-owner")
    due = forms.day(fields, f"{name}-due", problems, not_before=today)
    if not (kind or words or address or due):
        return None
    owner = find_person_by_email(session, address) if address else None
    if address and owner is None:
        problems[f"{name}-owner"] = NOT_KNOWN
    if not (kind and words and owner and due):
        problems.setdefault(name, WRITE_REMEDY)
        return None
    return NewRemedy(ids.new_id(), RemedyKind(kind), Words(words), own, owner.id, due)
