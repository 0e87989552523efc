/** What goes from the XML of Word and Excel (CLEANING.md, section 6). */
import { Package } from "./package.js";
import { CannotClean } from "./source.js";

const OFFICE = "http://schemas.openxmlformats.org";
const STRICT = "http://purl.oclc.org/ooxml";
const MICROSOFT = "http://schemas.microsoft.com/office";
const PREFIXES = new Map([
  [`${OFFICE}/wordprocessingml/2006/main`, "w"],
  [`${STRICT}/wordprocessingml/main`, "w"],
  [`${OFFICE}/spreadsheetml/2006/main`, "x"],
  [`${STRICT}/spreadsheetml/main`, "x"],
  [`${OFFICE}/officeDocument/2006/relationships`, "r"],
  [`${STRICT}/officeDocument/relationships`, "r"],
  [`${OFFICE}/drawingml/2006/main`, "a"],
  [`${STRICT}/drawingml/main`, "a"],
  [`${OFFICE}/drawingml/2006/wordprocessingDrawing`, "wp"],
  [`${STRICT}/drawingml/wordprocessingDrawing`, "wp"],
  [`${OFFICE}/drawingml/2006/chart`, "c"],
  [`${STRICT}/drawingml/chart`, "c"],
  [`${OFFICE}/drawingml/2006/diagram`, "dgm"],
  [`${OFFICE}/drawingml/2006/picture`, "pic"],
  [`${OFFICE}/drawingml/2006/spreadsheetDrawing`, "xdr"],
  [`${OFFICE}/drawingml/2006/chartDrawing`, "cdr"],
  [`${MICROSOFT}/word/2010/wordprocessingShape`, "wps"],
  [`${MICROSOFT}/word/2010/wordprocessingGroup`, "wpg"],
  [`${MICROSOFT}/drawing/2008/diagram`, "dsp"],
  ["urn:schemas-microsoft-com:vml", "v"],
  ["urn:schemas-microsoft-com:office:office", "o"],
  [`${MICROSOFT}/word/2010/wordml`, "w14"],
  [`${MICROSOFT}/word/2012/wordml`, "w15"],
  [`${MICROSOFT}/word/2016/wordml/cid`, "w16"],
  [`${MICROSOFT}/word/2018/wordml/cex`, "w16"],
  [`${MICROSOFT}/word/2018/wordml`, "w16"],
  [`${MICROSOFT}/word/2023/wordml/word16du`, "w16"],
  [`${MICROSOFT}/word/2010/wordprocessingDrawing`, "wp14"],
  [`${MICROSOFT}/spreadsheetml/2010/11/ac`, "x15ac"],
  [`${MICROSOFT}/spreadsheetml/2014/revision`, "xr"],
  [`${MICROSOFT}/spreadsheetml/2015/revision2`, "xr"],
  [`${MICROSOFT}/spreadsheetml/2016/revision3`, "xr"],
  [`${MICROSOFT}/spreadsheetml/2016/revision6`, "xr"],
  [`${MICROSOFT}/spreadsheetml/2016/revision9`, "xr"],
  [`${MICROSOFT}/spreadsheetml/2016/revision10`, "xr"],
]);

