"""The next version of a record, with the account of a material change that publishing asks for."""

from datetime import date
from typing import Any

from portal.register.parts import Both
from portal.register.record import Change, Record
from portal.register.rules import ChangeClass


def changed(record: Record, day: date = date(2026, 11, 22), **update: Any) -> Record:
    """The record with other values, told as a change that takes effect on the day."""
    told = Both(cy="Newid", en="Change")
    account = Change(
        change_class=ChangeClass.MATERIAL,
        effective_on=day,
        headline=told,
        before=told,
        now=told,
        what_changes_for_you=told,
    )
    return record.model_copy(update={"change": account, **update})


WITHOUT_SUPPLIERS: dict[str, Any] = {"suppliers": (), "third_party_involved": False}
