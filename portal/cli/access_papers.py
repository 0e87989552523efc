"""Files of the demonstration's requests, made when it is set up: what looks harmless, and what hides in it.

They are written out by hand, so that setting up needs no library of documents.
"""

import io
import zipfile
from collections.abc import Callable, Iterable
from xml.sax.saxutils import escape

from portal.documents.kinds import FileKind

Paper = tuple[str, FileKind, Callable[[], bytes]]

HIDDEN_ROWS = 1204
COVERED = "Gwenllian Parry"
WIDTHS = " ".join(["278"] * 16 + ["556"] * 207)
"""Widths of the letters from the space on: near enough to be drawn, and right for what is counted."""
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def workbook() -> bytes:
    """A rota of one person, and behind it a very hidden sheet with everybody's."""
    own = [("Diwrnod", "Dechrau", "Diwedd", "Newidiwyd gan")]
    own += [(f"2026-09-{day:02}", "07:30", "20:00", "Tîm Rota" if day % 5 == 0 else "") for day in range(1, 29)]
    others = [(f"Rhif {1000 + row}", f"2026-09-{row % 28 + 1:02}", "07:30") for row in range(HIDDEN_ROWS)]
    sheets = (
        '<sheet name="Rota" sheetId="1" r:id="rId1"/><sheet name="Pawb" sheetId="2" state="veryHidden" r:id="rId2"/>'
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet2.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
        "_rels/.rels": _links("officeDocument", ["xl/workbook.xml"]),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _links("worksheet", ["worksheets/sheet1.xml", "worksheets/sheet2.xml"]),
        "xl/worksheets/sheet1.xml": _sheet(own),
        "xl/worksheets/sheet2.xml": _sheet(others),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, _HEAD + text)
    return out.getvalue()


def _links(kind: str, targets: Iterable[str]) -> str:
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, target in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _sheet(rows: Iterable[tuple[str, ...]]) -> str:
    def cells(row: tuple[str, ...]) -> str:
        return "".join(f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>' for value in row)

    data = "".join(f"<row>{cells(row)}</row>" for row in rows)
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{data}</sheetData></worksheet>'


def document() -> bytes:
    """Notes of a meeting in which somebody drew a black box over a name, and left the name below it."""
    lines = ("Nodyn o gyfarfod, 14 Mai", "Yn bresennol: y rheolwr, y gweithiwr,", COVERED, "Trafodwyd y sifftiau hir.")
    shown = "".join(f"BT /F 12 Tf 30 {250 - 30 * at} Td ({line}) Tj ET\n" for at, line in enumerate(lines))
    content = (shown + "0 g 28 186 110 16 re f\n").encode("ascii")
    font = "/Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding/FirstChar 32/LastChar 254"
    things = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 300]/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R>>",
        b"<</Length %d>>\nstream\n%sendstream" % (len(content), content),
        f"<<{font}/Widths[{WIDTHS}]>>".encode(),
    ]
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, thing in enumerate(things, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, thing)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(things) + 1, len(out))
    return bytes(out) + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (len(things) + 1, table, end)


def shifts() -> bytes:
    """A plain table that hides nothing."""
    return b"diwrnod,dechrau,diwedd\n2026-09-01,07:30,20:00\n2026-09-02,07:30,20:00\n"


PLAIN: Paper = ("sifftiau.csv", FileKind.TABLE, shifts)
TRAPS: tuple[Paper, ...] = (
    ("rota-medi.xlsx", FileKind.WORKBOOK, workbook),
    ("nodyn-cyfarfod.pdf", FileKind.PDF, document),
)
