"""Coming back without script: the words are in every form here, and the server holds the key for one answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import anyio.from_thread
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from anonymity.encoding import from_b64u
from anonymity.errors import CannotOpen
from anonymity.plaintext import Plaintext
from anonymity.receipt import Code, Lane, draw_code
from anonymity.sealedfile import open_file
from anonymity.submission import ITEM_ID_BYTES
from anonymity.text import cost, tidy
from portal.concerns.mandates import mandate_words
from portal.concerns.reporting import homecoming, pages, threads
from portal.concerns.reporting.admission import form_ticket
from portal.concerns.reporting.attaching import Attached, Target, drop_files, take_form
from portal.concerns.reporting.filewords import ACCEPT
from portal.concerns.reporting.forms import (
    NOBODY_LEFT,
    UNKNOWN_WORDS,
    read_item_id,
    read_words,
    text_problem,
    too_long,
)
from portal.concerns.reporting.gate import Busy, FileTurn, ThreadTurn, gates_of
from portal.concerns.reporting.homecoming import Answer, Change, Share
from portal.concerns.reporting.sending import admit
from portal.concerns.reporting.service import find_lane, store
from portal.concerns.reporting.waiting import PAUSE, TICKET, busy_page, wait_page
from portal.concerns.rules import TEXT_LIMIT
from portal.core import ids
from portal.core.errors import NotFound, Refused
from portal.core.text import Locale, pmsg
from portal.mailbox.filing import get_file
from portal.mailbox.shelf import Shelf, pieces
from portal.web.anonymous import ANONYMOUS, Fields, PlainVisit, Read, Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.rendering import render

CHANGED_FILE = pmsg("error", "This file was changed after it was sealed. It cannot be opened")
NAMES_THREAD = frozenset({"words", "lane", "form_id"})
"""What the language switch needs to show the threads again; what was sent is not sent again."""

router = APIRouter(prefix="/concern/return", dependencies=[ANONYMOUS])


@router.get("")
def come_back(visit: PlainVisit) -> Response:
    """The page that opens a thread on the device."""
    words = mandate_words()
    return render(visit, "concerns/return.html", scripts=True, files=True, file_accept=ACCEPT, mandate_words=words)


@router.get("/form")
def come_back_plainly(visit: PlainVisit) -> Response:
    """The same without script."""
    return render(visit, "concerns/return_form.html", typed_words="", secret=True)


@router.post("/form")
def open_plainly(visit: PlainVisit, fields: Fields, _turn: ThreadTurn, session: Read) -> Response:
    """Open what the words open, for this one answer. Words that are none are looked for all the same: no quicker."""
    code = read_words(fields.one("words"))
    opened = homecoming.open_threads(session, draw_code() if isinstance(code, Problems) else code)
    if isinstance(code, Problems) or not opened:
        problems = code if isinstance(code, Problems) else Problems(words=UNKNOWN_WORDS)
        return render(
            visit, "concerns/return_form.html", problems=problems, typed_words=fields.one("words"), secret=True
        )
    return _threads(visit, code)


@router.post("/form/reply")
async def reply_plainly(visit: PlainVisit, request: Request) -> Response:
    """Seal and add a reply with its files, then show the thread with it."""
    replying = Replying(visit)
    attached = await take_form(visit, request, replying.choose)
    if replying.is_prepared:
        return await run_in_threadpool(replying.finish, attached)
    try:
        async with gates_of(request).threads.turn():
            return await run_in_threadpool(replying.finish, attached)
    except Busy as busy:
        return busy_page(visit, attached.fields, busy, multipart=True)


@router.post("/form/readers")
def change_plainly(visit: PlainVisit, fields: Fields, _turn: ThreadTurn) -> Response:
    """Let somebody in, or go on without somebody: a new key for those who stay."""
    code, lane, item_id = _named(fields)
    name = f"stay-{lane.value}" if fields.one("go") == "drop" else f"others-{lane.value}"
    keys = frozenset(_keys(fields.many(name)))
    with visit.database.reading() as session:
        is_made = homecoming.is_there(session, homecoming.open_thread(session, code, lane), item_id)
    if is_made or fields.one(PAUSE) or not keys:
        return _threads(visit, code, changed=lane.value if is_made else None)
    wait = admit(visit, fields)
    if wait is not None:
        return wait_page(visit, fields, wait)
    is_drop = fields.one("go") == "drop"
    change = Change(item_id, visit.locale, drop=keys if is_drop else frozenset(), add=frozenset() if is_drop else keys)
    try:
        homecoming.change_readers(visit, code, lane, change)
    except Refused:
        return _threads(visit, code, Problems({name: NOBODY_LEFT}))
    return _threads(visit, code, changed=lane.value)


@router.post("/form/share")
def share_plainly(visit: PlainVisit, fields: Fields, _turn: ThreadTurn) -> Response:
    """Begin the thread with everybody, from what the union alone has read so far. A second POST finds the first."""
    code = _code(fields)
    with visit.database.reading() as session:
        is_shared = find_lane(session, code, Lane.JOINT) is not None
    if is_shared or fields.one(PAUSE):
        return _threads(visit, code)
    text, kept = tidy(fields.one("share-text")), fields.many("share-with")
    with visit.database.reading() as session:
        union = homecoming.open_thread(session, code, Lane.UNION)
        people = threads.can_share_with(session, visit, union)
        lang = Locale(next((one.item.lang for one in union.thread.entries if one.item), visit.locale.value))
    chosen = tuple(one.card for one in people if one.line.person_id in kept)
    problems = text_problem(text, "share-text") | ({} if chosen else {"share-with": NOBODY_LEFT})
    if problems:
        return _threads(visit, code, Problems(problems), {"share": text})
    wait = admit(visit, fields)
    if wait is not None:
        return wait_page(visit, fields, wait)
    left = {one.line.person_id for one in people if one.line.person_id not in kept} | union.thread.left_out
    share = Share(Plaintext(text), chosen, tuple(sorted(left)))
    with visit.database.reading() as session:
        sealed = homecoming.seal_for_everybody(session, code, share, lang=lang, today=visit.today)
    with visit.database.writing() as session:
        store(session, sealed, today=visit.today)
    return _threads(visit, code, sent=Lane.JOINT.value)


@router.post("/form/file")
def file_plainly(visit: PlainVisit, fields: Fields, _turn: FileTurn, session: Read) -> Response:
    """Hand out a file, opened for this one answer. It is saved, never shown: what it is, nobody here can promise."""
    code, lane = _code(fields), threads.LANES.get(fields.one("lane"))
    if lane is None:
        raise NotFound
    if fields.one(PAUSE):
        return _threads(visit, code)
    opened = homecoming.open_thread(session, code, lane)
    found = threads.find_attachment(opened, fields.one("blob"))
    if found is None:
        raise NotFound
    epoch, attachment = found
    place = get_file(session, opened.case.case_id, attachment.blob).place
    shelf, identity = Shelf(visit.settings.sealed_folder), opened.seat.identities[epoch]

    def content() -> Iterator[bytes]:
        sealed = pieces(shelf.open(place))
        return open_file(sealed, identity, size=attachment.size, expected_hash=attachment.hash)

    try:
        for _piece in content():
            pass  # nothing is handed out before all of it has been checked
    except CannotOpen:
        return _threads(visit, code, Problems(page=CHANGED_FILE))
    headers = {
        "content-disposition": f'attachment; filename="{attachment.saved_name}"',
        "content-length": str(attachment.size),
    }
    handed = gates_of(visit.request).files.piecemeal(content())
    return StreamingResponse(handed, media_type="application/octet-stream", headers=headers)


@dataclass(slots=True)
class Replying:
    """One POST of a reply. ``choose`` is asked when its first file begins, ``finish`` when it has been read."""

    visit: Visit
    answer: Response | None = None
    named: tuple[Code, Lane, bytes] | None = None
    text: str = field(default="", repr=False)
    is_prepared: bool = False

    def choose(self, fields: FieldBag) -> Target | None:
        """In a thread of its own, while the files still arrive: the turn is for opening alone."""
        gate = gates_of(self.visit.request).threads
        try:
            anyio.from_thread.run(gate.enter)
        except Busy as busy:
            self.is_prepared = True
            self.answer = busy_page(self.visit, fields, busy, multipart=True)
            return None
        try:
            return self._target(fields)
        finally:
            anyio.from_thread.run_sync(gate.leave)

    def _target(self, fields: FieldBag) -> Target | None:
        self._prepare(fields, has_files=True)
        if self.answer is not None or self.named is None:
            return None
        code, lane, _item_id = self.named
        with self.visit.database.reading() as session:
            return homecoming.target_of(homecoming.open_thread(session, code, lane))

    def finish(self, attached: Attached) -> Response:
        if not self.is_prepared:
            self._prepare(attached.fields, has_files=False)
        if self.answer is not None or self.named is None:
            return self.answer or _not_there()
        code, lane, item_id = self.named
        name = f"text-{lane.value}"
        used = cost(tidy(self.text)) + sum(one.attachment.cost for one in attached.files)
        problems = Problems({f"files-{lane.value}": attached.problem}) if attached.problem else Problems()
        if used > TEXT_LIMIT:
            problems[name] = too_long(used)
        if problems:
            drop_files(self.visit, attached.files)
            return _threads(self.visit, code, problems, {lane.value: self.text})
        reply = Answer(item_id, Plaintext(self.text), self.visit.locale, attached.files)
        try:
            homecoming.write_reply(self.visit, code, lane, reply)
        except BaseException:
            drop_files(self.visit, attached.files)
            raise
        return _threads(self.visit, code, sent=lane.value, cleaned=attached)

    def _prepare(self, fields: FieldBag, *, has_files: bool) -> None:
        self.is_prepared = True
        code, lane, item_id = _named(fields)
        self.text = fields.one(f"text-{lane.value}")
        with self.visit.database.reading() as session:
            if homecoming.is_there(session, homecoming.open_thread(session, code, lane), item_id):
                self.answer = _threads(self.visit, code, sent=lane.value)
                return
        problems = Problems() if has_files and not tidy(self.text) else text_problem(self.text, f"text-{lane.value}")
        if problems or fields.one(PAUSE):
            shown = None if fields.one(PAUSE) else problems
            self.answer = _threads(self.visit, code, shown, {lane.value: self.text})
            return
        wait = admit(self.visit, fields)
        if wait is not None:
            self.answer = wait_page(self.visit, fields, wait, multipart=True)
            return
        self.named = (code, lane, item_id)


def _not_there() -> Response:
    raise NotFound


def _code(fields: FieldBag) -> Code:
    code = read_words(fields.one("words"))
    if isinstance(code, Problems):
        raise NotFound
    return code


def _named(fields: FieldBag) -> tuple[Code, Lane, bytes]:
    """Whose thread, which of them, and the id of what is added; NotFound for what no page of ours sends."""
    lane, item_id = threads.LANES.get(fields.one("lane")), read_item_id(fields.one("form_id"))
    if lane is None or item_id is None:
        raise NotFound
    return _code(fields), lane, item_id


def _keys(given: list[str]) -> list[bytes]:
    try:
        return [from_b64u(one, 32) for one in given]
    except CannotOpen:
        raise NotFound from None


def _threads(
    visit: Visit,
    code: Code,
    problems: Problems | None = None,
    typed: dict[str, str] | None = None,
    *,
    sent: str | None = None,
    changed: str | None = None,
    cleaned: Attached | None = None,
) -> Response:
    """The threads of a receipt. Its language switch opens them again and sends nothing."""
    words = " ".join(code.words(visit.locale.value))
    with visit.database.reading() as session:
        opened = homecoming.open_threads(session, code)
        shown = threads.thread_pages(session, visit, opened)
        alone = opened[0] if len(opened) == 1 and opened[0].lane is Lane.UNION else None
        share = threads.can_share_with(session, visit, alone) if alone else []
    if not shown:
        raise NotFound
    fields: FieldBag = getattr(visit.request.state, "fields", FieldBag([]))
    kept = [pair for pair in fields.pairs() if pair[0] in NAMES_THREAD or (problems and pair[0] not in {PAUSE, TICKET})]
    visit.request.state.fields = FieldBag([*kept, (PAUSE, "yes")])
    return render(
        visit,
        "concerns/thread.html",
        problems=problems,
        secret=True,
        threads=shown,
        words=words,
        typed=typed or {},
        form_ids=_fresh_ids(shown),
        change_ids=_fresh_ids(shown),
        add_ids=_fresh_ids(shown),
        tickets=[form_ticket(visit) for _ in range(3 * len(shown) + 1)],
        share=share,
        share_options=[(one.line.person_id, one.line.name) for one in share],
        share_values=fields.many("share-with") or [one.line.person_id for one in share],
        first_text=threads.first_text(alone) if alone else "",
        sent=sent,
        changed=changed,
        cleaned=pages.cleaned_files(visit, cleaned.files) if cleaned else [],
        file_accept=ACCEPT,
    )


def _fresh_ids(shown: Sequence[threads.ThreadPage]) -> dict[str, str]:
    """What makes a form that is sent twice one message: a fresh id for each thread."""
    return {thread.lane: ids.random_bytes(ITEM_ID_BYTES).hex() for thread in shown}
