/**
 * Who reads a thread, and how that changes: a colleague is let in, somebody leaves by their own hand, somebody who has left the body or
 * the branch is taken out. Every change is an item of the thread, so everybody in it sees who made it. Contract: desk.js.
 */
import { cardsIn, fetchThread, refreshed, tell, untilPlaced } from "./desk-thread.js";
import { all, filled, first, locale, onClick, settings, working } from "./page.js";
import { hasChanged } from "./threadview.js";

/**
 * @typedef {import("./desk-thread.js").Opened} Opened
 * @typedef {import("./desk-thread.js").Card} Card
 * @typedef {import("./unlocking.js").Unlocked} Unlocked
 */

/** @param {Opened} opened @param {HTMLElement} place */
export function prepareReaders(opened, place) {
  const { view, value } = opened;
  const now = new Set(view.readers.map((/** @type {any} */ { key }) => key));
  first("[data-readers]", place).replaceChildren(...view.readers.map((/** @type {any} */ one) => readerLine(opened, one)));
  const earlier = view.known.filter((/** @type {any} */ { key }) => !now.has(key));
  const past = first("[data-earlier]", place);
  past.append(...earlier.map((/** @type {any} */ one) => readerLine(opened, one)));
  first("[data-if-earlier]", place).hidden = earlier.length === 0;
  if (!view.writable) return;
  prepareLettingIn(opened, place, candidates(value.candidates, view));
  prepareLeaving(opened, place);
  for (const button of all("button[data-remove]", place)) onClick(button, () => change(opened, { drop: [button.dataset.remove] }, "[data-removed]"));
}

/** @param {Card[]} cards @param {any} view @returns {Card[]} whom this thread may be opened to: nobody who is in, nobody who is left out */
function candidates(cards, view) {
  const now = new Set(view.readers.map((/** @type {any} */ { key }) => key));
  return cards.filter(({ key, person }) => !now.has(key) && !view.left_out.includes(person));
}

/** @param {Opened} opened @param {any} reader @returns {DocumentFragment} */
function readerLine({ own, view, cards }, reader) {
  const card = cards.get(reader.key);
  const shown = filled("desk-reader", {
    ...{ name: card?.name ?? "", fingerprint: reader[locale()], mine: reader.key === own.key },
    ...{ [card?.state ?? "ended"]: true, removable: view.writable && (card?.state ?? "ended") === "ended" },
  });
  for (const button of all("button[data-remove]", shown)) button.dataset.remove = reader.key;
  return shown;
}

/** @param {Opened} opened @param {HTMLElement} place @param {Card[]} cards */
async function prepareLettingIn(opened, place, cards) {
  const list = first("[data-candidates]", place);
  first("[data-if-none]", place).hidden = cards.length > 0;
  const named = await opened.own.sealing.fingerprints(cards);
  list.append(
    ...cards.map((card, i) => {
      const shown = filled("candidate", { name: card.name, fingerprint: named[i][locale()], [card.state]: true });
      for (const button of all("button", shown)) onClick(button, () => change(opened, { add: [card] }, "[data-let-in]"));
      return shown;
    }),
  );
}

/** @param {Opened} opened @param {HTMLElement} place */
function prepareLeaving(opened, place) {
  const isLast = opened.view.readers.length < 2;
  first("[data-last]", place).hidden = !isLast;
  const button = first("button[data-leave]", place);
  button.hidden = isLast;
  onClick(button, async () => {
    const left = await working(async () => {
      const what = { add: [], drop: [opened.own.key] };
      await untilPlaced(opened, () => changed(opened, what), "readers", (view) => !view || hasChanged(view, what));
      await opened.own.sealing.forget(opened.caseId);
      return true;
    });
    if (left) opened.around.leave();
  });
}

/** @param {Opened} opened @param {{add?: Card[], drop?: (string | undefined)[]}} what @param {string} said */
async function change(opened, what, said) {
  await working(async () => {
    const wanted = { add: what.add ?? [], drop: what.drop ?? [] };
    await untilPlaced(opened, () => changed(opened, wanted), "readers", (view) => Boolean(view) && hasChanged(view, wanted));
    await refreshed(opened);
    tell(opened, said);
  });
}

/**
 * Whoever is taken out takes every key that has ended with them: nobody is granted what comes next with a key that is no longer used.
 * @param {{own: Unlocked, caseId: string, view: any, cards: Map<string, Card>}} opened
 * @param {{add?: Card[], drop?: (string | undefined)[]}} what @returns {Promise<string>}
 */
export function changed({ own, caseId, view, cards }, { add = [], drop = [] }) {
  const ended = view.readers.map((/** @type {any} */ { key }) => key).filter((/** @type {string} */ key) => (cards.get(key)?.state ?? "ended") === "ended");
  const dropped = drop.length ? [...new Set([...drop, ...ended])] : [];
  const text = { lang: locale(), day: String(settings().day), body: "" };
  return own.sealing.changeReaders(caseId, { ...text, add, drop: dropped, left_out: [], cards: [...cards.values()] });
}

/**
 * Open a thread of the list and let somebody in or take a key out, for a run through many.
 * @param {Unlocked} own @param {string} caseId @param {{add?: Card, drop?: string}} what
 */
export async function changeReaders(own, caseId, { add, drop }) {
  const { view, value } = await fetchThread(own, caseId);
  const isIn = (/** @type {string} */ key) => view.readers.some((/** @type {any} */ one) => one.key === key);
  if (add ? isIn(add.key) : !isIn(String(drop))) return;
  const opened = { own, caseId, view, cards: cardsIn(value) };
  await untilPlaced(opened, () => changed(opened, add ? { add: [add] } : { drop: [drop] }), "readers");
  await own.sealing.forget(caseId);
}
