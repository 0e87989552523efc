"""Sending the form without script: from what was typed, and the files behind it, to the page that answers."""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session
from starlette.responses import Response

from anonymity.receipt import RECEIPT_LANES, Code, Lane
from anonymity.text import cost
from portal.concerns.queries import About, find_channel, get_about
from portal.concerns.reporting import pages
from portal.concerns.reporting.admission import Wait, admit_form, form_ticket
from portal.concerns.reporting.around import around, beside_keys
from portal.concerns.reporting.attaching import Attached, Target, drop_files
from portal.concerns.reporting.calling import call_readers
from portal.concerns.reporting.choosing import chosen, is_turning
from portal.concerns.reporting.filewords import ACCEPT
from portal.concerns.reporting.forms import (
    CODE_BYTES,
    ConcernForm,
    Typed,
    read_concern,
    read_form_id,
    read_typed,
    too_long,
)
from portal.concerns.reporting.service import Subject, find_lane, put_away, seal_here, sealed_about, target_of
from portal.concerns.reporting.waiting import PAUSE, TICKET, wait_page
from portal.concerns.rules import TEXT_LIMIT
from portal.core import ids
from portal.core.errors import TooMany
from portal.web.anonymous import Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.rendering import render

PLACES = 10
FORM = "/concern/form"
TYPED = frozenset({"form_id", "text"})
"""What every form of ours brings along that was on a page before."""
LOOK = "look"
"""A ticked box: say to whom it goes, clean the files and say what was found, but send nothing."""


@dataclass(slots=True)
class Sending:
    """One POST of the form. ``choose`` is asked when its first file begins, ``finish`` when it has been read."""

    visit: Visit
    answer: Response | None = None
    subject: Subject | None = None
    _is_prepared: bool = field(default=False)

    def choose(self, fields: FieldBag) -> Target | None:
        """Where the files go; None when the form is answered without them."""
        self._prepare(fields)
        return target_of(self.subject.form) if self.subject is not None and self.answer is None else None

    def finish(self, attached: Attached) -> Response:
        """Seal, store, call, and show the receipt; or say what is wrong."""
        if not self._is_prepared:
            self._prepare(attached.fields)
        if self.answer is not None or self.subject is None:
            return self.answer or render(self.visit, "errors/not_found.html", status=404)
        form, typed = self.subject.form, read_typed(attached.fields, self.visit.locale)
        problems = self._file_problems(attached)
        if problems:
            drop_files(self.visit, attached.files)
            return self._again(attached.fields, typed, problems)
        if attached.fields.one(LOOK):
            drop_files(self.visit, attached.files)
            return self._again(attached.fields, typed, looked_at=attached)
        try:
            put_away(self.visit, seal_here(self.subject, [one.attachment for one in attached.files]), attached.files)
        except BaseException:
            drop_files(self.visit, attached.files)
            raise
        is_called = self._call(form) if form.is_urgent else None
        return receipt_page(self.visit, form.code, typed.form_id, files=attached, is_called=is_called)

    def _prepare(self, fields: FieldBag) -> None:
        self._is_prepared = True
        visit, typed = self.visit, read_typed(fields, self.visit.locale)
        code, is_paused = read_form_id(typed.form_id), bool(fields.one(PAUSE)) or is_turning(fields)
        with visit.database.reading() as session:
            if not TYPED & fields.names():
                self.answer = _fresh_form(visit, session, fields)
                return
            if code is not None and _is_sent(session, code, typed):
                self.answer = receipt_page(visit, code, typed.form_id)
                return
            about = get_about(session, fields.one("body"), fields.one("about"))
            channel = find_channel(session, about, today=visit.today)
            if not channel.is_open:
                self.answer = closed_page(visit, session, about)
                return
            read = read_concern(typed, channel)
            if isinstance(read, Problems) or is_paused:
                problems = read if isinstance(read, Problems) and not is_paused else None
                self.answer = form_page(visit, session, about, typed, problems)
                return
            subject = Subject(read, sealed_about(about), visit.today)
        wait = admit(visit, fields)
        if wait is not None:
            self.answer = wait_page(visit, fields, wait, multipart=True)
            return
        self.subject = subject

    def _file_problems(self, attached: Attached) -> Problems:
        if attached.problem is not None:
            return Problems(files=attached.problem)
        form = self.subject.form if self.subject is not None else None
        used = sum(one.attachment.cost for one in attached.files) + (cost(form.parts[0].text.reveal()) if form else 0)
        return Problems(text=too_long(used)) if used > TEXT_LIMIT else Problems()

    def _again(
        self, fields: FieldBag, typed: Typed, problems: Problems | None = None, *, looked_at: Attached | None = None
    ) -> Response:
        """The form with what was typed; the files are not in it any more."""
        with self.visit.database.reading() as session:
            about = get_about(session, fields.one("body"), fields.one("about"))
            return form_page(self.visit, session, about, typed, problems, looked_at)

    def _call(self, form: ConcernForm) -> bool:
        try:
            with self.visit.database.writing() as session:
                case = find_lane(session, form.code, form.parts[0].lane)
                return case is not None and call_readers(session, case)
        except TooMany:
            return False


