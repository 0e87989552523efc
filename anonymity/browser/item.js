/** One signed text in a thread (FORMAT.md section 7): its spelling, its signature, its seal. */
import { ed25519 } from "@noble/curves/ed25519.js";
import { ascending, b64u, exactly, isOpaque, join, labelled, must, read, unb64u, writeBytes } from "./canonical.js";
import { FILE_TYPES, LARGEST_FILE, MOST_FILES } from "./classes.js";
import { RECIPIENT_BYTES } from "./age.js";
import { TooLong } from "./errors.js";
import { LAST_EPOCH } from "./grant.js";
import { ITEM, openPadded, sealPadded } from "./padding.js";
import { BODY_LIMIT, cost, isTidy, NAME_LIMIT } from "./text.js";

/**
 * @typedef {{key: string, sign: string}} Granted a reader's key id and public signing key
 * @typedef {{body: string, kind: "system" | "matter", subject: string}} About
 * @typedef {{about: About, beside: import("./beside.js").Beside | null, granted: Granted[], left_out: string[], name: string | null, return: string | null}} Opening
 * @typedef {{granted: Granted[], left_out: string[], recipient: string}} Readers from here on; recipient: hash of the case recipient
 * @typedef {{blob: string, bytes: number, hash: string, name: string, original: string | null, type: string}} FileEntry
 * @typedef {{v: 1, case: string, epoch: number, prev: string, kind: "opening" | "message" | "readers", from: string, lang: "cy" | "en",
 *   day: string, body: string, files: FileEntry[], sealed_by: "device" | "server", opening: Opening | null, readers: Readers | null}} Item
 * @typedef {Omit<Item, "v" | "from" | "sealed_by">} Fields what a writer says
 */

const KEYS = ["v", "case", "epoch", "prev", "kind", "from", "lang", "day", "body", "files", "readers", "sealed_by", "opening"];
const SIGNATURE_BYTES = 64;
const NEUTRAL_NAME = /^[a-z0-9][a-z0-9-]{0,39}\.[a-z0-9]{2,4}$/;
export const NO_PREV = b64u(new Uint8Array(32));

/** @param {Fields & {sealed_by?: "server"}} fields @param {Uint8Array} authorSeed Ed25519 @returns {Uint8Array} signature and JSON */
export function writeItem(fields, authorSeed) {
  const item = { sealed_by: "device", ...fields, v: 1, from: b64u(ed25519.getPublicKey(authorSeed)) };
  if (textCost(item) > BODY_LIMIT) throw new TooLong();
  checkItem(item);
  const json = writeBytes(item);
  return join(ed25519.sign(labelled("porth:v1:item", json), authorSeed), json);
}

/** @param {Fields} fields @param {Uint8Array} authorSeed @param {string} recipient of the case @returns {Uint8Array} */
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

/** @param {Uint8Array} file @param {Uint8Array} seed of the case at the item's epoch @returns {Item} or CannotOpen */
export function openItem(file, seed) {
  return readItem(openPadded(file, ITEM, seed));
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
  must(["opening", "message", "readers"].includes(item.kind) && isDay(item.day));
  checkFiles(item.files);
  const mayBeEmpty = item.kind === "readers" || (item.kind === "message" && item.files.length > 0);
  must((isText(item.body, BODY_LIMIT) || (mayBeEmpty && item.body === "")) && textCost(item) <= BODY_LIMIT);
  must(item.kind !== "readers" || item.prev !== NO_PREV);
  must((item.opening !== null) === (item.kind === "opening") && (item.readers !== null) === (item.kind === "readers"));
  if (item.kind === "opening") checkOpening(item.opening);
  if (item.kind === "readers") checkReaders(item);
}

/** @param {{body: string, files: FileEntry[]}} item @returns {number} what body and files take of the limit that they share */
export function textCost({ body, files }) {
  return cost(body) + files.reduce((sum, file) => sum + writeBytes(file).length + 1, 0);
}

/** @param {any} files */
function checkFiles(files) {
  must(Array.isArray(files) && files.length <= MOST_FILES);
  for (const file of files) {
    exactly(file, ["blob", "bytes", "hash", "name", "original", "type"]);
    unb64u(file.blob, 16);
    unb64u(file.hash, 32);
    must(Number.isInteger(file.bytes) && file.bytes >= 1 && file.bytes <= LARGEST_FILE && FILE_TYPES.includes(file.type));
    must(typeof file.name === "string" && NEUTRAL_NAME.test(file.name));
    must(file.original === null || (isText(file.original, NAME_LIMIT) && !file.original.includes("\n")));
  }
  must(new Set(files.map(({ blob }) => blob)).size === files.length);
}

/** @param {any} item of the kind */
function checkReaders({ files, readers }) {
  must(files.length === 0);
  exactly(readers, ["granted", "left_out", "recipient"]);
  checkGranted(readers.granted);
  checkLeftOut(readers.left_out);
  unb64u(readers.recipient, 32);
}

/** @param {any} opening */
function checkOpening(opening) {
  exactly(opening, ["about", "beside", "granted", "left_out", "name", "return"]);
  exactly(opening.about, ["body", "kind", "subject"]);
  must(isOpaque(opening.about.body) && isOpaque(opening.about.subject) && ["system", "matter"].includes(opening.about.kind));
  checkGranted(opening.granted);
  checkLeftOut(opening.left_out);
  must(opening.name === null || isText(opening.name, NAME_LIMIT));
  if (opening.return !== null) unb64u(opening.return, RECIPIENT_BYTES);
  if (opening.beside === null) return;
  exactly(opening.beside, ["case", "proof"]);
  unb64u(opening.beside.case, 16);
  unb64u(opening.beside.proof, 64);
}

/** @param {any} ids */
function checkLeftOut(ids) {
  must(Array.isArray(ids) && ids.length <= 24);
  must(ids.every((/** @type {unknown} */ id) => isOpaque(id, 32)) && ascending(ids));
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
