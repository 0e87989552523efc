/** Reading a file piece by piece: no type that can be large is ever held in memory whole. */

/** Why a file is not taken. `reason` is one of the codes of CLEANING.md; nothing of the file is in it. */
export class CannotClean extends Error {
  /** @param {string} reason */
  constructor(reason) {
    super(reason);
    this.name = "CannotClean";
    this.reason = reason;
  }
}

/** @param {unknown} condition */
export function sound(condition) {
  if (!condition) throw new CannotClean("damaged");
}

const WINDOW = 1 << 18;

/** A file and a window on it that moves forward. */
export class Source {
  /** @param {Blob} blob @param {(share: number) => void} [onProgress] */
  constructor(blob, onProgress = () => {}) {
    this.blob = blob;
    this.size = blob.size;
    this.onProgress = onProgress;
    this.from = 0;
    this.window = new Uint8Array(0);
  }

  /** @param {number} at @param {number} length @returns {Promise<Uint8Array>} exactly these bytes, or as many as there are */
  async some(at, length) {
    const end = Math.min(at + length, this.size);
    if (at < this.from || end > this.from + this.window.length) {
      this.window = new Uint8Array(await this.blob.slice(at, Math.max(end, Math.min(at + WINDOW, this.size))).arrayBuffer());
      this.from = at;
      this.onProgress(at / this.size);
    }
    return this.window.subarray(at - this.from, Math.max(at, end) - this.from);
  }

  /** @param {number} at @param {number} length @returns {Promise<Uint8Array>} exactly these bytes; a file that ends before is damaged */
  async take(at, length) {
    const bytes = await this.some(at, length);
    sound(bytes.length === length);
    return bytes;
  }

  /** @param {number} from @param {number} to @returns {Blob} a piece of the file, not copied */
  slice(from, to) {
    return this.blob.slice(from, to);
  }
}

/** @param {Uint8Array} bytes @returns {DataView} */
export const view = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

/** @param {Uint8Array} bytes @param {number} [from] @param {number} [to] @returns {string} one character per byte */
export function latin1(bytes, from = 0, to = bytes.length) {
  let text = "";
  for (let at = from; at < to; at += 8192) text += String.fromCharCode(...bytes.subarray(at, Math.min(at + 8192, to)));
  return text;
}

/** @param {string} text one character per byte @returns {Uint8Array} */
export function bytesOf(text) {
  const bytes = new Uint8Array(text.length);
  for (let n = 0; n < text.length; n++) bytes[n] = text.charCodeAt(n);
  return bytes;
}

/** @param {Uint8Array[]} parts @returns {Uint8Array} */
export function joined(parts) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** @param {number} n @returns {Uint8Array} four bytes, big-endian */
export function u32(n) {
  const bytes = new Uint8Array(4);
  view(bytes).setUint32(0, n);
  return bytes;
}

/** Four tables, so that four bytes are taken in one step. */
const CRC = Array.from({ length: 4 }, () => new Int32Array(256));
for (let n = 0; n < 256; n++) {
  let crc = n;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  CRC[0][n] = crc;
}
for (let n = 0; n < 256; n++) for (let k = 1; k < 4; k++) CRC[k][n] = (CRC[k - 1][n] >>> 8) ^ CRC[0][CRC[k - 1][n] & 255];

/** @param {Uint8Array} bytes @param {number} [before] of what came before @returns {number} the checksum of PNG and ZIP */
export function crc32(bytes, before = 0) {
  const [t0, t1, t2, t3] = CRC;
  const whole = bytes.length - (bytes.length % 4);
  let crc = ~before;
  let at = 0;
  for (; at < whole; at += 4) {
    crc ^= bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    crc = t3[crc & 255] ^ t2[(crc >>> 8) & 255] ^ t1[(crc >>> 16) & 255] ^ t0[crc >>> 24];
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ t0[(crc ^ bytes[at]) & 255];
  return ~crc >>> 0;
}
