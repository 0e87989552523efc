"""A PDF file with everything hidden in it that programmes, scanners and readers hide."""

import io
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from tests.anonymity.cleaning.marks import ALL_OF_A_DOCUMENT, Marks, Planted, profile, xmp
from tests.anonymity.cleaning.pictures import photo

PDF_DAY = "D:20210304050607Z"
LINES = ("The rota was changed at night", "Second page of the report")


def _stream(pdf: pikepdf.Pdf, data: bytes, **entries: object) -> pikepdf.Object:
    stream = pikepdf.Stream(pdf, data)
    for key, value in entries.items():
        stream["/" + key] = value
    return pdf.make_indirect(stream)


def _script(code: str) -> Dictionary:
    return Dictionary(Type=Name.Action, S=Name.JavaScript, JS=String(code))


def _picture(pdf: pikepdf.Pdf, marks: Marks) -> pikepdf.Object:
    inner = photo()
    marks.texts += inner.marks.texts
    marks.octets += inner.marks.octets
    space = Array(
        [Name.ICCBased, _stream(pdf, zlib.compress(profile("Display P3", marks)), N=3, Filter=Name.FlateDecode)]
    )
    meta = _stream(pdf, xmp(marks), Type=Name.Metadata, Subtype=Name.XML)
    piece = Dictionary(Adobe=Dictionary(LastModified=String(PDF_DAY), Private=String(marks.text("imagepiece"))))
    return _stream(
        pdf, inner.data, Type=Name.XObject, Subtype=Name.Image, Width=96, Height=64, BitsPerComponent=8,
        ColorSpace=space, Filter=Name.DCTDecode, Metadata=meta, PieceInfo=piece, Name=Name("/" + marks.text("imagename")),
    )  # fmt: skip


def _annotations(pdf: pikepdf.Pdf, page: pikepdf.Object, marks: Marks) -> list[Dictionary]:
    def box() -> Array:
        return Array([10, 10, 60, 40])

    def look(mark: str, shown: str) -> Dictionary:
        form = _stream(
            pdf,
            f"% {mark}\nBT /F1 9 Tf 2 2 Td ({shown}) Tj ET".encode(),
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, 50, 30]),
        )
        form.Resources = page.Resources
        form.PieceInfo = Dictionary(X=Dictionary(Private=String(mark), LastModified=String(PDF_DAY)))
        return Dictionary(N=form)

    note = Dictionary(
        Type=Name.Annot, Subtype=Name.Text, Rect=box(), T=String(marks.text("annauthor")), M=String(PDF_DAY),
        Contents=String(marks.text("anncontents")), NM=String(marks.text("annid")), Subj=String(marks.text("annsubject")),
        RC=String(f"<body>{marks.text('annrich')}</body>"), F=0,
    )  # fmt: skip
    popup = Dictionary(Type=Name.Annot, Subtype=Name.Popup, Rect=box(), Contents=String(marks.text("popup")))
    web = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=box(),
        A=Dictionary(S=Name.URI, URI=String(f"https://x.example/{marks.text('uri')}")),
    )
    near = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=box(), Dest=Array([page, Name.Fit]), NM=String(marks.text("linkid"))
    )
    stamp = Dictionary(
        Type=Name.Annot, Subtype=Name.Stamp, Rect=box(), T=String(marks.text("stampauthor")), CreationDate=String(PDF_DAY),
        AP=look(marks.text("stamppiece"), "Stamped here"), F=4,
    )  # fmt: skip
    field = Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String(marks.text("fieldname")), TU=String(marks.text("fieldtip")),
        V=String("Filled in"), DV=String(marks.text("fielddefault")), Rect=Array([70, 10, 120, 40]), AP=look(marks.text("fieldpiece"), "Filled in"), F=4,
        AA=Dictionary(K=_script(marks.text("keystroke"))),
    )  # fmt: skip
    attached = Dictionary(
        Type=Name.Annot,
        Subtype=Name.FileAttachment,
        Rect=box(),
        FS=_file(pdf, marks),
        Contents=String(marks.text("attachnote")),
    )
    return [pdf.make_indirect(one) for one in (note, popup, web, near, stamp, field, attached)]


def _file(pdf: pikepdf.Pdf, marks: Marks) -> Dictionary:
    inside = _stream(pdf, zlib.compress(marks.ascii("embedded")), Type=Name.EmbeddedFile, Filter=Name.FlateDecode)
    return Dictionary(
        Type=Name.Filespec,
        F=String(marks.text("embeddedname")),
        UF=String(marks.text("embeddedwide")),
        EF=Dictionary(F=inside),
    )


def _page(pdf: pikepdf.Pdf, text: str, marks: Marks) -> pikepdf.Object:
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    content = (
        f"% {marks.text('contentcomment')}\n/Span <</ActualText ({marks.text('actual')}) /Lang (cy)>> BDC\n"
        f"BT /F1 14 Tf 20 150 Td ({text}) Tj ET EMC\n/Artifact /P1 BDC q 50 0 0 30 20 60 cm /I1 Do Q EMC\n/Point <</Who ({marks.text('point')})>> DP"
    )
    shared = Dictionary(
        Font=Dictionary(F1=font),
        XObject=Dictionary(I1=_picture(pdf, marks)),
        Properties=Dictionary(P1=pdf.make_indirect(Dictionary(Private=String(marks.text("property"))))),
    )
    page = Dictionary(
        Type=Name.Page, MediaBox=Array([0, 0, 200, 200]), Resources=shared, Contents=_stream(pdf, content.encode()),
        LastModified=String(PDF_DAY), PieceInfo=Dictionary(Word=Dictionary(Private=String(marks.text("pagepiece")))),
        Metadata=_stream(pdf, zlib.compress(xmp(marks)), Type=Name.Metadata, Subtype=Name.XML, Filter=Name.FlateDecode),
        Thumb=_stream(pdf, marks.ascii("thumb"), Width=8, Height=1, ColorSpace=Name.DeviceGray, BitsPerComponent=8),
        AA=Dictionary(O=_script(marks.text("pageopened"))), StructParents=0, Tabs=Name.S, ID=String(marks.text("pageid")),
    )  # fmt: skip
    return pdf.make_indirect(page)


