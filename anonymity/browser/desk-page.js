/**
 * The recipients' desk, which is one page: unlocked once, then the list, a thread with what was told about it, and who waits or has left;
 * locked again by hand, after ten minutes of nothing, and on leaving. Keys live in the sealing worker; locking ends it and empties the
 * page. Whoever loaded another page would have to unlock again, so the list and the told things are fetched (desk-parts.js).
 * Contract: desk.js.
 */
import { offerAnswers, putAwayAnswers, showAnswers } from "./desk-answers.js";
import { putAwayThread, showThread, takeDraft } from "./desk-thread.js";
import { emptyList, fillTitles, prepareList } from "./desk-list.js";
import { caseAt, isList, isStale, prepareParts, showList } from "./desk-parts.js";
import { putAwayPeople, showPeople } from "./desk-people.js";
import { prepareSearch, putAwaySearch } from "./desk-search.js";
import { putAwayTold, showTold } from "./desk-told.js";
import { announce } from "./fragments.js";
import { watchIdle } from "./idle.js";
import { all, byId, first, focusOn, onClick, onLeaving, settings, showStep } from "./page.js";
import { prepareUnlocking } from "./unlocking.js";

/** @typedef {import("./unlocking.js").Unlocked} Unlocked */

/** @type {Unlocked | null} */
let unlocked = null;
/** @type {string | null} the concern on the page */
let shown = null;
let now = "locked";
const kept = document.createDocumentFragment();
/** @type {string | null} the concern that was on the page when it locked, or is wanted as soon as it is unlocked */
let wanted = null;
/** @type {Map<string, Promise<Uint8Array>>} answers begun and not sent, by concern, each sealed to its writer */
const drafts = new Map();
let stopWatching = () => {};

/** @param {Unlocked} own */
async function begin(own) {
  unlocked = own;
  for (const id of ["locked-idle", "locked-first"]) byId(id).hidden = true;
  stopWatching = watchIdle({ warn: (soon) => (byId("locking-soon").hidden = !soon), lock: lockIdle });
  const next = wanted ?? settings().case;
  wanted = null;
  if (next) await openConcern(next);
  else await toList();
}

/** @param {"locked" | "list" | "thread" | "people" | "answers"} step */
function toStep(step) {
  showStep(step);
  now = step;
  announce("");
  keepList(step === "list" || step === "locked");
  byId("queue").hidden = !(step === "list" || (step === "locked" && byId("queue").childElementCount > 0));
  byId("told").hidden = step !== "thread";
  toHeading();
}

/** The list is off the page while something else is there, whose fields may have the same names. @param {boolean} isShown */
function keepList(isShown) {
  const queue = byId("queue");
  if (!isShown) kept.append(...queue.childNodes);
  else if (!queue.hasChildNodes()) queue.append(kept);
}

/** @param {string} caseId @param {{push?: boolean}} [how] */
async function openConcern(caseId, { push = true } = {}) {
  const own = unlocked;
  if (!own) return unlockFirst(caseId);
  await putAside();
  const isCurrent = () => unlocked === own && shown === caseId;
  shown = caseId;
  const draft = await draftOf(own, caseId);
  const sent = (/** @type {string} */ of) => drafts.delete(of);
  const told = showTold(caseId, { isCurrent, push });
  const open = (/** @type {string} */ other) => openConcern(other);
  if (await showThread(own, caseId, { isCurrent, leave: () => toList({ anew: true }), sent, draft, told, open })) toStep("thread");
  else if (isCurrent()) await backToList();
}

/** It does not open: the list stays, or comes, and the page says that it did not work. */
async function backToList() {
  shown = null;
  putAwayTold();
  if (byId("queue").hidden) await toList();
}

/** @param {string} caseId */
function unlockFirst(caseId) {
  wanted = caseId;
  byId("locked-first").hidden = false;
  focusOn(byId("words"));
}

