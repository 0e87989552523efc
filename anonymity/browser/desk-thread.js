/**
 * A concern at the desk: its thread, the notes beside it that this reader is in, answers with files, and below each who reads it, the
 * way out of it, and its export. What is shown is what the sealing worker found genuine (threadview.js). Contract: desk.js.
 */
import { prepareExport } from "./desk-export.js";
import { besideOf, remember, whatIsKnown } from "./desk-list.js";
import { changed, prepareReaders } from "./desk-readers.js";
import { offerPairs } from "./desk-replies.js";
import { askToLook, fillDay, suggestFrom, suit, toldAnew } from "./desk-told.js";
import { Busy, Unsure } from "./errors.js";
import { bodyProblem, countText } from "./field.js";
import { savedName } from "./files.js";
import { mandateIn } from "./mandate.js";
import { getOctets, getSignedIn, postSignedIn } from "./network.js";
import { all, byId, dayInWords, filled, first, focusOn, locale, onClick, setProgress, settings, tellProblems, working } from "./page.js";
import { tidy } from "./text.js";
import { hasArrived, hasChanged, namesIn, threadView } from "./threadview.js";
import { putAwayFile, showFile } from "./viewer.js";

/**
 * @typedef {import("./unlocking.js").Unlocked} Unlocked
 * @typedef {{key: string, sign: string, recipient: string, person: string, name: string, state: "confirmed" | "unconfirmed" | "ended", side: string}} Card
 * @typedef {{isCurrent: () => boolean, leave: () => unknown, sent: (caseId: string) => void, draft: Record<string, string>,
 *   told: Promise<void>, open: (caseId: string) => unknown}} Around told: what was told about it stands beside it
 * @typedef {{own: Unlocked, caseId: string, key: string, view: any, value: any, cards: Map<string, Card>, around: Around, refresh: () => Promise<void>}} Opened key:
 *   its name on the page
 */

const TRIES = 3;
const TAKEN = [200, 201];
const UNLISTED = "unlisted-system";

/**
 * Fetch, open and show a concern with its notes.
 * @param {Unlocked} own @param {string} caseId @param {Around} around @returns {Promise<boolean>} it is on the page
 */
export async function showThread(own, caseId, around) {
  putAwayThread();
  const opened = await working(() => openThread(own, caseId, around));
  if (!opened || !around.isCurrent()) return false;
  byId("threads").replaceChildren(wholeView(opened), ...besideOf(caseId).map((id) => besideView(id, around)));
  wire(opened);
  remember(caseId, opened.view);
  if (!isNotes(opened.view)) await working(() => showNotes(opened));
  await around.told;
  if (around.isCurrent()) suggestFrom(opened.view);
  return around.isCurrent();
}

/** Take the concern off the page. */
export function putAwayThread() {
  putAwayFile();
  byId("threads").replaceChildren();
  byId("notes").replaceChildren();
}

/** @returns {Record<string, string>} what was typed and not sent, by the id of its field */
export function takeDraft() {
  const fields = all("textarea[id]", byId("threads")).concat(all("textarea[id]", byId("notes")));
  return Object.fromEntries(fields.filter(({ value }) => value).map(({ id, value }) => [id, value]));
}

/** The union's thread of the same reporter, below the one with everybody: opened by hand, so that nobody sees the two asked for together. @param {string} id @param {Around} around */
function besideView(id, around) {
  const { title = "", lang = locale() } = whatIsKnown(id) ?? {};
  const view = first("p", filled("beside-thread", { title }));
  first('[data-slot="title"]', view).lang = lang;
  onClick(first("button", view), () => around.open(id));
  return view;
}

/** @param {any} view */
function isNotes({ lane }) {
  return lane.endsWith("-notes");
}

/** @param {string} caseId @returns {string} */
export function addressOf(caseId) {
  return `${settings().concerns}/${encodeURIComponent(caseId)}`;
}

