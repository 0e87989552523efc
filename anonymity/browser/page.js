/**
 * What the page scripts need of a page. No sentence stands in a script: words are in the page, in elements and `<template>`s,
 * and values go in through textContent only (the pages demand Trusted Types).
 *
 * A template's places: `data-slot="name"` receives text, `data-if="name"` is removed unless the value is true,
 * `data-unless="name"` is removed if it is, and `{key}` in an id or in what points to one is replaced.
 */
import { Busy, Unsure } from "./errors.js";

const POINTERS = ["id", "for", "name", "href", "aria-describedby", "aria-labelledby", "data-field", "data-thread"];

/** A page that is not as its script's contract says. Nothing is sent from such a page. */
export class PageBroken extends Error {}

/** @param {string} id @returns {any} the element; a page without it is broken */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new PageBroken(`#${id} is missing`);
  return element;
}

/** @param {string} selector @param {ParentNode} [root] @returns {any} the first; a page without it is broken */
export function first(selector, root = document) {
  const element = root.querySelector(selector);
  if (!element) throw new PageBroken(`${selector} is missing`);
  return element;
}

/** @param {string} selector @param {ParentNode} [root] @returns {any[]} */
export function all(selector, root = document) {
  return [...root.querySelectorAll(selector)];
}

/** @param {string} name of a group of radios @returns {string} the value chosen, or "" */
export function chosen(name) {
  const radio = document.querySelector(`input[name="${name}"]:checked`);
  return radio instanceof HTMLInputElement ? radio.value : "";
}

/** @param {string} name of a group of radios @returns {"cy" | "en"} the language chosen there, else the page's */
export function chosenLanguage(name) {
  const value = chosen(name);
  return value === "cy" || value === "en" ? value : locale();
}

/** @returns {DOMStringMap} the settings of the page, on its root element */
export function settings() {
  return byId("sealed").dataset;
}

/** @returns {"cy" | "en"} */
export function locale() {
  return settings().locale === "cy" ? "cy" : "en";
}

/** @param {string} id of a `<script type="application/json">` @returns {any} */
export function embedded(id) {
  return JSON.parse(byId(id).textContent);
}

/** @typedef {Record<string, string | number | boolean>} Values */

/** @param {string} id of a `<template>` @param {Values} values @param {string} [key] replaces `{key}` in ids @returns {DocumentFragment} */
export function filled(id, values, key = "") {
  const copy = document.importNode(byId(id).content, true);
  for (const element of all("*", copy)) {
    for (const name of POINTERS) {
      const value = element.getAttribute(name);
      if (value?.includes("{key}")) element.setAttribute(name, value.replaceAll("{key}", key));
    }
  }
  for (const element of all("[data-if]", copy)) if (!values[element.dataset.if]) element.remove();
  for (const element of all("[data-unless]", copy)) if (values[element.dataset.unless]) element.remove();
  fill(copy, values);
  return copy;
}

/** @param {ParentNode} root @param {Values} values */
export function fill(root, values) {
  for (const element of all("[data-slot]", root)) {
    const value = values[element.dataset.slot];
    if (value !== undefined) element.textContent = String(value);
  }
}

/** Show one `[data-step]` of the page, hide the others, and take the reader to its heading. @param {string} name */
export function showStep(name) {
  const step = first(`[data-step="${CSS.escape(name)}"]`);
  for (const other of all("[data-step]")) other.hidden = other !== step;
  if (step.dataset.title) document.title = step.dataset.title;
  window.scrollTo(0, 0);
  focusOn(first("h1, h2", step));
}

/** @param {HTMLElement} element takes the focus, though it is not in the tab order */
export function focusOn(element) {
  if (!element.hasAttribute("tabindex")) element.tabIndex = -1;
  element.focus();
}

/**
 * Say what is wrong in a part of the page: its `[data-problems]` box and every `[data-problem="name"]` in it, there and beside the
 * fields. A line's `data-field` is the id of its field. No names: all is well again.
 * @param {ParentNode} root
 * @param {string[]} names
 * @param {Values} [values] for the slots of the lines
 */
export function tellProblems(root, names, values = {}) {
  const box = first("[data-problems]", root);
  const lines = all("[data-problem]", root);
  for (const { dataset } of lines) if (dataset.field) byId(dataset.field).removeAttribute("aria-invalid");
  for (const line of lines) {
    line.hidden = !names.includes(line.dataset.problem);
    if (!line.hidden && line.dataset.field) byId(line.dataset.field).setAttribute("aria-invalid", "true");
    if (!line.hidden) fill(line, values);
  }
  box.hidden = names.length === 0;
  markTitle(!box.hidden);
  if (!box.hidden) focusOn(box);
}

