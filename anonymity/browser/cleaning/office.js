/** What goes from the XML of Word and Excel (CLEANING.md, section 6). */
import { Package } from "./package.js";

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
  comments: ["w:commentRangeStart", "w:commentRangeEnd", "w:commentReference", "w:annotationRef", "x:legacyDrawing"],
  edit_history: ["w:rsids", "w:rsid", "xr:revisionPtr", "x:smartTagPr"],
  author: ["x:fileSharing", "x:customWorkbookViews", "x:customSheetViews", "w:permStart", "w:permEnd"],
  software: ["x:fileVersion", "x:fileRecoveryPr"],
  links: ["w:attachedTemplate", "w:mailMerge", "x:externalReferences", "x:webPublishing", "x:webPublishItems", "w:linkToQuery", "w:saveThroughXslt"],
  identifiers: ["w:nsid", "w:tmpl", "w14:docId", "w15:docId", "w16:docId", "w:writeProtection", "w:documentProtection"],
  description: ["w:docVars", "w:alias", "w:tag", "w15:docPartObj", "w:placeholder"],
  hidden_parts: [
    ..."w:dataBinding w15:dataBinding w:customXmlPr w:customXmlInsRangeStart w:customXmlInsRangeEnd w:customXmlDelRangeStart w:customXmlDelRangeEnd".split(" "),
    ..."w:printerSettings w:control w:object w:subDoc w:altChunk o:OLEObject o:signatureline x:oleObjects x:controls x:legacyDrawingHF x:drawingHF x:picture".split(" "),
    ..."x:customProperties x:pivotCaches x:oleSize x:functionGroups x:volTypes x:smartTags w:keyMap w:schemaLibrary w:attachedSchema c:externalData x15ac:absPath".split(" "),
  ],
  device: [],
};
const GONE_FOR = new Map(Object.entries(GONE).flatMap(([code, names]) => names.map((name) => [name, code])));
const UNWRAPPED = new Set(["w:customXml", "w:smartTag"]);

/** Attributes that go. */
const DROPPED = {
  edit_history: /^(w:rsid\w*|w:date|w16:dateUtc|w:editGrp|w:edGrp|wp14:(anchorId|editId)|x:(lastEdited|lowestEdited|rupBuild))$/,
  author: /^(w:initials|w:userId)$/,
  identifiers: /^(w14:(paraId|textId)|w15:\w*[iI]d|w16:\w*|xr:uid|x:codeName|codeName)$/,
};
const DRAWN = /^(wp:docPr|[^:]+:cNvPr)$/;

/** Fields whose instruction stays; others name people, paths, files and servers. Their result, which is visible, stays. */
const FIELDS = /^\s*(PAGE|NUMPAGES|SECTION|SECTIONPAGES|PAGEREF|NOTEREF|REF|TOC|TC|XE|INDEX|SEQ|STYLEREF|HYPERLINK|FORMTEXT|FORMCHECKBOX|FORMDROPDOWN|SYMBOL|EQ|QUOTE|LISTNUM|=)(?![A-Z])/i;
const OUTWARD = /"[^"]*"|\S*(?:\\\\|[a-z][a-z\d+.-]+:)\S*/gi;
const INWARD = /^"?[^:\\/@]*"?$/;

/** @param {import("./zip.js").Archive} archive @param {Set<string>} found @returns {Promise<Uint8Array>} */
export function cleanOffice(archive, found) {
  return new Package(archive, found).clean(PREFIXES, (known, told) => {
    const rule = new Rule(known, told);
    return { element: (one) => rule.element(one), text: (text, parent) => rule.text(text, parent) };
  });
}

class Rule {
  constructor(known, found) {
    this.known = known;
    this.found = found;
    this.fields = [];
  }

  element(one) {
    const gone = GONE_FOR.get(one.name);
    if (gone) return this.drop(gone);
    if (UNWRAPPED.has(one.name)) return this.tell("hidden_parts", "unwrap");
    if (one.name === "w:fldChar") this.field(one);
    if (one.name === "w:fldSimple" && !this.allowed(one.get("w:instr") ?? "")) return this.tell("author", "unwrap");
    if (!this.references(one)) return "drop";
    this.attributes(one);
    return "keep";
  }

  drop(code) {
    return this.tell(code, "drop");
  }

  tell(code, verdict) {
    this.found.add(code);
    return verdict;
  }

  /** Attributes that name relationships: an element whose relationship went goes too, or only loses the attribute. */
  references(one) {
    for (const [name, { value }] of [...one.attributes]) {
      if (!name.startsWith("r:") || !value) continue;
      if (this.known.kept.has(value)) this.known.used.add(value);
      else if (one.name === "x:pageSetup" || one.name === "a:blip") one.attributes.delete(name);
      else return false;
    }
    return !(one.name === "a:blip" && ![...one.attributes.keys()].some((name) => name.startsWith("r:")));
  }

  attributes(one) {
    for (const name of [...one.attributes.keys()]) {
      const code = Object.keys(DROPPED).find((key) => DROPPED[key].test(name));
      if (code) this.tell(code, one.attributes.delete(name));
    }
    if (one.attributes.has("w:author")) this.tell("author", one.set("w:author", "-"));
    if (one.name === "x:definedName" && one.attributes.delete("comment")) this.found.add("comments");
    if (one.name === "x:hyperlink") for (const name of ["tooltip", "location"]) if (/[:\\]/.test(one.get(name) ?? "")) one.attributes.delete(name);
    if (one.name === "w:hyperlink" || one.name === "a:hlinkClick") for (const name of ["w:tooltip", "tooltip", "w:docLocation", "w:tgtFrame"]) one.attributes.delete(name);
    if (one.name === "w:fldSimple") one.set("w:instr", inward(one.get("w:instr"), this.found));
    if (DRAWN.test(one.name)) this.drawn(one);
    if (one.name.startsWith("v:")) this.vector(one);
    if (one.name === "x:table") for (const name of ["connectionId", "tableType"]) one.attributes.delete(name);
  }

  drawn(one) {
    for (const name of ["descr", "title"]) if (one.attributes.delete(name)) this.found.add("description");
    if (one.get("name")) this.found.add("description");
    one.set("name", "");
  }

  vector(one) {
    for (const name of ["alt", "o:title", "title", "o:gfxdata", "href", "o:href", "src"]) if (one.attributes.delete(name)) this.found.add("description");
  }

  field(one) {
    const kind = one.get("w:fldCharType");
    if (kind === "begin") this.fields.push(null);
    else if (kind === "end") this.fields.pop();
  }

  allowed(instruction) {
    return FIELDS.test(instruction);
  }

  text(text, parent) {
    if (parent.name === "w:instrText" || parent.name === "w:delInstrText") return this.instruction(text);
    return text;
  }

  /** An instruction may stand in several pieces; the first that is not empty says which field it is. */
  instruction(text) {
    const last = this.fields.length - 1;
    if (!text.trim()) return text;
    const allowed = this.fields[last] ?? this.allowed(text);
    if (last >= 0) this.fields[last] = allowed;
    if (allowed) return inward(text, this.found);
    this.found.add("author");
    return " ";
  }
}

/** An instruction without addresses outside the document. */
function inward(text, found) {
  return text.replace(OUTWARD, (piece) => {
    if (INWARD.test(piece)) return piece;
    found.add("links");
    return '"about:blank"';
  });
}
