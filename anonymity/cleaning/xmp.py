"""XMP is always removed; here is only told what sorts of things it said."""

import re

from anonymity.cleaning.outcome import Found

_SORTS = {
    Found.GPS: re.compile(rb"GPS|Location|:City|:Country|:State"),
    Found.DEVICE: re.compile(rb"tiff:M(?:ake|odel)|Lens|Serial|:Device"),
    Found.AUTHOR: re.compile(rb"dc:creator|Author|:Artist|Owner|:Credit"),
    Found.DATES: re.compile(rb"Date|:when"),
    Found.SOFTWARE: re.compile(rb"CreatorTool|Producer|softwareAgent"),
    Found.DESCRIPTION: re.compile(rb"dc:(?:title|description|subject|rights)|Headline|Keywords"),
    Found.IDENTIFIERS: re.compile(rb"(?:Document|Instance)ID"),
    Found.EDIT_HISTORY: re.compile(rb"xmpMM:(?:History|DerivedFrom)"),
}


def read(packet: bytes, found: set[Found]) -> None:
    """Adds what sorts of things stood in the packet."""
    sorts = {sort for sort, pattern in _SORTS.items() if pattern.search(packet)}
    found |= sorts or {Found.HIDDEN_PARTS}
