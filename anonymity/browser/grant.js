/** A case identity for one reader (FORMAT.md section 6). */
import { b64u, exactly, must, read, unb64u, writeBytes } from "./canonical.js";
import { GRANT, openPadded, sealPadded } from "./padding.js";

export const LANES = ["joint", "union", "union-notes", "employer-notes"];
export const LAST_EPOCH = 999;

/** @typedef {{author: string, case: string, epoch: number, lane: string, seed: Uint8Array}} Grant author: the opener's public key */

/** @param {Grant} grant @returns {Uint8Array} */
export function writeGrant({ author, case: caseId, epoch, lane, seed }) {
  return writeBytes({ author, case: caseId, epoch, lane, seed: b64u(seed), v: 1 });
}

/** @param {Grant} grant @param {string} recipient the reader's @returns {Uint8Array} */
export function sealGrant(grant, recipient) {
  return sealPadded(writeGrant(grant), GRANT, recipient);
}

/**
 * @param {Uint8Array} file
 * @param {Uint8Array} seed the reader's identity
 * @param {{case: string, epoch: number}} delivered what the server says that it is for
 * @returns {Grant} or CannotOpen
 */
export function openGrant(file, seed, delivered) {
  const value = read(openPadded(file, GRANT, seed));
  exactly(value, ["author", "case", "epoch", "lane", "seed", "v"]);
  must(value.v === 1 && LANES.includes(value.lane));
  unb64u(value.author, 32);
  unb64u(value.case, 16);
  must(Number.isInteger(value.epoch) && value.epoch <= LAST_EPOCH);
  must(value.case === delivered.case && value.epoch === delivered.epoch);
  return { author: value.author, case: value.case, epoch: value.epoch, lane: value.lane, seed: unb64u(value.seed, 32) };
}
