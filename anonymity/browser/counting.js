/**
 * Beside a box with a limit: how many characters are left. The limit itself stands in the page, so without this script
 * nothing is missing. It says so aloud only when somebody has stopped typing, near the limit or beyond it.
 */

const PAUSE_MS = 1200;
const NEAR = 0.1;

/** As the server counts them: characters, not bytes; white space at the ends is not kept. */
export function counted(/** @type {string} */ text) {
  return [...text.normalize("NFC").trim()].length;
}

/** @returns {string} "Characters left: 12", or how many too many there are */
export function told(/** @type {number} */ left, /** @type {{left: string, over: string}} */ words) {
  return left >= 0 ? `${words.left} ${left}` : `${words.over} ${-left}`;
}

/** Whether what is left is worth interrupting somebody for. */
export function isNear(/** @type {number} */ left, /** @type {number} */ most) {
  return left <= most * NEAR;
}

/** @param {HTMLFormElement} form with `data-left` and `data-over` */
export function watch(form) {
  const words = { left: form.dataset.left ?? "", over: form.dataset.over ?? "" };
  const aloud = form.ownerDocument.createElement("div");
  aloud.className = "unseen";
  aloud.setAttribute("aria-live", "polite");
  form.append(aloud);
  let waiting = 0;
  for (const box of /** @type {NodeListOf<HTMLTextAreaElement>} */ (form.querySelectorAll("[data-most]"))) {
    const most = Number(box.dataset.most);
    const seen = form.ownerDocument.createElement("p");
    seen.className = "hint count";
    seen.setAttribute("aria-hidden", "true");
    const limit = box.nextElementSibling;
    (limit?.classList.contains("hint") ? limit : box).after(seen);
    const show = () => {
      const left = most - counted(box.value);
      seen.textContent = told(left, words);
      seen.classList.toggle("error", left < 0);
      return left;
    };
    show();
    box.addEventListener("input", () => {
      const left = show();
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        aloud.textContent = isNear(left, most) ? told(left, words) : "";
      }, PAUSE_MS);
    });
  }
}
