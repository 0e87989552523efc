/** A ZIP of files that are stored as they are: sealed octets do not get smaller. No times, no owners, no extra fields. */

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
const UTF8_NAMES = 0x0800;
/** 1 January 1980: the first day that the format knows. */
const DAY_ZERO = 0x0021;

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** @param {Uint8Array} bytes @returns {number} */
function crc32(bytes) {
  let c = 0xffffffff;
  for (const byte of bytes) c = TABLE[(c ^ byte) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

/** @param {...[number, 2 | 4]} fields values and their widths @returns {Uint8Array} little-endian */
function record(...fields) {
  const bytes = new Uint8Array(fields.reduce((sum, [, width]) => sum + width, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [value, width] of fields) {
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += width;
  }
  return bytes;
}

/** Files added one after the other; each is held as a Blob, which a browser may keep on its own disk while it is large. */
export class Zip {
  constructor() {
    /** @type {Blob[]} */
    this.parts = [];
    /** @type {Uint8Array[]} */
    this.index = [];
    this.at = 0;
  }

  /** @param {string} name @param {Uint8Array} content */
  add(name, content) {
    const called = new TextEncoder().encode(name);
    /** @type {[number, 2 | 4][]} */
    const common = [[VERSION, 2], [UTF8_NAMES, 2], [0, 2], [0, 2], [DAY_ZERO, 2], [crc32(content), 4], [content.length, 4], [content.length, 4], [called.length, 2], [0, 2]];
    const head = record([LOCAL, 4], ...common);
    this.index.push(record([CENTRAL, 4], [VERSION, 2], ...common, [0, 2], [0, 2], [0, 2], [0, 4], [this.at, 4]), called);
    this.parts.push(new Blob([head, called, content].map((part) => /** @type {BlobPart} */ (part))));
    this.at += head.length + called.length + content.length;
  }

  /** @param {string} comment ASCII @returns {Blob} */
  end(comment) {
    const said = new TextEncoder().encode(comment);
    const size = this.index.reduce((sum, part) => sum + part.length, 0);
    const count = this.index.length / 2;
    const end = record([END, 4], [0, 2], [0, 2], [count, 2], [count, 2], [size, 4], [this.at, 4], [said.length, 2]);
    return new Blob([...this.parts, ...this.index, end, said].map((part) => /** @type {BlobPart} */ (part)), { type: "application/zip" });
  }
}
