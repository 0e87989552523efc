/**
 * Several concerns answered with one agreed reply: each in its own thread, in its reporter's language, shown before anything is sent. The
 * device opens and seals one after the other; what did not work can be tried again, and what was sent is not sent twice.
 */
import { outdate } from "./desk-parts.js";
import { fetchPairs, fillPairs, forgetPairs, languageOf } from "./desk-replies.js";
import { shortened } from "./desk-list.js";
import { fetchThread, untilPlaced } from "./desk-thread.js";
import { Busy } from "./errors.js";
import { fetchPart } from "./fragments.js";
import { getSignedIn } from "./network.js";
import { all, byId, filled, first, focusOn, onClick, setState, settings, stateOf, tellProblems, working } from "./page.js";
import { hasArrived } from "./threadview.js";

/**
 * @typedef {import("./unlocking.js").Unlocked} Unlocked
 * @typedef {{cy: string, en: string}} Both
 * @typedef {{caseId: string, line: HTMLElement, view: any, lang: "cy" | "en", body: string}} Answer
 * @typedef {{cases: string[], text?: Both | null, said?: Both | null}} Wanted text: what two unions agreed to say; said: how many concerns have this cause
 */

/** @type {Answer[]} those that can be sent */
let ready = [];
/** @type {Wanted} */
let wanted = { cases: [] };
let isStopped = false;

/** @param {Unlocked} own @param {Wanted} given @param {() => boolean} isCurrent */
export async function showAnswers(own, given, isCurrent) {
  putAwayAnswers();
  wanted = given;
  const pairs = await working(() => fetchPairs());
  if (!isCurrent() || !pairs) return;
  const agreed = given.text ? [{ id: "agreed", for: byId("answers-pair").dataset.unions ?? "", name: byId("answers-pair").dataset.agreed ?? "", ...given.text }] : [];
  const all = [...agreed, ...pairs];
  byId("answers-none").hidden = all.length > 0;
  byId("answers-choose").hidden = all.length === 0;
  byId("answers-said").hidden = !given.said;
  fillPairs(byId("answers-pair"), all);
  byId("answers-look").onclick = () => look(own, all.find(({ id }) => id === byId("answers-pair").value), isCurrent);
  byId("answers-send").onclick = () => send(own, isCurrent);
  byId("answers-stop").onclick = () => (isStopped = true);
}

/** Take it off the page. */
export function putAwayAnswers() {
  ready = [];
  isStopped = true;
  forgetPairs();
  byId("answers").replaceChildren();
  byId("answers-pair").replaceChildren(first("option", byId("answers-pair")));
  byId("answers-count").replaceChildren();
  byId("answers-with").checked = false;
  for (const id of ["answers-none", "answers-choose", "answers-progress", "answers-stop", "answers-send"]) byId(id).hidden = true;
}

/** What each would get. @param {Unlocked} own @param {Both | undefined} pair @param {() => boolean} isCurrent */
async function look(own, pair, isCurrent) {
  tellProblems(first('[data-step="answers"]'), pair ? [] : ["no-pair"]);
  if (!pair) return;
  ready = [];
  byId("answers").replaceChildren();
  const said = byId("answers-with").checked && wanted.said;
  const text = { cy: said ? `${pair.cy}\n\n${said.cy}` : pair.cy, en: said ? `${pair.en}\n\n${said.en}` : pair.en };
  await each(wanted.cases, isCurrent, async (caseId) => {
    const answer = await prepare(own, caseId, text);
    if (!isCurrent()) return;
    byId("answers").append(answer.line);
    if (answer.view) ready.push(answer);
  });
  if (!isCurrent()) return;
  byId("answers-send").hidden = ready.length === 0;
  const count = (/** @type {string} */ lang) => ready.filter((one) => one.lang === lang).length;
  byId("answers-count").replaceChildren(filled("answers-counted", { all: ready.length, cy: count("cy"), en: count("en"), out: wanted.cases.length - ready.length }));
  focusOn(byId("answers-count"));
}

