"""The form of either side about one system."""

from collections.abc import Sequence

from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.register.asking import Ask, Sheet, ask
from portal.register.lifecycle.desk import DESK
from portal.register.models import System
from portal.register.voices.naming import name_of_system
from portal.web.dependencies import SignedIn
from portal.web.fields import FieldBag
from portal.web.forms import Problems


def both_sides_of(system: System) -> str:
    """The page of what both sides said about a system."""
    return f"{DESK}/{system.short_code}/voices"


def ask_about(
    visit: SignedIn,
    session: Session,
    system: System,
    sheet: Sheet,
    asks: Sequence[Ask],
    fields: FieldBag,
    problems: Problems | None,
) -> Response:
    """Ask, with the system's name above and the way back to both sides."""
    about = name_of_system(session, system)
    return ask(visit, sheet, asks, fields, back=both_sides_of(system), about=about, problems=problems)