/** Elements that go with all that is in them, and what it tells that they were there. */
const GONE = {
  comments: "w:commentRangeStart w:commentRangeEnd w:commentReference w:annotationRef x:legacyDrawing x:scenarios",
  edit_history: "w:rsids w:rsid xr:revisionPtr",
  author: "x:fileSharing x:customWorkbookViews x:customSheetViews x:protectedRanges w:permStart w:permEnd o:signatureline",
  software: "x:fileVersion x:fileRecoveryPr",
  device: "w:printerSettings c:printSettings",
  scripts: "w:entryMacro w:exitMacro",
  links:
    "w:attachedTemplate w:mailMerge w:linkToQuery w:saveThroughXslt w:subDoc w:movie x:externalReferences x:webPublishing x:webPublishItems x:webPublishObjects x:webPr " +
    "x:dataConsolidate a:hlinkClick a:hlinkHover a:hlinkMouseOver a:videoFile a:audioFile a:quickTimeFile a:wavAudioFile",
  identifiers: "w:nsid w:tmpl w:divId w14:docId w15:docId w16:docId w:writeProtection w:documentProtection a:extLst c:extLst dgm:extLst",
  description: "w:docVars w:alias w:tag w:docPartObj w:docPartList w15:docPartObj w:placeholder w:statusText w:helpText w:tblCaption w:tblDescription",
  attachments: "c:externalData",
  hidden_parts:
    "w:dataBinding w15:dataBinding w:customXmlPr w:smartTagPr w:customXmlInsRangeStart w:customXmlInsRangeEnd w:customXmlDelRangeStart w:customXmlDelRangeEnd w:fldData " +
    "w:keyMap w:schemaLibrary w:attachedSchema w14:contentPart o:ink c:protection x:extLst x:controls x:legacyDrawingHF x:drawingHF x:picture x:customProperties x:pivotCaches " +
    "x:oleSize x:functionGroups x:volTypes x:smartTags x:smartTagPr x:smartTagTypes x:xmlCellPr x:workbookProtection x:sheetProtection x15ac:absPath",
};
const GONE_FOR = new Map(Object.entries(GONE).flatMap(([code, names]) => names.split(" ").map((name) => [name, code])));
const REFUSED = new Map([...["w:altChunk", "w:object", "o:OLEObject", "x:oleObjects"].map((name) => [name, "embedded_object"]), ["w:control", "macros"]]);
const UNWRAPPED = new Set(["w:customXml", "w:smartTag"]);

/** Attributes that go, wherever they stand; those without a prefix have no namespace. */
const DROPPED = {
  edit_history: /^(w:rsid\w*|w:editGrp|w:edGrp)$/,
  dates: /^(w:date|w16:dateUtc)$/,
  author: /^(w:initials|w:userId|w:ed)$/,
  identifiers: /^(w14:(paraId|textId)|w15:\w*[iI]d|w16:\w*|xr:uid|codeName|wp14:(anchorId|editId)|o:spid|w:fontKey)$/,
  description: /^(alt|descr|title|o:title)$/,
  links: /^(href|target|textlink|o:href|o:relid|w:tooltip|w:docLocation|w:tgtFrame)$/,
  scripts: /^macro$/,
  hidden_parts: /^o:gfxdata$/,
};
/** Attributes that go from one element only. */
const OWN = {
  "x:definedName": ["comment", "description", "help", "statusBar", "customMenu", "shortcutKey"],
  "x:hyperlink": ["display", "tooltip"],
  "x:table": ["comment", "connectionId", "tableType"],
  "x:tableColumn": ["queryTableFieldId", "uniqueName"],
  "x:workbookPr": ["filterPrivacy", "saveExternalLinkValues", "publishItems"],
  "x:sheetPr": ["published"],
  "x:dataValidation": ["promptTitle", "prompt", "errorTitle", "error"],
  "x:pageSetup": ["r:id"],
};
const DRAWN = /^(wp:docPr|[^:]+:cNvPr)$/;
/** An element stays without the reference to a part that went; others go. */
const LOOSE = new Set(["w:hyperlink", "a:blip", "v:imagedata", "v:fill", "v:stroke"]);

/** Of the settings only what changes how pages look. */
const SETTINGS = new Set(
  ("settings zoom mirrorMargins evenAndOddHeaders gutterAtTop displayBackgroundShape defaultTabStop autoHyphenation consecutiveHyphenLimit hyphenationZone " +
    "doNotHyphenateCaps characterSpacingControl footnotePr endnotePr compat clrSchemeMapping decimalSymbol listSeparator bordersDoNotSurroundHeader " +
    "bordersDoNotSurroundFooter bookFoldPrinting bookFoldRevPrinting alignBordersAndEdges updateFields compatSetting footnote endnote numFmt numStart numRestart pos " +
    "useFELayout spaceForUL balanceSingleByteDoubleByteWidth doNotLeaveBackslashAlone ulTrailSpace adjustLineHeightInTable").split(" "),
);
const SETTINGS_TELL = { rsids: "edit_history", attachedTemplate: "links", mailMerge: "links", docVars: "description" };

