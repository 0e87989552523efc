"""The objects of a PDF file: copied into a new one key by key, as lists say (CLEANING.md section 6)."""

import zlib
from decimal import Decimal
from typing import Protocol

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream, String

from anonymity.cleaning.colour import DISPLAY_P3, is_display_p3
from anonymity.cleaning.outcome import CannotClean, Found, Reason
from anonymity.cleaning.pdfimages import Budget, Packed, repacked

_MOST_OBJECTS, _DEEPEST = 500_000, 60
_DRAWING = """
    Type Subtype BBox Matrix Resources Group FormType OC S CS I K G TR BC Width Height ColorSpace BitsPerComponent
    Decode ImageMask Mask SMask Interpolate Intent Matte SMaskInData LW LC LJ ML D RI OP op OPM Font BG BG2 UCR UCR2
    TR2 HT FL SM SA BM CA ca AIS TK PatternType PaintType TilingType XStep YStep Shading ExtGState ShadingType
    Background AntiAlias Domain Extend Coords Function BitsPerCoordinate BitsPerFlag VerticesPerRow FunctionType
    Range Size BitsPerSample Order Encode C0 C1 N Functions Bounds WhitePoint BlackPoint Gamma Alternate Colorants
    Process Components Filter DecodeParms Predictor Colors Columns EarlyChange ColorTransform EndOfLine
    EncodedByteAlign Rows EndOfBlock BlackIs1 DamagedRowsBeforeError JBIG2Globals HalftoneType Frequency Angle
    SpotFunction AccurateScreens TransferFunction XObject Pattern Properties OCGs P VE
"""
_FONT = """
    BaseFont FirstChar LastChar Widths FontDescriptor Encoding BaseEncoding Differences ToUnicode DescendantFonts
    CIDSystemInfo Registry Ordering Supplement DW W DW2 W2 CIDToGIDMap FontBBox FontMatrix CharProcs FontName
    FontFamily FontStretch FontWeight Flags ItalicAngle Ascent Descent Leading CapHeight XHeight StemV StemH
    AvgWidth MaxWidth MissingWidth FontFile FontFile2 FontFile3 CIDSet CharSet Style Panose FD WMode UseCMap
    CMapName Length1 Length2 Length3
"""
_KEPT = frozenset(f"/{name}" for name in (_DRAWING + _FONT).split())
_MAPS = frozenset(
    {
        "/Font",
        "/XObject",
        "/ExtGState",
        "/ColorSpace",
        "/Pattern",
        "/Shading",
        "/Properties",
        "/CharProcs",
        "/Colorants",
    }
)
_TEXTS = frozenset({"/Registry", "/Ordering", "/FontFamily", "/CharSet", "/Panose", "/ColorSpace*", "/CS*"})
_GLYPH = "/CharProcs*"
_SORTS = {
    "/Metadata": Found.HIDDEN_PARTS,
    "/PieceInfo": Found.HIDDEN_PARTS,
    "/LastModified": Found.DATES,
    "/Alternates": Found.OTHER_PICTURES,
    "/OPI": Found.LINKS,
    "/Thumb": Found.THUMBNAIL,
    "/ID": Found.IDENTIFIERS,
    "/Measure": Found.GPS,
    "/PtData": Found.GPS,
    "/AF": Found.ATTACHMENTS,
}
_PROFILE = "/ICCBased"
_SPACES = {1: Name.DeviceGray, 3: Name.DeviceRGB, 4: Name.DeviceCMYK}


class Rewriter(Protocol):
    """Writes a content stream anew."""

    def rewritten(self, stream: Object) -> bytes:
        """Its operators without properties and comments."""


class Objects:
    """The new document and what of the old one is already in it."""

    def __init__(self, new: pikepdf.Pdf) -> None:
        self.new = new
        self.done: dict[tuple[int, int], Object] = {}
        self.budget = Budget()
        self._count = 0
        self._wide: Object | None = None

    def wide_colours(self) -> Object:
        """The Display P3 profile, once in a document."""
        if self._wide is None:
            stream = Stream(self.new, zlib.compress(DISPLAY_P3, 9), N=3, Filter=Name.FlateDecode)
            self._wide = self.new.make_indirect(stream)
        return self._wide

    def one_more(self) -> None:
        """Counts what is copied."""
        self._count += 1
        if self._count > _MOST_OBJECTS:
            raise CannotClean(Reason.TOO_COMPLEX)


