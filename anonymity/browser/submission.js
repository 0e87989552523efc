/** What goes over the wire (FORMAT.md section 9): a new thread, one more item in a thread, and the questions that find them. */
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { publicHalf, recipientFromSeed } from "./age.js";
import { proveBeside } from "./beside.js";
import { b64u, drawId, must, write } from "./canonical.js";
import { keyId } from "./fingerprint.js";
import { sealGrant } from "./grant.js";
import { NO_PREV, sealItem } from "./item.js";
import { derive } from "./receipt.js";

/**
 * @typedef {import("./fingerprint.js").Card} Card
 * @typedef {import("./item.js").FileEntry} FileEntry
 * @typedef {{lang: "cy" | "en", day: string, body: string, files?: FileEntry[]}} Text tidy, within its limit
 * @typedef {"joint" | "union" | "union-notes" | "employer-notes"} Lane
 * @typedef {{lane: Lane, about: import("./item.js").About, readers: Card[], left_out: string[], name: string | null, beside?: string | null, case?: string}} NewThread
 * @typedef {{locator: string} | {case: string}} Address what finds a thread: the reporter's, or a reader's
 */

export const NOTES = ["union-notes", "employer-notes"];

/**
 * Seal a concern on this device.
 * @param {Uint8Array} code of the receipt
 * @param {NewThread} opening beside: case id of the joint thread of the same code, for a union thread
 * @param {Text} text
 * @returns {string} the submission, canonical
 */
export function makeSubmission(code, opening, text) {
  const { lane } = opening;
  const secrets = { seed: derive(code, `${lane}:identity`), authorSeed: derive(code, `${lane}:author`), locator: derive(code, `${lane}:locator`) };
  const way = { back: b64u(publicHalf(derive(code, `${lane}:return`))), prover: derive(code, "joint:author") };
  return newThread({ ...secrets, ...way }, opening, text);
}

/**
 * @param {import("./thread.js").Thread} thread the one that the notes stand beside, open and with its first epoch
 * @param {string} lane of readers only
 * @returns {Uint8Array} the locator at which all entitled readers look for them; CannotOpen without the first epoch
 */
export function notesLocator(thread, lane) {
  const first = thread.seeds.get(0);
  must(first && NOTES.includes(lane));
  return derive(/** @type {Uint8Array} */ (first), `${lane}:locator`);
}

/**
 * @param {import("./thread.js").Thread} thread that the notes stand beside
 * @param {{authorSeed: Uint8Array, lane: Lane, readers: Card[]}} notes the key of whoever begins them; the readers, all of whom read the thread too
 * @param {Text} text
 * @returns {string} the submission, canonical
 */
export function makeNotes(thread, { authorSeed, lane, readers }, text) {
  const { opening, case: beside, granted, left_out } = thread;
  must(opening && byKey(readers).every(({ key }) => granted.some((one) => one.key === key)));
  const secrets = { seed: crypto.getRandomValues(new Uint8Array(32)), authorSeed, locator: notesLocator(thread, lane), back: null, prover: authorSeed };
  const { about } = /** @type {import("./item.js").Opening} */ (opening);
  return newThread(secrets, { lane, about, readers, left_out, name: null, beside }, text);
}

/**
 * @param {{seed: Uint8Array, authorSeed: Uint8Array, locator: Uint8Array, back: string | null, prover: Uint8Array}} secrets the case identity's seed, who
 *   opens it, what finds it, the return recipient, who proves that it stands beside another
 * @param {NewThread} opening
 * @param {Text} text
 * @returns {string} the submission, canonical
 */
function newThread({ seed, authorSeed, locator, back, prover }, { lane, about, readers, left_out, name, beside = null, case: caseId = drawId() }, text) {
  const author = b64u(ed25519.getPublicKey(authorSeed));
  const recipient = recipientFromSeed(seed);
  const keyed = byKey(readers);
  const granted = keyed.map(({ key, sign }) => ({ key, sign }));
  const proof = beside && proveBeside(prover, { case: beside, own: caseId, opener: author });
  const said = { about, beside: proof, granted, left_out: [...new Set(left_out)].sort(), name, return: back };
  /** @type {import("./item.js").Fields} */
  const item = { ...placed(text), case: caseId, epoch: 0, prev: NO_PREV, kind: "opening", opening: said, readers: null };
  const sealed = onWire(item, authorSeed, recipient);
  const grant = { author, case: caseId, epoch: 0, lane, seed };
  const grants = keyed.map((reader) => ({ file: b64u(sealGrant(grant, reader.recipient)), key: reader.key }));
  return write({ body: about.body, case: caseId, epoch: 0, grants, item: sealed, lane, locator_hash: b64u(sha256(locator)), recipient, v: 1 });
}

/** @param {Card[]} readers @returns {(Card & {key: string})[]} each once, in the order of their key ids */
export function byKey(readers) {
  const keyed = new Map(readers.map(({ recipient, sign }) => [keyId({ recipient, sign }), { recipient, sign }]));
  return [...keyed].map(([key, card]) => ({ ...card, key })).sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** @param {Text} text @returns {Required<Text>} its own members and no others */
export function placed({ lang, day, body, files = [] }) {
  return { lang, day, body, files: files.map(({ blob, bytes, hash, name, original, type }) => ({ blob, bytes, hash, name, original, type })) };
}

/** @param {import("./item.js").Fields} item @param {Uint8Array} authorSeed @param {string} recipient @returns {{file: string, files: string[], id: string, prev: string}} */
export function onWire(item, authorSeed, recipient) {
  const file = b64u(sealItem(item, authorSeed, recipient));
  return { file, files: item.files.map(({ blob }) => blob).sort(), id: drawId(), prev: item.prev };
}

/**
 * @param {Uint8Array} code of the receipt
 * @param {"joint" | "union"} lane
 * @returns {string} the question that finds this lane's thread
 */
export function makeLookup(code, lane) {
  return lookUp(derive(code, `${lane}:locator`));
}

/** @param {Uint8Array} locator @returns {string} */
export function lookUp(locator) {
  return write({ locator: b64u(locator), v: 1 });
}

/**
 * One more item in a thread that is open.
 * @param {import("./thread.js").Thread} thread
 * @param {Address} address
 * @param {Uint8Array} authorSeed
 * @param {Text} text
 * @returns {string} the reply, canonical
 */
export function makeReply(thread, address, authorSeed, text) {
  const { case: caseId, epoch, head, recipient, writable } = thread;
  must(writable);
  /** @type {import("./item.js").Fields} */
  const item = { ...placed(text), case: caseId, epoch, prev: head, kind: "message", opening: null, readers: null };
  return write({ ...address, epoch, item: onWire(item, authorSeed, recipient), v: 1 });
}
