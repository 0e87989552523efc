/**
 * Parts of a page that the server makes, fetched and put in place without leaving the page: what is unlocked would be locked by that.
 * The browser parses them as it parses a page (`responseType` "document"): no script in them runs, and this page knows no policy of
 * Trusted Types that would make markup of text.
 */
import { Busy } from "./errors.js";
import { all, focusOn } from "./page.js";

const LONGEST_WAIT_MS = 60_000;
const BUSY = [429, 503];
/** What was asked for is there, or says what is wrong with what was typed. */
const WHOLE = [200, 409, 422];

/** @typedef {{status: number, path: string, query: string, page: Document}} Part where it came from in the end, and what it is */

/** Another question has been asked meanwhile, whose answer is wanted in place of this one's. */
export class Overtaken extends Error {}

/** @type {XMLHttpRequest | null} */
let asking = null;

/**
 * @param {string} address of this portal @param {URLSearchParams} [form] posted, if given @param {{overtakes?: boolean}} [how] overtakes: of such questions only the
 *   last is answered @returns {Promise<Part>} rejects if none came, and while the server is busy
 */
export function fetchPart(address, form, { overtakes = false } = {}) {
  const request = new XMLHttpRequest();
  if (overtakes) asking?.abort();
  if (overtakes) asking = request;
  request.open(form ? "POST" : "GET", address);
  request.responseType = "document";
  request.timeout = LONGEST_WAIT_MS;
  request.setRequestHeader("HX-Request", "true");
  return new Promise((resolve, reject) => {
    request.onabort = () => reject(new Overtaken());
    request.onerror = request.ontimeout = () => reject(new Error("no answer"));
    request.onload = () => {
      if (asking === request) asking = null;
      const { pathname, search } = new URL(request.responseURL);
      if (BUSY.includes(request.status)) reject(new Busy());
      else if (!request.responseXML || !WHOLE.includes(request.status)) reject(new Error("no part"));
      else resolve({ status: request.status, path: pathname, query: search, page: request.responseXML });
    };
    request.send(form);
  });
}

/** @param {HTMLFormElement} form @param {HTMLElement | null} [pressed] @returns {URLSearchParams} what the browser would send */
export function typedIn(form, pressed = null) {
  return new URLSearchParams(/** @type {any} */ ([...new FormData(form, pressed)].filter(([, value]) => typeof value === "string")));
}

/**
 * Put a part in its place. What was typed in its other forms stays; the focus stays on what has it, or goes to what the part wants looked at.
 * @param {HTMLElement} place @param {Document} page @param {HTMLFormElement | null} [sent] the form that has been answered
 */
export function put(place, page, sent = null) {
  const kept = unsent(place, sent);
  const held = place.contains(document.activeElement) ? document.activeElement : null;
  const said = page.getElementById("status");
  said?.remove();
  const inner = page.getElementById(place.id) ?? page.getElementById("main") ?? page.body;
  for (const script of all("script", inner)) script.remove();
  place.replaceChildren(...[...inner.childNodes].map((node) => document.importNode(node, true)));
  for (const { action, name, value, checked } of kept) restore(place, action, name, value, checked);
  announce(said?.textContent ?? "");
  return { lookAt: () => lookAt(place, held) };
}

/** Say something to those who do not see it, or nothing any more. @param {string} text */
export function announce(text) {
  const status = document.getElementById("status");
  if (status) status.textContent = text.trim();
}

/** @param {HTMLElement} place @param {Element | null} held */
function lookAt(place, held) {
  const wrong = place.querySelector(".problem:not([hidden])");
  const same = held ? twin(place, held) : null;
  const wanted = wrong ?? place.querySelector("[autofocus]") ?? same ?? place.querySelector("h1, h2, h3");
  if (wanted instanceof HTMLElement) focusOn(wanted);
}

/** @param {HTMLElement} place @param {Element} held @returns {Element | null} what stands now where that stood: of the same id, address or name */
function twin(place, held) {
  if (held.id) return place.querySelector(`#${CSS.escape(held.id)}`);
  for (const name of ["href", "name"]) {
    const value = held.getAttribute(name);
    if (value) return place.querySelector(`[${name}="${CSS.escape(value)}"]`);
  }
  return null;
}

/** @typedef {{action: string, name: string, value: string, checked: boolean}} Typed */

/** @param {HTMLElement} place @param {HTMLFormElement | null} sent @returns {Typed[]} what was changed in other forms and not sent */
function unsent(place, sent) {
  return all("form", place).flatMap((form) => (form === sent ? [] : [...form.elements].filter(isChanged).map((field) => typed(form, field))));
}

/** @param {HTMLFormElement} form @param {any} field @returns {Typed} */
function typed(form, field) {
  return { action: form.getAttribute("action") ?? "", name: field.name, value: field.value, checked: field.checked === true };
}

/** @param {any} field */
function isChanged(field) {
  if (field.type === "hidden" || !field.name) return false;
  if (field instanceof HTMLSelectElement) return [...field.options].some((one) => one.selected !== one.defaultSelected);
  return field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
}

/** @param {HTMLElement} place @param {string} action @param {string} name @param {string} value @param {boolean} checked */
function restore(place, action, name, value, checked) {
  const form = all("form", place).find((one) => one.getAttribute("action") === action);
  for (const field of form ? [...form.elements] : []) {
    if (field.name !== name) continue;
    if (field.type === "checkbox" || field.type === "radio") {
      if (field.value === value) field.checked = checked;
    } else if (field.tagName !== "BUTTON") field.value = value;
  }
}
