/**
 * Other people read a thread from here on (FORMAT.md sections 7 and 9). Who is only added reads what was before too; once somebody
 * is dropped a new epoch begins, whose seed those who stay are granted, and the reporter.
 */
import { encodeRecipient, RECIPIENT_BYTES, recipientFromSeed } from "./age.js";
import { b64u, must, unb64u, write } from "./canonical.js";
import { TooLong } from "./errors.js";
import { LAST_EPOCH, sealGrant } from "./grant.js";
import { byKey, onWire, placed } from "./submission.js";
import { recipientHash } from "./thread.js";

/**
 * @typedef {import("./fingerprint.js").Card} Card
 * @typedef {import("./thread.js").Thread} Thread
 * @typedef {{add: Card[], drop: string[], left_out: string[], cards: Card[], renew?: boolean}} Change drop: key ids; left_out: newly, by the opener only;
 *   cards: of everybody who stays, needed for a new epoch; renew: a new epoch though nobody is dropped
 * @typedef {{epoch: number, seeds: Map<number, Uint8Array>, granted: import("./item.js").Granted[], receivers: (Card & {key: string})[], isNew: boolean}} Plan
 */

const MOST_GRANTS = 60;
const MOST_LEFT_OUT = 24;

/**
 * @param {Thread} thread
 * @param {import("./submission.js").Address} address
 * @param {Uint8Array} authorSeed
 * @param {import("./submission.js").Text} text its body may be empty
 * @param {Change} change
 * @returns {string} the change, canonical; CannotOpen if there is nothing to change, both kinds
 *   of change are asked for at once, somebody's card is missing, or nobody would be left
 */
export function makeChange(thread, address, authorSeed, text, change) {
  must((thread.writable || thread.restartable) && thread.opening);
  const { epoch, seeds, granted, receivers, isNew } = plan(thread, change);
  const { case: caseId, head: prev } = thread;
  const recipient = recipientFromSeed(/** @type {Uint8Array} */ (seeds.get(epoch)));
  const newly = change.left_out.filter((id) => !thread.left_out.includes(id));
  const readers = { granted, left_out: [...new Set(newly)].sort(), recipient: recipientHash(recipient) };
  const epochs = [...seeds.keys()].sort((a, b) => a - b);
  const grants = receivers.flatMap(({ key, recipient: to }) => epochs.map((at) => ({ epoch: at, file: grantOf(thread, seeds, at, to), key })));
  if (grants.length > MOST_GRANTS) throw new TooLong();
  /** @type {import("./item.js").Fields} */
  const item = { ...placed(text), case: caseId, epoch, prev, kind: "readers", opening: null, readers };
  const reporter = isNew && !thread.lane.endsWith("-notes") ? grantOf(thread, seeds, epoch, wayBack(thread)) : null;
  return write({ ...address, epoch, grants, item: onWire(item, authorSeed, recipient), recipient, reporter, v: 1 });
}

/** @param {Thread} thread @param {Change} change @returns {Plan} */
function plan(thread, { add, drop, left_out, cards, renew = false }) {
  const was = new Set(thread.granted.map(({ key }) => key));
  const added = byKey(add).filter(({ key }) => !was.has(key));
  const stay = thread.granted.filter(({ key }) => !drop.includes(key));
  const isNew = renew || stay.length < thread.granted.length;
  must(isNew ? added.length === 0 : added.length > 0 || left_out.some((id) => !thread.left_out.includes(id)));
  must(new Set([...thread.left_out, ...left_out]).size <= MOST_LEFT_OUT);
  const granted = [...stay, ...added.map(({ key, sign }) => ({ key, sign }))].sort((a, b) => (a.key < b.key ? -1 : 1));
  must(isNew || thread.writable);
  if (!isNew) return { epoch: thread.epoch, seeds: thread.seeds, granted, receivers: added, isNew };
  const stays = new Set(granted.map(({ key }) => key));
  const receivers = byKey(cards).filter(({ key }) => stays.has(key));
  must(receivers.length === granted.length && thread.current < LAST_EPOCH);
  const epoch = thread.current + 1;
  return { epoch, seeds: new Map([[epoch, crypto.getRandomValues(new Uint8Array(32))]]), granted, receivers, isNew };
}

/** @param {Thread} thread @param {Map<number, Uint8Array>} seeds @param {number} epoch @param {string} recipient @returns {string} b64u */
function grantOf({ case: caseId, lane, opener: author }, seeds, epoch, recipient) {
  return b64u(sealGrant({ author, case: caseId, epoch, lane, seed: /** @type {Uint8Array} */ (seeds.get(epoch)) }, recipient));
}

/** @param {Thread} thread @returns {string} what the receipt alone opens: the return recipient that stands in the opening */
function wayBack({ opening }) {
  must(opening?.return);
  return encodeRecipient(unb64u(opening?.return, RECIPIENT_BYTES));
}
