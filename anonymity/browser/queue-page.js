/**
 * The list of access requests: keyboard shortcuts, off until somebody turns them on, and remembered in this browser alone. The list
 * and its help page work the same without it.
 */
const KEPT = "porth-keys";
const ROW = "#rows tbody tr";

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
const links = () => [...document.querySelectorAll(`${ROW} th a`)].map((one) => /** @type {HTMLElement} */ (one));

/** @returns {number} in which row the focus is; -1 for none */
const place = () => links().findIndex((one) => one.closest("tr")?.contains(document.activeElement));

/** @param {number} step */
function move(step) {
  const all = links();
  const from = place();
  const to = from < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(from + step, 0), all.length - 1);
  all[to]?.focus();
}

/** Select the row that has the focus, or take it out again. */
function select() {
  const row = links()[place()]?.closest("tr");
  const box = row?.querySelector("input[type=checkbox]");
  if (box instanceof HTMLInputElement) box.checked = !box.checked;
}

/** @type {Record<string, () => void>} what a key does; Enter opens the link that has the focus by itself */
const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  x: select,
  "?": () => {
    const help = document.querySelector("a[data-keys]");
    if (help instanceof HTMLAnchorElement) location.assign(help.href);
  },
};

/** @param {KeyboardEvent} event @returns {boolean} whether somebody is writing, or means another key */
function isOther(event) {
  const at = event.target;
  const writes = at instanceof HTMLElement && at.matches("textarea, select, input:not([type=checkbox]), [contenteditable]");
  return writes || event.ctrlKey || event.altKey || event.metaKey || event.isComposing;
}

document.addEventListener("keydown", (event) => {
  const act = KEYS[event.key];
  if (!act || !areOn() || isOther(event) || !document.querySelector("#rows")) return;
  event.preventDefault();
  act();
});
prepareHelp();
