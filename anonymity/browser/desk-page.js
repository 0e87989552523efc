/**
 * The recipients' desk: unlocked once, then the list, a thread, and who waits or has left; locked again by hand, after ten minutes of
 * nothing, and on leaving. Keys live in the sealing worker; locking ends it and empties the page. Contract: desk.js.
 */
import { putAwayThread, showThread, takeDraft } from "./desk-thread.js";
import { emptyList, fillTitles, prepareList } from "./desk-list.js";
import { putAwayPeople, showPeople } from "./desk-people.js";
import { watchIdle } from "./idle.js";
import { all, byId, onClick, onLeaving, settings, showStep } from "./page.js";
import { prepareUnlocking } from "./unlocking.js";

/** @typedef {import("./unlocking.js").Unlocked} Unlocked */

/** @type {Unlocked | null} */
let unlocked = null;
/** @type {string | null} the concern on the page */
let shown = null;
/** @type {string | null} the concern that was on the page when it locked */
let interrupted = null;
/** @type {Map<string, Promise<Uint8Array>>} answers begun and not sent, by concern, each sealed to its writer */
const drafts = new Map();
let stopWatching = () => {};

/** @param {Unlocked} own */
async function begin(own) {
  unlocked = own;
  byId("locked-idle").hidden = true;
  stopWatching = watchIdle({ warn: (soon) => (byId("locking-soon").hidden = !soon), lock: lockIdle });
  const wanted = interrupted ?? settings().case;
  interrupted = null;
  await toList();
  if (wanted) await openConcern(wanted);
}

/** @param {string} caseId */
async function openConcern(caseId) {
  const own = unlocked;
  if (!own) return;
  await putAside();
  const isCurrent = () => unlocked === own && shown === caseId;
  shown = caseId;
  const draft = await draftOf(own, caseId);
  const sent = (/** @type {string} */ of) => drafts.delete(of);
  if (await showThread(own, caseId, { isCurrent, leave: toList, sent, draft })) showStep("thread");
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

async function toList() {
  await putAside();
  shown = null;
  putAwayThread();
  putAwayPeople();
  showStep("list");
  if (unlocked) fillTitles(unlocked);
}

function toPeople() {
  const own = unlocked;
  if (!own) return;
  showStep("people");
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
  putAwayPeople();
  emptyList();
  showStep("locked");
}

async function lockByHand() {
  interrupted = shown;
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

/** Wire the page. */
export function beginDesk() {
  for (const id of ["locking-soon", "locked-idle", "thread", "desk-more", "entry", "entry-problem", "viewer-file"]) byId(id);
  prepareUnlocking(begin);
  prepareList(openConcern, () => unlocked);
  for (const button of all("[data-lock]")) onClick(button, lockByHand);
  for (const button of all("[data-to-list]")) onClick(button, toList);
  for (const button of all("[data-to-people]")) onClick(button, toPeople);
  onLeaving(() => {
    drafts.clear();
    lock();
  });
}