/** @param {Unlocked} own @param {string} caseId @returns {Promise<{view: any, value: any}>} */
export async function fetchThread({ sealing }, caseId) {
  const { status, value } = await getSignedIn(`${addressOf(caseId)}/thread`);
  if (status !== 200 || value.case !== caseId) throw new Error("no thread");
  return { view: await sealing.openThread(value, caseId), value };
}

/** @param {Unlocked} own @param {string} caseId @param {Around} around @returns {Promise<Opened>} */
async function openThread(own, caseId, around) {
  const { view, value } = await fetchThread(own, caseId);
  return openedFrom(own, view, value, around);
}

/** @param {Unlocked} own @param {any} view @param {any} value @param {Around} around @param {string} [key] @returns {Opened} */
function openedFrom(own, view, value, around, key = view.lane) {
  /** @type {Opened} */
  const opened = { own, caseId: value.case, key, view, value, cards: cardsIn(value), around, refresh: () => refresh(opened) };
  return opened;
}

/** @param {any} value @returns {Map<string, Card>} */
export function cardsIn(value) {
  return new Map(value.readers.map((/** @type {Card} */ card) => [card.key, card]));
}

/** Fetch it again and put it in the place where it stands; what is typed there stays. @param {Opened} opened */
async function refresh(opened) {
  const { view, value } = await fetchThread(opened.own, opened.caseId);
  if (!opened.around.isCurrent()) return;
  const place = placeOf(opened);
  Object.assign(opened.around.draft, takeDraft());
  Object.assign(opened, { view, value, cards: cardsIn(value) });
  place.replaceWith(wholeView(opened));
  wire(opened);
  if (!isNotes(view)) remember(opened.caseId, view);
  suit();
}

/** @param {Opened} opened @returns {HTMLElement} the thread's part of the page */
function placeOf({ key }) {
  return first(`[data-thread="${key}"]`);
}

/** @param {Opened} opened @returns {HTMLElement} thread and what its readers can do with it */
function wholeView(opened) {
  const { view, value, key } = opened;
  const act = {
    reply: (/** @type {any} */ text, /** @type {any[]} */ files) => reply(opened, text, files),
    openFile: (/** @type {any} */ entry) => openFile(opened, entry),
  };
  const root = threadView(view, namesIn(value), act, value, key);
  first("h2", root).after(filled("ink", { [view.lane]: true }), ...mandateView(view));
  const kept = { may_hold: value.may_hold && !isNotes(view), held: value.held, unheld: !value.held };
  const unlisted = view.about?.subject === UNLISTED && !isNotes(view);
  first("[data-more]", root).append(filled("desk-more", { [view.lane]: true, writable: view.writable, unlisted, ...kept }, key));
  return root;
}

/** @param {any} view @returns {Node[]} what the member allows their union, as their own last word on it */
function mandateView(view) {
  const found = view.lane === "union" ? mandateIn(view) : null;
  if (!found) return [];
  if ("back" in found) return [filled("mandate-shown", { back: true })];
  const shown = filled("mandate-shown", { given: true, ...found, until: dayInWords(found.until), over: found.until < String(settings().day) });
  const elsewhere = first("[data-elsewhere]", shown);
  onClick(first("[data-fill]", shown), () => (elsewhere.hidden = fillDay("mandate_until", found.until)));
  return [shown];
}

/** @param {Opened} opened a thread that stands on the page */
function wire(opened) {
  const place = placeOf(opened);
  for (const field of all("textarea[id]", place)) {
    field.value = opened.around.draft[field.id] ?? "";
    if (document.getElementById(`${field.id}-left`)) countText(field);
  }
  prepareReaders(opened, place);
  prepareExport(opened, place);
  if (!isNotes(opened.view)) offerPairs(place, opened.view, opened.key);
  for (const button of all("button[data-hold]", place)) onClick(button, () => hold(opened));
  for (const button of all("button[data-ask-to-look]", place)) onClick(button, () => askToLook(isNotes(opened.view)));
}

