"""The record of consultation as a page to read and print, and as a file."""

from datetime import date
from functools import partial
from urllib.parse import urlencode

from fastapi import APIRouter, Response

from portal.authz.permissions import Permission
from portal.core.text import pmsg
from portal.register.voices.report import as_csv, counts, list_report
from portal.register.voices.shown import written
from portal.register.words import words
from portal.timelimits.calendar import months_later
from portal.web.dependencies import Read, SignedIn, SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, day
from portal.web.rendering import in_words, render

router = APIRouter()

AT = "/my/desk/register/consultations"
READS = [requires(Permission.CONSULTATIONS)]
WRONG_DAY = pmsg("error", "Enter a day")
WRONG_ORDER = pmsg("error", "The second day must not come before the first")


@router.get(AT, dependencies=READS)
def consultations(visit: SignedVisit, session: Read) -> Response:
    """Everything consulted about between two days, which stand in the address; without them the last twelve months."""
    since, until, problems = _days(visit)
    lines = [] if problems else list_report(session, visit.actor, since=since, until=until)
    return render(
        visit,
        "register/voices/consultations.html",
        problems=problems,
        typed=_typed(visit).one,
        since=since,
        until=until,
        lines=lines,
        counts=counts(lines),
        words=words,
        said=lambda row: written(row, "text", visit.locale),
        at=AT,
        file=f"{AT}.csv?{urlencode({'from': since.isoformat(), 'to': until.isoformat()})}",
    )


@router.get(AT + ".csv", dependencies=READS)
def consultations_file(visit: SignedVisit, session: Read) -> Response:
    """The same as a file for a spreadsheet."""
    since, until, _problems = _days(visit)
    body = as_csv(list_report(session, visit.actor, since=since, until=until), partial(in_words, visit))
    name = f"consultations-{since.isoformat()}-{until.isoformat()}-{visit.locale.value}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type="text/csv; charset=utf-8", headers=headers)


def _typed(visit: SignedIn) -> FieldBag:
    return FieldBag(list(visit.request.query_params.multi_items()))


def _days(visit: SignedIn) -> tuple[date, date, Problems]:
    """From the address as ISO 8601, or from the three boxes of each day."""
    typed, problems = _typed(visit), Problems()
    days = {"from": months_later(visit.today, -12), "to": visit.today}
    for name in days:
        days[name] = day(typed, name, problems) or days[name]
        if typed.one(name):
            try:
                days[name] = date.fromisoformat(typed.one(name))
            except ValueError:
                problems[name] = WRONG_DAY
    if not problems and days["to"] < days["from"]:
        problems["to"] = WRONG_ORDER
    return days["from"], days["to"], problems
