/** DOCX and XLSX are packages (OPC): parts, reached from the root by relationships. Only relationships named here are followed. */
import { cleanPicture, pictureKind } from "./pictures.js";
import { CannotClean, sound } from "./source.js";
import { decodeXml, escape, rewrite } from "./xml.js";
import { writeZip } from "./zip.js";

const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const SPACES = new Map([
  [`${PACKAGE}/content-types`, "t"],
  [`${PACKAGE}/relationships`, "rel"],
]);
/** Relationships whose parts are kept and rewritten as XML, by the last word of their type. */
const FOLLOWED = new Set(
  ("officeDocument styles settings numbering fontTable theme themeOverride header footer footnotes endnotes worksheet chartsheet sharedStrings sheetMetadata table " +
    "drawing chart chartUserShapes chartStyle chartColorStyle diagramData diagramLayout diagramQuickStyle diagramColors diagramDrawing").split(" "),
);
const REFUSED = {
  ...{ vbaProject: "macros", wordVbaData: "macros", control: "macros", activeXControlBinary: "macros", xlMacrosheet: "macros", xlIntlMacrosheet: "macros" },
  ...{ attachedToolbars: "macros", keyMapCustomizations: null, oleObject: "embedded_object", aFChunk: "embedded_object", subDocument: "embedded_object" },
};
const SORTS = {
  comments: ["comments"],
  commentsExtended: ["comments"],
  commentsIds: ["comments"],
  commentsExtensible: ["comments"],
  threadedComment: ["comments"],
  person: ["author"],
  people: ["author"],
  package: ["attachments"],
  thumbnail: ["thumbnail"],
  printerSettings: ["device"],
  attachedTemplate: ["links"],
  externalLink: ["links"],
  externalLinkPath: ["links"],
  connections: ["links"],
  queryTable: ["links"],
  mailMergeSource: ["links"],
  revisionHeaders: ["edit_history"],
  revisionLog: ["edit_history"],
  usernames: ["author", "edit_history"],
  "core-properties": ["author", "dates", "description"],
  "extended-properties": ["software", "author"],
  "custom-properties": ["description"],
};
const REFUSED_NAMES = [
  ["macros", /(^|\/)(vbaProject\.bin|vbaData\.xml)$|(^|\/)activeX\//i],
  ["embedded_object", /(^|\/)embeddings\/oleObject[^/]*$/i],
];

/** Parts have the names that programmes expect. */
const NAMES = { image: "media/image", worksheet: "worksheets/sheet", theme: "theme/theme", chart: "charts/chart", drawing: "drawings/drawing", table: "tables/table" };
const ALONE = new Set("officeDocument settings styles numbering fontTable footnotes endnotes sharedStrings sheetMetadata".split(" "));

export class Package {
  /** @param {import("./zip.js").Archive} archive @param {Set<string>} found */
  constructor(archive, found) {
    this.archive = archive;
    this.found = found;
    this.types = this.readTypes();
    /** @type {Map<string, Uint8Array>} */
    this.written = new Map();
    /** @type {Map<string, Uint8Array | null>} pictures once cleaned; null for one that cannot be kept */
    this.pictures = new Map();
    /** @type {Map<string, string>} new names of parts by the old, and the types of the new */
    this.names = new Map();
    this.kinds = new Map();
    this.counts = new Map();
    this.folder = "";
    for (const [reason, words] of REFUSED_NAMES) if (archive.names().some((name) => words.test(name))) throw new CannotClean(reason);
  }

  readTypes() {
    const found = { defaults: new Map(), overrides: new Map() };
    rewrite(decodeXml(this.archive.read("[Content_Types].xml")), SPACES, {
      element: (one) => {
        if (one.name === "t:Default") found.defaults.set(one.get("Extension")?.toLowerCase(), one.get("ContentType"));
        if (one.name === "t:Override") found.overrides.set(one.get("PartName")?.replace(/^\//, ""), one.get("ContentType"));
        return "keep";
      },
    });
    return found;
  }

  typeOf(name) {
    return this.types.overrides.get(name) ?? this.types.defaults.get(/\.([^./]*)$/.exec(name)?.[1].toLowerCase());
  }

  /** @param {(element: import("./xml.js").Element, known: Relations) => string} judge @returns {Promise<Uint8Array>} the package written anew */
  async clean(prefixes, makeRule) {
    const todo = [...this.relations("").kept.values()].filter(({ sort }) => sort === "officeDocument");
    sound(todo.length === 1);
    this.writeRelations("", todo);
    while (todo.length) {
      const part = todo.pop();
      if (this.written.has(part.to)) continue;
      const known = this.relations(part.name);
      await this.cleanPictures(known);
      this.written.set(part.to, new TextEncoder().encode(rewrite(decodeXml(this.archive.read(part.name)), prefixes, makeRule(known, part.sort))));
      const used = this.writeRelations(part.to, [...known.kept.values()].filter((one) => one.now || one.implicit));
      for (const one of used) {
        if (one.sort === "image") this.written.set(one.to, this.pictures.get(one.name));
        else if (!one.outside) todo.push(one);
      }
    }
    this.tellRest();
    return writeZip([["[Content_Types].xml", this.contentTypes()], ...[...this.written].sort(([a], [b]) => (a < b ? -1 : 1))]);
  }

  /** What a part refers to: kept relationships by id, the ids of all, and how many the part has used; they get new numbers in the order of use. */
  relations(part) {
    const path = relationsOf(part);
    const found = { kept: new Map(), all: new Set(), used: 0 };
    if (!this.archive.has(path)) return found;
    rewrite(decodeXml(this.archive.read(path)), SPACES, {
      element: (one) => {
        if (one.name === "rel:Relationship") this.relation(part, one, found);
        return "keep";
      },
    });
    return found;
  }

  relation(part, element, { kept, all }) {
    const [id, type, target] = ["Id", "Type", "Target"].map((name) => element.get(name));
    sound(id && type && target !== undefined && !all.has(id));
    all.add(id);
    const sort = type.slice(type.lastIndexOf("/") + 1);
    if (REFUSED[sort]) throw new CannotClean(REFUSED[sort]);
    const outside = element.get("TargetMode") === "External";
    if (outside && target !== "about:blank") this.found.add("links");
    if (outside && sort === "hyperlink") return void kept.set(id, { now: 0, type, sort, outside });
    const name = outside ? "" : resolved(part, target);
    if (!outside && (FOLLOWED.has(sort) || sort === "image") && this.archive.has(name)) {
      kept.set(id, { now: 0, type, sort, name, implicit: !["image", "header", "footer", "chart", "drawing", "worksheet"].includes(sort) });
    } else this.tell(sort);
  }

  tell(sort) {
    for (const code of SORTS[sort] ?? (sort === "calcChain" || sort === "webSettings" ? [] : ["hidden_parts"])) this.found.add(code);
  }

  async cleanPictures(known) {
    for (const [id, one] of known.kept) {
      if (one.sort !== "image") continue;
      if (!this.pictures.has(one.name)) this.pictures.set(one.name, await cleanPicture(this.archive.read(one.name), this.found));
      if (this.pictures.get(one.name)) continue;
      this.found.add("hidden_parts");
      known.kept.delete(id);
    }
  }

  /** Relationships in the order of their use; parts get new names, since the old may be those of the files they came from. */
  writeRelations(part, kept) {
    let last = Math.max(0, ...kept.map(({ now }) => now));
    for (const one of kept) one.now ||= ++last;
    kept.sort((a, b) => a.now - b.now);
    for (const one of kept) if (!one.outside) one.to = this.renamed(one);
    const lines = kept.map(({ now, type, to, outside }) => {
      const where = outside ? 'Target="about:blank" TargetMode="External"' : `Target="/${to}"`;
      return `<Relationship Id="rId${now}" Type="${escape(type)}" ${where}/>`;
    });
    if (lines.length) this.written.set(relationsOf(part), encoded(`<Relationships xmlns="${PACKAGE}/relationships">${lines.join("")}</Relationships>`));
    return kept;
  }

  renamed({ name, sort }) {
    if (!this.names.has(name)) {
      const picture = sort === "image" ? pictureKind(this.pictures.get(name)) : null;
      const type = picture ? `image/${picture}` : this.typeOf(name);
      if (sort === "officeDocument") this.folder = type.includes("spreadsheetml") ? "xl" : "word";
      this.counts.set(sort, (this.counts.get(sort) ?? 0) + 1);
      const to = `${this.folder}/${NAMES[sort] ?? sort}${ALONE.has(sort) ? "" : this.counts.get(sort)}.${picture ?? "xml"}`.replace("officeDocument", this.folder === "xl" ? "workbook" : "document");
      this.names.set(name, to);
      this.kinds.set(to, type);
    }
    return this.names.get(name);
  }

  contentTypes() {
    const names = [...this.written.keys()].filter((name) => !name.endsWith(".rels")).sort();
    const lines = names.map((name) => {
      const type = this.kinds.get(name);
      sound(type);
      return `<Override PartName="/${escape(name)}" ContentType="${escape(type)}"/>`;
    });
    const relations = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>';
    return encoded(`<Types xmlns="${PACKAGE}/content-types">${relations}${lines.join("")}</Types>`);
  }

  /** Members that nothing reaches. */
  tellRest() {
    const expected = /^(docProps\/|\[Content_Types\]\.xml$)|\.rels$|calcChain|webSettings/;
    if (this.archive.names().some((name) => !this.names.has(name) && !expected.test(name))) this.found.add("hidden_parts");
    if (this.archive.loose) this.found.add("hidden_parts");
    if (this.archive.dated) this.found.add("dates");
  }
}

const encoded = (text) => new TextEncoder().encode(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${text}`);

/** @param {string} part @returns {string} where its relationships stand */
function relationsOf(part) {
  const cut = part.lastIndexOf("/") + 1;
  return `${part.slice(0, cut)}_rels/${part.slice(cut)}.rels`;
}

function resolved(part, target) {
  if (/^[a-z][a-z\d+.-]*:/i.test(target)) return "";
  const steps = target.startsWith("/") ? [] : part.split("/").slice(0, -1);
  for (const step of target.replace(/#.*$/, "").split("/")) {
    if (step === "..") steps.pop();
    else if (step && step !== ".") steps.push(step);
  }
  try {
    return decodeURIComponent(steps.join("/"));
  } catch {
    return "";
  }
}
