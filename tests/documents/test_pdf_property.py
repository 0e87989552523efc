"""Whatever a small PDF says, and wherever: what was cut from it is in no stream, no string, no text, and not drawn."""

import io
import re
from collections.abc import Iterator

import pikepdf
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, OutlineItem, String
from PIL import Image

from portal.documents.cuts import CannotCut, Cut, WordsCut
from portal.documents.cutting import cut
from portal.documents.kinds import FileKind
from portal.documents.matching import Folded
from portal.documents.pdfpictures import in_picture
from portal.documents.pdfreading import PageText, draw_page, opened, read_page
from tests.documents import papers

NAMES = ("Tudur", "Prydderch", "Gwenllian", "Rhys-Evans")
OTHERS = ("rota", "of", "ward", "ArTudurus", "GWEN")
WAYS = ("plain", "pieces", "kerned", "form", "unseen", "white", "turned", "quoted")
PLACES = ("outline", "author", "note", "file", "alternative", "map")

texts = st.lists(st.sampled_from(NAMES + OTHERS), min_size=1, max_size=4).map(" ".join)


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    lines = draw(st.lists(st.tuples(texts, st.sampled_from(WAYS)), min_size=1, max_size=4))
    hidden = draw(st.dictionaries(st.sampled_from(PLACES), texts, max_size=3))
    pdf = papers.paper(b"".join(shown(text, way, 260 - 50 * at) for at, (text, way) in enumerate(lines)))
    forms = Dictionary()
    for at, (text, way) in enumerate(lines):
        if way == "form":
            form = pdf.make_stream(papers.line(text.encode(), 260 - 50 * at))
            form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 400, 300])
            form.Resources = Dictionary(Font=pdf.pages[0].Resources.Font)
            forms[f"/X{260 - 50 * at}"] = form
    pdf.pages[0].Resources.XObject = forms
    for place, text in hidden.items():
        hide(pdf, place, text)
    return papers.octets(pdf)


def shown(text: str, way: str, y: int) -> bytes:
    """A line, in one of the ways of showing one."""
    said, place = text.encode(), f"20 {y} Td".encode()
    match way:
        case "pieces":
            return b"BT /F 12 Tf " + place + b" (" + said[:3] + b") Tj (" + said[3:] + b") Tj ET\n"
        case "kerned":
            return b"BT /F 12 Tf " + place + b" [(" + said[:2] + b") 30 (" + said[2:] + b")] TJ ET\n"
        case "form":
            return f"/X{y} Do\n".encode()
        case "unseen":
            return b"BT 3 Tr /F 12 Tf " + place + b" (" + said + b") Tj ET\n"
        case "white":
            return b"q 1 g " + papers.line(said, y) + b"Q\n"
        case "turned":
            return f"BT .8 .6 -.6 .8 {60 + y // 4} {y - 60} Tm /F 9 Tf (".encode() + said + b") Tj ET\n"
        case "quoted":
            return b"BT /F 12 Tf 14 TL " + place + b" (" + said + b") ' ET\n"
    return papers.line(said, y)


def hide(pdf: pikepdf.Pdf, place: str, text: str) -> None:
    """The words where no page shows them."""
    page = pdf.pages[0]
    match place:
        case "outline":
            with pdf.open_outline() as outline:
                outline.root.append(OutlineItem(text, 0))
        case "author":
            pdf.docinfo["/Author"] = text
        case "note":
            note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Contents=String(text), Rect=Array([5, 5, 9, 9]))
            page.Annots = Array([pdf.make_indirect(note)])
        case "file":
            pdf.attachments["note.txt"] = AttachedFileSpec(pdf, text.encode(), filename=text)  # type: ignore[call-arg]
        case "alternative":
            page.contents_add(f"/Span <</ActualText ({text})>> BDC EMC".encode())
        case "map":
            said = text.encode("utf-16-be").hex().encode()
            page.Resources.Font.F.ToUnicode = pdf.make_stream(b"1 beginbfchar <01> <" + said + b"> endbfchar")


def corners(data: bytes) -> Iterator[str]:
    """Everything in the file, unpacked, as one would look for it by hand."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for one in [pdf.trailer, *pdf.objects]:
            if isinstance(one, pikepdf.Stream) and one.get("/Subtype") != "/Image":
                octets = bytes(one.read_bytes())
                yield from (octets.decode("latin-1"), octets.decode("utf-16-be", "ignore"))
            yield repr(one)


def where(page: PageText, word: WordsCut) -> set[int]:
    spans = Folded(page.text).spans(word.words, whole=word.whole)
    return {place for start, end in spans for place in range(start, end)}


@given(documents(), st.lists(st.builds(WordsCut, st.sampled_from(NAMES), st.booleans()), min_size=1, max_size=2))
@settings(max_examples=15)
def test_what_was_cut_is_nowhere(data: bytes, words: list[WordsCut]) -> None:
    with opened(data) as document:
        before = read_page(document, 0)
    cuts: list[Cut] = [*words]
    try:
        done = cut(FileKind.PDF, data, cuts)
    except CannotCut as refusal:
        assert refusal.reason == "words_not_on_pages"
        assert any(not where(before, word) for word in words)
        return
    with opened(done.data) as document:
        after, drawn = read_page(document, 0), draw_page(document, 0, 2.0)
    for word in words:
        assert not where(after, word)
        whole = rf"(?<![^\W_]){word.words}(?![^\W_])"
        sought = re.compile(whole if word.whole else word.words, re.IGNORECASE)
        assert not any(sought.search(corner) for corner in corners(done.data))
        for place in where(before, word):
            box = before.signs[place].ink
            assert box is None or is_black(drawn.crop(inner(in_picture(box, before.frame, drawn.size, 0))))


def inner(box: tuple[float, ...]) -> tuple[int, int, int, int]:
    left, top, right, bottom = (round(edge) for edge in box)
    return left, top, max(right, left + 1), max(bottom, top + 1)


def is_black(drawn: Image.Image) -> bool:
    return max(drawn.convert("L").tobytes()) < 16
