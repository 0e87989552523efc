/**
 * age v1 files whose every recipient is of the hybrid post-quantum kind `mlkem768x25519` (FORMAT.md section 2). Nothing else is written,
 * and nothing else is opened: a file with another kind of recipient, or not in its one canonical spelling, is refused whole.
 *
 * The primitives and the writing of headers are those of the npm package age-encryption; what stands here is the narrowing, and the
 * chunks, which are sealed and opened in buffers that are there already (a file of 64 MiB goes through a phone).
 */
import { encodeHeader, encodeHeaderNoMAC } from "age-encryption/dist/format.js";
import { HybridIdentity, HybridRecipient } from "age-encryption/dist/recipients.js";
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { MLKEM768X25519 } from "@noble/post-quantum/hybrid.js";
import { base64nopad, bech32 } from "@scure/base";
import { join, must, same } from "./canonical.js";
import { CannotOpen } from "./errors.js";

const STANZA = "mlkem768x25519";
const IDENTITY_PREFIX = "AGE-SECRET-KEY-PQ-";
const RECIPIENT_PREFIX = "age1pq";
export const RECIPIENT_BYTES = 1216;
const RECIPIENT_LENGTH = 1959;
const ENC_LENGTH = 1494;
const WRAPPED_BYTES = 32;
const FILE_KEY_BYTES = 16;
const NONCE_BYTES = 16;
const MAX_RECIPIENTS = 32;
const STANZA_LENGTH = `-> ${STANZA} `.length + ENC_LENGTH + 1 + 43 + 1;
const FIRST_LINE = "age-encryption.org/v1\n";
const LAST_LINE_LENGTH = "--- ".length + 43 + 1;
const CIPHER = "ChaCha20-Poly1305";
export const CHUNK = 65536;
export const TAG = 16;
const utf8 = new TextEncoder();

/** @param {Uint8Array} seed 32 bytes @returns {string} `AGE-SECRET-KEY-PQ-1…` */
export function identityFromSeed(seed) {
  if (seed.length !== 32) throw new TypeError("an identity is 32 bytes of seed");
  return bech32.encode(IDENTITY_PREFIX, bech32.toWords(seed), false).toUpperCase();
}

/** @param {unknown} identity @returns {Uint8Array} its 32 bytes of seed; CannotOpen for any other kind or spelling */
export function seedOf(identity) {
  try {
    const { bytes } = bech32.decodeToBytes(/** @type {string} */ (identity));
    must(identityFromSeed(bytes) === identity);
    return bytes;
  } catch {
    throw new CannotOpen();
  }
}

/** @param {Uint8Array} seed 32 bytes @returns {string} the public `age1pq1…` that files are sealed to */
export function recipientFromSeed(seed) {
  return encodeRecipient(publicHalf(seed));
}

/** @param {Uint8Array} seed 32 bytes @returns {Uint8Array} the 1,216 bytes of its recipient */
export function publicHalf(seed) {
  return MLKEM768X25519.getPublicKey(seed);
}

/** @param {Uint8Array} bytes 1,216 @returns {string} `age1pq1…` */
export function encodeRecipient(bytes) {
  return bech32.encode(RECIPIENT_PREFIX, bech32.toWords(bytes), false);
}

/** @param {unknown} recipient @returns {Uint8Array} its 1,216 bytes; CannotOpen for any other kind or spelling */
export function recipientBytes(recipient) {
  try {
    must(typeof recipient === "string" && recipient.length === RECIPIENT_LENGTH);
    const bytes = bech32.fromWords(bech32.decode(/** @type {`${string}1${string}`} */ (recipient), false).words);
    must(bytes.length === RECIPIENT_BYTES && encodeRecipient(bytes) === recipient);
    return bytes;
  } catch {
    throw new CannotOpen();
  }
}

/** @param {number} plaintext its length @returns {number} chunks that it takes; nothing takes one too */
function chunksOf(plaintext) {
  return Math.max(1, Math.ceil(plaintext / CHUNK));
}