def _fresh_form(visit: Visit, session: Session, fields: FieldBag) -> Response:
    """What was chosen opens the form; the receipt's bytes go out with it."""
    about = chosen(visit, session, fields)
    if isinstance(about, Response):
        return about
    typed = Typed(form_id=ids.random_bytes(CODE_BYTES).hex(), lang=visit.locale.value)
    return form_page(visit, session, about, typed, is_fresh=True)


def admit(visit: Visit, fields: FieldBag) -> Wait | None:
    """Use up the form's ticket, or say how long to wait."""
    with visit.database.writing() as session:
        return admit_form(visit, session, fields.one(TICKET))


def form_page(
    visit: Visit,
    session: Session,
    about: About,
    typed: Typed,
    problems: Problems | None = None,
    looked_at: Attached | None = None,
    *,
    is_fresh: bool = False,
) -> Response:
    """The one page of the way without script. A fresh one repeats nothing: its secrets are drawn anew each time."""
    channel = find_channel(session, about, today=visit.today)
    if not channel.is_open:
        return closed_page(visit, session, about)
    values = pages.channel_values(visit, about, channel) | beside_keys(session, about.body)
    values |= {"typed": typed, "ticket": form_ticket(visit), "file_accept": ACCEPT, "turns": FORM}
    values["cleaned"] = pages.cleaned_files(visit, looked_at.files) if looked_at else []
    read = read_concern(typed, channel) if looked_at is not None else None
    values["goes"] = pages.preview_lanes(visit, read, channel) if isinstance(read, ConcernForm) else None
    return render(visit, "concerns/form.html", problems=problems, secret=not is_fresh, **values)


def closed_page(visit: Visit, session: Session, about: About) -> Response:
    """Nobody could open it yet."""
    subject = pages.subject_name(visit, about)
    return render(visit, "concerns/closed.html", about=about, subject=subject, **around(session, about.body))


def receipt_page(
    visit: Visit,
    code: Code,
    form_id: str,
    *,
    files: Attached | None = None,
    is_called: bool | None = None,
    problems: Problems | None = None,
    proof: tuple[int, int] | None = None,
    is_proved: bool = False,
    is_asked: bool = False,
) -> Response:
    """The receipt. Its language switch needs the form's id alone: the page holds nothing of the concern."""
    kept = ("first", "second", "word-first", "word-second") if is_asked else ()
    given: FieldBag = getattr(visit.request.state, "fields", FieldBag([]))
    visit.request.state.fields = FieldBag([("form_id", form_id), *((name, given.one(name)) for name in kept)])
    values = pages.receipt_values(code, visit.locale)
    values |= {"form_id": form_id, "places": proof or _two_places(), "is_proved": is_proved, "is_called": is_called}
    cleaned = pages.cleaned_files(visit, files.files) if files else []
    return render(visit, "concerns/receipt.html", problems=problems, secret=True, cleaned=cleaned, **values)


def has_any(session: Session, code: Code) -> bool:
    """Whether this receipt opens anything."""
    return any(find_lane(session, code, lane) is not None for lane in RECEIPT_LANES)


def _is_sent(session: Session, code: Code, typed: Typed) -> bool:
    """Whether this form was stored before, whole: the thread for everybody is stored last."""
    if find_lane(session, code, Lane.JOINT) is not None:
        return True
    is_for_union = (typed.scope == "union" and typed.union != "") or typed.text == ""
    return is_for_union and find_lane(session, code, Lane.UNION) is not None


def _two_places() -> tuple[int, int]:
    first, second = ids.random_below(PLACES), ids.random_below(PLACES - 1)
    second += second >= first
    return (min(first, second) + 1, max(first, second) + 1)
