/**
 * The list at the desk: what the server knows of a line was told to it by a reader; what a concern is about is opened on the device, and
 * only for lines that somebody looks at, a few at a time, so that a long list stays as quick as a short one. Nothing of it is kept
 * longer than the keys are unlocked.
 */
import { Busy } from "./errors.js";
import { getSignedIn } from "./network.js";
import { all, byId, filled, setState, settings } from "./page.js";

/**
 * @typedef {import("./unlocking.js").Unlocked} Unlocked
 * @typedef {{title: string, lang: string, text: string, notes: string, says: string | null, beside: string | null}} Known says: the thread that it says it
 *   stands beside; beside: the same, once that is proved
 */

const LONGEST_TITLE = 90;
const AT_ONCE = 12;

/** @type {Map<string, Known>} what was opened since the keys were unlocked */
const known = new Map();
/** @type {Map<string, any>} first items as they came, for the proof that one thread stands beside another */
const openings = new Map();
/** @type {Set<string>} lines that are on the screen and have no title yet, in the order they came there */
const looked = new Set();
let isOpening = false;
/** @type {() => Unlocked | null} */
let holder = () => null;

const watcher = new IntersectionObserver(
  (seen) => {
    for (const { target, isIntersecting } of seen) {
      const id = String(/** @type {HTMLElement} */ (target).dataset.case);
      if (isIntersecting && !known.has(id)) looked.add(id);
      if (!isIntersecting) looked.delete(id);
    }
    const own = holder();
    if (own) openLooked(own);
  },
  { rootMargin: "200px" },
);

/** @param {() => Unlocked | null} unlocked */
export function prepareList(unlocked) {
  holder = unlocked;
}

/** @returns {HTMLElement[]} the lines of the list, each what opens its concern */
function lines() {
  return all("[data-case]", byId("queue"));
}

/** Show the titles that are known, and open those of the lines on the screen. @param {Unlocked} own */
export function fillTitles(own) {
  watcher.disconnect();
  looked.clear();
  for (const line of lines()) {
    tell(line);
    watcher.observe(line);
  }
  putBeside();
  openLooked(own);
}

/** Take every title off the page. */
export function emptyList() {
  watcher.disconnect();
  known.clear();
  openings.clear();
  looked.clear();
  for (const line of lines()) placeOf(line).textContent = "";
}

/** @returns {[string, Known][]} everything that was opened since the keys were unlocked */
export function allKnown() {
  return [...known];
}

/** Remember what a thread says that has been opened as a whole. @param {string} caseId @param {any} view @param {string} [notes] what those beside it say */
export function remember(caseId, view, notes) {
  const opening = view.entries.find((/** @type {any} */ entry) => entry.item?.opening)?.item;
  if (!opening) return;
  const before = known.get(caseId);
  const text = view.entries.map((/** @type {any} */ { item }) => item?.body ?? "").join("\n");
  known.set(caseId, { ...knownFrom(view, opening), beside: before?.beside ?? null, notes: notes ?? before?.notes ?? "", text });
  tellAll(caseId);
}

/** @param {string} caseId @returns {string[]} threads that stand below this one, as far as they were opened */
export function besideOf(caseId) {
  return [...known].flatMap(([id, { beside }]) => (beside === caseId ? [id] : []));
}

/** @param {string} caseId @returns {Known | undefined} */
export function whatIsKnown(caseId) {
  return known.get(caseId);
}

/** @param {Unlocked} own one batch after the other, as long as something is looked at */
async function openLooked(own) {
  if (isOpening) return;
  isOpening = true;
  try {
    while (looked.size && holder() === own) await openBatch(own, [...looked].slice(0, AT_ONCE));
  } catch (error) {
    looked.clear();
    if (error instanceof Busy && settings().state !== "working") setState("busy");
  } finally {
    isOpening = false;
  }
}

/** @param {Unlocked} own @param {string[]} ids */
async function openBatch(own, ids) {
  const query = ids.map((id) => `case=${encodeURIComponent(id)}`).join("&");
  const { status, value } = await getSignedIn(`${settings().concerns}/openings?${query}`);
  if (status !== 200) throw new Error("no openings");
  for (const id of ids) looked.delete(id);
  for (const delivery of value.openings) {
    const found = await read(own, delivery);
    if (holder() !== own) return;
    if (!found) continue;
    openings.set(delivery.case, delivery);
    known.set(delivery.case, found);
    tellAll(delivery.case);
  }
  await prove(own);
}

/** @param {Unlocked} own @param {any} delivery of the first item alone @returns {Promise<Known | null>} */
async function read({ sealing }, delivery) {
  try {
    const view = await sealing.peekThread(delivery, delivery.case);
    const item = view.entries.find((/** @type {any} */ entry) => entry.item?.opening)?.item;
    return item ? { ...knownFrom(view, item), text: item.body } : null;
  } catch {
    return null;
  }
}

/** @param {any} view @param {any} item its opening */
function knownFrom(view, item) {
  const says = view.lane === "union" && view.beside ? view.beside.case : null;
  return { title: shortened(item.body), lang: item.lang, text: "", notes: "", says, beside: null };
}

/** A union's thread stands below the one with everybody where both were opened here and the first proves it: the server is never asked. @param {Unlocked} own */
async function prove({ sealing }) {
  for (const [id, one] of known) {
    const [own, other] = [openings.get(id), openings.get(one.says ?? "")];
    if (one.beside || !own || !other) continue;
    const view = await sealing.peekThread(own, id, other).catch(() => null);
    if (view?.beside?.holds) one.beside = one.says;
    else one.says = null;
  }
  putBeside();
}

/** Lines of which one stands beside the other stand together, and the second says so. */
function putBeside() {
  for (const line of lines()) {
    const beside = known.get(String(line.dataset.case))?.beside;
    const above = beside && lines().find(({ dataset }) => dataset.case === beside);
    const [row, upper] = [line, above].map((one) => one?.closest("#concerns > li"));
    if (!row || !upper || row.dataset.beside) continue;
    row.dataset.beside = "yes";
    upper.after(row);
    line.append(filled("beside-line", {}));
  }
}

/** @param {string} body @returns {string} its first line, cut between words */
export function shortened(body) {
  const [line] = body.split("\n");
  if (line.length <= LONGEST_TITLE) return line;
  const cut = line.slice(0, LONGEST_TITLE);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), LONGEST_TITLE / 2))} …`;
}

/** @param {string} caseId */
function tellAll(caseId) {
  for (const line of lines()) if (line.dataset.case === caseId) tell(line);
}

/** @param {HTMLElement} line */
function tell(line) {
  const found = known.get(String(line.dataset.case));
  if (!found) return;
  const place = placeOf(line);
  place.textContent = found.title;
  place.lang = found.lang;
}

/** @param {HTMLElement} line @returns {HTMLElement} where its title stands */
function placeOf(line) {
  const place = line.querySelector('[data-slot="title"]');
  if (place instanceof HTMLElement) return place;
  const made = document.createElement("span");
  made.className = "title";
  made.dataset.slot = "title";
  line.prepend(made);
  return made;
}