/** @param {boolean} wrong the document's title begins with the page's word for an error, or does so no longer */
function markTitle(wrong) {
  const prefix = settings().errorPrefix ?? "";
  const title = document.title.startsWith(prefix) ? document.title.slice(prefix.length) : document.title;
  document.title = wrong ? prefix + title : title;
}

/**
 * The state of the whole page, for its style and for its reader.
 * @param {"ready" | "working" | "failed" | "unsure" | "busy" | "done"} state
 */
export function setState(state) {
  const root = byId("sealed");
  root.dataset.state = state;
  for (const button of all("button", root)) button.disabled = state === "working";
  for (const element of all("[data-shown-when]")) {
    element.hidden = element.dataset.shownWhen !== state;
    if (!element.hidden && state !== "working") focusOn(element);
  }
}

/** @param {unknown} error @returns {"busy" | "unsure" | "failed"} what the page says of it */
export function stateOf(error) {
  if (error instanceof Busy) return "busy";
  return error instanceof Unsure ? "unsure" : "failed";
}

/**
 * Do something that takes a moment: the page says `working` meanwhile; `unsure` if what was sent may have arrived, `busy` if the server is, and `failed` if
 * it goes wrong in any other way.
 * @template T @param {() => Promise<T>} work @returns {Promise<T | undefined>}
 */
export async function working(work) {
  setState("working");
  await new Promise((done) => setTimeout(done));
  try {
    const result = await work();
    if (byId("sealed").dataset.state === "working") setState("ready");
    return result;
  } catch (error) {
    setState(stateOf(error));
    return undefined;
  }
}

/** @param {HTMLElement} button @param {() => unknown} action its failure shows as a state of the page, never in a log */
export function onClick(button, action) {
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    try {
      await action();
    } catch (error) {
      setState(stateOf(error));
    }
  });
}

/** @param {string} day `2026-11-22` @returns {string} in words, with the month names of the page */
export function dayInWords(day) {
  const [year, month, date] = day.split("-").map(Number);
  const months = (settings().months ?? "").split("|");
  return `${date} ${months[month - 1] ?? month} ${year}`;
}

/**
 * These pages keep no place of their own in the tab's history: the entry gets the neutral address of `data-history`, and links
 * marked `data-replace` lead away without leaving an entry.
 */
export function leaveNoEntry() {
  const { history: neutral } = settings();
  if (neutral) history.replaceState(history.state, "", neutral);
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[data-replace]") : null;
    if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    location.replace(link.href);
  });
}

/** @param {(() => void)} forget what the page must not keep when somebody leaves it; a page brought back starts afresh */
export function onLeaving(forget) {
  window.addEventListener("pagehide", forget);
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
}

/**
 * How far something is that takes long: `#progress`, a progress element, is shown while there is a share to show.
 * @param {number | null} share 0 … 1
 */
export function setProgress(share) {
  const bar = document.getElementById("progress");
  if (!(bar instanceof HTMLProgressElement)) return;
  bar.hidden = share === null;
  bar.value = share ?? 0;
}

/**
 * The other language is another page, and nothing of this one is stored: while there is something to lose, its link first shows
 * `#turning` (with `#turn-anyway`, the link again), and nobody loses words by surprise. On a page that answers a form it is a button.
 * @param {() => boolean} hasWords
 */
export function warnBeforeTurning(hasWords) {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[hreflang]:not(#turn-anyway), button[form="again"]:not(#turn-anyway)') : null;
    if (!link || !hasWords()) return;
    event.preventDefault();
    if (link instanceof HTMLAnchorElement) byId("turn-anyway").href = link.href;
    byId("turning").hidden = false;
    focusOn(byId("turning"));
  });
  onClick(byId("stay-here"), () => {
    byId("turning").hidden = true;
    focusOn(first("h1", document));
  });
}

/**
 * Start a page: its script is there, so its sealed part is shown and the way without script put away. If the page is not as its
 * contract says, or what it needs does not start, the way without script stays.
 * @param {() => unknown} begin may take a moment
 */
export async function start(begin) {
  try {
    await begin();
    byId("without-script").hidden = true;
    byId("sealed").hidden = false;
    byId("sealed").dataset.state = "ready";
  } catch {
    const sealed = document.getElementById("sealed");
    if (sealed) sealed.dataset.state = "broken";
    if (sealed) sealed.hidden = true;
    byId("without-script").hidden = false;
  }
}
