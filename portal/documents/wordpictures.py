"""Pictures in a Word document of which only a part is shown: the rest is still in the file, until it is cut off."""

import io
import posixpath
from collections.abc import Iterator
from typing import Any

from lxml import etree
from PIL import Image

from portal.documents.cuts import CannotCut
from portal.documents.wordhiding import A

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_V = "{urn:schemas-microsoft-com:vml}"
_WHOLE = 100_000
_SIDES = ("l", "t", "r", "b")
_OLD_SIDES = ("cropleft", "croptop", "cropright", "cropbottom")
_FORMS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
Shares = tuple[float, float, float, float]


def cropped(root: Any) -> Iterator[tuple[Any, Any, Shares]]:
    """The reference to each picture that is cropped, what says so, and which share goes on each side."""
    for fill in root.iter("{*}blipFill"):
        part, blip = fill.find(f"{A}srcRect"), fill.find(f"{A}blip")
        if part is None or blip is None:
            continue
        shares = tuple(max(0.0, _number(part.get(side, "0")) / _WHOLE) for side in _SIDES)
        if any(shares):
            yield blip, part, shares  # type: ignore[misc]
    for one in root.iter(f"{_V}imagedata"):
        shares = tuple(max(0.0, _old_share(one.get(side, "0"))) for side in _OLD_SIDES)
        if any(shares):
            yield one, one, shares  # type: ignore[misc]


def crop_all(name: str, root: Any, members: dict[str, bytes]) -> None:
    """Each picture of a part as much as is shown of it, and no picture that no part refers to any more."""
    folder, file = posixpath.split(name)
    place = f"{folder}/_rels/{file}.rels"
    if place not in members:
        return
    links = etree.fromstring(members[place])
    targets = {link.get("Id"): link for link in links}
    for number, (blip, said, shares) in enumerate(list(cropped(root))):
        key = next((key for key in (f"{_R}embed", f"{_R}id", f"{_R}pict") if blip.get(key) in targets), None)
        if key is not None:
            old = posixpath.normpath(posixpath.join(folder, targets[blip.get(key)].get("Target")))
            ending = old.rpartition(".")[2]
            new = f"word/media/part{len(members)}.{ending}"
            members[new] = _cropped(members[old], shares, _FORMS.get(ending, "PNG"))
            link = etree.SubElement(links, links[0].tag, dict(targets[blip.get(key)].attrib))
            link.set("Id", f"crop{number}")
            link.set("Target", posixpath.relpath(new, folder))
            blip.set(key, f"crop{number}")
        for side in (*_SIDES, *_OLD_SIDES):
            said.attrib.pop(side, None)
    used = {value for one in root.iter() for key, value in one.attrib.items() if key.startswith(_R)}
    for link in list(links):
        if link.get("Type", "").endswith("/image") and link.get("Id") not in used:
            links.remove(link)
    members[place] = etree.tostring(links, xml_declaration=True, encoding="UTF-8", standalone=True)


def without_unused(members: dict[str, bytes]) -> dict[str, bytes]:
    """The same parts without pictures that nothing refers to."""
    said = b"".join(part for name, part in members.items() if name.endswith(".rels"))
    return {
        name: part for name, part in members.items() if "/media/" not in name or name.partition("/")[2].encode() in said
    }


def _cropped(octets: bytes, shares: Shares, form: str) -> bytes:
    left, top, right, bottom = shares
    try:
        with Image.open(io.BytesIO(octets), formats=(form,)) as picture:
            wide, high = picture.size
            box = (int(left * wide), int(top * high), wide - int(right * wide), high - int(bottom * high))
            if box[0] >= box[2] or box[1] >= box[3]:
                part = Image.new("RGB", (1, 1), "white")
            else:
                part = picture.crop(box)
                part.load()
            out = io.BytesIO()
            part.info = {}
            part.save(out, form, **({"quality": 90} if form != "PNG" else {}))
            return out.getvalue()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise CannotCut("unreadable") from None


def _number(text: str) -> float:
    percent = text.endswith("%")
    try:
        return float(text.removesuffix("%")) * (1000 if percent else 1)
    except ValueError:
        return 0.0


def _old_share(text: str) -> float:
    try:
        return float(text.removesuffix("f")) / 65_536 if text.endswith("f") else float(text)
    except ValueError:
        return 0.0
