/**
 * Canonical JSON and the checks that every reader makes (FORMAT.md sections 0 and 1).
 * Two devices that say the same thing write the same bytes, so signatures and hashes are over one spelling only.
 */
import { base64urlnopad } from "@scure/base";
import { CannotOpen } from "./errors.js";

const LARGEST = 2147483647;
const OPAQUE = /^[A-Za-z0-9_-]{1,64}$/;

/** @param {unknown} condition anything false makes it CannotOpen @returns {asserts condition} */
export function must(condition) {
  if (!condition) throw new CannotOpen();
}

/** @param {unknown} value objects, arrays, strings, booleans, null and small integers @returns {string} its one spelling */
export function write(value) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return writeInteger(value);
  if (typeof value === "string") return writeString(value);
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
  must(typeof value === "object");
  const entries = Object.entries(/** @type {object} */ (value)).sort(([a], [b]) => (a < b ? -1 : 1));
  must(entries.every(([key]) => /^[a-z0-9_]+$/.test(key)));
  return `{${entries.map(([key, inner]) => `"${key}":${write(inner)}`).join(",")}}`;
}

/** @param {number} value */
function writeInteger(value) {
  must(Number.isInteger(value) && !Object.is(value, -0) && value >= 0 && value <= LARGEST);
  return String(value);
}

/** @param {string} value */
function writeString(value) {
  // eslint-disable-next-line no-control-regex
  must(!/[\p{Surrogate}\u0000-\u0009\u000b-\u001f]/u.test(value));
  return `"${value.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"`;
}

/** @param {unknown} value @returns {Uint8Array} */
export function writeBytes(value) {
  return new TextEncoder().encode(write(value));
}

/** @param {Uint8Array} bytes @returns {any} what they say, if they are its one spelling; CannotOpen otherwise */
export function read(bytes) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const value = JSON.parse(text);
    must(write(value) === text);
    return value;
  } catch {
    throw new CannotOpen();
  }
}

/** @param {any} value @param {string[]} keys must have exactly these @returns {void} */
export function exactly(value, keys) {
  must(value !== null && typeof value === "object" && !Array.isArray(value));
  must(Object.keys(value).sort().join() === [...keys].sort().join());
}

/** @param {Uint8Array} bytes @returns {string} base64url without padding */
export function b64u(bytes) {
  return base64urlnopad.encode(bytes);
}

/** @param {unknown} text base64url @param {number} length bytes expected @returns {Uint8Array} */
export function unb64u(text, length) {
  try {
    must(typeof text === "string" && text.length === Math.ceil((length * 4) / 3));
    const bytes = base64urlnopad.decode(/** @type {string} */ (text));
    must(bytes.length === length && b64u(bytes) === text);
    return bytes;
  } catch {
    throw new CannotOpen();
  }
}

/** @returns {string} 16 random bytes as base64url: an id */
export function drawId() {
  return b64u(crypto.getRandomValues(new Uint8Array(16)));
}

/** @param {string[]} texts @returns {boolean} in order of code points, none twice */
export function ascending(texts) {
  return texts.every((text, i) => i === 0 || texts[i - 1] < text);
}

/** @param {unknown} text @param {number} [longest] */
export function isOpaque(text, longest = 64) {
  return typeof text === "string" && text.length <= longest && OPAQUE.test(text);
}

/** @param {Uint8Array} a @param {Uint8Array} b @returns {boolean} compared without stopping at the first difference */
export function same(a, b) {
  let different = a.length ^ b.length;
  for (let i = 0; i < Math.min(a.length, b.length); i++) different |= a[i] ^ b[i];
  return different === 0;
}

/** @param {...Uint8Array} parts @returns {Uint8Array} */
export function join(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** @param {string} label @param {...Uint8Array} parts @returns {Uint8Array} label, a zero byte, the parts */
export function labelled(label, ...parts) {
  return join(new TextEncoder().encode(label), Uint8Array.of(0), ...parts);
}
