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
const SEALED_SLICE = 16 * (CHUNK + TAG);
const IDS = 32;
/** The browser's own SHA-256 copies what it hashes; a file of the largest class is hashed piece by piece instead. */
const LARGEST_COPY = sealedSize(16777216);

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
  must(content instanceof Blob || content instanceof Uint8Array);
  return content instanceof Blob ? content.size : content.length;
}

/** @param {Blob | Uint8Array} content @param {number} from @param {number} to @returns {Promise<Uint8Array>} all that was asked for */
async function slice(content, from, to) {
  const part = content instanceof Blob ? new Uint8Array(await content.slice(from, to).arrayBuffer()) : content.subarray(from, to);
  must(part.length === to - from);
  return part;
}

/** @param {Uint8Array} octets @param {number} length @returns {Uint8Array[]} */
function cut(octets, length) {
  return Array.from({ length: Math.ceil(octets.length / length) }, (_, i) => octets.subarray(i * length, (i + 1) * length));
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
  progress(0);
  const { head, chunks } = beginSealing([recipient]);
  const frame = new Uint8Array(IDS + sealedSize(size));
  frame.set(unb64u(blob, 16));
  frame.set(unb64u(caseId, 16), 16);
  frame.set(head, IDS);
  let to = IDS + head.length;
  const plain = new Uint8Array(Math.min(SLICE, size));
  for (let at = 0; at < size; at += plain.length) {
    const own = at < bytes ? await slice(content, at, Math.min(at + plain.length, bytes)) : new Uint8Array(0);
    plain.set(own);
    plain.fill(0, own.length);
    for (const part of await chunks.many("encrypt", cut(plain, CHUNK), at + plain.length === size)) {
      frame.set(part, to);
      to += part.length;
    }
    progress((0.8 * (at + plain.length)) / size);
  }
  plain.fill(0);
  const hash = await hashOf(frame.subarray(IDS), (done) => progress(0.8 + 0.2 * done));
  return { frame, bytes, hash };
}

/**
 * Opens a file in place: the octets given become the content.
 * @param {Uint8Array} file as the server answered it
 * @param {{bytes: number, hash: string}} entry what the item that names it says
 * @param {Uint8Array} seed of the case at the item's epoch
 * @param {Progress} [progress]
 * @returns {Promise<Uint8Array>} the content, once all of it has agreed; CannotOpen for anything else
 */
export async function openFile(file, { bytes, hash }, seed, progress = () => {}) {
  try {
    const size = fileClass(bytes);
    must(file.length === sealedSize(size));
    progress(0);
    must((await hashOf(file, (done) => progress(0.2 * done))) === hash);
    const { at: first, chunks } = beginOpening(file, seed);
    must(first + size + (size / CHUNK) * TAG === file.length);
    let to = 0;
    for (let from = first; from < file.length; from += SEALED_SLICE) {
      const sealed = file.slice(from, from + SEALED_SLICE);
      for (const part of await chunks.many("decrypt", cut(sealed, CHUNK + TAG), from + SEALED_SLICE >= file.length)) {
        file.set(part, to);
        to += part.length;
      }
      progress(0.2 + (0.8 * to) / size);
    }
    must(to === size && isZero(file.subarray(bytes, size)));
    return file.subarray(0, bytes);
  } catch {
    file.fill(0);
    throw new CannotOpen();
  }
}

/** @param {Uint8Array} file @param {Progress} progress @returns {Promise<string>} its SHA-256 */
async function hashOf(file, progress) {
  if (globalThis.crypto.subtle && file.length <= LARGEST_COPY) {
    const digest = await crypto.subtle.digest("SHA-256", /** @type {BufferSource} */ (file));
    progress(1);
    return b64u(new Uint8Array(digest));
  }
  const hash = sha256.create();
  for (const part of cut(file, SLICE)) {
    hash.update(part);
    progress((part.byteOffset - file.byteOffset + part.length) / file.length);
  }
  return b64u(hash.digest());
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
  for (let at = 0; at === 0 || at < bytes; at += SLICE) {
    const part = await slice(content, at, Math.min(at + SLICE, bytes));
    for (const sealed of await chunks.many("encrypt", part.length ? cut(part, CHUNK) : [part], at + SLICE >= bytes)) {
      file.set(sealed, to);
      to += sealed.length;
    }
    progress(bytes ? Math.min(1, (at + SLICE) / bytes) : 1);
  }
  return file;
}
