/**
 * The list at the desk: all that the server knows is a week and a state; what a concern is about is opened on the device, and only
 * for lines that somebody looks at, a few at a time, so that a long list stays as quick as a short one.
 */
import { Busy } from "./errors.js";
import { getSignedIn } from "./network.js";
import { all, byId, fill, filled, first, onClick, setState, settings, working } from "./page.js";

/** @typedef {import("./unlocking.js").Unlocked} Unlocked */

const LONGEST_TITLE = 90;
const AT_ONCE = 12;

/** @type {Map<string, {title: string, lang: string}>} what was opened since the keys were unlocked */
const titles = new Map();
/** @type {Set<string>} lines that are on the screen and have no title yet, in the order they came there */
const looked = new Set();
let isOpening = false;
/** @type {() => Unlocked | null} */
let holder = () => null;

const watcher = new IntersectionObserver(
  (seen) => {
    for (const { target, isIntersecting } of seen) {
      const id = String(/** @type {HTMLElement} */ (target).dataset.case);
      if (isIntersecting && !titles.has(id)) looked.add(id);
      if (!isIntersecting) looked.delete(id);
    }
    const own = holder();
    if (own) openLooked(own);
  },
  { rootMargin: "200px" },
);

/** @param {(caseId: string) => unknown} open @param {() => Unlocked | null} unlocked */
export function prepareList(open, unlocked) {
  holder = unlocked;
  onClick(byId("more"), more);
  byId("more").hidden = !byId("more").dataset.next;
  byId("concerns").addEventListener("click", (/** @type {Event} */ event) => {
    const button = event.target instanceof Element ? event.target.closest("button[data-case]") : null;
    if (button instanceof HTMLButtonElement && !button.disabled) open(String(button.dataset.case));
  });
}

/** Show the titles that are known, and open those of the lines on the screen. @param {Unlocked} own */
export function fillTitles(own) {
  for (const line of all("button[data-case]", byId("concerns"))) {
    tell(line);
    watcher.observe(line);
  }
  openLooked(own);
}

/** Take every title off the page. */
export function emptyList() {
  watcher.disconnect();
  titles.clear();
  looked.clear();
  for (const line of all("button[data-case]", byId("concerns"))) fill(line, { title: "" });
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
    const found = await titleOf(own, delivery);
    if (holder() !== own) return;
    if (!found) continue;
    titles.set(delivery.case, found);
    all(`button[data-case="${CSS.escape(delivery.case)}"]`, byId("concerns")).forEach(tell);
  }
}

/** @param {Unlocked} own @param {any} delivery of the first item alone @returns {Promise<{title: string, lang: string} | null>} */
async function titleOf({ sealing }, delivery) {
  try {
    const { entries } = await sealing.peekThread(delivery, delivery.case);
    const item = entries.find((/** @type {any} */ entry) => entry.item?.opening)?.item;
    return item ? { title: shortened(item.body), lang: item.lang } : null;
  } catch {
    return null;
  }
}

/** @param {string} body @returns {string} its first line, cut between words */
export function shortened(body) {
  const [line] = body.split("\n");
  if (line.length <= LONGEST_TITLE) return line;
  const cut = line.slice(0, LONGEST_TITLE);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), LONGEST_TITLE / 2))} …`;
}

/** @param {any} line */
function tell(line) {
  const known = titles.get(line.dataset.case);
  if (!known) return;
  const place = first('[data-slot="title"]', line);
  place.textContent = known.title;
  place.lang = known.lang;
}

/** The next lines, below those that are there. */
async function more() {
  const button = byId("more");
  await working(async () => {
    const { status, value } = await getSignedIn(`${settings().concerns}/lines?after=${encodeURIComponent(button.dataset.next ?? "")}`);
    if (status !== 200) throw new Error("no lines");
    for (const { key, ...line } of value.lines) byId("concerns").append(lineOf(key, line));
    button.dataset.next = value.next ?? "";
    button.hidden = !value.next;
    const own = holder();
    if (own) fillTitles(own);
  });
}

/** @param {string} id @param {Record<string, string>} line */
function lineOf(id, { body, week, state }) {
  const view = filled("line", { body, week, [state]: true });
  first("button[data-case]", view).dataset.case = id;
  return view;
}
