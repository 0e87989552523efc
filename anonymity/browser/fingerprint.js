/** Key cards, key ids, and the six words by which people compare a key with a poster on the wall (FORMAT.md section 5). */
import { sha256 } from "@noble/hashes/sha2.js";
import { recipientBytes } from "./age.js";
import { b64u, labelled, must, unb64u } from "./canonical.js";
import { lists } from "./receipt.js";

/** @typedef {{recipient: string, sign: string}} Card public half of a person's keys */

/** @param {Card} card @returns {string} key id, 32 bytes as base64url; CannotOpen for a card that is none */
export function keyId({ recipient, sign }) {
  return b64u(sha256(labelled("porth:v1:key", recipientBytes(recipient), unb64u(sign, 32))));
}

/** @param {string} key a key id @param {"cy" | "en"} locale @returns {string} six words */
export function fingerprint(key, locale) {
  const bytes = unb64u(key, 32);
  must(bytes.length === 32);
  const first72 = bytes.subarray(0, 9).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  return [0, 1, 2, 3, 4, 5].map((i) => lists[locale][Number((first72 >> BigInt(61 - 11 * i)) & 2047n)]).join(" ");
}