/** @param {Opened} opened @param {any} entry of `files` */
async function openFile({ own, caseId, around }, entry) {
  const sealed = await getOctets(`${addressOf(caseId)}/files/${encodeURIComponent(entry.blob)}`);
  const { octets } = await own.sealing.openFile(caseId, entry.blob, sealed, { onProgress: setProgress });
  setProgress(null);
  if (around.isCurrent()) showFile(octets, { name: savedName(entry), said: entry.original ?? entry.name });
}

/** @param {Opened} opened @param {any} text @param {any[]} chosen files @returns {Promise<"sent" | "failed">} */
async function reply(opened, text, chosen) {
  const { own, caseId, around } = opened;
  if (isNotes(opened.view)) await dropOutsiders(opened);
  const files = await sealFiles(own, caseId, chosen);
  await untilPlaced(opened, () => own.sealing.reply(caseId, { ...text, files }), "items", (view) => Boolean(view) && hasArrived(view, opened.view, { ...text, files }));
  around.sent(caseId);
  const field = first("textarea[id]", placeOf(opened));
  field.value = "";
  delete around.draft[field.id];
  await refreshed(opened);
  if (!isNotes(opened.view)) await toldAnew(caseId, around.isCurrent);
  if (around.isCurrent()) tell(opened, '[data-sent=""]');
  return "sent";
}

/**
 * Who reads the thread beside no more reads nothing that is written in its notes from now on: first a new epoch begins without them.
 * @param {Opened} opened notes
 */
async function dropOutsiders({ own, caseId, view: { beside } }) {
  await fetchThread(own, beside.case);
  const { view, value } = await fetchThread(own, caseId);
  const gone = { add: [], drop: view.outside };
  if (gone.drop.length === 0) return;
  const notes = { own, caseId, view, cards: cardsIn(value) };
  await untilPlaced(notes, () => changed(notes, gone), "readers", (now) => Boolean(now) && hasChanged(now, gone));
  await fetchThread(own, caseId);
}

/** @param {Unlocked} own @param {string} caseId @param {any[]} chosen @returns {Promise<any[]>} their entries, once all have arrived */
async function sealFiles({ sealing }, caseId, chosen) {
  const entries = [];
  for (const [i, file] of chosen.entries()) {
    const onProgress = (/** @type {number} */ share) => setProgress((i + share) / chosen.length);
    const { entry, frame } = await sealing.sealFile(caseId, file, { onProgress });
    const { status } = await postSignedIn(`${addressOf(caseId)}/files`, frame);
    if (status !== 201) throw new Error("not taken");
    entries.push(entry);
  }
  setProgress(null);
  return entries;
}

/**
 * Sign and send; if somebody else wrote meanwhile, fetch, sign and send again.
 * @param {{own: Unlocked, caseId: string}} where @param {() => Promise<string>} make @param {"items" | "readers"} what
 * @param {(view: any) => boolean} [arrived] whether an earlier try, whose answer was lost, stands in the thread; asked with null where the reader is out of it
 */
export async function untilPlaced({ own, caseId }, make, what, arrived = () => false) {
  for (let tried = 0; tried < TRIES; tried++) {
    const { status } = await answerOf(postSignedIn(`${addressOf(caseId)}/${what}`, await make()));
    if (TAKEN.includes(status) || (status === 404 && arrived(null))) return;
    if (status !== 409) break;
    if (arrived((await fetchThread(own, caseId)).view)) return;
  }
  throw new Error("not placed");
}

/** @template T @param {Promise<T>} asked @returns {Promise<T>} */
function answerOf(asked) {
  return asked.catch((error) => {
    throw error instanceof Busy ? error : new Unsure();
  });
}

/** What was sent stands, whether or not the thread can be fetched again at once: then it stays on the page as it was. @param {Opened} opened */
export function refreshed(opened) {
  return opened.refresh().catch(() => {});
}

