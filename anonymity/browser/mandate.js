/**
 * A mandate: who may act for a member, for what, until when. It is text of the union's own thread, in lines with fixed words, so that the
 * representatives' device knows it again; sent and signed like anything else there. The server learns nothing of it.
 */
import { all, byId, dayInWords, embedded, filled, first, locale, onClick, settings, tellProblems } from "./page.js";
import { tidyName } from "./text.js";

/** @typedef {{who: string, what: string, until: string} | {back: true}} Mandate until: YYYY-MM-DD */

const DAY = /\((\d{4}-\d\d-\d\d)\)$/;

/** The member's part, above their answer to the union. @param {HTMLElement} root of the union's thread */
export function offerMandate(root) {
  const field = root.querySelector("textarea");
  if (!field || !document.getElementById("mandate")) return;
  (field.closest(".field") ?? field).before(filled("mandate", {}));
  const part = first("[data-mandate]", root);
  onClick(first("[data-give]", part), () => {
    const until = untilTyped();
    const who = tidyName(byId("mandate-who").value);
    const what = [...all("input:checked", part).map(({ value }) => words()[`power-${value}`]), tidyName(byId("mandate-else").value)].filter(Boolean).join("; ");
    const wrong = [!who && "who", !what && "what", !until && "until"].filter((one) => typeof one === "string");
    tellProblems(part, wrong);
    if (wrong.length) return;
    const { title, ...said } = words();
    append(field, [title, `${said.who}: ${who}`, `${said.what}: ${what}`, `${said.until}: ${dayInWords(until)} (${until})`].join("\n"));
  });
  onClick(first("[data-take-back]", part), () => append(field, words().back));
}

/** @returns {Record<string, string>} */
function words() {
  return embedded("mandate-words")[locale()];
}

/** @returns {string} the day typed, today or later; "" for none */
function untilTyped() {
  const [day, month, year] = ["mandate-until", "mandate-until-month", "mandate-until-year"].map((id) => byId(id).value.trim());
  const iso = `${year.padStart(4, "0")}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const date = new Date(`${iso}T12:00:00Z`);
  const isDay = /^\d{4}-\d\d-\d\d$/.test(iso) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso);
  return isDay && iso >= String(settings().day) ? iso : "";
}

/** Below what was begun, to be read and changed before it is sent. @param {HTMLTextAreaElement} field @param {string} text */
function append(field, text) {
  field.value = field.value.trim() ? `${field.value.trimEnd()}\n\n${text}` : text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

/** @param {any} view of the union's thread @returns {Mandate | null} the last that its opener wrote in a genuine message */
export function mandateIn(view) {
  const own = view.entries.flatMap((/** @type {any} */ { item }) => (item && item.from === view.opener ? [item.body] : []));
  return own.reverse().map(read).find(Boolean) ?? null;
}

/** @param {string} body @returns {Mandate | null} */
function read(body) {
  const lines = body.split("\n");
  for (const said of Object.values(embedded("mandate-words"))) {
    const at = lines.lastIndexOf(said.title);
    const after = (/** @type {string} */ name, /** @type {number} */ n) => (lines[at + n]?.startsWith(`${said[name]}: `) ? lines[at + n].slice(said[name].length + 2) : "");
    const until = at < 0 ? null : DAY.exec(after("until", 3));
    if (lines.lastIndexOf(said.back) > at) return { back: true };
    if (until && after("who", 1) && after("what", 2)) return { who: after("who", 1), what: after("what", 2), until: until[1] };
  }
  return null;
}
