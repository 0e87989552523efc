"""Where the texts of each version came from, and who approved each language: for those who write the entry."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.core.errors import NotFound
from portal.core.text import Locale
from portal.register import forms, origins
from portal.register.editing import queries
from portal.register.editing.approving import label_of_text
from portal.register.editing.desk import SEES
from portal.register.lifecycle.rules import Role
from portal.register.lifecycle.standing import get_as
from portal.register.models import SystemVersion, VersionTexts
from portal.register.words import words
from portal.web.dependencies import Read, SignedVisit
from portal.web.rendering import render

router = APIRouter()

PATH = "/my/desk/register/{short_code}/texts"


@router.get(PATH, dependencies=SEES)
def where_texts_came_from(visit: SignedVisit, session: Read, short_code: str) -> Response:
    """Every version with the day its texts were approved; of one of them, each text with its source."""
    system = get_as(session, visit.actor, short_code, Role.EDITOR, Role.MANAGER)
    asked = (
        select(SystemVersion.id, SystemVersion.number, SystemVersion.published_on, VersionTexts.approved_on)
        .outerjoin(VersionTexts, VersionTexts.version_id == SystemVersion.id)
        .where(SystemVersion.system_id == system.id)
    )
    versions = session.execute(asked.order_by(SystemVersion.number.desc())).all()
    number = forms.read_number(visit.request.query_params) or system.current_number
    shown = next((one for one in versions if one.number == number), None)
    if shown is None:
        raise NotFound
    return render(
        visit,
        "register/editing/texts.html",
        short_code=system.short_code,
        versions=versions,
        shown=shown,
        texts=_texts(session, shown.id, visit.locale),
        words=words,
        at=f"/my/desk/register/{system.short_code}",
    )


def _texts(session: Session, version_id: str, locale: Locale) -> Sequence[dict[str, Any]]:
    told = origins.list_origins(session, version_id)
    sides = [side for text in told.values() for side in text.values()]
    names = queries.names_of_accounts(session, sorted({account for side in sides for account in _accounts(side)}))
    return [
        {
            "label": label_of_text(path, locale),
            "sides": [(side, names.get(side.by, ""), names.get(side.approved_by, "")) for side in text.values()],
        }
        for path, text in told.items()
    ]


def _accounts(side: origins.Side) -> list[str]:
    return [account for account in (side.by, side.approved_by) if account]
