/**
 * The other language without leaving the page: nothing that was typed or chosen is touched, only the words of the page itself.
 *
 *   #texts                     JSON: [[Welsh, English], …]
 *   [data-t=N]                 its text is that of number N
 *   [data-ta="name:N …"]       its attributes are
 *   [data-to=cy], [data-to=en] buttons of the switch; the one of the language shown is aria-current
 *   ⟦name⟧                     in texts and attributes: a place for a value (`stamp`), which may be of both languages
 *
 * What scripts put into the page afterwards (names of posts, six words, days) is known by `learn`, and turned where it stands:
 * in slots of those kinds only, so that nobody's own words ever are.
 */
import { all, byId, embedded } from "./page.js";

/** @typedef {{cy: string, en: string}} Both */

const TURNED = ["fingerprint", "name", "names", "day", "expires", "found", "remains", "problem"].map((name) => `[data-slot="${name}"]`).join(",");
const MARKED = "[data-t], [data-ta]";
const PLACE = /⟦(\w+)⟧/g;

/** @type {[string, string][]} */
const texts = embedded("texts");
/** @type {Map<string, Both>} */
const known = new Map();
/** Their names stand apart: May is somebody's own name as well. @type {[string[], string[]]} */
const months = [[], []];
/** @type {"cy" | "en"} */
let current = "cy";

/** @returns {"cy" | "en"} */
export function language() {
  return current;
}

/** @param {string} id of an element whose text is marked @returns {[any, any]} JSON, in both languages */
export function saidIn(id) {
  const found = all("template").map((one) => one.content.querySelector(`#${id}`)).find(Boolean);
  return /** @type {[any, any]} */ (texts[Number(found.dataset.t)].map((text) => JSON.parse(text)));
}

/** Values of two alike tables, leaf by leaf. @param {[any, any]} tables */
export function learn([cy, en]) {
  if (typeof cy === "string") return void (known.set(cy, { cy, en }), known.set(en, { cy, en }));
  for (const key of Object.keys(cy)) learn([cy[key], en[key]]);
}

/** @template T @param {T} value anything that may hold {cy, en} somewhere @returns {T} */
export function learnFrom(value) {
  if (value && typeof value === "object") {
    const { cy, en } = /** @type {any} */ (value);
    if (typeof cy === "string" && typeof en === "string") learn([cy, en]);
    for (const inner of Object.values(value)) learnFrom(inner);
  }
  return value;
}

/** @param {string} text @param {Record<string, string | Both>} values @param {"cy" | "en"} to */
function filledIn(text, values, to) {
  return text.replace(PLACE, (whole, name) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "string" ? value : value[to];
  });
}

/** @param {[string, string]} pair @returns {number} its number */
function noted(pair) {
  return texts.push(pair) - 1;
}

/** @param {string} text @returns {boolean} */
function hasPlace(text) {
  return text.includes("⟦");
}

/** Put values into the places of a part of the page, in both languages. @param {Node & ParentNode} root @param {Record<string, string | Both>} values */
export function stamp(root, values) {
  const elements = root instanceof Element ? [root, ...all("*", root)] : all("*", root);
  const both = (/** @type {[string, string]} */ [cy, en]) => /** @type {[string, string]} */ ([filledIn(cy, values, "cy"), filledIn(en, values, "en")]);
  for (const element of elements) {
    if (element instanceof HTMLTemplateElement) stamp(element.content, values);
    for (const { name, value } of [...element.attributes]) {
      if (hasPlace(value)) element.setAttribute(name, filledIn(value, values, current));
    }
    const { t, ta } = element.dataset;
    if (t !== undefined && texts[Number(t)].some(hasPlace)) element.dataset.t = String(noted(both(texts[Number(t)])));
    if (ta !== undefined) element.dataset.ta = ta.replace(/\d+/g, (n) => (texts[Number(n)].some(hasPlace) ? String(noted(both(texts[Number(n)]))) : n));
    for (const node of [...element.childNodes]) {
      if (node.nodeType !== Node.TEXT_NODE || !hasPlace(node.data)) continue;
      const [cy, en] = both([node.data, node.data]);
      learn([cy.trim(), en.trim()]);
      if (element.childNodes.length === 1) element.dataset.t = String(noted([cy, en]));
      else node.replaceWith(marked(cy, en));
    }
  }
}

