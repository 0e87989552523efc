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
  ...{ attachedToolbars: "macros", keyMapCustomizations: null, oleObject: "embedded_object", package: "embedded_object", aFChunk: "embedded_object", subDocument: "embedded_object" },
};
const SORTS = {
  comments: ["comments"],
  commentsExtended: ["comments"],
  commentsIds: ["comments"],
  commentsExtensible: ["comments"],
  threadedComment: ["comments"],
  person: ["author"],
  people: ["author"],
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
  ["embedded_object", /^(word|xl)\/embeddings\//i],
];

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
    /** @type {Map<string, string>} their new names by the old */
    this.names = new Map();
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
    this.writeRelations("", new Map(todo.map((one) => [one.name, one])));
    while (todo.length) {
      const part = todo.pop();
      if (this.written.has(part.name)) continue;
      const known = this.relations(part.name);
      await this.cleanPictures(known);
      this.written.set(part.name, new TextEncoder().encode(rewrite(decodeXml(this.archive.read(part.name)), prefixes, makeRule(known, part.sort))));
      const used = new Map([...known.kept].filter(([id, one]) => known.used.has(id) || one.implicit));
      this.writeRelations(part.name, used);
      for (const one of used.values()) {
        if (one.sort === "image") this.written.set(one.name, this.pictures.get(one.old));
        else if (!one.outside) todo.push(one);
      }
    }
    this.tellRest();
    return writeZip([["[Content_Types].xml", this.contentTypes()], ...[...this.written].sort(([a], [b]) => (a < b ? -1 : 1))]);
  }

  /** What a part refers to: kept relationships by id, the ids of all, and those that the part uses; they get new numbers in the order of use. */
  relations(part) {
    const path = relationsOf(part);
    const found = { kept: new Map(), all: new Set(), used: new Map() };
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

  /** Pictures get new names: the old may be those of the files they came from. */
  async cleanPictures(known) {
    for (const [id, one] of known.kept) {
      if (one.sort !== "image") continue;
      one.old = one.name;
      if (!this.pictures.has(one.old)) this.pictures.set(one.old, await cleanPicture(this.archive.read(one.old), this.found));
      const picture = this.pictures.get(one.old);
      if (!picture) {
        this.found.add("hidden_parts");
        known.kept.delete(id);
        continue;
      }
      if (!this.names.has(one.old)) this.names.set(one.old, `media/image${this.names.size + 1}.${pictureKind(picture)}`);
      one.name = this.names.get(one.old);
    }
  }

  writeRelations(part, kept) {
    if (!kept.size) return;
    let last = Math.max(...[...kept.values()].map(({ now }) => now));
    for (const one of kept.values()) one.now ||= ++last;
    const lines = [...kept.values()].sort((a, b) => a.now - b.now).map(({ now, type, name, outside }) => {
      const where = outside ? 'Target="about:blank" TargetMode="External"' : `Target="/${escape(name)}"`;
      return `<Relationship Id="rId${now}" Type="${escape(type)}" ${where}/>`;
    });
    this.written.set(relationsOf(part), encoded(`<Relationships xmlns="${PACKAGE}/relationships">${lines.join("")}</Relationships>`));
  }

  contentTypes() {
    const names = [...this.written.keys()].filter((name) => !name.endsWith(".rels")).sort();
    const lines = names.map((name) => {
      const type = /^media\/image\d+\./.test(name) ? `image/${pictureKind(this.written.get(name))}` : this.typeOf(name);
      sound(type);
      return `<Override PartName="/${escape(name)}" ContentType="${escape(type)}"/>`;
    });
    const relations = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>';
    return encoded(`<Types xmlns="${PACKAGE}/content-types">${relations}${lines.join("")}</Types>`);
  }

  /** Members that nothing reaches. */
  tellRest() {
    const expected = /^(docProps\/|\[Content_Types\]\.xml$)|\.rels$|calcChain|webSettings/;
    if (this.archive.names().some((name) => !this.written.has(name) && !this.names.has(name) && !expected.test(name))) this.found.add("hidden_parts");
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
