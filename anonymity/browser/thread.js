/**
 * Reading a thread (FORMAT.md section 8): which of the delivered files are genuine, and what is wrong with the others.
 * The server delivers and can withhold; it cannot change, re-order, replay or slip in anything without its showing here.
 */
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { recipientBytes, recipientFromSeed } from "./age.js";
import { b64u, isOpaque, must, unb64u } from "./canonical.js";
import { LAST_EPOCH, openGrant } from "./grant.js";
import { NO_PREV, openItem } from "./item.js";
import { GRANT, ITEM } from "./padding.js";
import { derive } from "./receipt.js";

/**
 * @typedef {import("./item.js").Item} Item
 * @typedef {import("./item.js").Opening} Opening
 * @typedef {import("./item.js").Granted} Granted
 * @typedef {"genuine" | "changed" | "foreign" | "replayed" | "reordered" | "dropped"} Verdict
 * @typedef {{verdict: Verdict, item: Item | null, place: number}} Entry item is set for genuine entries only; place counts the files
 *   delivered from 0, a dropped entry has that of the file it stands before
 * @typedef {{id: string, epoch: number, prev: string, file: Uint8Array}} Delivered
 * @typedef {{case: string, epoch: number, recipient: string, grants: {epoch: number, file: Uint8Array}[], items: Delivered[]}} Delivery
 * @typedef {{entries: Entry[], opening: Opening | null, epoch: number, granted: Granted[], known: Granted[], left_out: string[]}} Reading epoch: the one that the authors made;
 *   granted: who reads and writes now, the reporter aside; known: everybody who ever did; left_out: now
 * @typedef {Reading & {case: string, lane: string, recipient: string, seeds: Map<number, Uint8Array>, opener: string, head: string, writable: boolean, restartable: boolean, current: number}} Thread
 *   restartable: the reporter's, who may go on behind an epoch that cannot be opened; current: as delivered; head: what the next item's `prev` has to be, from all that was delivered; writable: the epoch delivered as current is the authors'
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
  must(new Set(grants.map((/** @type {any} */ { epoch }) => epoch)).size === grants.length);
  must([...grants, ...items].every(({ epoch }) => isEpoch(epoch)) && items.every((/** @type {any} */ { id }) => isOpaque(id)));
  return { case: value.case, epoch: value.epoch, recipient: value.recipient, grants, items };
}

/** @param {unknown} epoch */
function isEpoch(epoch) {
  return Number.isInteger(epoch) && /** @type {number} */ (epoch) >= 0 && /** @type {number} */ (epoch) <= LAST_EPOCH;
}

/**
 * The reporter's own view. A grant that does not hold is passed over: whoever begins an epoch could otherwise lock the reporter out of all
 * that was written before. What stands in such an epoch cannot be read, and nothing is written.
 * @param {Delivery} delivery
 * @param {Uint8Array} code of the receipt
 * @param {"joint" | "union"} lane
 * @returns {Thread} or CannotOpen, if this is not the receipt's own thread
 */
export function openAsReporter(delivery, code, lane) {
  const identity = derive(code, `${lane}:identity`);
  const opener = b64u(ed25519.getPublicKey(derive(code, `${lane}:author`)));
  const seeds = new Map([[0, identity]]);
  must(delivery.grants.every(({ epoch }) => epoch > 0));
  const grants = delivery.grants.length > 0 ? openGrants(delivery, derive(code, `${lane}:return`)) : [];
  for (const grant of grants) if (grant.lane === lane && grant.author === opener) seeds.set(grant.epoch, grant.seed);
  return thread(delivery, seeds, opener, lane, true);
}

/**
 * A recipient's view. A grant that does not hold is passed over here too, but something has to open; of grants that disagree in lane or author
 * the one of the earliest epoch counts: those of the first came from whoever opened the thread.
 * @param {Delivery} delivery
 * @param {Uint8Array} identity seed of the recipient's age identity
 * @returns {Thread} or CannotOpen
 */
export function openAsReader(delivery, identity) {
  must(delivery.grants.some(({ epoch }) => epoch === delivery.epoch));
  const grants = openGrants(delivery, identity).sort((a, b) => a.epoch - b.epoch);
  must(grants.length > 0);
  const [{ author, lane }] = grants;
  const own = grants.filter((grant) => grant.author === author && grant.lane === lane);
  return thread(delivery, new Map(own.map(({ epoch, seed }) => [epoch, seed])), author, lane);
}

/** @param {Delivery} delivery @param {Uint8Array} identity @returns {import("./grant.js").Grant[]} those that open and are what they were delivered as */
function openGrants({ case: caseId, grants }, identity) {
  return grants.flatMap(({ epoch, file }) => {
    try {
      return [openGrant(file, identity, { case: caseId, epoch })];
    } catch {
      return [];
    }
  });
}

/**
 * A server that names another recipient than the one we hold the key of would read the next item: such an epoch is not held, there is no recipient
 * then, and nothing is written; at the first one nothing is opened.
 * @param {Delivery} delivery @param {Map<number, Uint8Array>} seeds @param {string} opener @param {string} lane @param {boolean} [isReporter]
 * @returns {Thread}
 */
function thread({ case: caseId, epoch, recipient: named, items }, seeds, opener, lane, isReporter = false) {
  const current = seeds.get(epoch);
  const holds = current !== undefined && recipientFromSeed(current) === named;
  must(holds || epoch > 0);
  if (!holds) seeds.delete(epoch);
  const reading = readThread(caseId, items, seeds, opener);
  const last = items.at(-1);
  const head = last ? b64u(sha256(last.file)) : NO_PREV;
  const mine = { case: caseId, lane, recipient: holds ? named : "", seeds, opener, head, current: epoch };
  return { ...reading, ...mine, writable: reading.epoch === epoch && holds, restartable: isReporter && epoch > reading.epoch };
}

