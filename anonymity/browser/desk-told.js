/**
 * What was told to the server about the concern that is open, beside it: who works on it, what comes next, its labels. It is the server's
 * part; this fetches it when a thread is opened, claims the thread for a while, and while somebody else has it leaves it to be read only.
 */
import { outdate, putTold, sendTold, showAddress, whenTold } from "./desk-parts.js";
import { fetchPart, typedIn } from "./fragments.js";
import { all, byId, filled, settings } from "./page.js";

/**
 * @param {string} caseId @param {{isCurrent: () => boolean, push: boolean}} how push: its address becomes the page's
 * @returns {Promise<void>} it is there, or the page says that it did not come
 */
export async function showTold(caseId, { isCurrent, push }) {
  putAwayTold();
  whenTold(suit);
  try {
    const part = await fetchPart(`${settings().concerns}/${caseId}`);
    if (!isCurrent()) return;
    putTold(part);
    if (push) showAddress(caseId);
    const claim = byId("told").querySelector("form[data-claim]");
    if (claim instanceof HTMLFormElement) await sendTold(claim, new URL(claim.action).pathname, typedIn(claim));
  } catch {
    if (isCurrent() && byId("told").childElementCount === 0) byId("told").replaceChildren(filled("told-failed", {}));
  }
}

/** Take it off the page. */
export function putAwayTold() {
  byId("told").replaceChildren();
}

/** Whoever opened what a colleague works on reads it, and writes once they have taken it over. Their own notes stay open to everybody. */
export function suit() {
  const isTaken = byId("told").querySelector("[data-taken]") !== null;
  for (const part of all("#threads [data-writing]")) part.hidden = isTaken;
  for (const said of all("#threads [data-read-only]")) said.hidden = !isTaken;
}

/** An answer was sent, or the readers have changed: what the list and the panel say may have changed with it. @param {string} caseId @param {() => boolean} isCurrent */
export async function toldAnew(caseId, isCurrent) {
  outdate();
  try {
    const part = await fetchPart(`${settings().concerns}/${caseId}`);
    if (isCurrent()) putTold(part);
  } catch {
    // what stands there stays, as it was when it came
  }
}