/** @param {number} plaintext its length @param {number} [recipients] @returns {number} length of the age file */
export function sealedSize(plaintext, recipients = 1) {
  return FIRST_LINE.length + STANZA_LENGTH * recipients + LAST_LINE_LENGTH + NONCE_BYTES + plaintext + TAG * chunksOf(plaintext);
}

/** The chunks of one file, in order, in one direction. */
export class Chunks {
  /** @param {Uint8Array} key of the payload */
  constructor(key) {
    this.key = key;
    this.count = 0;
    /** @type {CryptoKey | false | undefined} */
    this.native = undefined;
  }

  /** @param {boolean} isLast */
  #nonce(isLast) {
    const nonce = new Uint8Array(12);
    new DataView(nonce.buffer).setUint32(7, this.count++);
    nonce[11] = isLast ? 1 : 0;
    return nonce;
  }

  /** @param {Uint8Array} plaintext @param {boolean} isLast @param {Uint8Array} [into] 16 octets longer */
  seal(plaintext, isLast, into) {
    return chacha20poly1305(this.key, this.#nonce(isLast)).encrypt(plaintext, into);
  }

  /** @param {Uint8Array} sealed @param {boolean} isLast @param {Uint8Array} [into] 16 octets shorter; throws if it is not what was sealed here */
  open(sealed, isLast, into) {
    return chacha20poly1305(this.key, this.#nonce(isLast)).decrypt(sealed, into);
  }

  /**
   * Several whole chunks at once, by the browser's own cipher if it has one: that is several times as quick.
   * @param {"encrypt" | "decrypt"} what
   * @param {Uint8Array[]} parts in order
   * @param {boolean} isLast the last of them is the last of the file
   * @returns {Promise<Uint8Array[]>} rejects if one is not what was sealed here
   */
  async many(what, parts, isLast) {
    this.native ??= await nativeKey(this.key);
    const { native } = this;
    const nonces = parts.map((_, i) => this.#nonce(isLast && i === parts.length - 1));
    if (!native) return parts.map((part, i) => chacha20poly1305(this.key, nonces[i])[what](part.slice()));
    const work = parts.map((part, i) => crypto.subtle[what](/** @type {any} */ ({ name: CIPHER, iv: nonces[i] }), native, /** @type {BufferSource} */ (part)));
    return (await Promise.all(work)).map((octets) => new Uint8Array(octets));
  }
}

/** @param {Uint8Array} key @returns {Promise<CryptoKey | false>} for the browser's own ChaCha20-Poly1305; false where there is none */
async function nativeKey(key) {
  try {
    return await crypto.subtle.importKey(/** @type {any} */ ("raw-secret"), /** @type {BufferSource} */ (key), CIPHER, false, ["encrypt", "decrypt"]);
  } catch {
    return false;
  }
}

/** @param {string[]} recipients at least one `age1pq1…` @returns {{head: Uint8Array, chunks: Chunks}} what stands before the first chunk, and the chunks */
export function beginSealing(recipients) {
  if (recipients.length === 0 || recipients.length > MAX_RECIPIENTS) throw new TypeError("a file has 1 to 32 recipients");
  recipients.forEach(recipientBytes);
  const fileKey = crypto.getRandomValues(new Uint8Array(FILE_KEY_BYTES));
  const stanzas = recipients.flatMap((recipient) => new HybridRecipient(recipient).wrapFileKey(fileKey));
  const header = encodeHeader(stanzas, headerMac(fileKey, encodeHeaderNoMAC(stanzas)));
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  return { head: join(header, nonce), chunks: new Chunks(payloadKey(fileKey, nonce)) };
}

/** @param {Uint8Array} file @param {Uint8Array} seed @returns {{at: number, chunks: Chunks}} where its first chunk begins; throws for anything else */
export function beginOpening(file, seed) {
  const { stanzas, mac, size } = readHeader(file);
  const payloadAt = size + NONCE_BYTES;
  must(file.length >= payloadAt + TAG);
  const fileKey = new HybridIdentity(identityFromSeed(seed)).unwrapFileKey(stanzas);
  must(fileKey?.length === FILE_KEY_BYTES && same(headerMac(fileKey, encodeHeaderNoMAC(stanzas)), mac));
  return { at: payloadAt, chunks: new Chunks(payloadKey(fileKey, file.subarray(size, payloadAt))) };
}

/**
 * @param {Uint8Array} plaintext
 * @param {string[]} recipients at least one `age1pq1…`
 * @returns {Uint8Array} a complete age file
 */
export function seal(plaintext, recipients) {
  const { head, chunks } = beginSealing(recipients);
  const file = new Uint8Array(sealedSize(plaintext.length, recipients.length));
  file.set(head);
  const last = chunksOf(plaintext.length) - 1;
  for (let i = 0, at = head.length; i <= last; i++, at += CHUNK + TAG) file.set(chunks.seal(plaintext.slice(i * CHUNK, (i + 1) * CHUNK), i === last), at);
  return file;
}

/**
 * @param {Uint8Array} file
 * @param {Uint8Array} seed the 32 bytes of the one identity that is tried
 * @returns {Uint8Array} the plaintext; CannotOpen for anything else
 */
export function open(file, seed) {
  try {
    const { at, chunks } = beginOpening(file, seed);
    const last = Math.ceil((file.length - at) / (CHUNK + TAG)) - 1;
    const plaintext = new Uint8Array(file.length - at - (last + 1) * TAG);
    for (let i = 0; i <= last; i++) {
      const part = chunks.open(file.slice(at + i * (CHUNK + TAG), at + (i + 1) * (CHUNK + TAG)), i === last);
      must(part.length > 0 || last === 0);
      plaintext.set(part, i * CHUNK);
    }
    return plaintext;
  } catch {
    throw new CannotOpen();
  }
}

/** @param {Uint8Array} file @returns {{stanzas: Stanza[], mac: Uint8Array, size: number}} its header, in its one spelling */
function readHeader(file) {
  const longest = FIRST_LINE.length + STANZA_LENGTH * MAX_RECIPIENTS + LAST_LINE_LENGTH;
  const text = String.fromCharCode(...file.subarray(0, longest));
  /** @type {Stanza[]} */
  const stanzas = [];
  let at = FIRST_LINE.length;
  for (; text.startsWith("-> ", at); at += STANZA_LENGTH) {
    const [line, body] = text.slice(at, at + STANZA_LENGTH).split("\n");
    stanzas.push({ args: line.split(" ").slice(1), body: base64nopad.decode(body) });
  }
  const size = at + LAST_LINE_LENGTH;
  const mac = base64nopad.decode(text.slice(at + 4, size - 1));
  must(allOurs(stanzas) && same(encodeHeader(stanzas, mac), file.subarray(0, size)));
  return { stanzas, mac, size };
}

/** @typedef {{args: string[], body: Uint8Array}} Stanza */

/** @param {Stanza[]} stanzas */
function allOurs(stanzas) {
  const ours = (/** @type {Stanza} */ { args, body }) => args.length === 2 && args[0] === STANZA && args[1].length === ENC_LENGTH && body.length === WRAPPED_BYTES;
  return stanzas.length > 0 && stanzas.length <= MAX_RECIPIENTS && stanzas.every(ours);
}

/** @param {Uint8Array} fileKey @param {Uint8Array} header */
function headerMac(fileKey, header) {
  return hmac(sha256, hkdf(sha256, fileKey, undefined, utf8.encode("header"), 32), header);
}

/** @param {Uint8Array} fileKey @param {Uint8Array} nonce */
function payloadKey(fileKey, nonce) {
  return hkdf(sha256, fileKey, nonce, utf8.encode("payload"), 32);
}
