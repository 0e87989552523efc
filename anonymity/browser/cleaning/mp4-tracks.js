/** The tracks of an MP4 file: which bytes they use, and what of their description stays. */
import { blanked, body, box, boxesIn, must } from "./boxes.js";
import { CannotClean, joined, latin1, sound, u32, view } from "./source.js";

const MOST_SAMPLES = 4_000_000;
const UNDETERMINED = [0x55, 0xc4];
/** Tables that stay as they are: where the count of their rows stands and how long a row is. */
const TABLES = { stts: [4, 8], ctts: [4, 8], stss: [4, 4], stsc: [4, 12] };
const WHOLE = ["cslg", "stsz", "stz2", "sgpd", "sbgp", "sdtp"];
const DESCRIPTIONS = new Set(
  ["avcC", "hvcC", "vpcC", "av1C", "esds", "pasp", "clap", "btrt", "colr", "dvcC", "dvvC", "d263", "damr", "dac3", "dec3", "dac4", "dOps", "dfLa", "alac", "chnl"],
);

/** A kept track as it was read. */
export class Track {
  /** @param {import("./boxes.js").Box[]} boxes @param {{boxes: number}} count @param {Set<string>} found */
  constructor(boxes, count, found) {
    const media = boxesIn(must(boxes, "mdia"), count);
    this.boxes = boxes;
    this.media = media;
    this.handler = latin1(must(media, "hdlr"), 8, 12);
    this.kept = this.handler === "vide" || this.handler === "soun";
    if (!this.kept) return;
    this.edits = body(boxes, "edts") && boxesIn(body(boxes, "edts"), count);
    this.info = boxesIn(must(media, "minf"), count);
    this.dref = must(boxesIn(must(this.info, "dinf"), count), "dref");
    this.table = boxesIn(must(this.info, "stbl"), count);
    this.count = count;
    this.found = found;
    this.offsets = this.readOffsets();
    this.checkReferences();
  }

  checkReferences() {
    const entries = boxesIn(this.dref.subarray(8), this.count);
    if (!entries.length || entries.some(({ body: bytes }) => !(bytes[3] & 1))) throw new CannotClean("fragmented");
    this.references = entries.length;
  }

  readOffsets() {
    const short = body(this.table, "stco");
    const bytes = short ?? must(this.table, "co64");
    const [rows, wide] = [view(bytes).getUint32(4), short ? 4 : 8];
    sound(bytes.length === 8 + rows * wide);
    return Array.from({ length: rows }, (_, n) => {
      sound(wide === 4 || view(bytes).getUint32(8 + n * 8) === 0);
      return view(bytes).getUint32(8 + (n + 1) * wide - 4);
    });
  }

  /** @returns {number[]} */
  sizes() {
    const plain = body(this.table, "stsz");
    const bytes = plain ?? must(this.table, "stz2");
    const count = view(bytes).getUint32(8);
    if (count > MOST_SAMPLES) throw new CannotClean("too_complex");
    const data = view(bytes);
    const every = plain ? data.getUint32(4) : 0;
    const bits = plain ? 32 : bytes[7];
    sound([4, 8, 16, 32].includes(bits) && bytes.length === 12 + (every ? 0 : Math.ceil((count * bits) / 8)));
    const read = { 4: (n) => (bytes[12 + (n >> 1)] >> (n & 1 ? 0 : 4)) & 15, 8: (n) => bytes[12 + n], 16: (n) => data.getUint16(12 + 2 * n), 32: (n) => data.getUint32(12 + 4 * n) }[bits];
    return Array.from({ length: count }, (_, n) => every || read(n));
  }

  /** @returns {[number, number][]} from and to of every chunk in the file */
  ranges() {
    const data = view(must(this.table, "stsc"));
    const rows = data.byteLength >= 8 ? data.getUint32(4) : 0;
    sound(data.byteLength === 8 + rows * 12);
    const sizes = this.sizes();
    let [row, sample] = [-1, 0];
    const found = this.offsets.map((from, n) => {
      while (row + 1 < rows && data.getUint32(8 + (row + 1) * 12) <= n + 1) row++;
      sound(row >= 0);
      const end = sample + data.getUint32(8 + row * 12 + 4);
      sound(end <= sizes.length);
      let to = from;
      while (sample < end) to += sizes[sample++];
      return /** @type {[number, number]} */ ([from, to]);
    });
    sound(sample === sizes.length);
    return found;
  }

  /** @param {(old: number) => number} moved @returns {Uint8Array} the track with where its chunks are now */
  write(moved) {
    const media = box("mdia", box("mdhd", this.mediaHeader()), box("hdlr", this.handlerBox()), box("minf", ...this.infoBoxes(moved)));
    const edits = this.edits && body(this.edits, "elst") ? [box("edts", box("elst", body(this.edits, "elst")))] : [];
    return box("trak", box("tkhd", this.trackHeader()), ...edits, media);
  }

