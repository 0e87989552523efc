/**
 * Looking for words in what this device has opened since the keys were unlocked. The server has no text to search, and is asked nothing.
 */
import { allKnown } from "./desk-list.js";
import { byId, filled, first, onClick } from "./page.js";

const LONGEST_PIECE = 80;

/** @param {(caseId: string) => unknown} open */
export function prepareSearch(open) {
  const search = () => show(byId("search-words").value, open);
  onClick(byId("search-go"), search);
  byId("search-words").addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    search();
  });
}

/** Take the words and what was found off the page. */
export function putAwaySearch() {
  byId("search-words").value = "";
  byId("found").replaceChildren();
  byId("search-said").replaceChildren();
}

/** @param {string} typed @param {(caseId: string) => unknown} open */
function show(typed, open) {
  const words = folded(typed).split(/\s+/).filter(Boolean);
  const all = allKnown();
  const hits = words.length ? all.filter(([, one]) => holds(one, words)) : [];
  byId("found").replaceChildren(
    ...hits.map(([id, { title, lang, text, notes }]) => {
      const line = first("li", filled("found-line", { title, piece: piece(`${text}\n${notes}`, words[0]) }));
      for (const slot of line.querySelectorAll("[data-slot]")) slot.lang = lang;
      onClick(first("button", line), () => open(id));
      return line;
    }),
  );
  byId("search-said").replaceChildren(filled("search-result", { found: hits.length, opened: all.length, empty: words.length === 0, some: words.length > 0 }));
}

/** @param {{text: string, notes: string}} one @param {string[]} words */
function holds({ text, notes }, words) {
  const whole = folded(`${text}\n${notes}`);
  return words.every((word) => whole.includes(word));
}

/** @param {string} text @returns {string} for comparing: no capitals, no accents */
function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** @param {string} text @param {string} word @returns {string} what stands around it */
function piece(text, word) {
  const line = text.split("\n").find((one) => folded(one).includes(word)) ?? text;
  const place = Math.max(folded(line).indexOf(word), 0);
  const from = Math.max(place - LONGEST_PIECE / 2, 0);
  return `${from > 0 ? "… " : ""}${line.slice(from, from + LONGEST_PIECE)}${line.length > from + LONGEST_PIECE ? " …" : ""}`;
}
