/** What stands on a page besides its content: links inside the document stay links, what is drawn is drawn, all else goes. */
import { numberOf } from "./pdf-filters.js";
import { SHAPES } from "./pdf-shapes.js";
import { Name, Ref, Stream, Text } from "./pdf-syntax.js";
import { latin1, sound } from "./source.js";

const MOST = 10_000;
const [HIDDEN, NO_VIEW] = [2, 32];
const TELLS = { T: "author", RT: null, M: "dates", CreationDate: "dates", NM: "identifiers", Contents: "comments", RC: "comments", Subj: "comments", AA: "scripts", TU: "description", FS: "attachments" };
const NOTES = new Set("Text Popup FreeText Highlight Underline Squiggly StrikeOut Stamp Caret Ink Line Square Circle Polygon PolyLine FileAttachment Sound Redact".split(" "));

/**
 * @param {Map<string, unknown>} page
 * @param {{copier: import("./pdf-copy.js").Copier, found: Set<string>, kids: Map<unknown, Ref>, root: Map<string, unknown>}} context
 * @returns {Promise<{links: Map<string, unknown>[], drawn: {form: unknown, matrix: number[], name: string}[]}>}
 */
export async function annotations(page, context) {
  const { copier } = context;
  const list = copier.resolve(page.get("Annots"));
  const result = { links: [], drawn: [] };
  if (!Array.isArray(list)) return result;
  sound(list.length <= MOST);
  for (const one of list) {
    const dict = copier.resolve(one);
    if (dict instanceof Map) await annotation(dict, context, result);
  }
  return result;
}

async function annotation(dict, { copier, found, kids, root }, { links, drawn }) {
  copier.tell(dict);
  for (const [key, code] of Object.entries(TELLS)) if (dict.has(key) && code) found.add(code);
  const kind = copier.resolve(dict.get("Subtype"))?.text;
  if (NOTES.has(kind)) found.add("comments");
  if (kind === "FileAttachment") found.add("attachments");
  if (kind === "Link") return link(dict, { copier, found, kids, root }, links);
  const flags = copier.resolve(dict.get("F")) ?? 0;
  if (kind === "Popup" || flags & HIDDEN || flags & NO_VIEW) return;
  const look = appearance(dict, copier);
  const matrix = look && placed(look.dict, dict, copier.resolve);
  if (matrix) drawn.push({ form: await copied(look, copier), matrix, name: "" });
}

async function copied(look, copier) {
  const form = await copier.direct(look, "form", 1);
  form.dict.set("Type", new Name("XObject")).set("Subtype", new Name("Form"));
  return copier.add(form);
}

/** @returns {Stream | null} how it looks when nobody touches it */
function appearance(dict, { resolve }) {
  const all = resolve(dict.get("AP"));
  let look = all instanceof Map ? resolve(all.get("N")) : null;
  const state = resolve(dict.get("AS"));
  if (look instanceof Map) look = state instanceof Name ? resolve(look.get(state.text)) : null;
  return look instanceof Stream ? look : null;
}

/** ISO 32000-1, 12.5.5: the form's box, turned by its matrix, is fitted to the rectangle. */
function placed(form, dict, resolve) {
  const numbers = (value, count) => {
    const list = resolve(value);
    const found = Array.isArray(list) ? list.slice(0, count).map((one) => numberOf(resolve(one))) : [];
    return found.length === count && found.every(Number.isFinite) ? found : null;
  };
  const [rect, box] = [numbers(dict.get("Rect"), 4), numbers(form.get("BBox"), 4)];
  if (!rect || !box) return null;
  const [a, b, c, d, e, f] = numbers(form.get("Matrix"), 6) ?? [1, 0, 0, 1, 0, 0];
  const corners = [[0, 1], [0, 3], [2, 1], [2, 3]].map(([x, y]) => [a * box[x] + c * box[y] + e, b * box[x] + d * box[y] + f]);
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  const [left, bottom, right, top] = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  if (right - left <= 0 || top - bottom <= 0) return null;
  const [x, y] = [Math.min(rect[0], rect[2]), Math.min(rect[1], rect[3])];
  const [sx, sy] = [Math.abs(rect[2] - rect[0]) / (right - left), Math.abs(rect[3] - rect[1]) / (top - bottom)];
  return [sx, 0, 0, sy, x - left * sx, y - bottom * sy];
}

async function link(dict, { copier, found, kids, root }, links) {
  const { resolve } = copier;
  const action = resolve(dict.get("A"));
  const goes = action instanceof Map && resolve(action.get("S"))?.text === "GoTo";
  if (action instanceof Map && !goes) found.add("links");
  const target = destination(resolve(goes ? action.get("D") : dict.get("Dest")), resolve, root);
  const page = Array.isArray(target) ? kids.get(resolve(target[0])) : null;
  if (!page) return;
  const kept = await copier.entries(dict, SHAPES.link, 1);
  links.push(kept.set("Dest", [page, ...target.slice(1).map((one) => copier.atom(one) ?? null)]));
}

/** A destination by name becomes the place that it stands for. */
function destination(value, resolve, root) {
  if (Array.isArray(value)) return value;
  const unwrapped = (found) => (found instanceof Map ? resolve(found.get("D")) : found);
  if (value instanceof Name) return unwrapped(resolve(dictionary(resolve(root.get("Dests"))).get(value.text)));
  if (!(value instanceof Text)) return null;
  const tree = resolve(dictionary(resolve(root.get("Names"))).get("Dests"));
  return unwrapped(lookUp(tree, latin1(value.bytes), resolve));
}

const dictionary = (value) => (value instanceof Map ? value : new Map());

/** A tree of names, looked through whole: it may not be in order. */
function lookUp(tree, name, resolve) {
  const todo = [tree];
  for (let steps = 0; todo.length && steps < 10_000; steps++) {
    const node = dictionary(resolve(todo.pop()));
    const names = resolve(node.get("Names")) ?? [];
    for (let n = 0; n + 1 < names.length; n += 2) {
      const key = resolve(names[n]);
      if (key instanceof Text && latin1(key.bytes) === name) return resolve(names[n + 1]);
    }
    todo.push(...(resolve(node.get("Kids")) ?? []));
  }
  return null;
}
