/** Who will be able to read a concern: the list that the page shows is the list that it is sealed to. */
import { must } from "./canonical.js";
import { fingerprint, keyId } from "./fingerprint.js";
import { all, byId, chosen, embedded, fill, first, locale } from "./page.js";

/**
 * @typedef {{key: string, recipient: string, sign: string, person: string, conflict: string | null}} Reader
 * @typedef {{readers: Reader[], left_out: Reader[], lane: "joint" | "union"}} Choice
 */

/** @returns {{about: import("./item.js").Opening["about"], readers: Map<string, Reader>}} the page's cards, each key checked and shown */
export function readCards() {
  const { about, readers } = embedded("readers");
  /** @type {Map<string, Reader>} */
  const cards = new Map(readers.map((/** @type {Reader} */ reader) => [reader.key, reader]));
  for (const reader of cards.values()) must(keyId(reader) === reader.key);
  for (const line of all("[data-reader]")) {
    must(cards.has(line.dataset.reader));
    fill(line, { fingerprint: fingerprint(line.dataset.reader, locale()) });
  }
  return { about, readers: cards };
}

/** @returns {boolean} a union is chosen, and only it is to be told */
export function unionOnly() {
  return chosen("union") !== "" && chosen("scope") === "union";
}

/** Show the lists of readers that go with what is chosen, and say when somebody close to a left-out person is still in. @param {Map<string, Reader>} cards */
export function showReaders(cards) {
  const union = chosen("union");
  for (const group of all("[data-group]")) {
    const when = group.dataset.when;
    const fits = when === "always" || when === union || (when === "no-union" && union === "");
    group.hidden = !fits || (unionOnly() && group.dataset.group !== union);
  }
  const more = document.getElementById("union-more");
  if (more) more.hidden = union === "";
  showConflicts(cards);
}

/** @param {Map<string, Reader>} cards */
function showConflicts(cards) {
  const hint = document.getElementById("conflict-hint");
  if (!hint) return;
  const { readers, left_out } = choice(cards);
  const near = new Set(left_out.map(({ conflict }) => conflict).filter(Boolean));
  const names = readers.filter(({ conflict }) => near.has(conflict)).map(({ key }) => readerName(key));
  hint.hidden = names.length === 0;
  fill(hint, { names: names.join(", ") });
}

/**
 * Who is sent to: everybody in the lists shown whose person is not left out. Left out is who is ticked, also in a list that is put
 * away while only the union is told, but not in the list of a union that was not chosen.
 * @param {Map<string, Reader>} cards @returns {Choice}
 */
export function choice(cards) {
  const union = chosen("union");
  const listed = (/** @type {any[]} */ groups) => groups.flatMap((group) => all("[data-reader]", group));
  const groups = all("[data-group]");
  const card = (/** @type {any} */ line) => /** @type {Reader} */ (cards.get(line.dataset.reader));
  const own = groups.filter(({ dataset }) => !dataset.group.startsWith("union:") || dataset.group === union);
  const left_out = listed(own).filter((line) => first("[data-leave-out]", line).checked).map(card);
  const persons = new Set(left_out.map(({ person }) => person));
  const shown = listed(groups.filter(({ hidden }) => !hidden)).map(card);
  const readers = [...new Map(shown.filter(({ person }) => !persons.has(person)).map((reader) => [reader.key, reader])).values()];
  return { readers, left_out: [...new Map(left_out.map((reader) => [reader.person, reader])).values()], lane: unionOnly() ? "union" : "joint" };
}

/** @param {string} key @returns {string} what the page calls this reader */
export function readerName(key) {
  return first(`[data-reader="${CSS.escape(key)}"] [data-reader-name]`, byId("sealed")).textContent.trim();
}
