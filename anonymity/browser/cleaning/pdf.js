/** PDF: written anew from its pages (CLEANING.md, section 6). */
import { Copier, packed } from "./pdf-copy.js";
import { numberOf } from "./pdf-filters.js";
import { SHAPES } from "./pdf-shapes.js";
import { Name, Real, Ref, Stream, Text } from "./pdf-syntax.js";
import { annotations } from "./pdf-annotations.js";
import { writePdf } from "./pdf-write.js";
import { CannotClean, bytesOf, joined, latin1, sound } from "./source.js";

const MOST_PAGES = 5_000;
const INHERITED = ["Resources", "MediaBox", "CropBox", "Rotate"];

/** @param {import("./pdf-document.js").Document} document @param {Set<string>} found @returns {Promise<Uint8Array>} */
export async function cleanPdf(document, found) {
  const copier = new Copier(document, found);
  const root = document.root();
  tell(document, copier, found);
  const tree = copier.add(null);
  const pages = listPages(document, copier);
  sound(pages.length);
  const kids = new Map(pages.map(({ source }) => [source, copier.add(null)]));
  for (const page of pages) copier.objects[kids.get(page.source).number - 1] = await cleanPage(page, { copier, found, kids, tree, root });
  copier.objects[tree.number - 1] = new Map([["Type", new Name("Pages")], ["Kids", [...kids.values()]], ["Count", kids.size]]);
  const catalogue = new Map([["Type", new Name("Catalog")], ["Pages", tree]]);
  const layers = layerSettings(document, copier);
  if (layers) catalogue.set("OCProperties", layers);
  tellUnused(document, found);
  const top = copier.add(catalogue);
  return writePdf(copier.finished(), top);
}

/** @returns {{source: Map<string, unknown>, own: Map<string, unknown>}[]} every page with what it inherits */
function listPages({ resolve }, copier, found = []) {
  const seen = new Set();
  const todo = [[copier.document.root().get("Pages"), new Map()]];
  while (todo.length) {
    const [value, above] = todo.pop();
    const node = resolve(value);
    if (!(node instanceof Map) || seen.has(node)) continue;
    seen.add(node);
    const own = new Map([...above, ...INHERITED.filter((key) => node.has(key)).map((key) => [key, node.get(key)])]);
    const kids = resolve(node.get("Kids"));
    if (Array.isArray(kids)) todo.push(...kids.map((kid) => [kid, own]).reverse());
    else if (found.push({ source: node, own: new Map([...node, ...own]) }) > MOST_PAGES) throw new CannotClean("too_complex");
  }
  return found;
}

async function cleanPage({ source, own }, { copier, found, kids, tree, root }) {
  copier.tell(source);
  const page = new Map([["Type", new Name("Page")], ["Parent", tree], ...(await copier.entries(own, SHAPES.page, 1))]);
  if (!page.has("MediaBox")) page.set("MediaBox", [0, 0, 612, 792]);
  const resources = copier.resolve(own.get("Resources"));
  const kept = (await copier.direct(resources, "resources", 1)) ?? new Map();
  const content = await copier.cleaned(pageContent(own, copier), resources);
  const { links, drawn } = await annotations(source, { copier, found, kids, root });
  page.set("Resources", withLooks(kept, drawn, copier));
  page.set("Contents", copier.add(packed(new Map(), drawn.length ? joined([bytesOf("q\n"), content, bytesOf(`Q\n${drawn.map(draw).join("")}`)]) : content)));
  if (links.length) page.set("Annots", links.map((link) => copier.add(link)));
  return page;
}

function pageContent(page, copier) {
  const { document, resolve } = copier;
  const value = resolve(page.get("Contents"));
  const streams = Array.isArray(value) ? value.map(resolve) : [value];
  return joined(streams.filter((one) => one instanceof Stream).flatMap((one) => [document.content(one), bytesOf("\n")]));
}

const nameOf = (n) => `Look${n}`;

function draw({ matrix, name }) {
  return `q\n${matrix.map((value) => Number(value.toFixed(5))).join(" ")} cm\n/${name} Do\nQ\n`;
}

function withLooks(resources, drawn, copier) {
  if (!drawn.length) return resources;
  const known = resources.get("XObject");
  const objects = new Map(known instanceof Ref ? copier.objects[known.number - 1] : known);
  let n = 0;
  for (const look of drawn) {
    while (objects.has(nameOf(n))) n++;
    look.name = nameOf(n);
    objects.set(look.name, look.form);
  }
  return new Map([...resources, ["XObject", objects]]);
}

