/**
 * Reading a thread (FORMAT.md section 8): which of the delivered files are genuine, and what is wrong with the others.
 * The server delivers and can withhold; it cannot change, re-order, replay or slip in anything without its showing here.
 */
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { recipientFromSeed } from "./age.js";
import { b64u, isOpaque, must, unb64u } from "./canonical.js";
import { LAST_EPOCH, openGrant } from "./grant.js";
import { NO_PREV, openItem } from "./item.js";
import { GRANT, ITEM } from "./padding.js";
import { derive } from "./receipt.js";

/**
 * @typedef {import("./item.js").Item} Item
 * @typedef {"genuine" | "changed" | "foreign" | "replayed" | "reordered" | "dropped"} Verdict
 * @typedef {{verdict: Verdict, item: Item | null}} Entry item is set for genuine entries only
 * @typedef {{id: string, epoch: number, prev: string, file: Uint8Array}} Delivered
 * @typedef {{case: string, epoch: number, recipient: string, grants: {epoch: number, file: Uint8Array}[], items: Delivered[]}} Delivery
 * @typedef {{case: string, epoch: number, lane: string, recipient: string, seeds: Map<number, Uint8Array>, opener: string, entries: Entry[], head: string}} Thread
 *   head: what the next item's `prev` has to be, from all that was delivered
 */

const MOST_ITEMS = 500;

/** @param {any} value a delivery as the server answered it @returns {Delivery} decoded and bounded; CannotOpen for any other shape */
export function readDelivery(value) {
  must(value?.v === 1 && Array.isArray(value.grants) && Array.isArray(value.items));
  must(value.items.length <= MOST_ITEMS && value.grants.length <= LAST_EPOCH + 1 && isEpoch(value.epoch));
  unb64u(value.case, 16);
  must(typeof value.recipient === "string");
  const grants = value.grants.map((/** @type {any} */ { epoch, file }) => ({ epoch, file: unb64u(file, GRANT.file) }));
  const items = value.items.map((/** @type {any} */ { id, epoch, prev, file }) => ({ id, epoch, prev, file: unb64u(file, ITEM.file) }));
  must([...grants, ...items].every(({ epoch }) => isEpoch(epoch)) && items.every((/** @type {any} */ { id }) => isOpaque(id)));
  return { case: value.case, epoch: value.epoch, recipient: value.recipient, grants, items };
}

/** @param {unknown} epoch */
function isEpoch(epoch) {
  return Number.isInteger(epoch) && /** @type {number} */ (epoch) >= 0 && /** @type {number} */ (epoch) <= LAST_EPOCH;
}

/**
 * The reporter's own view.
 * @param {Delivery} delivery
 * @param {Uint8Array} code of the receipt
 * @param {"joint" | "union"} lane
 * @returns {Promise<Thread>} or CannotOpen, if this is not the receipt's own thread
 */
export async function openAsReporter(delivery, code, lane) {
  const identity = derive(code, `${lane}:identity`);
  const opener = b64u(ed25519.getPublicKey(derive(code, `${lane}:author`)));
  const seeds = new Map([[0, identity]]);
  for (const grant of await openGrants(delivery, identity)) {
    must(grant.lane === lane && grant.author === opener);
    seeds.set(grant.epoch, grant.seed);
  }
  return thread(delivery, seeds, opener, lane);
}

/**
 * A recipient's view.
 * @param {Delivery} delivery
 * @param {Uint8Array} identity seed of the recipient's age identity
 * @returns {Promise<Thread>} or CannotOpen
 */
export async function openAsReader(delivery, identity) {
  const grants = await openGrants(delivery, identity);
  must(grants.length > 0);
  const [{ author, lane }] = grants;
  must(grants.every((grant) => grant.author === author && grant.lane === lane));
  const seeds = new Map(grants.map(({ epoch, seed }) => [epoch, seed]));
  return thread(delivery, seeds, author, lane);
}

/** @param {Delivery} delivery @param {Uint8Array} identity */
function openGrants({ case: caseId, grants }, identity) {
  return Promise.all(grants.map(({ epoch, file }) => openGrant(file, identity, { case: caseId, epoch })));
}

