/**
 * Page script (logical name `boxes.js`) of the officer's page that cuts a box out of a drawn page. Its contract with the page:
 *
 *   [data-drawing][data-boxes][data-label]   around the picture; the boxes that stand already, as shares of its width and height
 *   #drawing-help[hidden]                    how to draw; shown once drawing works
 *   #left #top #right #bottom                the edges in per cent: the form sends these, drawn or typed
 *
 * One box is drawn at a time, by mouse, finger or pen; from the keyboard it is moved by the arrow keys and sized with Shift.
 */

const STEP = 1;
const NAMES = ["left", "top", "right", "bottom"];

/** @typedef {[number, number, number, number]} Edges left, top, right, bottom in per cent */

/** @param {HTMLElement} place */
function begin(place) {
  const fields = NAMES.map((name) => /** @type {HTMLInputElement} */ (document.getElementById(name)));
  const box = place.appendChild(document.createElement("div"));
  box.className = "box new";
  box.tabIndex = 0;
  box.setAttribute("role", "group");
  for (const edges of JSON.parse(place.dataset.boxes ?? "[]")) show(place.appendChild(old()), edges.map((/** @type {number} */ share) => share * 100));

  const typed = () => /** @type {Edges} */ (fields.map((field) => Number.parseFloat(field.value.replace(",", "."))));
  const follow = () => {
    const edges = typed();
    box.hidden = false;
    show(box, edges.every(Number.isFinite) ? edges : [40, 45, 60, 55]);
    box.setAttribute("aria-label", `${place.dataset.label ?? ""}: ${typed().filter(Number.isFinite).join(", ")}`);
  };
  /** @param {number[]} edges */
  const take = (edges) => {
    edges.forEach((edge, i) => (fields[i].value = String(Math.round(Math.min(100, Math.max(0, edge)) * 10) / 10)));
    follow();
  };

  draw(place, take);
  box.addEventListener("keydown", (event) => {
    const across = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key] ?? 0;
    const down = { ArrowUp: -STEP, ArrowDown: STEP }[event.key] ?? 0;
    if (!across && !down) return;
    event.preventDefault();
    const [left, top, right, bottom] = typed().every(Number.isFinite) ? typed() : [40, 45, 60, 55];
    if (event.shiftKey) take([left, top, Math.max(left + STEP, right + across), Math.max(top + STEP, bottom + down)]);
    else if (left + across >= 0 && right + across <= 100 && top + down >= 0 && bottom + down <= 100) take([left + across, top + down, right + across, bottom + down]);
  });
  for (const field of fields) field.addEventListener("input", follow);
  place.classList.add("live");
  const help = document.getElementById("drawing-help");
  if (help) help.hidden = false;
  follow();
}

/** @param {HTMLElement} place @param {(edges: number[]) => void} take */
function draw(place, take) {
  /** @type {[number, number] | null} */
  let from = null;
  const at = (/** @type {PointerEvent} */ event) => {
    const frame = place.getBoundingClientRect();
    return /** @type {[number, number]} */ ([((event.clientX - frame.left) / frame.width) * 100, ((event.clientY - frame.top) / frame.height) * 100]);
  };
  const to = (/** @type {PointerEvent} */ event) => {
    if (!from) return;
    const [x, y] = at(event);
    take([Math.min(from[0], x), Math.min(from[1], y), Math.max(from[0], x), Math.max(from[1], y)]);
  };
  place.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    from = at(event);
    place.setPointerCapture(event.pointerId);
  });
  place.addEventListener("pointermove", to);
  place.addEventListener("pointerup", (event) => {
    to(event);
    from = null;
  });
  place.addEventListener("pointercancel", () => (from = null));
}

function old() {
  const box = document.createElement("div");
  box.className = "box";
  return box;
}

/** @param {HTMLElement} box @param {number[]} edges */
function show(box, [left, top, right, bottom]) {
  Object.assign(box.style, { left: `${left}%`, top: `${top}%`, width: `${Math.max(0, right - left)}%`, height: `${Math.max(0, bottom - top)}%` });
}

for (const place of document.querySelectorAll("[data-drawing]")) {
  const picture = /** @type {HTMLImageElement} */ (place.querySelector("img"));
  const ready = () => begin(/** @type {HTMLElement} */ (place));
  if (picture.complete) ready();
  else picture.addEventListener("load", ready, { once: true });
}
