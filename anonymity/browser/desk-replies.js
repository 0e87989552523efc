/**
 * Replies that a side has agreed in both languages, put into the answer in the language that the reporter writes. The server hands out all
 * of them at once, so it does not learn which is used where.
 */
import { getSignedIn } from "./network.js";
import { all, filled, first, onClick, settings, tellProblems } from "./page.js";

/** @typedef {{id: string, for: string, name: string, cy: string, en: string}} Pair */

/** @type {Promise<Pair[]> | null} */
let asked = null;

/** @returns {Promise<Pair[]>} those that two people of one's side have agreed */
export function fetchPairs() {
  asked ??= getSignedIn(`${settings().concerns}/replies/ready`).then(
    ({ status, value }) => {
      if (status !== 200) throw new Error("no replies");
      return value.pairs;
    },
  );
  asked.catch(() => (asked = null));
  return asked;
}

/** They are asked for again, when somebody may have agreed others. */
export function forgetPairs() {
  asked = null;
}

/** @param {any} view @returns {"cy" | "en"} the language of whoever began the thread */
export function languageOf(view) {
  return view.entries.find((/** @type {any} */ { item }) => item?.opening)?.item.lang === "cy" ? "cy" : "en";
}

/** @param {HTMLElement} select @param {{id: string, for: string, name: string}[]} pairs */
export function fillPairs(select, pairs) {
  for (const { id, for: purpose, name } of pairs) {
    const option = document.createElement("option");
    option.value = id;
    option.textContent = `${name} (${purpose})`;
    select.append(option);
  }
}

/** Offer them where an answer is written. @param {HTMLElement} root of a thread @param {any} view @param {string} key its name on the page */
export async function offerPairs(root, view, key) {
  const writing = root.querySelector("[data-writing]");
  if (!writing) return;
  const lang = languageOf(view);
  const pairs = await fetchPairs().catch(() => null);
  const part = first("details", filled("reply-pairs", { some: Boolean(pairs?.length), none: pairs?.length === 0, failed: pairs === null, [lang]: true }, key));
  writing.prepend(part);
  const select = part.querySelector("select");
  if (!pairs || !select) return;
  fillPairs(select, pairs);
  const chosen = () => pairs.find(({ id }) => id === select.value);
  const shown = first("[data-shown]", part);
  shown.lang = lang;
  select.addEventListener("change", () => (shown.textContent = chosen()?.[lang] ?? ""));
  onClick(first("button", part), () => {
    const pair = chosen();
    tellProblems(part, pair ? [] : ["no-pair"]);
    if (pair) use(root, key, pair[lang], lang);
  });
}

/** Below what was begun: nothing that somebody typed goes. @param {HTMLElement} root @param {string} key @param {string} text @param {string} lang */
function use(root, key, text, lang) {
  const field = first(`#reply-${key}`, root);
  field.value = field.value.trim() ? `${field.value.trimEnd()}\n\n${text}` : text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  for (const radio of all(`input[name="reply-lang-${key}"]`, root)) radio.checked = radio.value === lang;
  field.focus();
}