/**
 * A server that names another recipient than the one we hold the key of would read the next item: such a thread is not opened.
 * @param {Delivery} delivery @param {Map<number, Uint8Array>} seeds @param {string} opener @param {string} lane @returns {Promise<Thread>}
 */
async function thread({ case: caseId, epoch, recipient: named, items }, seeds, opener, lane) {
  const current = seeds.get(epoch);
  must(current);
  const recipient = recipientFromSeed(/** @type {Uint8Array} */ (current));
  must(recipient === named);
  const entries = await readThread(caseId, items, seeds, opener);
  const last = items.at(-1);
  return { case: caseId, epoch, lane, recipient, seeds, opener, entries, head: last ? b64u(sha256(last.file)) : NO_PREV };
}

/**
 * @param {string} caseId
 * @param {{epoch: number, file: Uint8Array}[]} items in the server's order
 * @param {Map<number, Uint8Array>} seeds of the case, by epoch
 * @param {string} opener Ed25519 public key of whoever wrote the opening
 * @returns {Promise<Entry[]>}
 */
export async function readThread(caseId, items, seeds, opener) {
  const read = await Promise.all(items.map(async ({ epoch, file }) => ({ epoch, hash: b64u(sha256(file)), item: await tryItem(file, seeds.get(epoch)) })));
  const belongs = (/** @type {Item} */ item, /** @type {number} */ epoch) => item.case === caseId && item.epoch === epoch;
  const opening = read.find(({ epoch, item }) => item?.kind === "opening" && belongs(item, epoch) && item.from === opener)?.item?.opening;
  const authors = new Set([opener, ...(opening?.granted ?? []).map(({ sign }) => sign)]);
  const isForeign = (/** @type {Item} */ item, /** @type {number} */ epoch) =>
    !belongs(item, epoch) || !authors.has(item.from) || (item.kind === "opening" && item.from !== opener);
  return judge(read, isForeign);
}

/** @param {{epoch: number, hash: string, item: Item | null}[]} read @param {(item: Item, epoch: number) => boolean} isForeign @returns {Entry[]} */
function judge(read, isForeign) {
  const delivered = new Set([NO_PREV, ...read.map(({ hash }) => hash)]);
  const seen = new Set();
  /** @type {Entry[]} */
  const entries = [];
  let head = NO_PREV;
  let gap = false;
  read.forEach(({ epoch, hash, item }, i) => {
    const before = entries.at(-1)?.verdict;
    const heads = before === "changed" || before === "foreign" ? [head, read[i - 1].hash] : [head];
    const verdict = seen.has(hash) ? "replayed" : !item ? "changed" : isForeign(item, epoch) ? "foreign" : placed(item, heads, delivered, gap);
    seen.add(hash);
    if (verdict === "dropped") entries.push({ verdict, item: null });
    gap ||= verdict === "dropped";
    const genuine = verdict === "genuine" || verdict === "dropped";
    entries.push({ verdict: genuine ? "genuine" : verdict, item: genuine ? item : null });
    if (genuine) head = hash;
  });
  return entries;
}

/**
 * Where a sound item stands in the chain; `dropped` means that it is sound and something before it is missing. `heads`: the last
 * genuine item, and a bad one just before, which its author saw and wrote after. `gap`: something is known to be missing already,
 * and after one gap the order of a second cannot be proved.
 * @param {Item} item @param {string[]} heads @param {Set<string>} delivered @param {boolean} gap @returns {Verdict}
 */
function placed(item, heads, delivered, gap) {
  const isOpening = item.kind === "opening";
  if (isOpening === (item.prev === NO_PREV) && heads.includes(item.prev)) return "genuine";
  return delivered.has(item.prev) || isOpening || gap ? "reordered" : "dropped";
}

/** @param {Uint8Array} file @param {Uint8Array | undefined} seed @returns {Promise<Item | null>} */
async function tryItem(file, seed) {
  if (!seed) return null;
  try {
    return await openItem(file, seed);
  } catch {
    return null;
  }
}