def _root(pdf: pikepdf.Pdf, marks: Marks) -> None:
    root, first = pdf.Root, pdf.pages[0].obj
    root.Metadata = _stream(pdf, xmp(marks), Type=Name.Metadata, Subtype=Name.XML)
    root.Lang, root.OpenAction = String(marks.text("lang")), _script(marks.text("opened"))
    root.AA = Dictionary(
        WC=_script(marks.text("closing")), DP=Dictionary(S=Name.Launch, F=String(marks.text("launch")))
    )
    root.Names = Dictionary(
        JavaScript=Dictionary(Names=Array([String("a"), _script(marks.text("namedscript"))])),
        EmbeddedFiles=Dictionary(Names=Array([String(marks.text("filekey")), _file(pdf, marks)])),
    )
    item = pdf.make_indirect(
        Dictionary(Title=String(marks.text("outline")), A=Dictionary(S=Name.URI, URI=String(marks.text("outlineuri"))))
    )
    root.Outlines = pdf.make_indirect(Dictionary(First=item, Last=item, Count=1))
    item.Parent = root.Outlines
    element = pdf.make_indirect(
        Dictionary(
            S=Name.Figure,
            Alt=String(marks.text("alt")),
            ID=String(marks.text("structid")),
            T=String(marks.text("structtitle")),
            K=0,
            Pg=first,
        )
    )
    root.StructTreeRoot = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=element))
    root.MarkInfo = Dictionary(Marked=True)
    root.PieceInfo = Dictionary(Adobe=Dictionary(Private=String(marks.text("rootpiece"))))
    root.AcroForm = Dictionary(
        Fields=Array([first.Annots[5]]),
        XFA=Array([String("x"), _stream(pdf, marks.ascii("xfa"))]),
        NeedAppearances=False,
    )
    root.Collection = Dictionary(Schema=Dictionary(N=String(marks.text("collection"))))
    root.URI = Dictionary(Base=String(marks.text("uribase")))
    pdf.docinfo["/Author"] = String(marks.text("author"))
    pdf.docinfo["/Title"] = String("\u201c" + marks.text("widetitle"))
    pdf.docinfo["/Producer"], pdf.docinfo["/CreationDate"] = String(marks.text("producer")), String(marks.said(PDF_DAY))
    pdf.docinfo["/Company"] = String(marks.text("company"))


def report() -> Planted:
    """Two pages in which every place for hidden things is used, then saved again with a second version behind."""
    marks = Marks("report")
    pdf = pikepdf.new()
    for text in LINES:
        pdf.pages.append(pikepdf.Page(_page(pdf, text, marks)))
    pdf.pages[0].obj.Annots = Array(_annotations(pdf, pdf.pages[0].obj, marks))
    _root(pdf, marks)
    pdf.trailer.ID = Array([String(marks.ascii("id")[:16]), String("0" * 16)])
    out = io.BytesIO()
    pdf.save(
        out, object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=True, fix_metadata_version=False
    )
    data = marks.ascii("before") + b"\n" + _second_version(out.getvalue(), marks) + marks.ascii("behind")
    found = ALL_OF_A_DOCUMENT | {"scripts", "attachments", "identifiers", "gps", "device"}
    return Planted("report.pdf", "pdf", data, marks, found, (*LINES, "Stamped here", "Filled in"), pages=2)


def _second_version(data: bytes, marks: Marks) -> bytes:
    """The same file with changes appended, as programmes save; an object that nothing needs is among them."""
    start = data.rindex(b"startxref")
    before = int(data[start + 9 :].split()[0])
    loose = f"9000 0 obj\n<</Left ({marks.text('leftover')})>>\nendobj\n".encode()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        root, size = pdf.trailer.Root.objgen[0], int(pdf.trailer.Size)
    table = (
        f"xref\n0 1\n0000000000 65535 f \n9000 1\n{len(data):010d} 00000 n \n"
        f"trailer\n<</Size 9001 /Root {root} 0 R /Prev {before} /Older {size}>>\nstartxref\n{len(data) + len(loose)}\n%%EOF\n"
    )
    return data + loose + table.encode()


def scanned_page() -> Planted:
    """A plain scan in an old form: one picture, an Info dictionary, no compression of objects."""
    marks = Marks("scanned")
    pdf = pikepdf.new()
    page = pdf.make_indirect(
        Dictionary(
            Type=Name.Page, MediaBox=Array([0, 0, 96, 64]), Resources=Dictionary(XObject=Dictionary(I1=_picture(pdf, marks))),
            Contents=_stream(pdf, b"q 96 0 0 64 0 0 cm /I1 Do Q"),
        )
    )  # fmt: skip
    pdf.pages.append(pikepdf.Page(page))
    pdf.docinfo["/Creator"] = String(marks.text("scanner"))
    out = io.BytesIO()
    pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, fix_metadata_version=False)
    return Planted("scanned.pdf", "pdf", out.getvalue(), marks, frozenset({"software", "gps", "device"}), pages=1)


PAPERS = (report, scanned_page)