/**
 * @param {string} caseId
 * @param {{epoch: number, file: Uint8Array}[]} items in the server's order
 * @param {Map<number, Uint8Array>} seeds of the case, by epoch
 * @param {string} opener Ed25519 public key of whoever wrote the opening
 * @returns {Reading}
 */
export function readThread(caseId, items, seeds, opener) {
  const read = items.map(({ epoch, file }) => ({ epoch, hash: b64u(sha256(file)), item: tryItem(file, seeds.get(epoch)) }));
  return new Pass(caseId, read, seeds, opener).run();
}

/** @param {string} recipient `age1pq1…` @returns {string} as a `readers` item names it */
export function recipientHash(recipient) {
  return b64u(sha256(recipientBytes(recipient)));
}

/** The second pass over the files, in order. */
class Pass {
  /** @type {Entry[]} */
  entries = [];
  epoch = 0;
  head = NO_PREV;
  gap = false;
  seen = new Set();
  /** @type {Opening | null} if it is genuine */
  opening = null;
  /** @type {Set<string>} */
  leftOut = new Set();
  /** @type {Granted[]} */
  granted = [];
  /** @type {Map<string, Granted>} */
  known = new Map();

  /** @param {string} caseId @param {{epoch: number, hash: string, item: Item | null}[]} read @param {Map<number, Uint8Array>} seeds @param {string} opener */
  constructor(caseId, read, seeds, opener) {
    Object.assign(this, { caseId, read, seeds, opener });
    this.delivered = new Set([NO_PREV, ...read.map(({ hash }) => hash)]);
    const isOpening = ({ epoch, item }) => item?.kind === "opening" && item.case === caseId && item.epoch === 0 && epoch === 0 && item.from === opener;
    const opening = read.find(isOpening)?.item?.opening;
    if (opening) this.enter(opening);
    this.isReader = this.granted.some(({ sign }) => sign === opener);
  }

  /** Who reads and writes from here on. @param {{granted: Granted[], left_out: string[]}} said */
  enter({ granted, left_out }) {
    this.granted = granted;
    for (const id of left_out) this.leftOut.add(id);
    for (const one of granted) this.known.set(one.key, one);
  }

  /** @returns {Reading} */
  run() {
    this.read.forEach((one, place) => this.take(one, place));
    const { entries, opening, epoch, granted, known, leftOut } = this;
    return { entries, opening, epoch, granted, known: [...known.values()], left_out: [...leftOut].sort() };
  }

  /** @param {{epoch: number, hash: string, item: Item | null}} one @param {number} place */
  take({ epoch, hash, item }, place) {
    const verdict = this.verdict(epoch, hash, item, place);
    this.seen.add(hash);
    if (verdict === "dropped") this.entries.push({ verdict, item: null, place });
    this.gap ||= verdict === "dropped";
    const genuine = verdict === "genuine" || verdict === "dropped";
    this.entries.push({ verdict: genuine ? "genuine" : verdict, item: genuine ? item : null, place });
    if (!genuine || !item) return;
    this.head = hash;
    this.opening ??= item.opening;
    if (!item.readers) return;
    this.epoch = item.epoch;
    this.enter(item.readers);
  }

  /** @param {number} epoch @param {string} hash @param {Item | null} item @param {number} place @returns {Verdict} */
  verdict(epoch, hash, item, place) {
    if (this.seen.has(hash)) return "replayed";
    if (!item) return "changed";
    if (this.isForeign(item, epoch)) return "foreign";
    const isOpening = item.kind === "opening";
    const before = this.entries.at(-1)?.verdict;
    const heads = before === "changed" || before === "foreign" ? [this.head, this.read[place - 1].hash] : [this.head];
    if (isOpening === (item.prev === NO_PREV) && heads.includes(item.prev)) return "genuine";
    return this.delivered.has(item.prev) || isOpening || this.gap ? "reordered" : "dropped";
  }

  /** @param {Item} item @param {number} epoch where it was delivered */
  isForeign(item, epoch) {
    if (item.case !== this.caseId || item.epoch !== epoch) return true;
    const isAuthor = (item.from === this.opener && !this.isReader) || this.granted.some(({ sign }) => sign === item.from);
    if (!isAuthor || (item.kind === "opening" && item.from !== this.opener)) return true;
    return item.readers ? !this.fits(item.readers, epoch, item.from === this.opener) : epoch !== this.epoch;
  }

  /** @param {import("./item.js").Readers} readers @param {number} epoch @param {boolean} byOpener @returns {boolean} this change may follow what was */
  fits({ granted, left_out, recipient }, epoch, byOpener) {
    if (left_out.length > 0 && !byOpener) return false;
    const [last, allowed] = byOpener && !this.isReader ? [LAST_EPOCH, [...this.known.values()]] : [this.epoch + 1, this.granted];
    const begins = epoch > this.epoch && epoch <= last && within(granted, allowed);
    if (epoch === this.epoch ? !within(this.granted, granted) : !begins) return false;
    const seed = this.seeds.get(epoch);
    return seed !== undefined && recipientHash(recipientFromSeed(seed)) === recipient;
  }
}

/** @param {Granted[]} some @param {Granted[]} all @returns {boolean} */
function within(some, all) {
  return some.every(({ key, sign }) => all.some((one) => one.key === key && one.sign === sign));
}

/** @param {Uint8Array} file @param {Uint8Array | undefined} seed @returns {Item | null} */
function tryItem(file, seed) {
  if (!seed) return null;
  try {
    return openItem(file, seed);
  } catch {
    return null;
  }
}
