/** A text field whose limit is counted as the format counts it. */
import { BODY_LIMIT, cost, tidy } from "./canonical.js";
import { byId, fill } from "./page.js";

/** Keep `#<id>-left` (what is left) and `#<id>-over` (slot `over`) true as somebody types. @param {HTMLTextAreaElement} field */
export function countText(field) {
  const left = byId(`${field.id}-left`);
  const over = byId(`${field.id}-over`);
  const update = () => {
    const rest = BODY_LIMIT - cost(tidy(field.value));
    left.textContent = String(Math.max(rest, 0));
    over.hidden = rest >= 0;
    fill(over, { over: -rest });
  };
  field.addEventListener("input", update);
  update();
}

/** @param {string} text tidy @returns {"empty" | "long" | null} what is wrong with a body */
export function bodyProblem(text) {
  if (text === "") return "empty";
  return cost(text) > BODY_LIMIT ? "long" : null;
}
