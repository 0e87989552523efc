/**
 * A file of a thread, looked at without trusting it. What it is, its own first bytes say, never its name or what the sender called it.
 * Pictures and text are shown in a frame that may do nothing (no script, no origin, no forms); sound and film in the browser's own
 * player; everything else, PDF and office files too, is only handed out. HTML and SVG are text here.
 */
import { byId, filled, first, focusOn, onClick } from "./page.js";

/** @typedef {"picture" | "text" | "sound" | "film" | "other"} Shown */

/** First bytes, at a place, of what may be shown, and the one type that its blob gets. @type {[Shown, string, number, string][]} */
const KNOWN = [
  ["picture", "image/jpeg", 0, "\xff\xd8\xff"],
  ["picture", "image/png", 0, "\x89PNG\r\n\x1a\n"],
  ["picture", "image/webp", 8, "WEBP"],
  ["sound", "audio/mp4", 4, "ftypM4A"],
  ["film", "video/mp4", 4, "ftyp"],
  ["sound", "audio/mpeg", 0, "ID3"],
];
const LONGEST_TEXT = 4 * 1024 * 1024;

/** @param {Uint8Array} bytes @returns {{shown: Shown, type: string}} */
export function lookAt(bytes) {
  const starts = (/** @type {number} */ at, /** @type {string} */ text) => [...text].every((letter, i) => bytes[at + i] === letter.charCodeAt(0));
  const known = KNOWN.find(([, , at, text]) => starts(at, text));
  if (known?.[1] === "image/webp" && !starts(0, "RIFF")) return { shown: "other", type: "application/octet-stream" };
  if (known) return { shown: known[0], type: known[1] };
  if (bytes[0] === 0xff && (bytes[1] & 0xe6) === 0xe2) return { shown: "sound", type: "audio/mpeg" };
  if (starts(0, "%PDF-") || !isText(bytes)) return { shown: "other", type: "application/octet-stream" };
  return { shown: "text", type: "text/plain;charset=utf-8" };
}

/** @param {Uint8Array} bytes */
function isText(bytes) {
  if (bytes.length > LONGEST_TEXT) return false;
  try {
    // eslint-disable-next-line no-control-regex
    return !/[\u0000-\u0008\u000e-\u001f]/.test(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return false;
  }
}

/** @type {string[]} addresses of what is on the page now */
let addresses = [];

/**
 * Show a file in `#viewer`. Whoever wants it on the device as a file asks for that besides, under a warning.
 * @param {Uint8Array} bytes @param {{name: string, said: string}} file name: the neutral one that it is saved under; said: what the page calls it
 */
export function showFile(bytes, { name, said }) {
  putAwayFile();
  const { shown, type } = lookAt(bytes);
  const view = filled("viewer-file", { name: said, [shown]: true });
  const place = view.querySelector(`[data-shows="${shown}"]`);
  const address = keep(new Blob([/** @type {BlobPart} */ (bytes)], { type }));
  if (place instanceof HTMLIFrameElement || place instanceof HTMLMediaElement) place.src = address;
  if (place instanceof HTMLIFrameElement) place.title = said;
  onClick(first("[data-download]", view), () => download(bytes, name));
  onClick(first("[data-close]", view), putAwayFile);
  byId("viewer").replaceChildren(view);
  byId("viewer").hidden = false;
  focusOn(first("h2, h3", byId("viewer")));
}

/** Take the file off the page and out of reach of its address. */
export function putAwayFile() {
  byId("viewer").replaceChildren();
  byId("viewer").hidden = true;
  for (const address of addresses) URL.revokeObjectURL(address);
  addresses = [];
}

/** @param {Blob} blob */
function keep(blob) {
  const address = URL.createObjectURL(blob);
  addresses.push(address);
  return address;
}

/** Hand bytes out as a file; the browser never opens them by itself. @param {Uint8Array | Blob} bytes @param {string} name */
export function download(bytes, name) {
  const link = document.createElement("a");
  link.href = keep(new Blob([/** @type {BlobPart} */ (bytes)], { type: "application/octet-stream" }));
  link.download = name;
  link.rel = "noopener";
  document.body.append(link);
  link.click();
  link.remove();
}