class Copier:
    """Copies objects of the old document."""

    def __init__(self, objects: Objects, contents: Rewriter, found: set[Found]) -> None:
        self._objects = objects
        self._contents = contents
        self._found = found
        self._deep = 0

    def copied(self, old: Object | None, key: str = "") -> Object | None:
        """A copy of what stood under this key; None for what is not to be kept."""
        if not isinstance(old, Object):
            return old if isinstance(old, bool | int | Decimal | float) else None
        self._objects.one_more()
        self._deep += 1
        if self._deep > _DEEPEST:
            raise CannotClean(Reason.TOO_COMPLEX)
        try:
            return self._known(old, key)
        finally:
            self._deep -= 1

    def _known(self, old: Object, key: str) -> Object | None:
        if isinstance(old, Name):
            return Name(str(old))
        if isinstance(old, String):
            return String(bytes(old)) if key in _TEXTS else None
        if isinstance(old, Array):
            return self._array(old, key)
        if isinstance(old, Dictionary | Stream):
            return self._shared(old, key)
        return None

    def _array(self, old: Object, key: str) -> Object | None:
        key = key.rstrip("*") + "*"
        items = list(old.as_list())
        if items and items[0] == _PROFILE and len(items) > 1 and isinstance(items[1], Stream):
            return self._plain_space(items[1])
        return Array([self.copied(item, key) for item in items])

    def _plain_space(self, profile: Object) -> Object | None:
        """A colour profile becomes Display P3 written anew, or the plain space with as many colours."""
        self._found.add(Found.COLOUR_PROFILE)
        said = bytes(profile.read_bytes())
        self._objects.budget.spend(len(said))
        if is_display_p3(said):
            return Array([Name.ICCBased, self._objects.wide_colours()])
        alternate = profile.get("/Alternate")
        if isinstance(alternate, Array) and alternate[0] in ("/Lab", "/CalRGB", "/CalGray"):
            return self.copied(alternate)
        return _SPACES.get(int(profile.get("/N", 0)), Name.DeviceRGB)

    def _shared(self, old: Object, key: str) -> Object | None:
        if old.get("/Type") in ("/Page", "/Pages", "/Catalog", "/Annot", "/Action", "/Filespec", "/EmbeddedFile"):
            return None
        place = old.objgen
        if place in self._objects.done:
            return self._objects.done[place]
        made: Object = (
            Dictionary() if isinstance(old, Dictionary) and not isinstance(old, Stream) else self._stream(old, key)
        )
        if place != (0, 0):
            made = self._objects.new.make_indirect(made)
            self._objects.done[place] = made
        self._fill(old, made, key)
        return made

    def _fill(self, old: Object, made: Object, key: str) -> None:
        if old.get("/Type") == "/OCG":
            made.Type, made.Name = Name.OCG, String("")
            return
        is_map = key in _MAPS and "/Type" not in old and not isinstance(old, Stream)
        for inner in list(old.keys()):
            if inner in ("/Length", "/Filter", "/DecodeParms") and isinstance(old, Stream):
                continue
            if is_map or inner in _KEPT:
                value = self.copied(old.get(inner), f"{key}*" if is_map else inner)
                if value is not None:
                    made[inner] = value
            elif inner in _SORTS:
                self._found.add(_SORTS[inner])

    def _stream(self, old: Object, key: str) -> Object:
        """A stream with its data, its keys still to come."""
        if old.get("/Subtype") == "/Form" or old.get("/PatternType") == 1 or key == _GLYPH:
            packed = Packed(zlib.compress(self._contents.rewritten(old)), "/FlateDecode")
        else:
            packed = repacked(old, self._objects.budget, self._found)
        made = Stream(self._objects.new, packed.octets)
        if packed.filter:
            made.Filter = Name(packed.filter)
        if packed.parameters is not None:
            parameters = self.copied(packed.parameters)
            if parameters is not None:
                made.DecodeParms = parameters
        return made

    def layers(self, old: Object | None) -> Object | None:
        """Which layers are shown, so that hidden ones stay hidden; their names go."""
        if not isinstance(old, Dictionary) or not isinstance(old.get("/OCGs"), Array):
            return None
        default = old.get("/D")
        shown = Dictionary()
        if isinstance(default, Dictionary):
            for key in ("/BaseState", "/ON", "/OFF"):
                if (value := self.copied(default.get(key), key)) is not None:
                    shown[key] = value
        return Dictionary(OCGs=self.copied(old.OCGs), D=shown)
