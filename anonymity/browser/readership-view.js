/** Changing who can read a thread, on the page of the reporter who came back. */
import { bodyProblem, countText } from "./field.js";
import { all, byId, filled, first, locale, onClick } from "./page.js";
import { tidy } from "./text.js";

/**
 * @typedef {import("./return-page.js").NamedCard} NamedCard
 * @typedef {any} View of the sealing worker
 */

/** @param {{key: string, name: string, cy: string, en: string}} one @param {string} id @param {boolean} [ticked] */
function choice(one, id, ticked = false) {
  const view = filled("reader-choice", { name: one.name, fingerprint: one[locale()] }, id);
  const box = first("input", view);
  box.value = one.key;
  box.checked = ticked;
  return view;
}

/** @param {HTMLElement} root @param {string} part @returns {string[]} the key ids ticked there */
function ticked(root, part) {
  return all(`[data-${part}] input:checked`, root).map(({ value }) => value);
}

/** Nobody of the employer is let in beside a representative who works under them. @param {NamedCard[]} cards @param {View} view */
function notApart(cards, view) {
  const isIn = new Set(view.readers.map((/** @type {any} */ { key }) => key));
  const unions = new Set(cards.filter(({ key, union }) => union && isIn.has(key)).map(({ group }) => group));
  return cards.filter(({ apart }) => !apart.some((group) => unions.has(group)));
}

/**
 * Who reads now, to be dropped, and who could be let in. Whoever has no card any more goes with the next who is dropped: nothing can be
 * sealed to them. In the union's own thread only those of its representatives are offered who were in it once.
 * In a thread that somebody silenced, people can only be dropped.
 * @param {View} view @param {NamedCard[]} cards @param {Map<string, string>} names
 * @param {(change: {add: NamedCard[], drop: string[]}) => Promise<void>} change
 * @returns {DocumentFragment}
 */
export function changeView(view, cards, names, change) {
  const held = new Set(cards.map(({ key }) => key));
  const isIn = new Set(view.readers.map((/** @type {any} */ { key }) => key));
  const was = new Set(view.known.map((/** @type {any} */ { key }) => key));
  const offered = notApart(cards, view).filter(({ key, person }) => view.writable && !isIn.has(key) && !view.left_out.includes(person) && (view.lane === "joint" || was.has(key)));
  const root = filled("change-readers", { others: offered.length > 0, restarts: !view.writable });
  const whole = first(".changes", root);
  const nobody = first("[data-nobody]", root);
  first("[data-stay]", root).append(...view.readers.map((/** @type {any} */ one, /** @type {number} */ i) => choice({ ...one, name: names.get(one.sign) ?? "" }, `stay-${view.lane}-${i}`)));
  onClick(first("[data-drop]", root), async () => {
    const drop = ticked(whole, "stay");
    if (drop.length === 0) return;
    const without = [...isIn].filter((key) => drop.includes(String(key)) || !held.has(String(key)));
    nobody.hidden = without.length < isIn.size;
    if (nobody.hidden) await change({ add: [], drop: without.map(String) });
  });
  if (offered.length === 0) return root;
  first("[data-others]", root).append(...offered.map((one, i) => choice(one, `add-${view.lane}-${i}`)));
  onClick(first("[data-add]", root), async () => {
    const keys = ticked(whole, "others");
    if (keys.length > 0) await change({ add: offered.filter(({ key }) => keys.includes(key)), drop: [] });
  });
  return root;
}

/**
 * @param {HTMLElement} place @param {View} view the union's thread @param {NamedCard[]} cards
 * @param {(share: {readers: NamedCard[], left_out: string[], body: string}) => Promise<void>} share
 */
export function shareView(place, view, cards, share) {
  const isOut = new Set(view.left_out);
  const known = new Set(view.known.map((/** @type {any} */ { key }) => key));
  const offered = notApart(cards, view).filter(({ person, union, key }) => !isOut.has(person) && (!union || known.has(key)));
  place.replaceChildren(filled("share-later", {}));
  first("[data-others]", place).append(...offered.map((one, i) => choice(one, `share-${i}`, true)));
  const text = byId("share-text");
  text.value = view.entries.find((/** @type {any} */ { item }) => item?.opening)?.item.body ?? "";
  countText(text);
  onClick(first("[data-share]", place), async () => {
    const keys = ticked(place, "others");
    const readers = offered.filter(({ key }) => keys.includes(key));
    const body = tidy(text.value);
    const isWrong = readers.length === 0 || bodyProblem(body) !== null;
    first("[data-wrong]", place).hidden = !isWrong;
    if (isWrong) return;
    const left = offered.filter(({ key }) => !keys.includes(key)).map(({ person }) => person);
    await share({ readers, left_out: [...new Set([...view.left_out, ...left])].sort(), body });
  });
}
