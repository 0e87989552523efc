/** OpenDocument text: content, styles and the pictures they show stay (CLEANING.md, section 6). */
import { cleanPicture, pictureKind } from "./pictures.js";
import { CannotClean, bytesOf, sound } from "./source.js";
import { decodeXml, escape, rewrite } from "./xml.js";
import { writeZip } from "./zip.js";

const KIND = "application/vnd.oasis.opendocument.text";
const space = (name) => `urn:oasis:names:tc:opendocument:xmlns:${name}:1.0`;
const PREFIXES = new Map([
  ...["office", "text", "draw", "style", "script", "manifest", "meta", "table", "presentation", "chart", "form", "config", "svg-compatible"].map((name) => [space(name), name]),
  [space("drawing"), "draw"],
  [space("database"), "db"],
  ["http://purl.org/dc/elements/1.1/", "dc"],
  ["http://www.w3.org/1999/xlink", "xlink"],
  ["http://openoffice.org/2009/office", "ooo"],
  ["urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0", "loext"],
]);
const MANIFEST = space("manifest");

const GONE = {
  comments: "office:annotation office:annotation-end",
  scripts: "office:scripts office:event-listeners",
  links: "office:dde-source text:dde-connection-decls text:section-source text:alphabetical-index-auto-mark-file table:table-source table:dde-link table:cell-range-source draw:image-map svg-compatible:font-face-src",
  description: "svg-compatible:title svg-compatible:desc office:meta",
  hidden_parts: "office:settings office:forms office:binary-data text:variable-decls text:user-field-decls text:hidden-text text:hidden-paragraph text:database-name",
};
const GONE_FOR = new Map(Object.entries(GONE).flatMap(([code, names]) => names.split(" ").map((name) => [name, code])));
const REFUSED = /^draw:(object|object-ole|applet|plugin|floating-frame)$/;
/** Elements of these namespaces show nothing. */
const FOREIGN = /^(script|form|config|meta|presentation):/;
/** Who and when of a tracked change. */
const WHO = new Set(["dc:creator", "dc:date", "loext:sender-initials", "meta:creator-initials"]);
/** Fields that show what somebody's programme knows of them: they go with what they show. */
const PERSONAL = /^text:(author-name|author-initials|creator|initial-creator|printed-by|file-name|template-name|sender-[a-z-]+|editing-cycles|editing-duration|title|subject|keywords|description|user-defined)$/;
/** Fields that become what they show. */
const UNWRAPPED = new RegExp(
  "^text:((creation|modification|print)-(date|time)|date|time|variable-(set|get|input)|user-field-(get|input)|text-input|expression|placeholder|conditional-text|" +
    "database-(display|next|row-select|row-number)|execute-macro|script|dde-connection|meta|meta-field|a|sheet-name)$",
);
const DROPPED = /^(xml:id|draw:(id|name|filter-name|notify-on-update-of-ranges)|ooo:(rsid|paragraph-rsid)|loext:.*[iI]d|(text|table):protection-key|office:(name|target-frame-name|title)|xlink:title|(script|form|config|meta):.*)$/;
/** Styles that others name. */
const STYLED = /^draw:(gradient|hatch|fill-image|marker|stroke-dash|opacity|layer)$/;

/** @param {import("./zip.js").Archive} archive @param {Set<string>} found @returns {Promise<Uint8Array>} */
export async function cleanOdt(archive, found) {
  check(archive);
  const pictures = await readPictures(archive, found);
  const used = [];
  const parts = [];
  for (const name of ["content.xml", "styles.xml"]) {
    if (!archive.has(name)) continue;
    const rule = new Rule(pictures, used, found);
    parts.push([name, new TextEncoder().encode(rewrite(decodeXml(archive.read(name)), PREFIXES, { element: (one) => rule.element(one) }))]);
  }
  sound(parts[0]?.[0] === "content.xml");
  tell(archive, found);
  for (const { name, bytes } of used) parts.push([name, bytes]);
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
    if (/^(Basic|Scripts)\/./.test(name) && !/^Basic\/(script-lc\.xml|Standard\/script-lb\.xml)$/.test(name)) throw new CannotClean("macros");
    if (/^(Object|ObjectReplacements)\b/.test(name)) throw new CannotClean("embedded_object");
  }
}

/** @returns {Promise<Map<string, {bytes: Uint8Array, kind: string, name?: string}>>} the pictures that can be kept */
async function readPictures(archive, found) {
  const pictures = new Map();
  for (const name of archive.names().filter((one) => one.startsWith("Pictures/"))) {
    const picture = await cleanPicture(archive.read(name), found);
    if (picture) pictures.set(name, { bytes: picture, kind: pictureKind(picture) });
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
    if (REFUSED.test(one.name)) throw new CannotClean("embedded_object");
    if (one.name === "office:script") throw new CannotClean("macros");
    if (PERSONAL.test(one.name)) return this.tell("author", "drop");
    if (FOREIGN.test(one.name)) return this.tell("hidden_parts", "drop");
    if (UNWRAPPED.test(one.name)) return this.tell(one.name === "text:a" ? "links" : "hidden_parts", "unwrap");
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

  /** A picture inside stays if it can be, under a name without a history; what points elsewhere goes. */
  address(one) {
    const target = one.get("xlink:href");
    if (target === undefined || target.startsWith("#")) return true;
    const picture = this.pictures.get(target.replace(/^\.\//, ""));
    if (!picture) return this.tell(target.startsWith("Pictures/") ? "hidden_parts" : "links", false);
    picture.name ??= `Pictures/image${this.used.push(picture)}.${picture.kind}`;
    one.set("xlink:href", picture.name);
    return true;
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
  [/^Versions\/./, ["edit_history"]],
  [/^(META-INF\/manifest\.xml|mimetype|content\.xml|styles\.xml|Pictures\/.*)$/, []],
  [/./, ["hidden_parts"]],
];

function tell(archive, found) {
  for (const name of archive.names()) for (const code of SORTS.find(([words]) => words.test(name))[1]) found.add(code);
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
