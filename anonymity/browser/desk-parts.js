/**
 * The desk's parts that the server makes: its lists (#queue), and what was told about the concern that is open (#told). Links and forms that
 * stay at the desk are taken here, and the address goes along, so that the browser's way back works and a line can be kept as a
 * bookmark. Without this script each is a page of its own. Contract: desk.js.
 */
import { announce, fetchPart, Overtaken, put, typedIn } from "./fragments.js";
import { all, byId, focusOn, locale, onClick, setState, settings, stateOf } from "./page.js";
import { Busy, Unsure } from "./errors.js";

/**
 * @typedef {import("./fragments.js").Part} Part
 * @typedef {{open: (caseId: string, how?: {push?: boolean}) => Promise<void>, listed: () => void, toList: (how?: {push?: boolean, anew?: boolean}) => Promise<void>,
 *   travel: (address: string) => Promise<void>, shown: () => string | null, isLocked: () => boolean}} Desk
 */

const CASE = /^\/([A-Za-z0-9_-]{22})$/;

/** @type {Desk} */
let desk;
/** The list that stands in #queue, or is to: below the language. */
let listed = "";
let stale = false;

/** @param {string} address @returns {string | null} the concern that it is of */
export function caseAt(address) {
  const { pathname } = new URL(address, location.href);
  return pathname.startsWith(concerns()) ? (CASE.exec(pathname.slice(concerns().length))?.[1] ?? null) : null;
}

/** @returns {string} */
function concerns() {
  return String(settings().concerns);
}

/** @returns {boolean} something was told since the list came */
export function isStale() {
  return stale;
}

/** What is told about a concern has changed: the list is fetched anew when somebody goes back to it. */
export function outdate() {
  stale = true;
}

/** @param {Desk} theirs */
export function prepareParts(theirs) {
  desk = theirs;
  listed = caseAt(location.href) ? concerns() : location.pathname + location.search;
  document.addEventListener("click", followed);
  document.addEventListener("submit", submitted);
  window.addEventListener("popstate", () => tried(() => desk.travel(location.href)));
}

/** The address of what is shown now, and the way to it in the other language. @param {string} address */
function push(address) {
  if (address !== location.pathname + location.search) history.pushState(null, "", address);
  const other = locale() === "cy" ? "en" : "cy";
  for (const link of all("a[hreflang]")) link.href = `/${other}${address.slice(3)}`;
}

/** @returns {boolean} the list of concerns itself stands in #queue, and no other page of the desk */
export function isList() {
  return listed.split("?")[0] === concerns();
}

/** @param {string} caseId */
export function showAddress(caseId) {
  push(`${concerns()}/${caseId}`);
}

/** @param {{push: boolean, anew: boolean}} how */
export async function showList({ push: pushes, anew }) {
  const address = pushes ? listed : location.pathname + location.search;
  const isThere = byId("queue").childElementCount > 0 && !anew && address === listed;
  if (pushes) push(listed);
  if (isThere) return desk.listed();
  await fetchList(address, { pushes: false });
}

/** @param {string} address @param {{pushes: boolean, form?: URLSearchParams, sent?: HTMLFormElement | null}} how */
async function fetchList(address, { pushes, form, sent = null }) {
  const part = await fetchPart(address, form, { overtakes: !form });
  const caseId = caseAt(part.path);
  if (caseId) return desk.open(caseId);
  mustBeOurs(part);
  listed = part.path + part.query;
  stale = false;
  if (pushes || form) push(listed);
  const { lookAt } = put(byId("queue"), part.page, sent);
  desk.listed();
  lookAt();
}

/** Somebody who has been signed out meanwhile gets another page. @param {Part} part */
function mustBeOurs({ path }) {
  if (path !== concerns() && !path.startsWith(`${concerns()}/`)) throw new Error("not at the desk");
}

/** @param {() => Promise<unknown>} action its failure shows as a state of the page */
async function tried(action) {
  try {
    await action();
    if (["failed", "busy", "unsure"].includes(String(settings().state))) setState("ready");
  } catch (error) {
    if (!(error instanceof Overtaken)) setState(stateOf(error));
  }
}

/** @param {MouseEvent} event */
function followed(event) {
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  if (!(link instanceof HTMLAnchorElement) || !isOurs(link, event)) return;
  const caseId = caseAt(link.href);
  if (!caseId && desk.isLocked() && byId("queue").hidden) return;
  event.preventDefault();
  if (caseId) return void tried(() => desk.open(caseId));
  const { pathname, search } = new URL(link.href);
  tried(() => (byId("queue").hidden ? goTo(pathname + search) : fetchList(pathname + search, { pushes: true })));
}

/** From a thread to a list that a link names. @param {string} address */
async function goTo(address) {
  listed = address;
  await desk.toList({ anew: true });
}

/** @param {HTMLAnchorElement} link @param {MouseEvent} event @returns {boolean} it stays at the desk, in this tab, and is no file */
function isOurs(link, event) {
  const { origin, pathname, hash } = new URL(link.href);
  const elsewhere = link.target || link.hasAttribute("download") || link.hasAttribute("data-whole") || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (elsewhere || event.defaultPrevented || origin !== location.origin || (hash && pathname === location.pathname)) return false;
  return (pathname === concerns() || pathname.startsWith(`${concerns()}/`)) && isInside(link);
}

/** @param {Element} element */
function isInside(element) {
  return ["queue", "told", "sealed"].some((id) => byId(id).contains(element));
}

/** @param {SubmitEvent} event */
function submitted(event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !["queue", "told"].some((id) => byId(id).contains(form))) return;
  const pressed = event.submitter;
  const action = new URL(pressed?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href, location.href);
  if (desk.isLocked() && byId("told").contains(form)) return;
  if (event.defaultPrevented || form.target || form.enctype === "multipart/form-data" || !action.pathname.startsWith(concerns())) return;
  event.preventDefault();
  const typed = typedIn(form, pressed);
  if (form.method === "get") return void tried(() => fetchList(`${action.pathname}?${typed}`, { pushes: true }));
  const isTold = byId("told").contains(form);
  tried(() => once(form, () => (isTold ? sendTold(form, action.pathname, typed) : fetchList(action.pathname, { pushes: false, form: typed, sent: form }))));
}

/** Nothing is sent twice by two presses; an answer that did not come leaves everything as it was typed. @param {HTMLFormElement} form @param {() => Promise<unknown>} send */
async function once(form, send) {
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  try {
    await send();
    stale = true;
  } catch (error) {
    throw error instanceof Busy || error instanceof Overtaken ? error : new Unsure();
  } finally {
    form.ariaBusy = null;
  }
}

/** @param {HTMLFormElement} form @param {string} address @param {URLSearchParams} typed */
export async function sendTold(form, address, typed) {
  const caseId = desk.shown();
  const part = await fetchPart(address, typed);
  mustBeOurs(part);
  if (caseId !== desk.shown()) return;
  if (caseAt(part.path) === caseId || part.status !== 200 || part.path.startsWith(`${concerns()}/${caseId}/`)) return putTold(part, form);
  listed = part.path + part.query;
  await desk.toList({ anew: true });
}

/** @type {() => void} what is done whenever what was told stands there anew */
let afterTold = () => {};

/** @param {() => void} then */
export function whenTold(then) {
  afterTold = then;
}

/** @param {Part} part @param {HTMLFormElement | null} [sent] */
export function putTold(part, sent = null) {
  const { lookAt } = put(byId("told"), part.page, sent);
  afterTold();
  if (sent) lookAt();
}
