"""What stands around a concern for everybody: what the employer says of disclosures, and other places that can help."""

from typing import Any

from sqlalchemy.orm import Session

from portal.directory.helping import grouped, help_for
from portal.directory.matters import find_procedure
from portal.directory.models import Body
from portal.directory.titles import PRESCRIBED


def around(session: Session, body: Body) -> dict[str, Any]:
    """Values for the parts ``home/protected.html`` and ``home/places.html``. They inform, and decide nothing."""
    found = help_for(session, body.id)
    return {
        "procedure": find_procedure(session, body.id),
        "help_groups": grouped(found.lines),
        "help_marks": PRESCRIBED,
        "is_own_list": found.is_own,
    }
