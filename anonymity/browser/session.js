/** What the worker holds, and the work that reporter and reader do alike: open threads, their answers, changes and files. */
import { ed25519 } from "@noble/curves/ed25519.js";
import { standsBeside } from "./beside.js";
import { b64u, drawId, must, read, writeBytes } from "./canonical.js";
import { makeChange } from "./change.js";
import { Stale } from "./errors.js";
import { openFile, sealFile } from "./file.js";
import { fingerprint, keyId } from "./fingerprint.js";
import { MARKER } from "./marker.js";
import { ITEM, openPadded } from "./padding.js";
import { digits, readCode, words } from "./receipt.js";
import { makeReply } from "./submission.js";
import { solve } from "./work.js";

/**
 * @typedef {import("./thread.js").Thread} Thread
 * @typedef {import("./file.js").Progress} Progress
 * @typedef {{thread: Thread, items: import("./thread.js").Delivered[], authorSeed: Uint8Array, address: import("./submission.js").Address}} Open
 * @typedef {{lane: string, case: string, recipient: string}} Begun a thread that is to be
 */

/** @param {Uint8Array} code @returns {{cy: string, en: string, digits: string}} */
export function spell(code) {
  return { cy: words(code, "cy"), en: words(code, "en"), digits: digits(code) };
}

/** @param {string} key @returns {{key: string, cy: string, en: string}} */
export function named(key) {
  return { key, cy: fingerprint(key, "cy"), en: fingerprint(key, "en") };
}

/** @param {{person?: string}[]} readers @param {string[]} left_out nobody makes a grant for somebody who is left out */
export function mustBeIn(readers, left_out) {
  must(readers.every(({ person }) => person === undefined || !left_out.includes(person)));
}

/** All keys of a page, while its worker lives. */
export class Session {
  /** @type {Uint8Array | null} a receipt, or recovery words */
  code = null;
  /** @type {import("./keyring.js").Keyring | null} */
  keyring = null;
  /** @type {Map<string, Open>} by case */
  open = new Map();
  /** @type {Map<string, Begun>} by case */
  begun = new Map();
  /** Whether the page began a concern itself, to seal files before its text. */
  expectsFiles = false;
  /** @type {Map<string, {case: string, epoch: number}>} files sealed here, by blob */
  files = new Map();

  /** @param {Uint8Array | null} code held from now on; the one before is wiped @returns {Uint8Array | null} */
  hold(code) {
    this.code?.fill(0);
    this.code = code;
    return code;
  }

  /** @returns {Uint8Array} */
  heldCode() {
    must(this.code);
    return /** @type {Uint8Array} */ (this.code);
  }

  /** @returns {import("./keyring.js").Keyring} */
  heldKeyring() {
    must(this.keyring);
    return /** @type {import("./keyring.js").Keyring} */ (this.keyring);
  }

  /** @param {string} caseId @returns {Open} */
  find(caseId) {
    must(this.open.has(caseId));
    return /** @type {Open} */ (this.open.get(caseId));
  }

  /** @param {Open} one @returns {object} the View of sealing.js */
  keep(one) {
    const { thread, authorSeed } = one;
    const { opening, lane, case: caseId, epoch, opener, entries, left_out, writable, restartable } = thread;
    const known = thread.known.map(({ key, sign }) => ({ ...named(key), sign }));
    const now = new Set(thread.granted.map(({ key }) => key));
    const other = opening?.beside ? this.open.get(opening.beside.case) : undefined;
    const holds = standsBeside(thread, other?.thread);
    must(holds || !lane.endsWith("-notes"));
    this.open.set(caseId, one);
    return {
      ...{ lane, case: caseId, epoch, opener, entries, left_out, writable, restartable, known, own: b64u(ed25519.getPublicKey(authorSeed)) },
      ...{ name: opening?.name ?? null, about: opening?.about ?? null, readers: known.filter(({ key }) => now.has(key)) },
      ...{ beside: opening?.beside ? { case: opening.beside.case, holds } : null, outside: this.outside(thread) },
    };
  }

  /** @param {Thread} thread of notes @param {import("./fingerprint.js").Card[]} cards of people who have to read the thread beside it as well */
  mustReadBeside(thread, cards) {
    const { granted } = this.find(String(thread.opening?.beside?.case)).thread;
    must(cards.every((card) => granted.some(({ key }) => key === keyId(card))));
  }

  /** @param {Thread} thread @returns {string[]} key ids of those who read these notes, but not or no longer the thread beside them */
  outside({ lane, granted, opening }) {
    if (!lane.endsWith("-notes")) return [];
    const beside = this.open.get(String(opening?.beside?.case))?.thread.granted ?? [];
    return granted.filter(({ key }) => !beside.some((one) => one.key === key)).map(({ key }) => key);
  }

