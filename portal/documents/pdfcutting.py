"""Cutting a PDF: words leave the page's content glyph by glyph, or the page becomes a picture (ISO 32000).

The file is first made anew from what its pages show (``anonymity.cleaning``): no attachment, outline, form, earlier
revision or property is left. Then each page with a cut is rewritten without those glyphs and gets black boxes. What
came out is read and drawn again: unless every cut glyph is gone, nothing else went, and each box is black, the page is
drawn as a picture with a text layer of what remains.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pikepdf
import pypdfium2
from pikepdf import Dictionary

from anonymity.cleaning import pdf as cleaning
from anonymity.cleaning.outcome import CannotClean
from portal.documents.cuts import AreaCut, CannotCut, Cut, Cutting, PageCut, WordsCut, gone_words
from portal.documents.findings import FindingCode
from portal.documents.kinds import FileKind
from portal.documents.matching import Folded, fold
from portal.documents.pace import PACE, Stage
from portal.documents.pdfcovers import scan_covers
from portal.documents.pdfglyphs import Eraser, NotProvable
from portal.documents.pdfmasks import masked_pages
from portal.documents.pdfopening import left_out, unlocked, with_looks
from portal.documents.pdfpictures import Gone, picture_page
from portal.documents.pdfreading import (
    PICTURE,
    SHADING,
    TEXT,
    Box,
    PageText,
    Sign,
    draw_page,
    drawn_boxes,
    meets,
    opened,
    read_page,
    turn_of,
)
from portal.documents.pdfunseen import unseen_signs
from portal.documents.proving import words_left

PROOF_SCALE = 1.5
MOST_PASSES = 3


@dataclass(slots=True)
class _Plan:
    """What goes from one page: places in its signs, boxes on it, or all of it."""

    page: PageText
    signs: set[int] = field(default_factory=set)
    unseen: set[int] = field(default_factory=set)  # of these: nobody sees them, so nothing is painted over them
    faint: list[Box] = field(default_factory=list)  # of these: one could see them, so a picture shows what is behind
    areas: list[Box] = field(default_factory=list)
    is_whole: bool = False
    is_flat: bool = False  # it cannot go but by making a picture of the page

    @property
    def is_empty(self) -> bool:
        return not (self.signs or self.areas or self.is_whole or self.is_flat)

    @property
    def boxes(self) -> list[Box]:
        """What is painted black: one box for each run of signs on a line, and the areas."""
        return [*_runs(self.page.signs, sorted(self.signs - self.unseen)), *self.areas]


def cut_pdf(data: bytes, cuts: Sequence[Cut]) -> Cutting:
    """The document without what is to go. Raises CannotCut for one that cannot be read."""
    opened_up = unlocked(data)
    clean = _made_anew(opened_up)
    plans, counts = _plans(clean, cuts)
    cut, pictured = _carried_out(clean, plans)
    for _pass in range(MOST_PASSES):
        # Words can be read now that were not read as words next to what has gone.
        again, more = _plans(cut, [one if isinstance(one, WordsCut) else WordsCut("") for one in cuts])
        if not any(more):
            break
        counts = [before + now for before, now in zip(counts, more, strict=True)]
        cut, late = _carried_out(cut, again)
        pictured = sorted({*pictured, *late})
    if left := words_left(FileKind.PDF, cut, *gone_words(cuts)):
        if not _may_picture(left, cuts, counts):
            raise CannotCut("words_not_on_pages")
        # Somewhere else than on the pages, perhaps in a font's map: pictures have no fonts.
        plans, _none = _plans(cut, ())
        pictured = [plan.page.number for plan in plans]
        cut = _picture(cut, cut, plans, pictured)
        if words_left(FileKind.PDF, cut, *gone_words(cuts)):
            raise CannotCut("words_remain")
    return Cutting(FileKind.PDF, cut, counts, pictured, left_out(data, opened_up))


def _made_anew(data: bytes) -> bytes:
    try:
        return cleaning.cleaned(with_looks(data), set())
    except CannotClean as refusal:
        raise CannotCut(refusal.reason.value) from None
    except pikepdf.PasswordError:
        raise CannotCut("encrypted") from None
    except pikepdf.PdfError:
        raise CannotCut("unreadable") from None


def _may_picture(left: Sequence[str], cuts: Sequence[Cut], counts: Sequence[int]) -> bool:
    """Words that are inside the file and not among the letters of its pages may be read in a picture of them, which
    would still be there: unless somebody has looked, and drawn boxes, nothing is claimed of them."""
    if any(isinstance(one, AreaCut | PageCut) for one in cuts):
        return True
    found = [one.words for one, count in zip(cuts, counts, strict=True) if isinstance(one, WordsCut) and count]
    return all(word in found for word in left)


def without_unseen(data: bytes) -> bytes:
    """The document made anew without what its pages hold and do not show."""
    clean = _made_anew(unlocked(data))
    plans, masked = [], masked_pages(clean)
    with opened(clean) as document:
        PACE.begin(Stage.CUTTING, len(document))
        for index in range(len(document)):
            PACE.step()
            page = read_page(document, index)
            plan = _Plan(page, is_flat=index + 1 in masked or bool(scan_covers(document, index)))
            for place, code in unseen_signs(document, page).items():
                _hide(plan, place, code)
            plans.append(plan)
    return _carried_out(clean, plans)[0]


def _hide(plan: _Plan, place: int, code: FindingCode) -> None:
    """Add a sign that nobody sees, or hardly, to what goes from a page."""
    plan.signs.add(place)
    plan.unseen.add(place)
    plan.is_flat |= code is FindingCode.TEXT_UNDER_TEXT
    box = plan.page.signs[place].box
    if code in (FindingCode.TINY_TEXT, FindingCode.PALE_TEXT) and box is not None:
        plan.faint.append(box)


def _carried_out(clean: bytes, plans: Sequence[_Plan]) -> tuple[bytes, list[int]]:
    """The document after these plans, and the pages that had to become pictures."""
    wanted = [plan for plan in plans if not plan.is_empty]
    cut, failed = _erase(clean, wanted)
    pictured = sorted({*failed, *_unproven(clean, cut, wanted, failed)})
    return (_picture(clean, cut, wanted, pictured), pictured) if pictured else (cut, [])


def _plans(clean: bytes, cuts: Sequence[Cut]) -> tuple[list[_Plan], list[int]]:
    counts = [0] * len(cuts)
    plans = []
    with opened(clean) as document:
        PACE.begin(Stage.CUTTING, len(document))
        for index in range(len(document)):
            PACE.step()
            plan = _Plan(read_page(document, index))
            turned = turn_of(document, index)
            folded = Folded(plan.page.text)
            for place, cut in enumerate(cuts):
                counts[place] += _add(plan, folded, cut, turned)
            plan.is_flat = bool(plan.signs) and _is_drawn_under(document, plan)
            plans.append(plan)
    return plans, counts


def _add(plan: _Plan, folded: Folded, cut: Cut, turned: int) -> int:
    """Add one cut to a page's plan; how often it was found there."""
    if isinstance(cut, WordsCut):
        spans = folded.spans(cut.words, whole=cut.whole)
        for start, end in spans:
            plan.signs.update(place for place in range(start, end) if plan.page.signs[place].box is not None)
        return len(spans)
    if isinstance(cut, AreaCut) and cut.page == plan.page.number:
        area = _area(cut, plan.page.frame, turned)
        plan.areas.append(area)
        plan.signs.update(place for place, sign in enumerate(plan.page.signs) if sign.box and meets(sign.box, area))
        return 1
    if isinstance(cut, PageCut) and cut.page == plan.page.number:
        plan.is_whole = True
        return 1
    if isinstance(cut, WordsCut | AreaCut | PageCut):
        return 0
    raise CannotCut("no_such_cut")


