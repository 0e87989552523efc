/**
 * Sealing and opening, for page scripts. Everything that touches a key happens in a worker of its own: the page stays
 * responsive, and keys, codes and seeds live in that worker's memory only and die with it. This comment is the contract.
 *
 *   const sealing = await Sealing.start();   one worker; rejects if its source is not the very bytes that this script was built with
 *   sealing.end();                           lock: the worker is terminated; all that was asked or will be asked rejects with Ended
 *
 * Every method is asynchronous. Failures (errors.js) are: CannotOpen (anything that does not open or check; no reason given),
 * Mistyped (ten words; `reason`, `positions`), TooLong (does not fit its class), Stale (the epoch has changed since files were
 * sealed: open again, seal them again), Ended. A thread is named by its case id (b64u) everywhere. `json` is canonical and goes
 * over the wire as it is (FORMAT.md section 9). Octets given as Uint8Array or ArrayBuffer are transferred, the caller's are
 * empty afterwards; a Blob or File is read slice by slice, never whole.
 * `{onProgress}`: called with 0 … 1.
 *
 *   Spelt   {cy, en, digits}                 a code in its three spellings, each one string (join of ten by spaces)
 *   Card    {recipient, sign}                public half of somebody's keys (further members are ignored)
 *   Named   {key, cy, en}                    key id, and its fingerprint in six words of each language
 *   Text    {lang, day, body}                "cy" | "en", YYYY-MM-DD in London, tidy text (text.js) within BODY_LIMIT
 *   Entry   one of `files` as in FORMAT.md section 7: {blob, bytes, hash, name, original, type}
 *   View    a thread as read, all plain data:
 *     {lane, case, epoch, own, opener, name, about,       own, opener: public signing keys; name, about: from the opening, null without
 *      beside: {case, holds} | null,                       what the opening says; holds: proved against that thread, which has to be open already
 *      entries: [{verdict, item, place}],                  item (FORMAT.md section 7) for genuine entries only; place counts the files delivered
 *      readers: [{key, sign, cy, en}],                     who reads and writes now, the reporter aside; fingerprints spelt
 *      known: [{key, sign, cy, en}],                       the same for everybody who ever did
 *      left_out: [opaque ids],                             now
 *      outside: [key ids],                                 in notes: who is in, but not in the thread beside as it was opened last; else []
 *      writable,                                           false: the epoch delivered as current is not the one that the authors made, or does not open: write nothing
 *      restartable}                                        then, for the reporter alone: changeReaders may begin an epoch behind it (drop, renew)
 *
 * CODES
 *   newCode() → Spelt                        draws one and holds it
 *   readCode(typed) → Spelt                  reads what somebody typed and holds it | Mistyped
 *   isCode(typed) → boolean                  is this the one that is held? | Mistyped
 *   fingerprints(cards) → [Named]            | CannotOpen if one is no card
 *
 *   work(challenge, bits) → nonce            the proof of work that the box asks for (work.js). For network.js: solveWith(sealing.work)
 *
 * REPORTER (holds a code)
 *   beginConcern(lanes, {sameCode}) → {code: Spelt, threads: [{lane, case}]}   lanes: ["joint"], ["union"] or both. Draws a new code (or, with
 *                                            sameCode, keeps the one held, to add a lane later) and the case ids
 *   sealFile(case, {content, name, original, type}, {onProgress}) → {entry: Entry, frame: Uint8Array}   for a thread begun or opened. The frame is
 *                                            POSTed before the item that names the entry; then it may be forgotten. name is the neutral one
 *   makeConcern({about, left_out, lang, day, lanes: [{lane, readers: [Card], name, body, files: [Entry]}]})
 *       → {code: Spelt, submissions: [{lane, case, json}]}   for lanes begun, or, if the page began none, for lanes with a new code each time it is called. Readers may
 *                                            carry `person` (as in changeReaders). name: tidy or null. A union lane is `beside` the joint one begun or open
 *   lookUps() → [{lane, json}]               the questions that find both lanes of the code held: always ask both
 *   openThreads([{lane, value}]) → [View]    value: a delivery as answered. For the code held
 *   fileLookUp(case, blob) → json            the question that fetches a file
 *
 * READER (holds a keyring)
 *   makeKeyring() → {card, key, cy, en, code: Spelt}     new keys and new recovery words, both held
 *   sealKeyring({typed}) → {card, keyring} | null        keyring: b64u age file. Opened again before it is given out. null: not the words held | Mistyped
 *   sealKeyring({prf}) → {card, keyring}     prf: 32 octets from the passkey (WebAuthn PRF); for the keys held
 *   proveKeyring(keyring) → b64u             signature of the keys held under a keyring sealed anew: what the server asks before it replaces one
 *   revealIdentity() → "AGE-SECRET-KEY-PQ-1…"   the keys held, for another age program: only to be shown to their owner, who asked for it
 *   unlock({typed} | {prf}, {keyring, card}) → {card, key, cy, en}      holds the keys, and no code any more | Mistyped, CannotOpen
 *   openThread(value, case) → View           value: a delivery as answered for this case. Notes open only after the thread they stand beside, and
 *                                            only if it is proved that they do; a union lane likewise holds only after the joint one
 *   peekThread(value, case, beside) → View   the same, and nothing of it is held afterwards: what was open stays as it was. beside, if given: a delivery of
 *                                            the thread that it says it stands beside
 *   beginNotes(case, {lane, readers: [Card & {person}], lang, day, body}) → {case, json}   a notes lane beside an open thread; readers have to read
 *                                            that thread as well; the own card is added
 *   notesLookUps(case) → [{lane, json}]      {"locator", "v"} of the notes lanes beside an open thread
 *   exportThread(case) → [{name, octets}]    an open thread in plain parts: thread.json (verdicts), and for each genuine item
 *                                            001.json (canonical), 001.sig (Ed25519, 64 octets), 001.txt (its body). Files: openFile, one by one
 *   sealTo(recipients, content, {onProgress}) → Uint8Array      an age file for 1 to 32 recipients, for exports only; content may be a Blob
 *   putAside(text) → Uint8Array, bringBack(octets) → text     sealed to the reader themself: an answer begun survives the lock
 *
 * BOTH, for threads that are open
 *   reply(case, {lang, day, body, files: [Entry]}) → json      body may be "" with files. CannotOpen in notes while somebody is `outside`: drop them first
 *   changeReaders(case, {lang, day, body, add: [Card & {person}], drop: [key ids], left_out: [opaque ids], cards: [Card], renew}) → json
 *                                            a `readers` item with its grants; body may be "". EITHER add (they read what was before, too), with or without left_out
 *                                            (newly; by the opener only), OR drop (a reader: their own key = recusing) or renew: a new epoch for those who stay,
 *                                            whose cards are all needed (others among cards are ignored). CannotOpen: both at once, nobody left, a card missing, a
 *                                            person who is left out, in notes somebody who does not read the thread beside. After it was accepted fetch and open
 *                                            again; who recused themself: forget(case)
 *   openFile(case, blob, octets, {onProgress}) → {entry: Entry, octets: Uint8Array}   a file that a genuine item names; nothing is given out before size,
 *                                            hash, every chunk and the padding have agreed. Decide by the octets, not by entry.type, how to show it
 *   forget(case)                             wipes what is held of a thread
 */
