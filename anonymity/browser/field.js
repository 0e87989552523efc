/** A text field whose limit is counted as the format counts it. */
import { byId, fill } from "./page.js";
import { BODY_LIMIT, cost, tidy } from "./text.js";

/** What a file takes of a text's room, about: its entry stands in the same item (FORMAT.md section 7). */
const ROOM_OF_A_FILE = 460;

/**
 * Keep `#<id>-left` (what is left) and `#<id>-over` (slot `over`) true as somebody types.
 * @param {HTMLTextAreaElement} field @param {() => string} [whole] the whole text that is sealed, where more than the field goes into it
 * @returns {() => void} counts again
 */
export function countText(field, whole = () => tidy(field.value)) {
  const left = byId(`${field.id}-left`);
  const over = byId(`${field.id}-over`);
  const update = () => {
    const rest = BODY_LIMIT - cost(whole());
    left.textContent = Math.max(rest, 0).toLocaleString("en-GB");
    over.hidden = rest >= 0;
    fill(over, { over: -rest });
  };
  field.addEventListener("input", update);
  update();
  return update;
}

/** @param {string} text tidy @param {number} [files] that go with it @returns {"empty" | "long" | null} what is wrong with a body */
export function bodyProblem(text, files = 0) {
  if (text === "") return "empty";
  return cost(text) + files * ROOM_OF_A_FILE > BODY_LIMIT ? "long" : null;
}
