"""What stands around a concern for everybody: what the employer says of disclosures, and other places that can help."""

from typing import Any

from sqlalchemy.orm import Session

from portal.directory.helping import grouped, help_for
from portal.directory.matters import find_procedure
from portal.directory.models import Body
from portal.directory.titles import PRESCRIBED


def around(session: Session, body: Body) -> dict[str, Any]:
    """Values for the part ``concerns/around.html``: the body's words, and its list. They inform, and decide nothing."""
    lines = help_for(session, body.id).lines
    return beside_keys(session, body) | {"help_groups": grouped(lines), "help_marks": PRESCRIBED}


def beside_keys(session: Session, body: Body) -> dict[str, Any]:
    """The same for the pages on which somebody writes: they are heavy, so the list is a link there."""
    return {"procedure": find_procedure(session, body.id)}