import { CannotOpen, Ended, Mistyped, Stale, TooLong } from "./errors.js";
import { startWorker } from "./workers.js";

// @ts-ignore put in by build.mjs
const BUILT = SEALING_WORKER;

/** @typedef {(done: number) => void} Progress 0 to 1 */
/** @typedef {{resolve: (value: any) => void, reject: (error: Error) => void, onProgress?: Progress}} Waiting */

/** @param {any} told what the worker says of a failure @returns {Error} */
function failure({ name, reason, positions }) {
  if (name === "Mistyped") return new Mistyped(reason, positions);
  return name === "TooLong" ? new TooLong() : name === "Stale" ? new Stale() : new CannotOpen();
}

/** @param {any} given @returns {ArrayBuffer[]} */
function transferred(given) {
  return Object.values(given).flatMap((value) => (value instanceof Uint8Array ? [value.buffer] : []));
}

/** @param {Uint8Array | ArrayBuffer | Blob} octets @returns {Uint8Array | Blob} */
function viewed(octets) {
  return octets instanceof ArrayBuffer ? new Uint8Array(octets) : octets;
}

export class Sealing {
  #worker;
  #count = 0;
  /** @type {Map<number, Waiting>} */
  #waiting = new Map();
  #ended = false;

  /** @param {Worker} worker that is ready */
  constructor(worker) {
    this.#worker = worker;
    worker.onmessage = ({ data }) => this.#hear(data);
    worker.onerror = worker.onmessageerror = () => this.end();
  }

