/** The recipients' desk: unlock once, open, answer, and locked again after ten minutes or on leaving. Contract: desk.js. */
import { open, seal } from "./age.js";
import { unb64u } from "./canonical.js";
import { typedCode } from "./codeview.js";
import { watchIdle } from "./idle.js";
import { cardOf, openKeyring } from "./keyring.js";
import { getSignedIn, postSignedIn } from "./network.js";
import { KEYRING } from "./padding.js";
import { all, byId, first, onClick, onLeaving, settings, showStep, tellProblems, working } from "./page.js";
import { makeReply } from "./submission.js";
import { openAsReader, readDelivery } from "./thread.js";
import { namesIn, showSent, showThreads, threadView } from "./threadview.js";

/** @typedef {{keyring: import("./keyring.js").Keyring, recipient: string, sign: string}} Unlocked */

const TRIES = 3;

/** @type {Unlocked | null} */
let unlocked = null;
/** @type {string | null} the case on the page */
let shownCase = null;
/** @type {Map<string, Promise<Uint8Array>>} answers begun and not sent, by case, each sealed to its writer */
const drafts = new Map();
/** @type {string | null} the case that was on the page when it locked by itself */
let interrupted = null;
let stopWatching = () => {};

async function unlock() {
  const part = first('[data-step="locked"]');
  const code = typedCode(byId("words"), part);
  if (!code) return;
  const keyring = await working(() => fetchKeyring(code));
  if (keyring === undefined) return;
  if (keyring === null) return tellProblems(part, ["unknown"]);
  unlocked = { keyring, ...cardOf(keyring) };
  byId("words").value = "";
  byId("locked-idle").hidden = true;
  stopWatching = watchIdle({ warn: (soon) => (byId("locking-soon").hidden = !soon), lock: lockIdle });
  showStep("list");
  const wanted = interrupted ?? settings().case;
  interrupted = null;
  if (wanted) await openCase(wanted);
}

/** @param {Uint8Array} code @returns {Promise<import("./keyring.js").Keyring | null>} null: these words do not open it */
async function fetchKeyring(code) {
  const { status, value } = await getSignedIn(`${settings().keys}/ring`);
  if (status !== 200) throw new Error("no keyring");
  return openKeyring(unb64u(value.keyring, KEYRING.file), code, value.card).catch(() => null);
}

/** @param {string} caseId @param {Unlocked} own @returns {Promise<{thread: import("./thread.js").Thread, names: Map<string, string>}>} */
async function fetchThread(caseId, own) {
  const { status, value } = await getSignedIn(`${settings().concerns}/${encodeURIComponent(caseId)}/thread`);
  if (status !== 200 || value.case !== caseId) throw new Error("no thread");
  const thread = await openAsReader(readDelivery(value), own.keyring.age);
  return { thread, names: namesIn(value) };
}

/** @param {string} caseId */
async function openCase(caseId) {
  const own = unlocked;
  if (!own) return;
  const fetched = await working(() => fetchThread(caseId, own));
  if (!fetched || unlocked !== own) return;
  show(caseId, own, fetched);
  showStep("thread");
  await bringBackDraft(caseId, own);
}

/** @param {string} caseId @param {Unlocked} own @param {Awaited<ReturnType<typeof fetchThread>>} fetched */
function show(caseId, own, { thread, names }) {
  shownCase = caseId;
  showThreads("threads", [threadView(thread, own.sign, names, (text) => reply(caseId, own, text))]);
}

/** @param {string} caseId @param {Unlocked} own @param {import("./submission.js").Text} text @returns {Promise<"sent" | "failed">} */
async function reply(caseId, own, text) {
  for (let tried = 0; tried < TRIES; tried++) {
    const { thread } = await fetchThread(caseId, own);
    if (unlocked !== own) return "failed";
    const json = await makeReply(thread, { case: caseId }, own.keyring.ed25519, text);
    const { status } = await postSignedIn(`${settings().concerns}/${encodeURIComponent(caseId)}/items`, json);
    if (status === 201) {
      const fetched = await fetchThread(caseId, own);
      if (unlocked === own) {
        drafts.delete(caseId);
        show(caseId, own, fetched);
        showSent("threads", thread.lane);
      }
      return "sent";
    }
    if (status !== 409) return "failed";
  }
  return "failed";
}

/** Take keys and text off the page and out of memory. */
function lock() {
  stopWatching();
  unlocked?.keyring.age.fill(0);
  unlocked?.keyring.ed25519.fill(0);
  unlocked = shownCase = null;
  byId("words").value = "";
  byId("threads").replaceChildren();
  showStep("locked");
}

/** Nobody was there for ten minutes: everything goes, and is there again after unlocking. */
function lockIdle() {
  interrupted = shownCase;
  putAside();
  lock();
  byId("locked-idle").hidden = false;
}

/** An answer begun is sealed to its writer before it leaves the page. */
function putAside() {
  const field = byId("threads").querySelector("textarea");
  const text = field instanceof HTMLTextAreaElement ? field.value : "";
  if (!unlocked || !shownCase) return;
  if (text) drafts.set(shownCase, seal(new TextEncoder().encode(text), [unlocked.recipient]));
  else drafts.delete(shownCase);
}

/** @param {string} caseId @param {Unlocked} own */
async function bringBackDraft(caseId, own) {
  const file = await drafts.get(caseId);
  if (!file) return;
  const text = await open(file, own.keyring.age);
  drafts.delete(caseId);
  const field = first("textarea", byId("threads"));
  field.value = new TextDecoder().decode(text);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function toList() {
  putAside();
  shownCase = null;
  byId("threads").replaceChildren();
  showStep("list");
}

/** Wire the page. */
export function beginDesk() {
  for (const id of ["locking-soon", "locked-idle", "thread", "thread-reader", "entry", "entry-problem"]) byId(id);
  onClick(byId("unlock"), unlock);
  onClick(byId("lock"), lock);
  onClick(byId("lock-thread"), () => {
    putAside();
    lock();
  });
  onClick(byId("to-list"), toList);
  for (const button of all("button[data-case]")) onClick(button, () => openCase(button.dataset.case));
  onLeaving(() => {
    drafts.clear();
    lock();
  });
}
