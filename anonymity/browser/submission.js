/** What goes over the wire (FORMAT.md section 9): a new thread, and one more item in a thread. */
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { recipientFromSeed } from "./age.js";
import { b64u, write } from "./canonical.js";
import { keyId } from "./fingerprint.js";
import { sealGrant } from "./grant.js";
import { NO_PREV, sealItem } from "./item.js";
import { derive } from "./receipt.js";

/**
 * @typedef {import("./fingerprint.js").Card} Card
 * @typedef {{lang: "cy" | "en", day: string, body: string}} Text tidy, within its limit
 */

/** @returns {string} 16 random bytes as base64url */
function drawId() {
  return b64u(crypto.getRandomValues(new Uint8Array(16)));
}

/**
 * Seal a concern on this device.
 * @param {Uint8Array} code of the receipt
 * @param {{lane: "joint" | "union", about: import("./item.js").Opening["about"], readers: Card[], left_out: string[], name: string | null}} opening
 * @param {Text} text
 * @returns {Promise<string>} the submission, canonical
 */
export async function makeSubmission(code, { lane, about, readers, left_out, name }, text) {
  const caseId = drawId();
  const seed = derive(code, `${lane}:identity`);
  const authorSeed = derive(code, `${lane}:author`);
  const author = b64u(ed25519.getPublicKey(authorSeed));
  const recipient = recipientFromSeed(seed);
  const keyed = byKey(readers);
  const granted = keyed.map(({ key, sign }) => ({ key, sign }));
  const sealGranted = async (/** @type {Card & {key: string}} */ reader) => ({
    file: b64u(await sealGrant({ author, case: caseId, epoch: 0, lane, seed }, reader.recipient)),
    key: reader.key,
  });
  /** @type {Omit<import("./item.js").Item, "v" | "from" | "files">} */
  const item = {
    ...{ case: caseId, epoch: 0, prev: NO_PREV, kind: "opening", sealed_by: "device" },
    ...text,
    opening: { about, granted, left_out: [...new Set(left_out)].sort(), name },
  };
  const file = await sealItem(item, authorSeed, recipient);
  return write({
    body: about.body,
    case: caseId,
    epoch: 0,
    grants: await Promise.all(keyed.map(sealGranted)),
    item: { file: b64u(file), id: drawId(), prev: NO_PREV },
    lane,
    locator_hash: b64u(sha256(derive(code, `${lane}:locator`))),
    recipient,
    v: 1,
  });
}

/** @param {Card[]} readers @returns {(Card & {key: string})[]} each once, in the order of their key ids */
function byKey(readers) {
  const keyed = new Map(readers.map(({ recipient, sign }) => [keyId({ recipient, sign }), { recipient, sign }]));
  return [...keyed].map(([key, card]) => ({ ...card, key })).sort((a, b) => (a.key < b.key ? -1 : 1));
}

/**
 * @param {Uint8Array} code of the receipt
 * @param {"joint" | "union"} lane
 * @returns {string} the question that finds this lane's thread
 */
export function makeLookup(code, lane) {
  return write({ locator: b64u(derive(code, `${lane}:locator`)), v: 1 });
}

/**
 * One more item in a thread that is open.
 * @param {import("./thread.js").Thread} thread
 * @param {{locator: string} | {case: string}} where what finds the thread
 * @param {Uint8Array} authorSeed
 * @param {Text} text
 * @returns {Promise<string>} the reply, canonical
 */
export async function makeReply(thread, where, authorSeed, text) {
  const { case: caseId, epoch, head, recipient } = thread;
  /** @type {Omit<import("./item.js").Item, "v" | "from" | "files">} */
  const item = { case: caseId, epoch, prev: head, kind: "message", sealed_by: "device", opening: null, ...text };
  const file = await sealItem(item, authorSeed, recipient);
  return write({ ...where, epoch, item: { file: b64u(file), id: drawId(), prev: head }, v: 1 });
}