  /** @param {string} caseId @param {number} epoch @param {import("./item.js").FileEntry[]} [files] that go with a text: sealed for this thread, as it is now */
  mustFit(caseId, epoch, files = []) {
    const fits = ({ blob }) => this.files.get(blob)?.case === caseId && this.files.get(blob)?.epoch === epoch;
    if (!files.every(fits)) throw new Stale();
  }
}

/** @type {Record<string, (session: Session, given: any, progress: Progress) => any>} methods of both; contract: sealing.js */
export const both = {
  readCode(session, { typed }) {
    session.hold(readCode(typed));
    return spell(session.heldCode());
  },

  isCode(session, { typed }) {
    const code = readCode(typed);
    return b64u(code) === b64u(session.heldCode());
  },

  work(_, { challenge, bits }) {
    return solve(challenge, bits);
  },

  fingerprints(_, { cards }) {
    return cards.map((/** @type {import("./fingerprint.js").Card} */ card) => named(keyId(card)));
  },

  async sealFile(session, { case: caseId, content, name, original, type }, progress) {
    const thread = session.begun.get(caseId) ?? session.find(caseId).thread;
    const epoch = "epoch" in thread ? thread.epoch : 0;
    const blob = drawId();
    const { frame, bytes, hash } = await sealFile(content, { blob, case: caseId, recipient: thread.recipient }, progress);
    session.files.set(blob, { case: caseId, epoch });
    return { entry: { blob, bytes, hash, name, original: original ?? null, type }, frame };
  },

  reply(session, { case: caseId, ...text }) {
    const { thread, address, authorSeed } = session.find(caseId);
    must(session.outside(thread).length === 0);
    session.mustFit(caseId, thread.epoch, text.files);
    return makeReply(thread, address, authorSeed, text);
  },

  changeReaders(session, { case: caseId, lang, day, body = "", add = [], drop = [], left_out = [], cards = [], renew = false }) {
    const { thread, address, authorSeed } = session.find(caseId);
    must(left_out.length === 0 || thread.opener === b64u(ed25519.getPublicKey(authorSeed)));
    const stays = (/** @type {import("./fingerprint.js").Card} */ card) => thread.granted.some(({ key }) => key === keyId(card) && !drop.includes(key));
    mustBeIn([...add, ...cards.filter(stays)], [...thread.left_out, ...left_out]);
    if (thread.lane.endsWith("-notes")) session.mustReadBeside(thread, add);
    return makeChange(thread, address, authorSeed, { lang, day, body }, { add, drop, left_out, cards, renew });
  },

  async openFile(session, { case: caseId, blob, octets }, progress) {
    const { thread } = session.find(caseId);
    const item = thread.entries.find((one) => one.item?.files.some((file) => file.blob === blob))?.item;
    const entry = item?.files.find((file) => file.blob === blob);
    const seed = item ? thread.seeds.get(item.epoch) : undefined;
    must(entry && seed);
    const found = /** @type {import("./item.js").FileEntry} */ (entry);
    return { entry: found, octets: await openFile(octets, found, /** @type {Uint8Array} */ (seed), progress) };
  },

  exportThread(session, { case: caseId }) {
    const { thread, items } = session.find(caseId);
    const { lane, opener, entries } = thread;
    const said = { case: caseId, entries: entries.map(({ verdict, place }) => ({ place, verdict })), lane, mark: MARKER, opener, v: 1 };
    const parts = entries.flatMap(({ item, place }) => (item ? partsOf(items[place], thread.seeds.get(item.epoch), place) : []));
    return [{ name: "thread.json", octets: writeBytes(said) }, ...parts];
  },

  forget(session, { case: caseId }) {
    for (const seed of session.open.get(caseId)?.thread.seeds.values() ?? []) seed.fill(0);
    session.open.delete(caseId);
  },
};

/** @param {{file: Uint8Array}} delivered @param {Uint8Array | undefined} seed @param {number} place @returns {{name: string, octets: Uint8Array}[]} */
function partsOf({ file }, seed, place) {
  const content = openPadded(file, ITEM, /** @type {Uint8Array} */ (seed));
  const json = content.slice(64);
  const name = String(place + 1).padStart(3, "0");
  const { body } = read(json);
  return [
    { name: `${name}.json`, octets: json },
    { name: `${name}.sig`, octets: content.slice(0, 64) },
    { name: `${name}.txt`, octets: new TextEncoder().encode(`${body}\n\n${MARKER}\n`) },
  ];
}