/** Which layers are shown at first; their names go. */
function layerSettings({ resolve }, copier) {
  const all = resolve(copier.document.root().get("OCProperties"));
  if (!(all instanceof Map) || !copier.layers.size) return null;
  const known = (value) => {
    const list = resolve(value);
    return Array.isArray(list) ? list.map((one) => copier.layers.get(resolve(one))).filter(Boolean) : [];
  };
  const first = resolve(all.get("D"));
  const settings = new Map();
  if (first instanceof Map) {
    const base = resolve(first.get("BaseState"));
    if (base instanceof Name) settings.set("BaseState", base);
    for (const key of ["ON", "OFF"]) if (known(first.get(key)).length) settings.set(key, known(first.get(key)));
  }
  return new Map([["OCGs", [...copier.layers.values()]], ["D", settings]]);
}

const INFO = {
  ...{ Author: "author", Company: "author", Manager: "author", Creator: "software", Producer: "software", CreationDate: "dates", ModDate: "dates" },
  ...{ SourceModified: "dates", PTEX: "software" },
};

/** What the file says outside its pages. */
function tell({ resolve, trailer, sections, bytes }, copier, found) {
  const info = resolve(trailer.get("Info"));
  if (info instanceof Map) for (const [key, value] of info) if (filled(resolve(value))) found.add(INFO[key] ?? "description");
  if (trailer.has("ID")) found.add("identifiers");
  if (sections > 1 && !latin1(bytes, 0, Math.min(2_048, bytes.length)).includes("/Linearized")) found.add("edit_history");
  if (!latin1(bytes, 0, 5).startsWith("%PDF-")) found.add("hidden_parts");
  if (/%%EOF\s*[^\s\0]/.test(latin1(bytes, bytes.lastIndexOf(37) - 6 < 0 ? 0 : bytes.lastIndexOf(37) - 6))) found.add("trailing_data");
  const catalogue = copier.document.root();
  copier.tell(catalogue);
  for (const [key, code] of Object.entries(ROOT)) if (catalogue.has(key)) found.add(code);
  const names = resolve(catalogue.get("Names"));
  if (names instanceof Map && names.has("JavaScript")) found.add("scripts");
  if (names instanceof Map && names.has("EmbeddedFiles")) found.add("attachments");
  const open = resolve(catalogue.get("OpenAction"));
  if (open instanceof Map) found.add("scripts");
  const form = resolve(catalogue.get("AcroForm"));
  if (form instanceof Map) found.add(form.has("XFA") ? "hidden_parts" : "description");
}

const ROOT = {
  ...{ Outlines: "description", StructTreeRoot: "description", Lang: "description", URI: "links", Collection: "attachments", Perms: "identifiers", DSS: "identifiers" },
  ...{ SpiderInfo: "links", AF: "attachments", DPartRoot: "hidden_parts", PageLabels: "description", Threads: "description" },
};

const filled = (value) => (value instanceof Text ? value.bytes.length > 0 : value instanceof Name || value instanceof Real || numberOf(value) >= 0);

/** Objects that nothing in the file leads to: what an earlier version left, or what was put there. */
function tellUnused(document, found) {
  const reached = reachable(document);
  const linear = latin1(document.bytes, 0, Math.min(2_048, document.bytes.length)).includes("/Linearized");
  for (const [number, place] of document.places) {
    if (!place || reached.has(number)) continue;
    const value = document.tolerant(() => document.object(number));
    const dict = value instanceof Stream ? value.dict : value;
    const service = dict instanceof Map && (/^(ObjStm|XRef)$/.test(dict.get("Type")?.text ?? "") || (linear && (dict.has("Linearized") || dict.has("S"))));
    if (value !== null && !service) return void found.add("edit_history");
  }
}

/** @returns {Set<number>} the objects that can be reached from the trailer */
function reachable(document) {
  const reached = new Set();
  const todo = [document.trailer];
  while (todo.length) {
    const value = todo.pop();
    if (value instanceof Ref && !reached.has(value.number)) {
      reached.add(value.number);
      todo.push(document.tolerant(() => document.object(value.number)));
    } else if (value instanceof Stream) todo.push(value.dict);
    else if (value instanceof Map) for (const one of value.values()) todo.push(one);
    else if (Array.isArray(value)) for (const one of value) todo.push(one);
  }
  return reached;
}
