/**
 * age v1 files whose every recipient is of the hybrid post-quantum kind `mlkem768x25519` (FORMAT.md section 2). Nothing else is written,
 * and nothing else is opened: a file with another kind of recipient, or not in its one canonical spelling, is refused whole.
 *
 * The primitives, header and STREAM are those of the npm package age-encryption; what stands here is the narrowing.
 */
import { encodeHeader, encodeHeaderNoMAC, parseHeader } from "age-encryption/dist/format.js";
import { readAll, stream } from "age-encryption/dist/io.js";
import { HybridIdentity, HybridRecipient } from "age-encryption/dist/recipients.js";
import { decryptSTREAM, encryptSTREAM } from "age-encryption/dist/stream.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { MLKEM768X25519 } from "@noble/post-quantum/hybrid.js";
import { bech32 } from "@scure/base";
import { CannotOpen, join, must, same } from "./canonical.js";

const STANZA = "mlkem768x25519";
const IDENTITY_PREFIX = "AGE-SECRET-KEY-PQ-";
const RECIPIENT_PREFIX = "age1pq";
const RECIPIENT_BYTES = 1216;
const RECIPIENT_LENGTH = 1959;
const ENC_LENGTH = 1494;
const WRAPPED_BYTES = 32;
const FILE_KEY_BYTES = 16;
const NONCE_BYTES = 16;
const MAX_RECIPIENTS = 32;
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
  return encodeRecipient(MLKEM768X25519.getPublicKey(seed));
}

/** @param {Uint8Array} bytes @returns {string} */
function encodeRecipient(bytes) {
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

/**
 * @param {Uint8Array} plaintext
 * @param {string[]} recipients at least one `age1pq1…`
 * @returns {Promise<Uint8Array>} a complete age file
 */
export async function seal(plaintext, recipients) {
  if (recipients.length === 0 || recipients.length > MAX_RECIPIENTS) throw new TypeError("a file has 1 to 32 recipients");
  recipients.forEach(recipientBytes);
  const fileKey = crypto.getRandomValues(new Uint8Array(FILE_KEY_BYTES));
  const stanzas = recipients.flatMap((recipient) => new HybridRecipient(recipient).wrapFileKey(fileKey));
  const header = encodeHeader(stanzas, headerMac(fileKey, encodeHeaderNoMAC(stanzas)));
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const payload = await readAll(stream(plaintext).pipeThrough(encryptSTREAM(payloadKey(fileKey, nonce))));
  return join(header, nonce, payload);
}

/**
 * @param {Uint8Array} file
 * @param {Uint8Array} seed the 32 bytes of the one identity that is tried
 * @returns {Promise<Uint8Array>} the plaintext; CannotOpen for anything else
 */
export async function open(file, seed) {
  try {
    const { stanzas, headerNoMAC, MAC, headerSize } = await parseHeader(stream(file));
    const payloadAt = headerSize + NONCE_BYTES;
    must(allOurs(stanzas) && same(encodeHeader(stanzas, MAC), file.subarray(0, headerSize)) && file.length > payloadAt);
    const fileKey = new HybridIdentity(identityFromSeed(seed)).unwrapFileKey(stanzas);
    must(fileKey?.length === FILE_KEY_BYTES && same(headerMac(fileKey, headerNoMAC), MAC));
    const key = payloadKey(fileKey, file.subarray(headerSize, payloadAt));
    return await readAll(stream(file.subarray(payloadAt)).pipeThrough(decryptSTREAM(key)));
  } catch {
    throw new CannotOpen();
  }
}

/** @param {{args: string[], body: Uint8Array}[]} stanzas */
function allOurs(stanzas) {
  const ours = (/** @type {{args: string[], body: Uint8Array}} */ { args, body }) => args.length === 2 && args[0] === STANZA && args[1].length === ENC_LENGTH && body.length === WRAPPED_BYTES;
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
