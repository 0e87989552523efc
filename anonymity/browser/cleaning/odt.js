/** OpenDocument text: content, styles and the pictures they show stay (CLEANING.md, section 6). */
import { cleanPicture, pictureKind } from "./pictures.js";
import { CannotClean, bytesOf, sound } from "./source.js";
import { decodeXml, escape, rewrite } from "./xml.js";
import { writeZip } from "./zip.js";

const KIND = "application/vnd.oasis.opendocument.text";
const space = (name) => `urn:oasis:names:tc:opendocument:xmlns:${name}:1.0`;
const PREFIXES = new Map([
  ...["office", "text", "draw", "style", "script", "manifest", "meta", "table", "presentation", "chart", "form", "svg-compatible"].map((name) => [space(name), name]),
  [space("drawing"), "draw"],
  [space("database"), "db"],
  ["http://purl.org/dc/elements/1.1/", "dc"],
  ["http://www.w3.org/1999/xlink", "xlink"],
  ["http://openoffice.org/2009/office", "ooo"],
  ["urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0", "loext"],
]);
const MANIFEST = space("manifest");

const GONE = {
  comments: ["office:annotation", "office:annotation-end"],
  scripts: ["office:scripts", "office:event-listeners", "script:event-listener", "presentation:event-listener"],
  links: ["office:dde-source", "text:section-source", "table:cell-range-source", "db:data-source-table-fields"],
  description: ["svg-compatible:title", "svg-compatible:desc", "office:meta"],
  hidden_parts: ["draw:applet", "draw:plugin", "draw:floating-frame", "office:settings", "text:alphabetical-index-auto-mark-file"],
};
const GONE_FOR = new Map(Object.entries(GONE).flatMap(([code, names]) => names.map((name) => [name, code])));
/** Who and when of a tracked change. */
const WHO = new Set(["dc:creator", "dc:date", "loext:sender-initials", "meta:creator-initials"]);
/** Fields that show a person, a path or a day of the file. */
const FIELDS = /^text:(author-name|author-initials|sender-|creator|initial-creator|file-name|template-name|printed-by|editing-|creation-|print-|modification-|user-defined|description|title|subject|keywords|database-|dde-connection|execute-macro|script)/;
const DROPPED = /^(xml:id|ooo:(rsid|paragraph-rsid)|loext:.*[iI]d|draw:name|draw:notify-on-update-of-ranges|text:protection-key|office:target-frame-name|office:title|xlink:title)$/;
/** Styles that others name. */
const STYLED = /^draw:(gradient|hatch|fill-image|marker|stroke-dash|opacity|layer)$/;

/** @param {import("./zip.js").Archive} archive @param {Set<string>} found @returns {Promise<Uint8Array>} */
export async function cleanOdt(archive, found) {
  check(archive);
  const pictures = await readPictures(archive, found);
  const used = new Set();
  const parts = [];
  for (const name of ["content.xml", "styles.xml"]) {
    if (!archive.has(name)) continue;
    const rule = new Rule(pictures, used, found);
    parts.push([name, new TextEncoder().encode(rewrite(decodeXml(archive.read(name)), PREFIXES, { element: (one) => rule.element(one) }))]);
  }
  sound(parts[0]?.[0] === "content.xml");
  for (const name of [...used].sort()) parts.push([name, pictures.get(name)]);
  tell(archive, new Set(parts.map(([name]) => name)), found);
  const members = [...parts, ["META-INF/manifest.xml", manifest(parts)]].sort(([a], [b]) => (a < b ? -1 : 1));
  return writeZip([["mimetype", bytesOf(KIND)], ...members]);
}

function check(archive) {
  if (archive.has("META-INF/manifest.xml")) {
    rewrite(decodeXml(archive.read("META-INF/manifest.xml")), PREFIXES, {
      element: (one) => {
        if (one.name === "manifest:encryption-data") throw new CannotClean("encrypted");
        return "keep";
      },
    });
  }
  for (const name of archive.names()) {
    if (/^(Basic|Scripts)\/./.test(name) && archive.members.get(name).size) throw new CannotClean("macros");
    if (/^(Object|ObjectReplacements)\b/.test(name)) throw new CannotClean("embedded_object");
  }
}

