/**
 * Ten words: a code of 104 random bits that people can write down, say and type (FORMAT.md sections 3 and 4).
 * Here stand its three spellings (Welsh words, English words, digits), the reading of what somebody typed, and what a code derives.
 */
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import cyText from "../words_cy.txt";
import enText from "../words_en.txt";
import { labelled } from "./canonical.js";
import { Mistyped } from "./errors.js";

const CODE_BYTES = 13;
const WORDS = 10;
const LONGEST_TYPED = 1024;
const utf8 = new TextEncoder();

/** @type {Record<"cy" | "en", string[]>} */
export const lists = { cy: cyText.trim().split("\n"), en: enText.trim().split("\n") };
const indexOf = new Map([...lists.en, ...lists.cy].map((word, i) => [word, i % 2048]));

/** @returns {Uint8Array} a new code: 13 random bytes */
export function draw() {
  return crypto.getRandomValues(new Uint8Array(CODE_BYTES));
}

/** @param {Uint8Array} code @returns {number} six bits that catch most slips */
function checkOf(code) {
  return sha256(labelled("porth:v1:code", code))[0] >> 2;
}

/** @param {Uint8Array} code @returns {number[]} ten list numbers, 0 to 2047 */
export function indices(code) {
  const number = code.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n) * 64n + BigInt(checkOf(code));
  return Array.from({ length: WORDS }, (_, i) => Number((number >> BigInt(11 * (WORDS - 1 - i))) & 2047n));
}

/** @param {Uint8Array} code @param {"cy" | "en"} locale @returns {string} ten words joined by one space */
export function words(code, locale) {
  return indices(code).map((i) => lists[locale][i]).join(" ");
}

/** @param {Uint8Array} code @returns {string} ten groups of four digits */
export function digits(code) {
  return indices(code).map((i) => String(i).padStart(4, "0")).join(" ");
}

/** @param {string} typed words of either language or digits, in any case and spacing @returns {Uint8Array} the code; or Mistyped */
export function readCode(typed) {
  if (typed.length > LONGEST_TYPED || utf8.encode(typed).length > LONGEST_TYPED) throw new Mistyped("length");
  const tokens = tokensOf(typed);
  if (tokens.length !== WORDS) throw new Mistyped("count");
  const found = tokens.map(numberOf);
  const bad = found.flatMap((number, i) => (number === null ? [i + 1] : []));
  if (bad.length) throw new Mistyped("words", bad);
  const number = found.reduce((sum, i) => sum * 2048n + BigInt(/** @type {number} */ (i)), 0n);
  const code = codeOf(number >> 6n);
  if (checkOf(code) !== Number(number & 63n)) throw new Mistyped("check");
  return code;
}

/** @param {bigint} number 104 bits @returns {Uint8Array} */
function codeOf(number) {
  return Uint8Array.from({ length: CODE_BYTES }, (_, i) => Number((number >> BigInt(8 * (CODE_BYTES - 1 - i))) & 255n));
}

/** @param {string} typed @returns {string[]} words, groups of four digits, and runs of digits that are neither */
function tokensOf(typed) {
  const plain = typed.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return (plain.match(/[a-z]+|[0-9]+/g) ?? []).flatMap((run) => {
    if (!/^[0-9]/.test(run)) return [run];
    if (run.length <= 2) return [];
    return run.length % 4 === 0 ? /** @type {string[]} */ (run.match(/.{4}/g)) : [run];
  });
}

/** @param {string} token @returns {number | null} its list number */
function numberOf(token) {
  if (/^[0-9]{4}$/.test(token)) return Number(token) < 2048 ? Number(token) : null;
  return indexOf.get(token) ?? null;
}

/**
 * @param {Uint8Array} code or another secret that section 4 derives from
 * @param {string} label of FORMAT.md section 4, such as `joint:locator`
 * @returns {Uint8Array} 32 bytes
 */
export function derive(code, label) {
  return hkdf(sha256, code, utf8.encode("porth:v1"), utf8.encode(label), 32);
}
