/** Who will be able to read a concern: the list that the page shows is the list that it is sealed to. */
import { all, byId, chosen, embedded, fill, first, locale, PageBroken } from "./page.js";

/**
 * @typedef {{key: string, recipient: string, sign: string, person: string, conflict: string | null}} Reader
 * @typedef {{lane: "joint" | "union", readers: Reader[]}} LaneReaders
 * @typedef {{lanes: LaneReaders[], left_out: Reader[]}} Choice the first lane carries the concern; a second is for the union alone
 */

/**
 * @param {any} sealing the worker: it computes each key id again
 * @returns {Promise<{about: {body: string, kind: string, subject: string}, readers: Map<string, Reader>}>} each key checked and shown
 */
export async function readCards(sealing) {
  const { about, readers } = embedded("readers");
  const named = await sealing.fingerprints(readers);
  /** @type {Map<string, Reader>} */
  const cards = new Map(readers.map((/** @type {Reader} */ reader) => [reader.key, reader]));
  const words = new Map(named.map((/** @type {any} */ one) => [one.key, one[locale()]]));
  for (const key of cards.keys()) if (!words.has(key)) throw new PageBroken("a key is not what the page says");
  for (const line of all("[data-reader]")) {
    if (!cards.has(line.dataset.reader)) throw new PageBroken("a reader without a key");
    fill(line, { fingerprint: String(words.get(line.dataset.reader)) });
  }
  return { about, readers: cards };
}

/** @returns {boolean} a union is chosen, and only it is to be told */
export function unionOnly() {
  return chosen("union") !== "" && chosen("scope") === "union";
}

/** Show what goes with what is chosen, and say when somebody close to a left-out person is still in. @param {Map<string, Reader>} cards */
export function showReaders(cards) {
  const union = chosen("union");
  for (const group of all("[data-group]")) {
    const { when } = group.dataset;
    const fits = when === "always" || when === union || (when === "no-union" && union === "");
    group.hidden = !fits || (unionOnly() && group.dataset.group !== union);
  }
  for (const line of all("[data-apart]")) line.hidden = readsApart(line, union);
  for (const part of all("[data-with]")) {
    part.hidden = union === "" || (part.dataset.with === "beside" && unionOnly());
    if (part.hidden && part.dataset.with === "beside") for (const radio of all("input[type=radio]:checked", part)) choose(radio.name, "nobody");
  }
  showConflicts(cards);
}

/** Nobody of the employer reads beside a branch whose representative works under them. @param {any} line @param {string} union */
function readsApart(line, union) {
  return (line.dataset.apart ?? "").split(" ").filter(Boolean).includes(union);
}

/** @param {string} name of radios @param {string} value to choose */
function choose(name, value) {
  first(`input[name="${name}"][value="${value}"]`).checked = true;
}

/** @param {Map<string, Reader>} cards @returns {Reader[]} who is still in and close to somebody left out */
function nearLeftOut(cards) {
  const { lanes, left_out } = choice(cards);
  const near = new Set(left_out.map(({ conflict }) => conflict).filter(Boolean));
  return lanes[0].readers.filter(({ conflict }) => near.has(conflict));
}

/** @param {Map<string, Reader>} cards */
function showConflicts(cards) {
  const hint = byId("conflict-hint");
  const names = nearLeftOut(cards).map(({ key }) => readerName(key));
  hint.hidden = names.length === 0;
  fill(hint, { names: names.join(", ") });
}

/** Leave out everybody who is close to somebody left out, as the page proposes. @param {Map<string, Reader>} cards */
export function leaveOutNear(cards) {
  for (const { key } of nearLeftOut(cards)) first("[data-leave-out]", lineOf(key)).checked = true;
  showReaders(cards);
}

/**
 * Who is sent to: everybody in the lists shown whose person is not left out. Left out is who is ticked, also in a list that is put
 * away while only the union is told, but not in the list of a union that was not chosen.
 * @param {Map<string, Reader>} cards @returns {Choice}
 */
export function choice(cards) {
  const union = chosen("union");
  const listed = (/** @type {any[]} */ groups) => groups.flatMap((group) => all("[data-reader]", group));
  const card = (/** @type {any} */ line) => /** @type {Reader} */ (cards.get(line.dataset.reader));
  const groups = all("[data-group]").filter(({ dataset }) => !dataset.group.startsWith("union:") || dataset.group === union);
  const left_out = listed(groups).filter((line) => first("[data-leave-out]", line).checked).map(card);
  const persons = new Set(left_out.map(({ person }) => person));
  const sent = (/** @type {(group: any) => boolean} */ fits) => once(listed(groups.filter(fits)).filter((line) => !readsApart(line, union)).map(card).filter(({ person }) => !persons.has(person)));
  const own = sent(({ dataset }) => dataset.group === union);
  const everybody = sent(({ hidden }) => !hidden);
  /** @type {LaneReaders[]} */
  const lanes = unionOnly() ? [{ lane: "union", readers: own }] : [{ lane: "joint", readers: everybody }];
  if (!unionOnly() && union !== "" && own.length > 0) lanes.push({ lane: "union", readers: own });
  return { lanes, left_out: [...new Map(left_out.map((reader) => [reader.person, reader])).values()] };
}

/** @param {Reader[]} readers */
function once(readers) {
  return [...new Map(readers.map((reader) => [reader.key, reader])).values()];
}

/** @param {string} key @returns {any} */
function lineOf(key) {
  return first(`[data-reader="${CSS.escape(key)}"]`, byId("sealed"));
}

/** @param {string} key @returns {string} what the page calls this reader */
export function readerName(key) {
  return first("[data-reader-name]", lineOf(key)).textContent.trim();
}

/** @param {string} key @returns {string} six words */
export function readerWords(key) {
  return first('[data-slot="fingerprint"]', lineOf(key)).textContent.trim();
}
