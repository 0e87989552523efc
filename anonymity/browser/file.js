/**
 * Files (FORMAT.md sections 2, 7 and 9): sealed slice by slice into the one buffer that is sent, and opened inside the one buffer
 * that came, so that a phone holds a file of 64 MiB once and not three times.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { beginOpening, beginSealing, CHUNK, sealedSize, TAG } from "./age.js";
import { b64u, must, unb64u } from "./canonical.js";
import { FILE_CLASSES, LARGEST_FILE } from "./classes.js";
import { CannotOpen, TooLong } from "./errors.js";

const SLICE = 16 * CHUNK;
const IDS = 32;

/** @typedef {(done: number) => void} Progress 0 to 1 */

/** @param {number} bytes @returns {number} plaintext size of the smallest class that holds them; TooLong if none does */
export function fileClass(bytes) {
  must(bytes > 0);
  const found = FILE_CLASSES.find((size) => bytes <= size);
  if (found === undefined) throw new TooLong();
  return found;
}

/** @param {Blob | Uint8Array} content @returns {number} */
function lengthOf(content) {
  return content instanceof Blob ? content.size : content.length;
}

/** @param {Blob | Uint8Array} content @param {number} from @param {number} to @returns {Promise<Uint8Array>} */
async function slice(content, from, to) {
  return content instanceof Blob ? new Uint8Array(await content.slice(from, to).arrayBuffer()) : content.subarray(from, to);
}

/**
 * @param {Blob | Uint8Array} content 1 byte to 64 MiB
 * @param {{blob: string, case: string, recipient: string}} where
 * @param {Progress} [progress]
 * @returns {Promise<{frame: Uint8Array, bytes: number, hash: string}>} what goes over the wire, true length, hash of the age file
 */
export async function sealFile(content, { blob, case: caseId, recipient }, progress = () => {}) {
  const bytes = lengthOf(content);
  const size = fileClass(bytes);
  const { head, chunks } = beginSealing([recipient]);
  const frame = new Uint8Array(IDS + sealedSize(size));
  frame.set(unb64u(blob, 16));
  frame.set(unb64u(caseId, 16), 16);
  frame.set(head, IDS);
  const hash = sha256.create().update(head);
  const plain = new Uint8Array(CHUNK);
  const sealed = new Uint8Array(CHUNK + TAG);
  let part = new Uint8Array(0);
  for (let at = 0, to = IDS + head.length; at < size; at += CHUNK, to += CHUNK + TAG) {
    if (at % SLICE === 0 && at < bytes) {
      part = await slice(content, at, Math.min(at + SLICE, bytes));
      must(part.length === Math.min(SLICE, bytes - at));
      progress(at / size);
    }
    const own = at < bytes ? part.subarray(at % SLICE, (at % SLICE) + CHUNK) : part.subarray(0, 0);
    plain.set(own);
    plain.fill(0, own.length);
    chunks.seal(plain, at + CHUNK === size, sealed);
    frame.set(sealed, to);
    hash.update(sealed);
  }
  plain.fill(0);
  progress(1);
  return { frame, bytes, hash: b64u(hash.digest()) };
}

/**
 * Opens a file in place: the octets given become the content.
 * @param {Uint8Array} file as the server answered it
 * @param {{bytes: number, hash: string}} entry what the item that names it says
 * @param {Uint8Array} seed of the case at the item's epoch
 * @param {Progress} [progress]
 * @returns {Uint8Array} the content, once all of it has agreed; CannotOpen for anything else
 */
export function openFile(file, { bytes, hash }, seed, progress = () => {}) {
  try {
    const size = fileClass(bytes);
    must(file.length === sealedSize(size));
    must(b64u(hashOf(file, (done) => progress(done / 2))) === hash);
    const { at: first, chunks } = beginOpening(file, seed);
    must(first + size + (size / CHUNK) * TAG === file.length);
    const sealed = new Uint8Array(CHUNK + TAG);
    const plain = new Uint8Array(CHUNK);
    for (let at = 0, from = first; at < size; at += CHUNK, from += CHUNK + TAG) {
      sealed.set(file.subarray(from, from + CHUNK + TAG));
      file.set(chunks.open(sealed, at + CHUNK === size, plain), at);
      if (at % SLICE === 0) progress((1 + at / size) / 2);
    }
    must(isZero(file.subarray(bytes, size)));
    progress(1);
    return file.subarray(0, bytes);
  } catch {
    file.fill(0);
    throw new CannotOpen();
  }
}

/** @param {Uint8Array} file @param {Progress} progress */
function hashOf(file, progress) {
  const hash = sha256.create();
  for (let at = 0; at < file.length; at += SLICE) {
    hash.update(file.subarray(at, at + SLICE));
    progress(at / file.length);
  }
  return hash.digest();
}

/** @param {Uint8Array} octets */
function isZero(octets) {
  let any = 0;
  for (const octet of octets) any |= octet;
  return any === 0;
}

/**
 * An age file for exports: not padded, for one or several people.
 * @param {Blob | Uint8Array} content
 * @param {string[]} recipients
 * @param {Progress} [progress]
 * @returns {Promise<Uint8Array>}
 */
export async function sealExport(content, recipients, progress = () => {}) {
  const bytes = lengthOf(content);
  if (bytes > LARGEST_FILE) throw new TooLong();
  const { head, chunks } = beginSealing(recipients);
  const file = new Uint8Array(sealedSize(bytes, recipients.length));
  file.set(head);
  let to = head.length;
  for (let at = 0; at === 0 || at < bytes; at += CHUNK, to += CHUNK + TAG) {
    const part = await slice(content, at, Math.min(at + CHUNK, bytes));
    file.set(chunks.seal(part.slice(), at + CHUNK >= bytes), to);
    if (at % SLICE === 0) progress(at / bytes);
  }
  progress(1);
  return file;
}
