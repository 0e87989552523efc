"""What the pages of collectives show, as finished values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.responses import Response

from anonymity.encoding import from_b64u, to_b64u
from anonymity.errors import CannotOpen
from portal.concerns.casework.queries import list_systems_of, name_systems
from portal.concerns.casework.rules import SEVERITIES, STATES, THEMES, Theme, ToldState
from portal.concerns.casework.told import Told
from portal.concerns.together.queries import Linked, Seen
from portal.concerns.together.rules import ReportLine, report
from portal.core.db import Session
from portal.core.text import Bilingual, Locale, Message, msg
from portal.directory.queries import get_body
from portal.i18n.catalogue import Catalogue
from portal.mailbox.rules import week_of
from portal.web.dependencies import SignedIn
from portal.web.forms import Problems
from portal.web.rendering import render, wants_fragment

CASE_BYTES = 16
MOST_CHOSEN = 200
FEWER = msg("Fewer than ten, or none")
GONE = Bilingual("System nad yw’n cael ei chyhoeddi mwyach", "A system that is not published any more")


@dataclass(frozen=True, slots=True)
class CauseLine:
    """What a collective is about, in names."""

    theme: Message
    system: Bilingual | None
    body: Bilingual


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """A thread in a table: as much as was told of it."""

    key: str
    week: date
    theme: Message | None
    state: Message
    severity: Message | None
    linked_on: date | None = None


@dataclass(frozen=True, slots=True)
class BodyReport:
    """The sheet of one body."""

    body: Bilingual
    lines: Sequence[tuple[Message, Bilingual | None, Message]]


def show(visit: SignedIn, name: str, *, problems: Problems | None = None, **values: Any) -> Response:
    """A page of collectives; its part alone where the desk's script asks, so that the keys on the desk stay open."""
    is_part = wants_fragment(visit.request)
    template = f"concerns/together/{name}.html"
    return render(visit, template, fragment="told", problems=problems, is_part=is_part, **values)


class Names:
    """Names of bodies and systems, each asked for once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._found: dict[str, Bilingual] = {}

    def body(self, body_id: str) -> Bilingual:
        if body_id not in self._found:
            body = get_body(self._session, body_id)
            self._found[body_id] = Bilingual(body.name_cy, body.name_en)
        return self._found[body_id]

    def system(self, system_id: str) -> Bilingual:
        if system_id not in self._found:
            self._found[system_id] = name_systems(self._session, [system_id]).get(system_id, GONE)
        return self._found[system_id]

    def cause(self, about: Any) -> CauseLine:
        """What a collective, or a joint text, is about."""
        system = self.system(about.system_id) if about.system_id else None
        return CauseLine(THEMES[about.theme], system, self.body(about.body_id))


def read_cases(named: Iterable[str]) -> list[bytes]:
    """Threads as a form or an address names them; nonsense is let go of."""
    found = []
    for one in list(dict.fromkeys(named))[:MOST_CHOSEN]:
        try:
            found.append(from_b64u(one, CASE_BYTES))
        except CannotOpen:
            continue
    return found


def told_line(told: Told) -> ThreadLine:
    """A thread that was chosen."""
    thread = told.thread
    return ThreadLine(
        to_b64u(told.case_id),
        week_of(told.opened_day),
        THEMES[thread.theme] if thread is not None and thread.theme is not None else None,
        STATES[told.state],
        SEVERITIES[thread.severity] if thread is not None and thread.severity is not None else None,
    )


def linked_line(linked: Linked) -> ThreadLine:
    """A thread of a collective."""
    thread = linked.thread
    return ThreadLine(
        to_b64u(linked.link.case_id),
        week_of(linked.opened_day),
        THEMES[thread.theme] if thread is not None and thread.theme is not None else None,
        STATES[thread.state if thread is not None else ToldState.NEW],
        SEVERITIES[thread.severity] if thread is not None and thread.severity is not None else None,
        linked.link.linked_on,
    )


def system_choices(session: Session, body_id: str) -> list[tuple[str, Bilingual]]:
    """The systems of a body that a cause can be about."""
    found = list_systems_of(session, [body_id])
    return sorted(found.items(), key=lambda one: (one[1].en, one[0]))


def report_of(names: Names, body_id: str, counted: dict[tuple[Theme, str | None], int]) -> BodyReport:
    """The sheet of one body in words: the lines that say a number."""
    return BodyReport(names.body(body_id), [_report_line(names, line) for line in report(counted) if line.band])


def in_band(band: int) -> Message:
    """A band in words."""
    return msg("{n} or more", n=band) if band else FEWER


def for_device(seen: Seen, linked: Sequence[Linked], text: Bilingual | None) -> dict[str, Any]:
    """What a device needs to answer every thread, each in its language; ``said``: how many concerns, as may be told."""
    return {
        "v": 1,
        "id": seen.id,
        "band": seen.to_tell,
        "said": _not_alone(seen.to_tell),
        "text": {"cy": text.cy, "en": text.en} if text is not None else None,
        "threads": [
            {"case": to_b64u(one.link.case_id), "lang": one.thread.lang.value if one.thread and one.thread.lang else ""}
            for one in linked
            if one.is_linked
        ],
    }


def _not_alone(band: int) -> dict[str, str] | None:
    """What reporters may be told of their number, in the language that each of them writes."""
    if not band:
        return None
    said = msg("You are not alone. This many concerns, yours among them, have the same cause: {n} or more.", n=band)
    return {locale.value: Catalogue.for_locale(locale).say(said) for locale in Locale}


def _report_line(names: Names, line: ReportLine) -> tuple[Message, Bilingual | None, Message]:
    return THEMES[line.theme], names.system(line.system_id) if line.system_id else None, in_band(line.band)