/** @param {Unlocked} own @param {string} caseId @returns {Promise<Record<string, string>>} answers begun, by lane */
async function draftOf(own, caseId) {
  const sealed = await drafts.get(caseId);
  return sealed ? JSON.parse(await own.sealing.bringBack(sealed.slice())) : {};
}

/** An answer begun is sealed to its writer before it leaves the page. */
async function putAside() {
  if (!unlocked || !shown) return;
  const begun = takeDraft();
  if (Object.keys(begun).length) drafts.set(shown, unlocked.sealing.putAside(JSON.stringify(begun)));
  else drafts.delete(shown);
  await drafts.get(shown);
}

/** @param {{push?: boolean, anew?: boolean}} [how] anew: something was told or changed that the list says */
async function toList({ push = true, anew = false } = {}) {
  await putAside();
  const left = shown;
  shown = null;
  putAwayThread();
  putAwayTold();
  putAwayPeople();
  putAwayAnswers();
  toStep("list");
  await showList({ push: push && left !== null, anew: anew || isStale() });
  if (left && !shown) lookAtLine(left);
}

/** The list is looked at again where it was left. @param {string} caseId */
function lookAtLine(caseId) {
  const line = all("[data-case]", byId("queue")).find(({ dataset }) => dataset.case === caseId);
  if (line) focusOn(line);
}

/** The list has come, or come anew. */
function listed() {
  toHeading();
  if (!unlocked) return;
  fillTitles(unlocked);
  offerAnswers(toAnswers);
}

/** A part that has a heading of its own stands in place of the list. */
function toHeading() {
  first('[data-step="list"] h1').hidden = byId("queue").querySelector("h1") !== null;
  byId("to-lanes").hidden = isList();
}

/** @param {import("./desk-answers.js").Wanted} wanted */
async function toAnswers(wanted) {
  const own = unlocked;
  if (!own) return;
  toStep("answers");
  await showAnswers(own, wanted, () => unlocked === own && now === "answers");
}

async function toPeople() {
  const own = unlocked;
  if (!own) return;
  toStep("people");
  showPeople(own, () => unlocked === own);
}

/** Take keys and text off the page and out of memory; what was begun has been sealed before. */
function lock() {
  stopWatching();
  unlocked?.sealing.end();
  unlocked = shown = null;
  byId("words").value = "";
  byId("locking-soon").hidden = true;
  putAwayThread();
  putAwayTold();
  putAwayPeople();
  putAwayAnswers();
  putAwaySearch();
  toStep("locked");
  emptyList();
}

async function lockByHand() {
  wanted = shown;
  const aside = putAside().catch(() => {});
  putAwayThread();
  await aside;
  lock();
}

/** Nobody was there for ten minutes: everything goes, and is there again after unlocking. */
async function lockIdle() {
  stopWatching();
  await lockByHand();
  byId("locked-idle").hidden = false;
}

/** The browser's way back and forth. @param {string} address */
async function travel(address) {
  const caseId = caseAt(address);
  if (caseId && caseId !== shown) await openConcern(caseId, { push: false });
  else if (!caseId && unlocked) await toList({ push: false });
  else if (!caseId) await showList({ push: false, anew: false });
}

/** Wire the page. */
export function beginDesk() {
  for (const id of ["locking-soon", "locked-idle", "locked-first", "thread", "desk-more", "entry", "entry-problem", "viewer-file", "queue", "told", "to-lanes"]) byId(id);
  prepareUnlocking(begin);
  prepareList(() => unlocked);
  prepareParts({ open: openConcern, listed, toList, travel, shown: () => shown, isLocked: () => unlocked === null });
  prepareSearch(openConcern);
  for (const button of all("[data-lock]")) onClick(button, lockByHand);
  for (const button of all("[data-to-list]")) onClick(button, () => toList());
  for (const button of all("[data-to-people]")) onClick(button, toPeople);
  onLeaving(() => {
    drafts.clear();
    lock();
  });
}
