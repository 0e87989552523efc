/** Padding to one size per kind of file, so that a length says nothing (FORMAT.md section 2), and the sealing of what was padded. */
import { open, seal } from "./age.js";
import { join, must } from "./canonical.js";
import { TooLong } from "./errors.js";

/** Plaintext sizes, and the age files with one recipient that come of them. */
export const ITEM = { plaintext: 18432, file: 20091 };
export const KEYRING = { plaintext: 512, file: 2171 };
export const GRANT = { plaintext: 512, file: 2171 };

/** @param {Uint8Array} content @param {number} size @returns {Uint8Array} u32 length, content, zero bytes; or TooLong */
export function pad(content, size) {
  if (content.length + 4 > size) throw new TooLong();
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, content.length);
  return join(length, content, new Uint8Array(size - 4 - content.length));
}

/** @param {Uint8Array} padded @param {number} size @returns {Uint8Array} the content; CannotOpen unless padded in the one right way */
export function unpad(padded, size) {
  must(padded.length === size);
  const length = new DataView(padded.buffer, padded.byteOffset, 4).getUint32(0);
  must(length <= size - 4 && padded.subarray(4 + length).every((byte) => byte === 0));
  return padded.slice(4, 4 + length);
}

/** @param {Uint8Array} content @param {{plaintext: number}} size @param {string} recipient @returns {Uint8Array} an age file of the class's size */
export function sealPadded(content, size, recipient) {
  return seal(pad(content, size.plaintext), [recipient]);
}

/** @param {Uint8Array} file @param {{plaintext: number, file: number}} size @param {Uint8Array} seed @returns {Uint8Array} the content, or CannotOpen */
export function openPadded(file, size, seed) {
  must(file.length === size.file);
  return unpad(open(file, seed), size.plaintext);
}
