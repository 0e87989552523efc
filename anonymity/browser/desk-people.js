/**
 * Who waits and who has left, across all threads of the list: colleagues with a new key for whom threads can be opened again, and keys
 * that have ended and are still in. The device looks through the threads first: one whose reporter left the person out is not shown, so
 * nobody can grant it by mistake. A run can be stopped and begun again: what was done is done, and is not on the list any more.
 */
import { shortened } from "./desk-list.js";
import { addressOf } from "./desk-thread.js";
import { changeReaders } from "./desk-readers.js";
import { Busy } from "./errors.js";
import { getSignedIn } from "./network.js";
import { all, byId, filled, first, locale, onClick, setState, settings, stateOf } from "./page.js";

/**
 * @typedef {import("./unlocking.js").Unlocked} Unlocked
 * @typedef {import("./desk-thread.js").Card & {cases: {case: string, body: string, week: string}[]}} Concerned
 * @typedef {{line: HTMLElement, caseId: string}} Line
 */

/** @param {Unlocked} own @param {() => boolean} isCurrent */
export async function showPeople(own, isCurrent) {
  putAwayPeople();
  byId("looking").hidden = false;
  try {
    const { status, value } = await getSignedIn(`${settings().concerns}/waiting`);
    if (status !== 200) throw new Error("no list");
    for (const one of value.waiting) await showPerson(own, one, "waiting", isCurrent);
    for (const one of value.ended) await showPerson(own, one, "ended", isCurrent);
    byId("nobody-waits").hidden = !isCurrent() || byId("people").children.length > 0;
  } catch (error) {
    if (error instanceof Busy && isCurrent()) setState("busy");
    else byId("people-failed").hidden = !isCurrent();
  } finally {
    byId("looking").hidden = true;
  }
}

/** Take the list off the page. */
export function putAwayPeople() {
  byId("people").replaceChildren();
  for (const id of ["looking", "nobody-waits", "people-failed"]) byId(id).hidden = true;
}

/** @param {Unlocked} own @param {Concerned} someone @param {"waiting" | "ended"} why @param {() => boolean} isCurrent */
async function showPerson(own, someone, why, isCurrent) {
  const [{ [locale()]: fingerprint }] = await own.sealing.fingerprints([someone]);
  const view = first("section", filled("person", { [why]: true, name: someone.name, fingerprint, [someone.state]: true }, someone.key));
  const list = first("[data-cases]", view);
  /** @type {Line[]} */
  const lines = [];
  for (const found of someone.cases) {
    const title = await titleFor(own, found.case, someone, why);
    if (!isCurrent()) return;
    if (title === null) continue;
    const line = first("li", filled("person-case", { ...title, body: found.body, week: found.week }));
    first('[data-slot="title"]', line).lang = title.lang;
    lines.push({ line, caseId: found.case });
    list.append(line);
  }
  if (lines.length === 0) return;
  byId("people").append(view);
  if (why === "waiting" && someone.state !== "confirmed") return hideButtons(view);
  const step = (/** @type {string} */ caseId) => changeReaders(own, caseId, why === "waiting" ? { add: someone } : { drop: someone.key });
  for (const one of lines) onClick(first("button", one.line), () => run([one], step, view, isCurrent));
  onClick(first("button[data-all]", view), () => run(lines, step, view, isCurrent));
}

/** A key that nobody has confirmed is granted nothing. @param {HTMLElement} view */
function hideButtons(view) {
  for (const button of all("button", view)) button.hidden = true;
}

/**
 * @param {Unlocked} own @param {string} caseId @param {Concerned} someone @param {"waiting" | "ended"} why
 * @returns {Promise<{title: string, lang: string} | null>} null: not for this person
 */
async function titleFor(own, caseId, someone, why) {
  try {
    const { status, value } = await getSignedIn(`${addressOf(caseId)}/thread`);
    if (status !== 200) return null;
    const view = await own.sealing.peekThread(value, caseId);
    const isIn = view.readers.some((/** @type {any} */ { key }) => key === someone.key);
    const opening = view.entries.find((/** @type {any} */ entry) => entry.item?.opening)?.item;
    if (!view.writable || !opening) return null;
    if (why === "waiting" ? isIn || view.left_out.includes(someone.person) : !isIn) return null;
    return { title: shortened(opening.body), lang: opening.lang };
  } catch (error) {
    if (error instanceof Busy) throw error;
    return null;
  }
}

/**
 * One thread after the other, each with its own result; stopped by the button, by locking, or by leaving the page.
 * @param {Line[]} lines @param {(caseId: string) => Promise<void>} step @param {HTMLElement} view @param {() => boolean} isCurrent
 */
async function run(lines, step, view, isCurrent) {
  const bar = first("progress", view);
  const stop = first("button[data-stop]", view);
  let isStopped = false;
  const left = lines.filter(({ line }) => line.dataset.result !== "done");
  onClick(stop, () => (isStopped = true));
  for (const button of all("button:not([data-stop])", view)) button.disabled = true;
  bar.hidden = stop.hidden = false;
  bar.max = left.length;
  bar.value = 0;
  for (const { line, caseId } of left) {
    if (isStopped || !isCurrent()) break;
    const state = await step(caseId).then(() => "done", stateOf);
    tell(line, state === "done" ? "done" : "failed");
    if (state === "busy") setState("busy");
    if (state === "busy") break;
    bar.value += 1;
  }
  bar.hidden = stop.hidden = true;
  for (const button of all("button:not([data-stop])", view)) button.disabled = false;
}

/** @param {HTMLElement} line @param {string} result */
function tell(line, result) {
  line.dataset.result = result;
  for (const said of all("[data-result]", line)) said.hidden = said.dataset.result !== result;
  for (const button of all("button", line)) button.hidden = result === "done";
}
