/** The boxes of MP4 (ISO 14496-12): reading a tree of them, and writing one. */
import { bytesOf, CannotClean, joined, latin1, sound, u32, view } from "./source.js";

const MOST_BOXES = 10_000;

/** @typedef {{type: string, body: Uint8Array}} Box */

/**
 * @param {Uint8Array} bytes @param {{boxes: number}} count shared by the whole tree
 * @returns {Box[]} the boxes that fill these bytes exactly; zero bytes behind the last are allowed, as some writers end a list so
 */
export function boxesIn(bytes, count) {
  const found = [];
  let at = 0;
  while (at + 8 <= bytes.length) {
    let [size, head] = [view(bytes).getUint32(at), 8];
    if (size === 0 && bytes.subarray(at).every((byte) => byte === 0)) return found;
    if (size === 1) {
      sound(at + 16 <= bytes.length && view(bytes).getUint32(at + 8) === 0);
      [size, head] = [view(bytes).getUint32(at + 12), 16];
    }
    sound(size >= head && at + size <= bytes.length);
    if (++count.boxes > MOST_BOXES) throw new CannotClean("too_complex");
    found.push({ type: latin1(bytes, at + 4, at + 8), body: bytes.subarray(at + head, at + size) });
    at += size;
  }
  sound(bytes.subarray(at).every((byte) => byte === 0));
  return found;
}

/** @param {Box[]} boxes @param {string} type @returns {Uint8Array | undefined} the body of the first of this type */
export const body = (boxes, type) => boxes.find((box) => box.type === type)?.body;

/** @param {Box[]} boxes @param {string} type @returns {Uint8Array} the body of the one that must be there */
export function must(boxes, type) {
  const found = body(boxes, type);
  sound(found);
  return found;
}

/** @param {string} type @param {...Uint8Array} parts @returns {Uint8Array} */
export function box(type, ...parts) {
  const content = joined(parts);
  return joined([u32(content.length + 8), bytesOf(type), content]);
}

/**
 * @param {Uint8Array} bytes @param {...[number, number]} ranges from and to
 * @returns {Uint8Array} a copy with these bytes zero
 */
export function blanked(bytes, ...ranges) {
  const copy = bytes.slice();
  for (const [from, to] of ranges) copy.fill(0, from, to);
  return copy;
}