/** @returns {Promise<Map<string, Uint8Array>>} the pictures that can be kept */
async function readPictures(archive, found) {
  const pictures = new Map();
  for (const name of archive.names().filter((one) => one.startsWith("Pictures/"))) {
    const picture = await cleanPicture(archive.read(name), found);
    if (picture) pictures.set(name, picture);
    else found.add("hidden_parts");
  }
  return pictures;
}

class Rule {
  constructor(pictures, used, found) {
    this.pictures = pictures;
    this.used = used;
    this.found = found;
    this.changes = new Map();
  }

  element(one) {
    const gone = GONE_FOR.get(one.name);
    if (gone) return this.tell(gone, "drop");
    if (WHO.has(one.name)) return this.who(one);
    if (/^draw:(object|object-ole)$/.test(one.name)) throw new CannotClean("embedded_object");
    if (one.name === "office:script") throw new CannotClean("macros");
    if (FIELDS.test(one.name)) return this.tell("author", "drop");
    if (!this.address(one)) return "drop";
    this.attributes(one);
    return "keep";
  }

  tell(code, verdict) {
    this.found.add(code);
    return verdict;
  }

  who(one) {
    this.found.add("edit_history");
    this.found.add(one.name === "dc:date" ? "dates" : "author");
    return "drop";
  }

  /** A picture inside stays if it can be; what points outside loses where it points. */
  address(one) {
    const target = one.get("xlink:href");
    if (target === undefined || target.startsWith("#")) return true;
    const name = target.replace(/^\.\//, "");
    if (this.pictures.has(name)) {
      this.used.add(name);
      return true;
    }
    if (target !== "about:blank") this.found.add(/^Pictures\//.test(name) ? "hidden_parts" : "links");
    if (one.name === "text:a" || one.name === "draw:a") one.set("xlink:href", "about:blank");
    return one.name === "text:a" || one.name === "draw:a";
  }

  attributes(one) {
    for (const name of [...one.attributes.keys()]) {
      if (!DROPPED.test(name) || (name === "draw:name" && STYLED.test(one.name))) continue;
      one.attributes.delete(name);
      this.found.add(name.includes("rsid") ? "edit_history" : name === "xml:id" ? "identifiers" : "description");
    }
    const name = one.name === "text:changed-region" ? "text:id" : "text:change-id";
    if (one.attributes.has(name)) one.set(name, this.change(one.get(name)));
  }

  /** Names of changes are counted anew. */
  change(name) {
    if (!this.changes.has(name)) this.changes.set(name, `c${this.changes.size + 1}`);
    return this.changes.get(name);
  }
}

const SORTS = [
  [/^meta\.xml$/, ["author", "dates", "software", "description"]],
  [/^Thumbnails\/./, ["thumbnail"]],
  [/^(META-INF\/manifest\.xml|mimetype)$/, []],
  [/./, ["hidden_parts"]],
];

function tell(archive, kept, found) {
  for (const name of archive.names()) {
    if (!kept.has(name)) for (const code of SORTS.find(([words]) => words.test(name))[1]) found.add(code);
  }
  if (archive.loose) found.add("hidden_parts");
  if (archive.dated) found.add("dates");
}

function manifest(parts) {
  const entry = (path, type) => `<manifest:file-entry manifest:full-path="${escape(path)}" manifest:media-type="${type}"/>`;
  const lines = parts.map(([name, bytes]) => entry(name, name.endsWith(".xml") ? "text/xml" : `image/${pictureKind(bytes)}`));
  return new TextEncoder().encode(
    `<?xml version="1.0" encoding="UTF-8"?>\n<manifest:manifest xmlns:manifest="${MANIFEST}" manifest:version="1.3">${entry("/", KIND)}${lines.join("")}</manifest:manifest>`,
  );
}
