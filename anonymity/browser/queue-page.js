/**
 * Lists of people who work on many cases: keyboard shortcuts, off until somebody turns them on, and remembered in this browser alone. The
 * lists and their help pages work the same without it.
 *
 * A page that has them links to its help: a[data-keys]. Rows: #rows (tables of links), or #queue (lines of the desk of concerns). The digits
 * press the links in lines of .lanes; any other key presses, or goes to, the first [data-key=KEY] that is shown.
 */
const KEPT = "porth-keys";
const ASSIGN = "assign";
const ROW_LINK = "#rows tbody tr th a, #queue [data-case]";

/** @returns {boolean} whether this browser uses the shortcuts */
function areOn() {
  try {
    return localStorage.getItem(KEPT) === "on";
  } catch {
    return false;
  }
}

/** @param {boolean} on */
function turn(on) {
  try {
    if (on) localStorage.setItem(KEPT, "on");
    else localStorage.removeItem(KEPT);
  } catch {
    // a browser that keeps nothing: the shortcuts stay off
  }
}

/** The help page: say how it stands, and let it be changed. */
function prepareHelp() {
  const said = document.getElementById("keys");
  const buttons = document.getElementById("keys-buttons");
  if (!said || !buttons) return;
  const show = () => {
    said.textContent = (areOn() ? said.dataset.on : said.dataset.off) ?? "";
  };
  said.setAttribute("role", "status");
  buttons.hidden = false;
  document.getElementById("keys-on")?.addEventListener("click", () => (turn(true), show()));
  document.getElementById("keys-off")?.addEventListener("click", () => (turn(false), show()));
  show();
}

/** @returns {HTMLElement[]} the links of the rows, in their order */
const links = () => [...document.querySelectorAll(ROW_LINK)].filter(isShown);

/** @param {any} element */
function isShown(element) {
  return element.getClientRects().length > 0;
}

/** @returns {number} in which row the focus is; -1 for none */
const place = () => links().findIndex((one) => one.closest("tr, li")?.contains(document.activeElement));

/** @param {number} step */
function move(step) {
  const all = links();
  const from = place();
  const to = from < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(from + step, 0), all.length - 1);
  all[to]?.focus();
}

/** Select the row that has the focus, or take it out again. */
function select() {
  const row = links()[place()]?.closest("tr, li");
  const box = row?.querySelector("input[type=checkbox]");
  if (box instanceof HTMLInputElement) box.checked = !box.checked;
}

/** @param {any} wanted what takes words is written in, anything else is pressed */
function press(wanted) {
  if (wanted.matches("textarea, select, input")) wanted.focus();
  else wanted.click();
}

/** @returns {(() => void) | undefined} give those that are selected to somebody: what would happen is shown first */
function assign() {
  const act = document.querySelector("#several select[name=act]");
  if (!(act instanceof HTMLSelectElement) || !isShown(act) || !document.querySelector("#several input[name=case]:checked")) return undefined;
  return () => {
    act.value = ASSIGN;
    act.form?.requestSubmit();
  };
}

/** @type {Record<string, () => void>} what a key does in a list; Enter opens the link that has the focus by itself */
const KEYS = { j: () => move(1), k: () => move(-1), x: select };

/** @param {string} key @returns {(() => void) | undefined} */
function actOf(key) {
  if (KEYS[key] && links().length > 0) return KEYS[key];
  const forSelected = key === "a" ? assign() : undefined;
  if (forSelected) return forSelected;
  const nth = "123456789".indexOf(key);
  const named = key === "?" ? "a[data-keys]" : `[data-key="${CSS.escape(key)}"]`;
  const wanted = nth >= 0 ? [...document.querySelectorAll(".lanes li a")].filter(isShown)[nth] : [...document.querySelectorAll(named)].find(isShown);
  return wanted ? () => press(wanted) : undefined;
}

/** @param {KeyboardEvent} event @returns {boolean} whether somebody is writing, or means another key */
function isOther(event) {
  const at = event.target;
  const writes = at instanceof HTMLElement && at.matches("textarea, select, input:not([type=checkbox]), [contenteditable]");
  return writes || event.ctrlKey || event.altKey || event.metaKey || event.isComposing;
}

document.addEventListener("keydown", (event) => {
  if (!areOn() || isOther(event) || !document.querySelector("#rows, #queue")) return;
  const act = actOf(event.key);
  if (!act) return;
  event.preventDefault();
  act();
});
prepareHelp();
