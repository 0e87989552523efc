/** The filters of PDF streams that have to be undone: for tables of objects, and for what may hide in a page's pictures. */
import { inflate } from "./inflate.js";
import { Name, Real } from "./pdf-syntax.js";
import { joined, sound } from "./source.js";

const LONGEST_CHAIN = 8;

/** @param {unknown} value @returns {number} */
export const numberOf = (value) => (value instanceof Real ? Number(value.text) : typeof value === "number" ? value : NaN);

/** @param {Map<string, unknown>} dict @param {(value: unknown) => unknown} resolve @returns {{name: string, parms: Map<string, unknown>}[]} */
export function filtersOf(dict, resolve) {
  const filters = resolve(dict.get("Filter") ?? dict.get("F")) ?? [];
  const parms = resolve(dict.get("DecodeParms") ?? dict.get("DP")) ?? [];
  const names = Array.isArray(filters) ? filters : [filters];
  sound(names.length <= LONGEST_CHAIN);
  return names.map((filter, n) => {
    const name = resolve(filter);
    sound(name instanceof Name);
    const own = resolve(Array.isArray(parms) ? parms[n] : n === 0 ? parms : null);
    return { name: LONG[name.text] ?? name.text, parms: own instanceof Map ? own : new Map() };
  });
}

const LONG = { Fl: "FlateDecode", AHx: "ASCIIHexDecode", A85: "ASCII85Decode", DCT: "DCTDecode", LZW: "LZWDecode", RL: "RunLengthDecode" };

/**
 * @param {Uint8Array} bytes @param {{name: string, parms: Map<string, unknown>}} filter
 * @param {import("./inflate.js").Budget} budget @param {(value: unknown) => unknown} resolve
 * @returns {Uint8Array | null} null for a filter that is not undone here
 */
export function undo(bytes, { name, parms }, budget, resolve) {
  if (name === "FlateDecode") return unpredict(inflate(bytes.subarray(2), budget).bytes, parms, resolve);
  if (name === "ASCIIHexDecode") return fromHex(bytes);
  if (name === "ASCII85Decode") return from85(bytes);
  if (name === "RunLengthDecode") return fromRuns(bytes, budget);
  if (name === "LZWDecode") return unpredict(fromLzw(bytes, numberOf(resolve(parms.get("EarlyChange") ?? 1)), budget), parms, resolve);
  return null;
}

function fromHex(bytes) {
  const found = [];
  for (const byte of bytes) {
    if (byte === 62) break;
    const value = parseInt(String.fromCharCode(byte), 16);
    if (!Number.isNaN(value)) found.push(value);
  }
  if (found.length % 2) found.push(0);
  return Uint8Array.from({ length: found.length / 2 }, (_, n) => found[2 * n] * 16 + found[2 * n + 1]);
}

function from85(bytes) {
  const found = [];
  let group = [];
  const flush = (count) => {
    const value = group.reduce((sum, digit) => sum * 85 + digit, 0);
    for (let n = 0; n < count; n++) found.push(Math.floor(value / 256 ** (3 - n)) & 255);
    group = [];
  };
  for (const byte of bytes) {
    if (byte === 126) break;
    if (byte === 122 && !group.length) found.push(0, 0, 0, 0);
    if (byte < 33 || byte > 117) continue;
    group.push(byte - 33);
    if (group.length === 5) flush(4);
  }
  const count = group.length - 1;
  while (count > 0 && group.length < 5) group.push(84);
  if (count > 0) flush(count);
  return Uint8Array.from(found);
}

function fromRuns(bytes, budget) {
  const parts = [];
  for (let at = 0; at < bytes.length && bytes[at] !== 128; ) {
    const length = bytes[at] < 128 ? bytes[at] + 1 : 257 - bytes[at];
    budget.spend(length);
    parts.push(bytes[at] < 128 ? bytes.subarray(at + 1, at + 1 + length) : new Uint8Array(length).fill(bytes[at + 1]));
    at += bytes[at] < 128 ? 1 + length : 2;
  }
  return joined(parts);
}

const [CLEAR, END] = [256, 257];

/** LZW as in TIFF: codes of 9 to 12 bits; `early` 1 if they grow one code earlier than they must. */
function fromLzw(bytes, early, budget) {
  const parts = [];
  let [table, width, last, bits, value] = [[], 9, null, 0, 0];
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffffff;
    bits += 8;
    if (bits < width) continue;
    bits -= width;
    const code = (value >> bits) & ((1 << width) - 1);
    if (code === END) break;
    if (code === CLEAR) {
      [table, width, last] = [[], 9, null];
      continue;
    }
    const word = code < 256 ? Uint8Array.of(code) : (table[code - 258] ?? (last && code - 258 === table.length ? joined([last, last.subarray(0, 1)]) : null));
    if (!word) break;
    budget.spend(word.length);
    parts.push(word);
    if (last && table.length < 3_838) table.push(joined([last, word.subarray(0, 1)]));
    last = word;
    width = Math.min(12, Math.max(9, 32 - Math.clz32(table.length + 258 + early - (early ? 0 : 1))));
  }
  return joined(parts);
}

/** Undoes the row filters of PNG (predictors 10 to 15); TIFF's (2) only changes samples and is not needed by any table of objects. */
function unpredict(bytes, parms, resolve) {
  const value = (key, other) => {
    const found = numberOf(resolve(parms.get(key)));
    return Number.isNaN(found) ? other : found;
  };
  const predictor = value("Predictor", 1);
  if (predictor < 10) return bytes;
  const pixel = Math.max(1, Math.ceil((value("Colors", 1) * value("BitsPerComponent", 8)) / 8));
  const row = Math.ceil((value("Colors", 1) * value("BitsPerComponent", 8) * value("Columns", 1)) / 8);
  sound(row > 0 && row < 1 << 24 && pixel <= 64);
  const rows = Math.ceil(bytes.length / (row + 1));
  const out = new Uint8Array(rows * row);
  for (let n = 0; n < rows; n++) unfilter(bytes.subarray(n * (row + 1), (n + 1) * (row + 1)), out, n * row, pixel, n ? row : 0);
  return out;
}

/** One row of PNG: its first byte says how the others were changed. */
function unfilter(line, out, to, pixel, row) {
  for (let n = 1; n < line.length; n++) {
    const at = to + n - 1;
    const left = n > pixel ? out[at - pixel] : 0;
    const up = row ? out[at - row] : 0;
    const corner = row && n > pixel ? out[at - row - pixel] : 0;
    out[at] = line[n] + foretold(line[0], left, up, corner);
  }
}

function foretold(kind, left, up, corner) {
  if (kind === 1) return left;
  if (kind === 2) return up;
  if (kind === 3) return (left + up) >> 1;
  if (kind !== 4) return 0;
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
