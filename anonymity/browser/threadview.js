/**
 * A thread on the page: the same for the reporter who returns and for a reader at the desk. Only genuine items have text; for
 * every other one the page says what is wrong with it.
 */
import { tidy } from "./canonical.js";
import { fingerprint } from "./fingerprint.js";
import { bodyProblem, countText } from "./field.js";
import { byId, chosenLanguage, dayInWords, filled, first, focusOn, locale, onClick, settings, tellProblems, working } from "./page.js";

/**
 * @typedef {import("./thread.js").Thread} Thread
 * @typedef {import("./submission.js").Text} Text
 * @typedef {Map<string, string>} Names what the page calls an author, by public signing key
 */

/**
 * @param {Thread} thread
 * @param {string} own the onlooker's public signing key
 * @param {Names} names
 * @param {(text: Text) => Promise<"sent" | "failed">} reply
 * @returns {HTMLElement} the thread, from `<template id="thread">`
 */
export function threadView(thread, own, names, reply) {
  const opening = thread.entries.find(({ item }) => item?.opening)?.item?.opening ?? null;
  const keys = new Map((opening?.granted ?? []).map(({ key, sign }) => [sign, key]));
  const shown = { [thread.lane]: true, named: Boolean(opening?.name), unnamed: opening?.name === null, name: opening?.name ?? "" };
  const view = first("[data-thread]", filled("thread", shown, thread.lane));
  first("[data-readers]", view).append(...[...keys].map(([sign, key]) => readerLine(sign, key, names, sign === own)));
  first("[data-entries]", view).append(...thread.entries.map((entry) => entryView(entry, thread, own, names, keys)));
  prepareReply(view, thread.lane, reply);
  return view;
}

/** @param {string} sign @param {string} key @param {Names} names @param {boolean} mine */
function readerLine(sign, key, names, mine) {
  const name = names.get(sign);
  return filled("thread-reader", { known: Boolean(name), name: name ?? "", mine, fingerprint: fingerprint(key, locale()) });
}

/** @param {import("./thread.js").Entry} entry @param {Thread} thread @param {string} own @param {Names} names @param {Map<string, string>} keys */
function entryView({ verdict, item }, thread, own, names, keys) {
  if (!item) return filled("entry-problem", { [verdict]: true });
  const key = keys.get(item.from);
  const name = names.get(item.from) ?? "";
  const view = filled("entry", {
    ...{ mine: item.from === own, reporter: item.from === thread.opener && item.from !== own, known: name !== "" && item.from !== own, name },
    ...{ unknown: name === "" && item.from !== own && item.from !== thread.opener, fingerprint: key ? fingerprint(key, locale()) : "" },
    ...{ device: item.sealed_by === "device", server: item.sealed_by === "server", day: dayInWords(item.day), body: item.body },
  });
  first('[data-slot="body"]', view).lang = item.lang;
  return view;
}

/** @param {HTMLElement} view @param {string} lane @param {(text: Text) => Promise<"sent" | "failed">} reply */
function prepareReply(view, lane, reply) {
  const field = first("textarea", view);
  onClick(first("button[data-reply]", view), async () => {
    const body = tidy(field.value);
    const wrong = bodyProblem(body);
    tellProblems(view, wrong ? [wrong] : []);
    if (wrong) return;
    await working(async () => {
      const lang = chosenLanguage(`reply-lang-${lane}`);
      if ((await reply({ lang, day: String(settings().day), body })) !== "sent") throw new Error("not sent");
    });
  });
}

/** @param {any} value a delivery; `readers` in it, if given, say what the page calls whose keys the server knows @returns {Names} */
export function namesIn(value) {
  return new Map((value.readers ?? []).map((/** @type {any} */ { sign, name }) => [String(sign), String(name)]));
}

/** Put views on the page in place of what was there. @param {string} id @param {HTMLElement[]} views */
export function showThreads(id, views) {
  byId(id).replaceChildren(...views);
  for (const view of views) countText(first("textarea", view));
}

/** Say that a reply has gone, and take the reader there. @param {string} id of the container @param {string} lane */
export function showSent(id, lane) {
  const view = first(`[data-thread="${lane}"]`, byId(id));
  const said = first("[data-sent]", view);
  said.hidden = false;
  focusOn(said);
}
