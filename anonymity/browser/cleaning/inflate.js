/** Packing and unpacking by fflate: the same bytes come out in every browser, so a cleaned file does not tell which one made it. */
import { deflateSync, Inflate } from "fflate";
import { CannotClean, joined } from "./source.js";

/** Input per step: at most 1,032 times as much comes out of a step before its size is looked at. */
const STEP = 16384;

/** How much may come out of one file altogether. */
export class Budget {
  /** @param {number} bytes */
  constructor(bytes) {
    this.left = bytes;
  }

  /** @param {number} bytes */
  spend(bytes) {
    this.left -= bytes;
    if (this.left < 0) throw new CannotClean("too_complex");
  }
}

/**
 * @param {Uint8Array} bytes raw DEFLATE; what stands behind its end is not looked at
 * @param {Budget} budget
 * @returns {{bytes: Uint8Array, whole: boolean}} whole is false if the stream breaks off or is wrong from some place on
 */
export function inflate(bytes, budget) {
  const parts = [];
  const stream = new Inflate((part) => {
    budget.spend(part.length);
    parts.push(part);
  });
  let whole = true;
  try {
    for (let at = 0; at < bytes.length && !ended(stream); at += STEP) stream.push(bytes.subarray(at, at + STEP), false);
    whole = ended(stream);
  } catch (error) {
    if (error instanceof CannotClean) throw error;
    whole = false;
  }
  return { bytes: joined(parts), whole };
}

/** fflate's state: the last block has begun (f) and no block is open (l, the length table). */
const ended = ({ s }) => Boolean(s.f && !s.l);

/** @param {Uint8Array} bytes @returns {Uint8Array} raw DEFLATE */
export const deflate = (bytes) => deflateSync(bytes, { level: 6 });
