/** One signed text in a thread (FORMAT.md section 7): its spelling, its signature, its seal. */
import { ed25519 } from "@noble/curves/ed25519.js";
import { b64u, BODY_LIMIT, cost, exactly, isOpaque, isTidy, join, labelled, must, NAME_LIMIT, read, unb64u, writeBytes } from "./canonical.js";
import { LAST_EPOCH } from "./grant.js";
import { ITEM, openPadded, sealPadded } from "./padding.js";

/**
 * @typedef {{key: string, sign: string}} Granted a reader's key id and public signing key
 * @typedef {{about: {body: string, kind: "system" | "matter", subject: string}, granted: Granted[], left_out: string[], name: string | null}} Opening
 * @typedef {{v: 1, case: string, epoch: number, prev: string, kind: "opening" | "message", from: string, lang: "cy" | "en", day: string,
 *   body: string, files: [], sealed_by: "device" | "server", opening: Opening | null}} Item
 */

const KEYS = ["v", "case", "epoch", "prev", "kind", "from", "lang", "day", "body", "files", "sealed_by", "opening"];
const SIGNATURE_BYTES = 64;
export const NO_PREV = b64u(new Uint8Array(32));

/** @param {Omit<Item, "v" | "from" | "files">} fields @param {Uint8Array} authorSeed Ed25519 @returns {Uint8Array} signature and JSON */
export function writeItem(fields, authorSeed) {
  const item = { ...fields, v: 1, from: b64u(ed25519.getPublicKey(authorSeed)), files: [] };
  checkItem(item);
  const json = writeBytes(item);
  return join(ed25519.sign(labelled("porth:v1:item", json), authorSeed), json);
}

/** @param {Omit<Item, "v" | "from" | "files">} fields @param {Uint8Array} authorSeed @param {string} recipient of the case */
export function sealItem(fields, authorSeed, recipient) {
  return sealPadded(writeItem(fields, authorSeed), ITEM, recipient);
}

/** @param {Uint8Array} content signature and JSON @returns {Item} checked and signed by its own `from`; CannotOpen otherwise */
export function readItem(content) {
  must(content.length > SIGNATURE_BYTES);
  const json = content.subarray(SIGNATURE_BYTES);
  const item = read(json);
  checkItem(item);
  must(verified(content.subarray(0, SIGNATURE_BYTES), json, unb64u(item.from, 32)));
  return item;
}

/** @param {Uint8Array} file @param {Uint8Array} seed of the case at the item's epoch @returns {Promise<Item>} or CannotOpen */
export async function openItem(file, seed) {
  return readItem(await openPadded(file, ITEM, seed));
}

/** @param {Uint8Array} signature @param {Uint8Array} json @param {Uint8Array} from */
function verified(signature, json, from) {
  try {
    return ed25519.verify(signature, labelled("porth:v1:item", json), from, { zip215: false });
  } catch {
    return false;
  }
}

/** @param {any} item @returns {void} */
function checkItem(item) {
  exactly(item, KEYS);
  must(item.v === 1 && Number.isInteger(item.epoch) && item.epoch <= LAST_EPOCH);
  unb64u(item.case, 16);
  unb64u(item.prev, 32);
  unb64u(item.from, 32);
  must(["cy", "en"].includes(item.lang) && ["device", "server"].includes(item.sealed_by));
  must(isDay(item.day) && isText(item.body, BODY_LIMIT));
  must(Array.isArray(item.files) && item.files.length === 0);
  must(item.kind === "opening" || (item.kind === "message" && item.opening === null));
  if (item.kind === "opening") checkOpening(item.opening);
}

/** @param {any} opening */
function checkOpening(opening) {
  exactly(opening, ["about", "granted", "left_out", "name"]);
  exactly(opening.about, ["body", "kind", "subject"]);
  must(isOpaque(opening.about.body) && isOpaque(opening.about.subject) && ["system", "matter"].includes(opening.about.kind));
  checkGranted(opening.granted);
  must(Array.isArray(opening.left_out) && opening.left_out.length <= 24);
  must(opening.left_out.every((/** @type {unknown} */ id) => isOpaque(id, 32)) && ascending(opening.left_out));
  must(opening.name === null || isText(opening.name, NAME_LIMIT));
}

/** @param {any} granted */
function checkGranted(granted) {
  must(Array.isArray(granted) && granted.length >= 1 && granted.length <= 20);
  for (const one of granted) {
    exactly(one, ["key", "sign"]);
    unb64u(one.key, 32);
    unb64u(one.sign, 32);
  }
  must(ascending(granted.map(({ key }) => key)));
}

/** @param {string[]} texts */
function ascending(texts) {
  return texts.every((text, i) => i === 0 || texts[i - 1] < text);
}

/** @param {unknown} text @param {number} limit */
function isText(text, limit) {
  return isTidy(text) && text.length > 0 && cost(text) <= limit;
}

/** @param {unknown} day @returns {boolean} a day of the calendar, 2000 to 2999 */
function isDay(day) {
  if (typeof day !== "string" || !/^2\d{3}-\d{2}-\d{2}$/.test(day)) return false;
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.valueOf()) && date.toISOString().slice(0, 10) === day;
}