  trackHeader() {
    const bytes = must(this.boxes, "tkhd");
    const wide = bytes[0] === 1;
    sound(bytes.length === (wide ? 96 : 84));
    if (wide) return blanked(bytes, [4, 20], [24, 28], [36, 44], [50, 52]);
    return blanked(bytes, [4, 12], [16, 20], [24, 32], [38, 40]);
  }

  mediaHeader() {
    const bytes = must(this.media, "mdhd");
    const wide = bytes[0] === 1;
    sound(bytes.length === (wide ? 36 : 24));
    const copy = blanked(bytes, wide ? [4, 20] : [4, 12]);
    copy.set([...UNDETERMINED, 0, 0], copy.length - 4);
    return copy;
  }

  handlerBox() {
    const bytes = new Uint8Array(25);
    bytes.set(must(this.media, "hdlr").subarray(8, 12), 8);
    return bytes;
  }

  infoBoxes(moved) {
    const [type, size] = this.handler === "vide" ? ["vmhd", 12] : ["smhd", 8];
    const header = must(this.info, type);
    sound(header.length === size);
    const self = box("url ", Uint8Array.of(0, 0, 0, 1));
    const dref = box("dref", u32(0), u32(this.references), ...Array(this.references).fill(self));
    return [box(type, type === "smhd" ? blanked(header, [6, 8]) : header), box("dinf", dref), box("stbl", ...this.tableBoxes(moved))];
  }

  tableBoxes(moved) {
    const parts = [box("stsd", ...this.entries())];
    for (const { type, body: bytes } of this.table) {
      if (TABLES[type]) {
        const [at, row] = TABLES[type];
        sound(bytes.length >= 8 && bytes.length === 8 + view(bytes).getUint32(at) * row);
      }
      if (TABLES[type] || WHOLE.includes(type)) parts.push(box(type, bytes));
      else if (type === "stco") parts.push(box(type, u32(0), u32(this.offsets.length), ...this.offsets.map((old) => u32(moved(old)))));
      else if (type === "co64") parts.push(box(type, u32(0), u32(this.offsets.length), ...this.offsets.flatMap((old) => [u32(0), u32(moved(old))])));
    }
    return parts;
  }

  entries() {
    const bytes = must(this.table, "stsd");
    const entries = boxesIn(bytes.subarray(8), this.count);
    sound(entries.length > 0 && entries.length === view(bytes).getUint32(4));
    return [u32(0), u32(entries.length), ...entries.map(({ type, body: entry }) => this.entry(type, entry))];
  }

  /** A sample entry: fixed fields without names, then the boxes that a decoder needs. */
  entry(type, bytes) {
    if (type === "encv" || type === "enca") throw new CannotClean("encrypted");
    const video = this.handler === "vide";
    const fixed = video ? 78 : 28;
    sound(bytes.length >= fixed);
    if (bytes.subarray(...(video ? [42, 74] : [12, 16])).some((byte) => byte)) this.found.add("software");
    if (video && bytes.subarray(12, 16).some((byte) => byte)) this.found.add("device");
    const head = video ? blanked(bytes.subarray(0, 78), [0, 6], [8, 24], [36, 40], [42, 74]) : blanked(bytes.subarray(0, 28), [0, 6], [8, 16], [20, 24]);
    const inner = boxesIn(bytes.subarray(fixed), this.count).filter((one) => this.describes(one));
    return box(type, head, ...inner.map((one) => box(one.type, one.body)));
  }

  describes({ type, body: bytes }) {
    if (DESCRIPTIONS.has(type) && (type !== "colr" || ["nclx", "nclc"].includes(latin1(bytes, 0, 4)))) return true;
    this.found.add(type === "colr" ? "colour_profile" : "hidden_parts");
    return false;
  }
}

/** @param {Uint8Array} bytes of mvhd @returns {Uint8Array} without times */
export function movieHeader(bytes) {
  const wide = bytes[0] === 1;
  sound(bytes.length === (wide ? 112 : 100));
  return wide ? blanked(bytes, [4, 20], [38, 48], [84, 108]) : blanked(bytes, [4, 12], [26, 36], [72, 96]);
}

/** @param {Uint8Array} bytes of mvhd, tkhd or mdhd @returns {boolean} */
export const hasTimes = (bytes) => bytes.subarray(4, bytes[0] === 1 ? 20 : 12).some((byte) => byte);

/** @param {Uint8Array} bytes of mdhd @returns {boolean} */
export const hasLanguage = (bytes) => {
  const [high, low] = bytes.subarray(bytes.length - 4);
  return !(high === UNDETERMINED[0] && low === UNDETERMINED[1]) && (high | low) !== 0;
};

/** @param {Uint8Array[]} parts @returns {Uint8Array} */
export const movie = (...parts) => box("moov", joined(parts));