/** @param {string} cy @param {string} en @returns {HTMLElement} */
function marked(cy, en) {
  const span = document.createElement("span");
  span.dataset.t = String(noted([cy, en]));
  return span;
}

/** Turn the whole page, what is in templates too. @param {"cy" | "en"} to */
export function turnTo(to) {
  const from = current;
  current = to;
  turn(document, to);
  for (const button of all("[data-to]")) {
    if (button.dataset.to === to) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
  turnSlots(document, to);
  if (from !== to) turnCode(to);
  const shown = all("[data-step]").find(({ hidden }) => !hidden) ?? document.getElementById(`view-${byId("view").dataset.view}`);
  if (shown?.dataset.title) document.title = shown.dataset.title;
}

/** @param {ParentNode} root @param {"cy" | "en"} to */
function turn(root, to) {
  const which = to === "cy" ? 0 : 1;
  for (const element of all(MARKED, root)) {
    const { t, ta } = element.dataset;
    if (t !== undefined) element.textContent = texts[Number(t)][which];
    for (const [, name, n] of (ta ?? "").matchAll(/([\w-]+):(\d+)/g)) element.setAttribute(name, texts[Number(n)][which]);
  }
  for (const template of all("template", root)) turn(template.content, to);
}

/** What scripts wrote. @param {ParentNode} root @param {"cy" | "en"} to */
function turnSlots(root, to) {
  for (const slot of all(TURNED, root)) {
    const text = slot.textContent ?? "";
    const said = inOther(text, to);
    if (said !== text && slot.childElementCount === 0) slot.textContent = said;
  }
}

/** @param {string} text @param {"cy" | "en"} to @returns {string} */
function inOther(text, to) {
  const whole = known.get(text);
  if (whole) return whole[to];
  for (const comma of ["; ", ", "]) {
    const parts = text.split(comma);
    if (parts.length > 1 && parts.every((part) => known.has(part))) return parts.map((part) => known.get(part)?.[to]).join(comma);
  }
  const date = /^(\d{1,2}) (\S+) (\d{4})$/.exec(text);
  const month = date ? months.map((names) => names.indexOf(date[2])).find((n) => n >= 0) : undefined;
  return date && month !== undefined ? `${date[1]} ${months[to === "cy" ? 0 : 1][month]} ${date[3]}` : text;
}

/** A receipt stands once in the page's language and once in the other: they change places. @param {"cy" | "en"} to */
function turnCode(to) {
  const list = document.getElementById("code-words");
  const other = document.getElementById("code-other");
  if (!list?.childElementCount || !other) return;
  const shown = all("li", list).map(({ textContent }) => textContent);
  const theirs = (other.textContent ?? "").split(" ");
  all("li span", list).forEach((word, i) => (word.textContent = theirs[i]));
  other.textContent = shown.join(" ");
}

/** What is put into the page later is turned as well. @param {Node} root */
export function watch(root) {
  const named = texts.map((pair) => pair.map((text) => text.split("|"))).find((pair) => pair.every(({ length }) => length === 12));
  named?.forEach((names, i) => (months[i] = names));
  new MutationObserver((records) => {
    for (const { target, addedNodes } of records) {
      for (const node of addedNodes) if (node instanceof Element) turnSlots(/** @type {ParentNode} */ (node.parentNode ?? node), current);
      if (target instanceof Element && target.matches(TURNED)) turnSlots(/** @type {ParentNode} */ (target.parentNode), current);
    }
  }).observe(root, { childList: true, subtree: true });
}