def _is_drawn_under(document: pypdfium2.PdfDocument, plan: _Plan) -> bool:
    """True where a word that goes stands on a picture or a drawing: it may be drawn there, too, as in a scan."""
    source = document[plan.page.number - 1]
    try:
        pictures = [box for _thing, box in drawn_boxes(source, [PICTURE, SHADING])]
    finally:
        source.close()
    if any(meets(box, picture) for box in plan.boxes for picture in pictures):
        return True
    behind = draw_page(document, plan.page.number - 1, PROOF_SCALE, without=[TEXT])
    gone = Gone(plan.page.frame, plan.boxes, behind.size, turned=turn_of(document, plan.page.number - 1))
    return not gone.is_plain(behind)


def _area(cut: AreaCut, frame: Box, turned: int) -> Box:
    """The box in the page's own space; it was drawn on the page as one sees it, which may be turned."""
    edges = cut.left, cut.top, cut.right, cut.bottom
    for _quarter in range(turned // 90 % 4):
        edges = edges[1], 1 - edges[2], edges[3], 1 - edges[0]
    left, bottom, right, top = frame
    wide, high = right - left, top - bottom
    return (left + edges[0] * wide, top - edges[3] * high, left + edges[2] * wide, top - edges[1] * high)


def _runs(signs: Sequence[Sign], places: Iterable[int]) -> list[Box]:
    runs: list[Box] = []
    before = -2
    for place in places:
        box = signs[place].box
        if box is None:
            continue
        last = runs[-1] if runs else None
        if last and place - before <= 2 and abs(last[1] - box[1]) < 1 and abs(last[3] - box[3]) < 1:
            runs[-1] = (min(last[0], box[0]), min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3]))
        else:
            runs.append(box)
        before = place
    return runs


