/**
 * The proof of work that the box asks for (FORMAT.md section 10): a nonce that makes SHA-256(challenge || nonce) begin with so
 * many zero bits. It costs a phone a moment, and a flood a machine. Nothing here is secret.
 *
 * Challenge and nonce fit one block, and a challenge is twelve whole words of it, so SHA-256 is written out here: what does not
 * change is done once. That is several times as quick as asking a library for each hash.
 *
 * Pure: no clock, no network, no page. The sealing worker calls `solve`; a page without one searches slice by slice.
 */

const CHALLENGE_LENGTH = 48;
const NONCE_LENGTH = 7;
const FIXED = CHALLENGE_LENGTH / 4;
const SLICE = 1 << 14;

const K = /* @__PURE__ */ fractions(64, Math.cbrt);
const START = /* @__PURE__ */ fractions(8, Math.sqrt);
const w = /* @__PURE__ */ new Int32Array(64);
const state = /* @__PURE__ */ new Int32Array(8);

/** @param {number} count @param {(n: number) => number} root @returns {Int32Array} 32 bits behind the point of the roots of the first primes */
function fractions(count, root) {
  const found = [];
  for (let n = 2; found.length < count; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) prime = prime && n % d !== 0;
    if (prime) found.push(((root(n) % 1) * 0x1_0000_0000) | 0);
  }
  return Int32Array.from(found);
}

/** Rounds of SHA-256 over `w`, on `state`. @param {number} from @param {number} to */
function rounds(from, to) {
  let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
  for (let i = from; i < to; i++) {
    const one = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t = (h + one + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
    const zero = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    h = g;
    g = f;
    f = e;
    e = (d + t) | 0;
    d = c;
    const other = (a & b) ^ (a & c) ^ (b & c);
    c = b;
    b = a;
    a = (t + zero + other) | 0;
  }
  state[0] = a;
  state[1] = b;
  state[2] = c;
  state[3] = d;
  state[4] = e;
  state[5] = f;
  state[6] = g;
  state[7] = h;
}

/** Words 16 to 63 of the block from its first sixteen. */
function spread() {
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15], y = w[i - 2];
    const zero = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const one = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = (w[i - 16] + zero + w[i - 7] + one) | 0;
  }
}

/** @param {string} text @param {number} place @returns {number} four of its letters as one word */
function word(text, place) {
  let value = 0;
  for (let i = place; i < place + 4; i++) value = (value << 8) | (i < text.length ? text.charCodeAt(i) : i === text.length ? 0x80 : 0);
  return value;
}

/**
 * Try some nonces. @param {string} challenge 48 letters @param {number} bits 0 to 32 @param {number} from number of the first
 * nonce @param {number} count how many @returns {string | null} the first that will do
 */
export function search(challenge, bits, from, count) {
  if (challenge.length !== CHALLENGE_LENGTH || !(bits >= 0 && bits <= 32)) throw new RangeError("no challenge of ours");
  for (let i = 0; i < FIXED; i++) w[i] = word(challenge, 4 * i);
  state.set(START);
  rounds(0, FIXED);
  const begun = state.slice();
  w[14] = 0;
  w[15] = 8 * (CHALLENGE_LENGTH + NONCE_LENGTH);
  for (let n = from; n < from + count; n++) {
    const nonce = n.toString(36).padStart(NONCE_LENGTH, "0");
    w[12] = word(nonce, 0);
    w[13] = word(nonce, 4);
    spread();
    state.set(begun);
    rounds(FIXED, 64);
    if (bits === 0 || (START[0] + state[0]) >>> (32 - bits) === 0) return nonce;
  }
  return null;
}

/** @param {string} challenge @param {number} bits @returns {string} the nonce; returns when it is found */
export function solve(challenge, bits) {
  for (let from = 0; ; from += SLICE) {
    const nonce = search(challenge, bits, from, SLICE);
    if (nonce !== null) return nonce;
  }
}
