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

/** @type {any} the thread that is open */
let open = null;

/** Whoever takes a concern on may tell what the thread says anyway: it is filled in, and told by nobody but them. @param {any} view */
export function suggestFrom(view) {
  open = view;
  suit();
}

/** A union's thread beside the one with everybody is never told by itself: the server could learn from it that both are one person's. @param {HTMLFormElement} form */
function keepUntold(form) {
  form.replaceWith(filled("told-beside", {}));
}

/** @param {HTMLFormElement} form */
function suggest(form) {
  const lang = open.entries.find((/** @type {any} */ { item }) => item?.opening)?.item.lang;
  const isFilled = Boolean(lang) && fillIn(form.querySelector('select[name="lang"]'), lang);
  if (isFilled && !form.querySelector("[data-suggested]")) form.prepend(filled("told-suggested", {}));
}

/** @param {Element | null} select @param {string} value @returns {boolean} it said nothing so far, and has this choice */
function fillIn(select, value) {
  if (!(select instanceof HTMLSelectElement) || select.value !== "" || ![...select.options].some((one) => one.value === value)) return false;
  select.value = value;
  return true;
}

/**
 * Somebody is asked to look at what stands in this lane: the server's own form, with those alone who can open it. @param {boolean} inNotes
 */
export function askToLook(inNotes) {
  const part = byId("told").querySelector("details[data-mention]");
  const select = part?.querySelector("select");
  if (!(part instanceof HTMLDetailsElement) || !select) return;
  for (const option of select.options) option.hidden = option.disabled = option.value !== "" && option.value.startsWith("notes:") !== inNotes;
  if (select.selectedOptions[0]?.disabled) select.value = [...select.options].find(({ disabled }) => !disabled)?.value ?? "";
  part.open = true;
  select.focus();
}

/** @param {string} name of a day's fields in what can be told @param {string} day YYYY-MM-DD @returns {boolean} there are such fields, and they hold the day now */
export function fillDay(name, day) {
  const [year, month, date] = day.split("-");
  const fields = ["day", "month", "year"].map((part) => byId("told").querySelector(`input[name="${name}-${part}"]`));
  if (!fields.every((one) => one instanceof HTMLInputElement)) return false;
  [date, month, year].forEach((value, i) => (/** @type {HTMLInputElement} */ (fields[i]).value = String(Number(value))));
  fields[0].closest("details")?.setAttribute("open", "");
  fields[0].focus();
  return true;
}

/** Take it off the page. */
export function putAwayTold() {
  open = null;
  byId("told").replaceChildren();
}

/** Whoever opened what a colleague works on reads it, and writes once they have taken it over. Their own notes stay open to everybody. */
export function suit() {
  const isTaken = byId("told").querySelector("[data-taken]") !== null;
  for (const part of all("#threads [data-writing]")) part.hidden = isTaken;
  for (const said of all("#threads [data-read-only]")) said.hidden = !isTaken;
  const taking = byId("told").querySelector('form[action$="/take"]');
  if (open && taking instanceof HTMLFormElement) {
    if (open.lane === "union" && open.beside) keepUntold(taking);
    else suggest(taking);
  }
  for (const button of all("form[data-claim] button, [data-taken] button", byId("told"))) button.dataset.key = "c";
  for (const button of all('form[action$="/take"] .buttons button', byId("told"))) button.dataset.key = "a";
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