def _erase(clean: bytes, plans: Sequence[_Plan]) -> tuple[bytes, list[int]]:
    """The document with glyphs erased, and the numbers of pages where that cannot be done."""
    failed = []
    with pikepdf.open(io.BytesIO(clean)) as pdf:
        for plan in plans:
            page = pdf.pages[plan.page.number - 1]
            try:
                if plan.is_whole or plan.is_flat or plan.areas or _is_turned(page):
                    raise NotProvable
                origins = {origin for place in plan.signs if (origin := plan.page.signs[place].origin)}
                written = Eraser(page.Resources.get("/Font", Dictionary()), origins).rewritten(page)
            except (NotProvable, pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, IndexError):
                failed.append(plan.page.number)
                continue
            page.Contents = pdf.make_stream(b"q\n" + written + b"\nQ\n" + _painted(plan.boxes))
        return _saved(pdf), failed


def _is_turned(page: pikepdf.Page) -> bool:
    """True where a graphics state sets a font of its own, which the eraser does not follow."""
    states = page.Resources.get("/ExtGState", Dictionary())
    return any(isinstance(state, Dictionary) and "/Font" in state for state in dict(states.items()).values())


def _painted(boxes: Iterable[Box]) -> bytes:
    drawn = [
        f"{left - 0.5:.3f} {bottom - 0.5:.3f} {right - left + 1:.3f} {top - bottom + 1:.3f} re f"
        for left, bottom, right, top in boxes
    ]
    return ("q 0 g " + " ".join(drawn) + " Q").encode("ascii")


def _unproven(clean: bytes, cut: bytes, plans: Sequence[_Plan], failed: Sequence[int]) -> list[int]:
    """The pages that, read and drawn again, are not exactly what they were without the cuts."""
    unproven = []
    with opened(clean) as before, opened(cut) as after:
        PACE.begin(Stage.PROVING, sum(plan.page.number not in failed for plan in plans))
        for plan in plans:
            if plan.page.number in failed:
                continue
            PACE.step()
            if not (_reads_right(after, plan) and _looks_right(before, after, plan)):
                unproven.append(plan.page.number)
    return unproven


def _reads_right(after: pypdfium2.PdfDocument, plan: _Plan) -> bool:
    """What can be read is what was there before, without the cut signs."""
    page = read_page(after, plan.page.number - 1)
    kept = (sign.text for place, sign in enumerate(plan.page.signs) if place not in plan.signs)
    return _letters(page.text) == _letters("".join(kept))


def _letters(text: str) -> list[str]:
    return sorted(sign for sign in fold(text) if not sign.isspace() and sign != "-")


def _looks_right(before: pypdfium2.PdfDocument, after: pypdfium2.PdfDocument, plan: _Plan) -> bool:
    """Outside the boxes not a point has changed; inside, every one is black."""
    index = plan.page.number - 1
    old, new = draw_page(before, index, PROOF_SCALE), draw_page(after, index, PROOF_SCALE)
    turned = turn_of(before, index)
    gone = Gone(plan.page.frame, plan.boxes, old.size, turned=turned)
    changed = Gone(plan.page.frame, [*plan.boxes, *plan.faint], old.size, turned=turned)
    return gone.is_black(new) and changed.is_same_outside(old, new)


def _picture(clean: bytes, cut: bytes, plans: Sequence[_Plan], numbers: Sequence[int]) -> bytes:
    """The document with these pages as pictures of what remains."""
    by_number = {plan.page.number: plan for plan in plans}
    with pikepdf.open(io.BytesIO(cut)) as pdf, opened(clean) as document:
        PACE.begin(Stage.PICTURING, len(numbers))
        for number in numbers:
            PACE.step()
            plan = by_number[number]
            kept = [sign for place, sign in enumerate(plan.page.signs) if place not in plan.signs]
            picture_page(
                pdf,
                document,
                plan.page,
                boxes=plan.boxes,
                faint=plan.faint,
                kept=[] if plan.is_whole else kept,
                is_whole=plan.is_whole,
            )
        return _saved(pdf)


def _saved(pdf: pikepdf.Pdf) -> bytes:
    """Written anew, without fonts, pictures and forms that no page uses."""
    for page in pdf.pages:
        page.remove_unreferenced_resources()
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()
