/** A recipient's private keys, made in their browser and kept on the server only as an age file (FORMAT.md section 5). */
import { ed25519 } from "@noble/curves/ed25519.js";
import { identityFromSeed, recipientFromSeed, seedOf } from "./age.js";
import { b64u, exactly, must, read, unb64u, writeBytes } from "./canonical.js";
import { KEYRING, openPadded, sealPadded } from "./padding.js";
import { derive } from "./receipt.js";

/** @typedef {{age: Uint8Array, ed25519: Uint8Array}} Keyring two seeds of 32 bytes: one opens, one signs */

/** @returns {Keyring} */
export function makeKeyring() {
  return { age: crypto.getRandomValues(new Uint8Array(32)), ed25519: crypto.getRandomValues(new Uint8Array(32)) };
}

/** @param {Keyring} keyring @returns {{recipient: string, sign: string, v: 1}} */
export function cardOf(keyring) {
  return { recipient: recipientFromSeed(keyring.age), sign: b64u(ed25519.getPublicKey(keyring.ed25519)), v: 1 };
}

/** @param {Keyring} keyring @returns {Uint8Array} */
export function writeKeyring(keyring) {
  return writeBytes({ age: identityFromSeed(keyring.age), ed25519: b64u(keyring.ed25519), v: 1 });
}

/** @param {Keyring} keyring @param {Uint8Array} code of the recovery words */
export function sealKeyring(keyring, code) {
  return sealKeyringTo(derive(code, "recovery:identity"), keyring);
}

/** @param {Uint8Array} seed of what it is sealed to @param {Keyring} keyring */
export function sealKeyringTo(seed, keyring) {
  return sealPadded(writeKeyring(keyring), KEYRING, recipientFromSeed(seed));
}

/**
 * @param {Uint8Array} output of a passkey's PRF: 32 octets that only this passkey gives for our salt
 * @returns {Uint8Array} seed of the identity that a keyring is sealed to for it
 */
export function passkeySeed(output) {
  must(output.length === 32);
  return derive(output, "passkey:identity");
}

/**
 * @param {Uint8Array} file
 * @param {Uint8Array} code of the recovery words
 * @param {{recipient: string, sign: string}} card the one that must come of it
 * @returns {Keyring} or CannotOpen
 */
export function openKeyring(file, code, card) {
  return openKeyringBy(derive(code, "recovery:identity"), file, card);
}

/** @param {Uint8Array} seed of what it is sealed to @param {Uint8Array} file @param {{recipient: string, sign: string}} card @returns {Keyring} or CannotOpen */
export function openKeyringBy(seed, file, card) {
  const value = read(openPadded(file, KEYRING, seed));
  exactly(value, ["age", "ed25519", "v"]);
  must(value.v === 1);
  const keyring = { age: seedOf(value.age), ed25519: unb64u(value.ed25519, 32) };
  const own = cardOf(keyring);
  must(own.recipient === card.recipient && own.sign === card.sign);
  return keyring;
}
