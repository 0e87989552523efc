"""The parts of an Excel file (CLEANING.md section 6)."""

from anonymity.cleaning.markup import Attributes, Verdict
from anonymity.cleaning.openxml import LONGEST_FORMULA, OUTSIDE, Names, OpenXmlRules
from anonymity.cleaning.outcome import Found, sound

PARTS = {
    "worksheet": "worksheet+xml",
    "chartsheet": "chartsheet+xml",
    "sharedStrings": "sharedStrings+xml",
    "styles": "styles+xml",
    "table": "table+xml",
}
_OWN_ATTRIBUTES = {
    ("x", "definedName"): ("comment", "description", "help", "statusBar", "customMenu", "shortcutKey"),
    ("x", "hyperlink"): ("display", "tooltip"),
    ("x", "table"): ("comment", "connectionId", "tableType", "dataCellStyle"),
    ("x", "tableColumn"): ("queryTableFieldId", "uniqueName", "xmlColumnPr"),
    ("x", "workbookPr"): ("codeName", "filterPrivacy", "saveExternalLinkValues", "publishItems"),
    ("x", "sheetPr"): ("codeName", "published"),
    ("x", "dataValidation"): ("promptTitle", "prompt", "errorTitle", "error"),
}
_DROPPED: Names = {
    ("x", "fileVersion"): Found.SOFTWARE,
    ("x", "fileSharing"): Found.AUTHOR,
    ("x", "workbookProtection"): Found.HIDDEN_PARTS,
    ("x", "externalReferences"): Found.LINKS,
    ("x", "customWorkbookViews"): Found.AUTHOR,
    ("x", "pivotCaches"): Found.HIDDEN_PARTS,
    ("x", "webPublishing"): Found.HIDDEN_PARTS,
    ("x", "webPublishObjects"): Found.HIDDEN_PARTS,
    ("x", "webPublishItems"): Found.HIDDEN_PARTS,
    ("x", "fileRecoveryPr"): Found.HIDDEN_PARTS,
    ("x", "functionGroups"): Found.HIDDEN_PARTS,
    ("x", "smartTagPr"): Found.HIDDEN_PARTS,
    ("x", "smartTagTypes"): Found.HIDDEN_PARTS,
    ("x", "smartTags"): Found.HIDDEN_PARTS,
    ("x", "legacyDrawing"): Found.COMMENTS,
    ("x", "legacyDrawingHF"): Found.HIDDEN_PARTS,
    ("x", "drawingHF"): Found.HIDDEN_PARTS,
    ("x", "controls"): Found.HIDDEN_PARTS,
    ("x", "customProperties"): Found.DESCRIPTION,
    ("x", "customSheetViews"): Found.IDENTIFIERS,
    ("x", "protectedRanges"): Found.AUTHOR,
    ("x", "scenarios"): Found.COMMENTS,
    ("x", "sheetProtection"): Found.HIDDEN_PARTS,
    ("x", "xmlCellPr"): Found.HIDDEN_PARTS,
    ("x", "dataConsolidate"): Found.LINKS,
    ("x", "webPr"): Found.LINKS,
}


class SheetRules(OpenXmlRules):
    """For the workbook, its sheets, texts, styles, tables."""

    dropped = _DROPPED
    special = frozenset({*_OWN_ATTRIBUTES, ("x", "pageSetup"), ("x", "sheet")})
    pruned = frozenset({("x", "hyperlinks"), ("x", "tableParts"), ("x", "definedNames")})
    tested = frozenset({("x", "f"), ("x", "definedName"), ("x", "calculatedColumnFormula")})

    def element(self, name: tuple[str, str], attributes: Attributes) -> Verdict:
        """As for all; besides, the names that single elements carry."""
        for key in _OWN_ATTRIBUTES.get(name, ()):
            if attributes.pop(("", key), None):
                self.found.add(Found.DESCRIPTION)
        if name == ("x", "pageSetup"):
            attributes.pop(("r", "id"), None)
        if name == ("x", "sheet"):
            sound(attributes.get(("r", "id")) in self._links)
        return super().element(name, attributes)

    def text(self, name: tuple[str, str], text: str) -> str | None:
        """A formula that asks another file becomes its last value."""
        if len(text) > LONGEST_FORMULA or OUTSIDE.search(text):
            self.found.add(Found.LINKS)
            return None
        return text