/** Fields whose instruction tells nothing; of all others only the result, which is visible, stays. */
const INNOCENT =
  /^\s*(?:PAGE|NUMPAGES|SECTION|SECTIONPAGES|TOC|REF|PAGEREF|SEQ|NOTEREF|STYLEREF|FORMTEXT|FORMCHECKBOX|FORMDROPDOWN|=)(?![A-Z])(?:[A-Za-z0-9_\\ *#.,:;=+()-]|"[0-9]-[0-9]")*$/;
/** Fields whose result goes as well: it is what somebody's programme knows of them. */
const PERSONAL = /^\s*(?:AUTHOR|LASTSAVEDBY|USERNAME|USERINITIALS|USERADDRESS|FILENAME|TEMPLATE|DOCPROPERTY|INFO|COMMENTS)\b/i;
const LONGEST_FIELD = 4_096;
const MOST_FIELDS = 64;
/** Formulas that ask another file or server become their last value. */
const OUTSIDE = /\[[^\]]*\d[^\]]*\]|https?:|file:|\\\\|CELL\(/i;
const FORMULAS = new Set(["x:f", "x:definedName", "x:calculatedColumnFormula", "c:f"]);

/** @param {import("./zip.js").Archive} archive @param {Set<string>} found @returns {Promise<Uint8Array>} */
export function cleanOffice(archive, found) {
  return new Package(archive, found).clean(PREFIXES, (known, sort) => {
    const rule = new Rule(known, found, sort === "settings");
    return { element: (one) => rule.element(one), text: (text, parent) => rule.text(text, parent) };
  });
}

class Rule {
  constructor(known, found, settings) {
    this.known = known;
    this.found = found;
    this.settings = settings;
    /** @type {string[]} what each field that is open asks for; fields may stand in each other */
    this.fields = [];
  }

  element(one) {
    const local = one.name.slice(one.name.indexOf(":") + 1);
    if (this.settings && !(one.name.startsWith("w:") && SETTINGS.has(local))) return this.tell(SETTINGS_TELL[local] ?? "hidden_parts", "drop");
    if (REFUSED.has(one.name)) throw new CannotClean(REFUSED.get(one.name));
    if (one.name === "w:proofErr") return "drop";
    if (GONE_FOR.has(one.name)) return this.tell(GONE_FOR.get(one.name), "drop");
    if (UNWRAPPED.has(one.name)) return this.tell("hidden_parts", "unwrap");
    if (one.name === "w:fldChar") this.field(one.get("w:fldCharType"));
    const asked = one.name === "w:fldSimple" ? (one.get("w:instr") ?? "") : "PAGE";
    if (!INNOCENT.test(asked)) return this.tell("hidden_parts", PERSONAL.test(asked) ? "drop" : "unwrap");
    this.attributes(one);
    return this.references(one) || LOOSE.has(one.name) ? "keep" : "drop";
  }

  tell(code, verdict) {
    this.found.add(code);
    return verdict;
  }

  /** @returns {boolean} whether every part that the element names by an id is still there */
  references(one) {
    let whole = true;
    for (const [name, { value }] of [...one.attributes]) {
      if (!name.startsWith("r:") || !value) continue;
      if (this.known.kept.has(value)) {
        const relation = this.known.kept.get(value);
        relation.now ||= ++this.known.used;
        one.set(name, `rId${relation.now}`);
      } else {
        one.attributes.delete(name);
        whole = false;
      }
    }
    return whole;
  }

  attributes(one) {
    for (const name of [...one.attributes.keys()]) {
      const code = Object.keys(DROPPED).find((key) => DROPPED[key].test(name));
      if (code) this.tell(code, one.attributes.delete(name));
    }
    for (const name of OWN[one.name] ?? []) if (one.attributes.delete(name)) this.found.add(one.name === "x:definedName" ? "comments" : "description");
    if (one.attributes.has("w:author") && one.get("w:author") !== "-") {
      one.set("w:author", "-");
      for (const code of ["author", "edit_history"]) this.found.add(code);
    }
    if (DRAWN.test(one.name)) one.set("name", "p");
  }

  field(what) {
    if (what === "begin" && this.fields.length < MOST_FIELDS) this.fields.push("");
    else if (what === "end") this.fields.pop();
  }

  text(text, parent) {
    if (FORMULAS.has(parent.name) && OUTSIDE.test(text)) return this.tell("links", null);
    if (parent.name === "w:t" || parent.name === "w:delText") return this.fields.some((asked) => PERSONAL.test(asked)) ? "" : text;
    if (parent.name !== "w:instrText" && parent.name !== "w:delInstrText") return text;
    const last = this.fields.length - 1;
    if (last >= 0 && this.fields[last].length < LONGEST_FIELD) this.fields[last] += text;
    return INNOCENT.test(text) || !text.trim() ? text : this.tell("hidden_parts", "");
  }
}