/** @param {Unlocked} own @param {string} caseId @param {Both} text @returns {Promise<Answer>} without a view: it cannot be sent, and the line says why */
async function prepare(own, caseId, text) {
  const { view } = await fetchThread(own, caseId).catch((error) => {
    if (error instanceof Busy) throw error;
    return { view: null };
  });
  const isTaken = view ? await isAColleagues(caseId) : false;
  if (view) await own.sealing.forget(caseId);
  const lang = view ? languageOf(view) : "en";
  const opening = view?.entries.find((/** @type {any} */ { item }) => item?.opening)?.item;
  const can = Boolean(view?.writable && opening && !isTaken);
  const reason = { shut: !view, taken: isTaken, unwritable: Boolean(view) && !isTaken && !can };
  const line = first("li", filled("answer-line", { title: opening ? shortened(opening.body) : "", body: text[lang], can, [lang]: can, ...reason }));
  for (const slot of all('[data-slot="title"], [data-slot="body"]', line)) slot.lang = opening?.lang ?? lang;
  return { caseId, line, view: can ? view : null, lang, body: text[lang] };
}

/** @param {string} caseId @returns {Promise<boolean>} a colleague works on it at the moment */
async function isAColleagues(caseId) {
  const { page } = await fetchPart(`${settings().concerns}/${caseId}`);
  return page.querySelector("[data-taken]") !== null;
}

/** @param {Unlocked} own @param {() => boolean} isCurrent */
async function send(own, isCurrent) {
  const left = ready.filter(({ line }) => line.dataset.result !== "done");
  await each(left, isCurrent, async (answer) => {
    const state = await sendOne(own, answer).then(() => "done", stateOf);
    answer.line.dataset.result = state === "done" ? "done" : "failed";
    for (const said of all("[data-result]", answer.line)) said.hidden = said.dataset.result !== answer.line.dataset.result;
    if (state === "busy") throw new Busy();
  });
  outdate();
  if (!isCurrent()) return;
  const done = ready.filter(({ line }) => line.dataset.result === "done").length;
  byId("answers-send").hidden = done === ready.length;
  byId("answers-count").replaceChildren(filled("answers-sent", { done, left: ready.length - done, more: done < ready.length }));
  focusOn(byId("answers-count"));
}

/** @param {Unlocked} own @param {Answer} answer */
async function sendOne(own, { caseId, view, lang, body }) {
  const text = { lang, day: String(settings().day), body, files: [] };
  const now = await fetchThread(own, caseId);
  if (hasArrived(now.view, view, text)) return;
  await untilPlaced({ own, caseId }, () => own.sealing.reply(caseId, text), "items", (found) => Boolean(found) && hasArrived(found, view, text));
  await own.sealing.forget(caseId);
}

/**
 * One after the other, until it is stopped, locked or left.
 * @template T @param {T[]} things @param {() => boolean} isCurrent @param {(thing: T) => Promise<void>} act
 */
async function each(things, isCurrent, act) {
  const [bar, stop] = [byId("answers-progress"), byId("answers-stop")];
  isStopped = false;
  for (const id of ["answers-look", "answers-send"]) byId(id).disabled = true;
  bar.hidden = stop.hidden = false;
  bar.max = things.length;
  bar.value = 0;
  try {
    for (const thing of things) {
      if (isStopped || !isCurrent()) break;
      await act(thing);
      bar.value += 1;
    }
  } catch (error) {
    if (isCurrent()) setState(stateOf(error));
  } finally {
    bar.hidden = stop.hidden = true;
    for (const id of ["answers-look", "answers-send"]) byId(id).disabled = false;
  }
}

/** Where several stand together or can be selected, they can be answered together. @param {(wanted: Wanted) => unknown} answer */
export function offerAnswers(answer) {
  const queue = byId("queue");
  const together = queue.querySelector("[data-threads]");
  const several = queue.querySelector("form#several");
  if (together instanceof HTMLElement) {
    together.after(filled("answer-together", {}));
    onClick(first("[data-answer-all]", queue), () => working(() => ofCollective(String(together.dataset.threads))).then((found) => found && answer(found)));
  } else if (several) {
    several.append(filled("answer-selected", {}));
    onClick(first("[data-answer-all]", several), () => {
      const cases = all("input[name=case]:checked", several).map(({ value }) => value);
      first("[data-none]", several).hidden = cases.length > 0;
      if (cases.length) answer({ cases });
    });
  }
}

/** @param {string} address @returns {Promise<Wanted>} */
async function ofCollective(address) {
  const { status, value } = await getSignedIn(address);
  if (status !== 200) throw new Error("no threads");
  return { cases: value.threads.map((/** @type {{case: string}} */ one) => one.case), text: value.text, said: value.said ?? null };
}