  /** @returns {Promise<Sealing>} */
  static async start() {
    return new Sealing(await startWorker(BUILT, "sealing-worker"));
  }

  /** The worker is gone, and with it every key; nothing can be asked any more. */
  end() {
    this.#ended = true;
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(new Ended());
    this.#waiting.clear();
  }

  /** @param {any} data */
  #hear({ id, done, value, error }) {
    const waiting = this.#waiting.get(id);
    if (done !== undefined) return waiting?.onProgress?.(done);
    this.#waiting.delete(id);
    return error ? waiting?.reject(failure(error)) : waiting?.resolve(value);
  }

  /** @param {string} method @param {object} [given] @param {{onProgress?: Progress}} [options] @returns {Promise<any>} */
  #ask(method, given = {}, { onProgress } = {}) {
    if (this.#ended) return Promise.reject(new Ended());
    const id = ++this.#count;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, onProgress });
      this.#worker.postMessage({ id, method, given }, transferred(given));
    });
  }

  work = (/** @type {string} */ challenge, /** @type {number} */ bits) => this.#ask("work", { challenge, bits });
  newCode = () => this.#ask("newCode");
  readCode = (/** @type {string} */ typed) => this.#ask("readCode", { typed });
  isCode = (/** @type {string} */ typed) => this.#ask("isCode", { typed });
  fingerprints = (/** @type {object[]} */ cards) => this.#ask("fingerprints", { cards });

  beginConcern = (/** @type {string[]} */ lanes, { sameCode = false } = {}) => this.#ask("beginConcern", { lanes, sameCode });
  sealFile = (/** @type {string} */ id, /** @type {any} */ file, /** @type {any} */ options) =>
    this.#ask("sealFile", { ...file, case: id, content: viewed(file.content) }, options);
  makeConcern = (/** @type {object} */ concern) => this.#ask("makeConcern", concern);
  lookUps = () => this.#ask("lookUps");
  openThreads = (/** @type {object[]} */ deliveries) => this.#ask("openThreads", { deliveries });
  fileLookUp = (/** @type {string} */ id, /** @type {string} */ blob) => this.#ask("fileLookUp", { case: id, blob });

  makeKeyring = () => this.#ask("makeKeyring");
  sealKeyring = (/** @type {object} */ by) => this.#ask("sealKeyring", by);
  proveKeyring = (/** @type {string} */ keyring) => this.#ask("proveKeyring", { keyring });
  revealIdentity = () => this.#ask("revealIdentity");
  unlock = (/** @type {object} */ by, /** @type {{keyring: string, card: object}} */ ring) => this.#ask("unlock", { ...by, keyring: ring.keyring, card: ring.card });
  openThread = (/** @type {object} */ value, /** @type {string} */ id) => this.#ask("openThread", { value, case: id });
  peekThread = (/** @type {object} */ value, /** @type {string} */ id, /** @type {object | undefined} */ beside) => this.#ask("peekThread", { value, case: id, beside });
  beginNotes = (/** @type {string} */ id, /** @type {object} */ notes) => this.#ask("beginNotes", { ...notes, case: id });
  notesLookUps = (/** @type {string} */ id) => this.#ask("notesLookUps", { case: id });
  exportThread = (/** @type {string} */ id) => this.#ask("exportThread", { case: id });
  sealTo = (/** @type {string[]} */ recipients, /** @type {any} */ content, /** @type {any} */ options) =>
    this.#ask("sealTo", { recipients, content: viewed(content) }, options);
  putAside = (/** @type {string} */ text) => this.#ask("putAside", { text });
  bringBack = (/** @type {Uint8Array} */ octets) => this.#ask("bringBack", { octets });

  reply = (/** @type {string} */ id, /** @type {object} */ text) => this.#ask("reply", { ...text, case: id });
  changeReaders = (/** @type {string} */ id, /** @type {object} */ change) => this.#ask("changeReaders", { ...change, case: id });
  openFile = (/** @type {string} */ id, /** @type {string} */ blob, /** @type {any} */ octets, /** @type {any} */ options) =>
    this.#ask("openFile", { case: id, blob, octets: viewed(octets) }, options);
  forget = (/** @type {string} */ id) => this.#ask("forget", { case: id });
}