/** @param {Opened} opened @param {string} selector of what is said */
export function tell(opened, selector) {
  const said = first(selector, placeOf(opened));
  said.hidden = false;
  focusOn(said);
}

/** @param {Opened} opened */
async function hold(opened) {
  await working(async () => {
    const { status } = await postSignedIn(`${addressOf(opened.caseId)}/hold`, JSON.stringify({ held: !opened.value.held, v: 1 }));
    if (!TAKEN.includes(status)) throw new Error("not held");
    await refreshed(opened);
  });
}

/**
 * The notes of this reader's side: shown where there are some that open, begun by the first who writes. There may be several, where somebody was not
 * let into what others had begun; what does not open is not shown.
 * @param {Opened} beside
 */
async function showNotes(beside) {
  const { own, caseId, around, value } = beside;
  const asked = await own.sealing.notesLookUps(caseId);
  const wanted = asked.find((/** @type {any} */ { lane }) => lane === `${value.side}-notes`);
  if (!wanted) return;
  const { status, value: found } = await postSignedIn(`${settings().concerns}/lookup`, wanted.json);
  /** @type {Opened[]} */
  const lanes = [];
  for (const one of status === 200 ? found.lanes : []) {
    const view = await own.sealing.openThread(one, one.case).catch(() => null);
    if (view?.lane === wanted.lane) lanes.push(openedFrom(own, view, one, around, [wanted.lane, ...(lanes.length ? [lanes.length + 1] : [])].join("-")));
  }
  if (!around.isCurrent()) return;
  if (lanes.length === 0) return showBeginning(beside, wanted.lane, status === 200);
  byId("notes").replaceChildren(...lanes.map(wholeView));
  lanes.forEach(wire);
  remember(caseId, beside.view, lanes.flatMap(({ view }) => view.entries.map((/** @type {any} */ { item }) => item?.body ?? "")).join("\n"));
}

/** @param {Opened} beside @param {string} lane @param {boolean} anew there are some, but none that opens */
function showBeginning(beside, lane, anew) {
  byId("notes").replaceChildren(filled("begin-notes", { [lane]: true }, lane));
  const place = first(`[data-thread="${lane}"]`, byId("notes"));
  const field = first("textarea", place);
  field.value = beside.around.draft[field.id] ?? "";
  countText(field);
  onClick(first("button[data-begin]", place), async () => {
    const body = tidy(field.value);
    const wrong = bodyProblem(body);
    tellProblems(place, wrong ? [wrong] : []);
    if (!wrong) await working(() => beginNotes(beside, lane, body, anew));
  });
}

/** @param {Opened} beside @param {string} lane @param {string} body @param {boolean} anew */
async function beginNotes(beside, lane, body, anew) {
  const { own, caseId, cards, view, value, around } = beside;
  const ofSide = (/** @type {any} */ { key }) => cards.get(key)?.side === value.side && cards.get(key)?.state !== "ended";
  const readers = view.readers.filter(ofSide).map((/** @type {any} */ { key }) => cards.get(key));
  const text = { lang: locale(), day: String(settings().day), body };
  const made = await own.sealing.beginNotes(caseId, { lane, readers, ...text });
  around.draft[`reply-${lane}`] = body;
  const { status } = await answerOf(postSignedIn(`${settings().concerns}/notes${anew ? "?anew=yes" : ""}`, made.json));
  if (status !== 201 && status !== 409) throw new Error("not begun");
  if (status === 201) delete around.draft[`reply-${lane}`];
  await showNotes(beside);
  await toldAnew(caseId, around.isCurrent);
  if (!around.isCurrent()) return;
  const said = first(`[data-thread="${lane}"]`, byId("notes")).querySelector('[data-sent=""]');
  if (!(said instanceof HTMLElement)) return;
  said.hidden = status !== 201;
  focusOn(status === 201 ? said : first("h2", byId("notes")));
}
