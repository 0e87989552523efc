/**
 * A thread on the page: the same for the reporter who returns and for a reader at the desk. Only genuine items have text; for
 * every other one the page says what is wrong with it. What is shown is the sealing worker's View (sealing.js).
 */
import { bodyProblem, countText } from "./field.js";
import { FileList } from "./files.js";
import { byId, chosenLanguage, dayInWords, filled, first, focusOn, locale, onClick, settings, tellProblems, working } from "./page.js";
import { sizeInWords } from "./sizes.js";
import { tidy } from "./text.js";

/**
 * @typedef {any} View of the sealing worker
 * @typedef {{lang: "cy" | "en", day: string, body: string}} Text
 * @typedef {Map<string, string>} Names what the page calls an author, by public signing key
 * @typedef {(entry: any) => Promise<unknown>} OpenFile fetches, opens and shows a file that an item names
 * @typedef {(text: Text, files: import("./files.js").Chosen[]) => Promise<"sent" | "failed">} Reply
 */

/**
 * @param {View} view
 * @param {Names} names
 * @param {{reply: Reply, openFile: OpenFile}} act
 * @param {{expires?: string | null, held?: boolean, state?: string, asks?: string, late?: string}} [kept] as the delivery says: the last day of the thread, and for
 *   a reporter what the portal itself asks
 * @param {string} [key] names it on the page
 * @returns {HTMLElement} the thread, from `<template id="thread">`
 */
export function threadView(view, names, act, kept = {}, key = view.lane) {
  const shown = { [view.lane]: true, named: Boolean(view.name), unnamed: view.name === null && !view.lane.endsWith("notes"), name: view.name ?? "" };
  const held = { held: kept.held === true, until: Boolean(kept.expires) && kept.held !== true, expires: kept.expires ? dayInWords(kept.expires) : "" };
  const said = kept.asks === undefined ? {} : { unanswered: kept.state === "new", over: kept.state === "closed", asks30: kept.asks === "30", asks90: kept.asks === "90", late: kept.late === "1" };
  const root = first("[data-thread]", filled("thread", { ...shown, ...held, ...said, writable: view.writable, unwritable: !view.writable }, key));
  first("[data-readers]", root).append(...view.readers.map((/** @type {any} */ reader) => readerLine(reader, names, reader.sign === view.own)));
  first("[data-entries]", root).append(...view.entries.map((/** @type {any} */ entry) => entryView(entry, view, names, act.openFile)));
  if (view.writable) prepareReply(root, key, act.reply);
  return root;
}

/** @param {any} reader @param {Names} names @param {boolean} mine */
function readerLine(reader, names, mine) {
  const name = names.get(reader.sign);
  return filled("thread-reader", { known: Boolean(name), name: name ?? "", mine, fingerprint: reader[locale()] });
}

/** @param {any} entry @param {View} view @param {Names} names @param {OpenFile} openFile */
function entryView({ verdict, item }, view, names, openFile) {
  if (!item) return filled("entry-problem", { [verdict]: true });
  const author = view.known.find((/** @type {any} */ one) => one.sign === item.from);
  const name = names.get(item.from) ?? "";
  const isMine = item.from === view.own;
  const isReporter = item.from === view.opener && !isMine && !view.lane.endsWith("notes");
  const entry = filled("entry", {
    ...{ mine: isMine, reporter: isReporter, known: name !== "" && !isMine && !isReporter, name },
    ...{ unknown: name === "" && !isMine && !isReporter, fingerprint: author ? author[locale()] : "" },
    ...{ device: item.sealed_by === "device", server: item.sealed_by === "server", day: dayInWords(item.day) },
    ...{ said: item.body !== "", body: item.body, readers: item.kind === "readers", files: item.files.length > 0 },
  });
  const body = entry.querySelector('[data-slot="body"]');
  if (body instanceof HTMLElement) body.lang = item.lang;
  if (item.kind === "readers") first("[data-now]", entry).append(...item.readers.granted.map((/** @type {any} */ one) => nowLine(one, view, names)));
  if (item.files.length > 0) first("[data-files]", entry).append(...item.files.map((/** @type {any} */ file) => fileLine(file, openFile)));
  return entry;
}

/** @param {{sign: string}} one @param {View} view @param {Names} names */
function nowLine({ sign }, view, names) {
  const reader = view.known.find((/** @type {any} */ known) => known.sign === sign) ?? { sign, [locale()]: "" };
  return readerLine(reader, names, sign === view.own);
}

/** @param {any} file @param {OpenFile} openFile */
function fileLine(file, openFile) {
  const line = filled("thread-file", { name: file.original ?? file.name, size: sizeInWords(file.bytes) });
  onClick(first("button[data-open]", line), () => working(() => openFile(file)));
  return line;
}

/** @param {HTMLElement} root @param {string} key @param {Reply} reply */
function prepareReply(root, key, reply) {
  const field = first("textarea", root);
  const files = root.querySelector("[data-add-files]") ? new FileList(first("[data-add-files]", root)) : null;
  onClick(first("button[data-reply]", root), async () => {
    const body = tidy(field.value);
    const chosen = files?.chosen() ?? [];
    const wrong = chosen.length > 0 && body === "" ? null : bodyProblem(body, chosen.length);
    const problems = [wrong, files?.busy && "files-busy"].filter((one) => typeof one === "string");
    tellProblems(root, problems);
    if (problems.length > 0) return;
    await working(async () => {
      const lang = chosenLanguage(`reply-lang-${key}`);
      if ((await reply({ lang, day: String(settings().day), body }, chosen)) !== "sent") throw new Error("not sent");
    });
  });
}

/**
 * Whether this very message came to stand in the thread after what is on the page: then an earlier try arrived, and only its answer was lost.
 * @param {View} view as it is now @param {View} shown as it is on the page @param {{body: string, files: any[]}} text @returns {boolean}
 */
export function hasArrived(view, shown, { body, files }) {
  const sizes = (/** @type {any[]} */ list) => list.map(({ bytes }) => bytes).sort().join();
  const isIt = (/** @type {any} */ { item }) => item?.from === view.own && item.readers === null && item.body === body && sizes(item.files) === sizes(files);
  return view.entries.slice(shown.entries.length).some(isIt);
}

/** @param {View} view as it is now @param {{add: {key: string}[], drop: (string | undefined)[]}} change @returns {boolean} it stands: there is nothing left to do */
export function hasChanged(view, { add, drop }) {
  const isIn = new Set(view.readers.map((/** @type {any} */ { key }) => key));
  return add.every(({ key }) => isIn.has(key)) && !drop.some((key) => isIn.has(key));
}

/** @param {any} value a delivery; `readers` in it, if given, say what the page calls whose keys the server knows @returns {Names} */
export function namesIn(value) {
  return new Map((value.readers ?? []).map((/** @type {any} */ { sign, name }) => [String(sign), String(name)]));
}

/** Put views on the page in place of what was there. @param {string} id @param {HTMLElement[]} views */
export function showThreads(id, views) {
  byId(id).replaceChildren(...views);
  for (const view of views) {
    const field = view.querySelector("textarea");
    if (field) countText(field);
  }
}

/** Say that a reply has gone, and take the reader there. @param {string} id of the container @param {string} lane @param {string} [what] data-sent's value */
export function showSent(id, lane, what = "") {
  const view = first(`[data-thread="${lane}"]`, byId(id));
  const said = first(`[data-sent="${what}"]`, view);
  said.hidden = false;
  focusOn(said);
}

