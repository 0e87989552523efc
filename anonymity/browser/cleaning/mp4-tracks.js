/** The tracks of an MP4 file: which bytes they use, and what of their description stays. */
import { blanked, body, box, boxesIn, must } from "./boxes.js";
import { bytesOf, CannotClean, joined, latin1, sound, u32, view } from "./source.js";

const MOST_SAMPLES = 4_000_000;
const MOST_CHUNKS = 300_000;
const UNDETERMINED = [0x55, 0xc4];
const LARGEST_CONFIGURATION = 4_096;
const STREAM_INFO = 42;
/** Tables that stay: how long a row is. In this order. */
const TABLES = { stts: 8, ctts: 8, stss: 4, stsc: 12 };
const KNOWN_TABLES = new Set([...Object.keys(TABLES), ..."stsd stsz stz2 stco co64 sgpd sbgp sdtp cslg".split(" ")]);
const PICTURES = new Set("avc1 avc3 hvc1 hev1 mp4v vp09 av01 s263".split(" "));
const SOUNDS = new Set("mp4a alac Opus ac-3 ec-3 samr sawb fLaC".split(" "));
const CONFIGURATIONS = new Set("avcC hvcC vpcC av1C esds d263 pasp clap dvcC dvvC dOps dfLa alac dac3 dec3 damr".split(" "));

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
  }

  readOffsets() {
    const short = body(this.table, "stco");
    const bytes = short ?? must(this.table, "co64");
    const [rows, wide] = [view(bytes).getUint32(4), short ? 4 : 8];
    if (rows > MOST_CHUNKS) throw new CannotClean("too_complex");
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
    const edits = this.edits && body(this.edits, "elst");
    const [type, plain] = this.handler === "vide" ? ["vmhd", [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]] : ["smhd", [0, 0, 0, 0, 0, 0, 0, 0]];
    const dinf = box("dinf", box("dref", u32(0), u32(1), box("url ", Uint8Array.of(0, 0, 0, 1))));
    const places = new Uint8Array(8 + 4 * this.offsets.length);
    view(places).setUint32(4, this.offsets.length);
    this.offsets.forEach((old, n) => view(places).setUint32(8 + 4 * n, moved(old)));
    const minf = box("minf", box(type, Uint8Array.from(plain)), dinf, box("stbl", ...this.tables(), box("stco", places)));
    const handler = box("hdlr", new Uint8Array(8), bytesOf(this.handler), new Uint8Array(13));
    const mdia = box("mdia", box("mdhd", this.mediaHeader()), handler, minf);
    return box("trak", box("tkhd", this.trackHeader()), ...(edits ? [box("edts", box("elst", rows(edits, edits[0] === 1 ? 20 : 12)))] : []), mdia);
  }

  trackHeader() {
    const bytes = must(this.boxes, "tkhd");
    const wide = hasWideTimes(bytes, 84);
    const copy = wide ? blanked(bytes.subarray(0, 96), [1, 3], [4, 20], [24, 28], [36, 44], [50, 52]) : blanked(bytes.subarray(0, 84), [1, 3], [4, 12], [16, 20], [24, 32], [38, 40]);
    return copy;
  }

  mediaHeader() {
    const bytes = must(this.media, "mdhd");
    const wide = hasWideTimes(bytes, 24);
    const copy = blanked(bytes.subarray(0, wide ? 36 : 24), [1, wide ? 20 : 12]);
    copy.set([...UNDETERMINED, 0, 0], copy.length - 4);
    return copy;
  }

  tables() {
    const parts = [box("stsd", ...this.entries())];
    for (const [type, width] of Object.entries(TABLES)) if (body(this.table, type)) parts.push(box(type, rows(body(this.table, type), width)));
    const sizes = body(this.table, "stsz");
    const small = sizes ?? must(this.table, "stz2");
    const fixed = blanked(small, [0, sizes ? 4 : 7]);
    parts.push(box(sizes ? "stsz" : "stz2", sizes && view(sizes).getUint32(4) ? fixed.subarray(0, 12) : fixed));
    return parts;
  }

  entries() {
    const bytes = must(this.table, "stsd");
    const entries = boxesIn(bytes.subarray(8), this.count);
    sound(entries.length > 0 && entries.length <= 16 && entries.length === view(bytes).getUint32(4));
    return [u32(0), u32(entries.length), ...entries.map(({ type, body: entry }) => this.entry(type, entry))];
  }

  /** A sample entry: fixed fields without names, then the boxes that a decoder needs. */
  entry(type, bytes) {
    if (type === "encv" || type === "enca") throw new CannotClean("encrypted");
    const video = this.handler === "vide";
    if (!(video ? PICTURES : SOUNDS).has(type)) throw new CannotClean(video ? "other_video" : "other_sound");
    const [fixed, rest] = video ? this.pictureEntry(bytes) : this.soundEntry(bytes);
    return box(type, fixed, ...boxesIn(rest, this.count).flatMap((one) => this.configuration(one)));
  }

  pictureEntry(bytes) {
    sound(bytes.length >= 78);
    const told = [...bytes.subarray(8, 24), ...bytes.subarray(42, 74)].some((byte) => byte);
    if (told) for (const code of ["software", "device"]) this.found.add(code);
    const fixed = new Uint8Array(78);
    fixed[7] = fixed[41] = 1;
    fixed.set(bytes.subarray(24, 28), 24);
    fixed.set([0, 0x48, 0, 0, 0, 0x48, 0, 0], 28);
    fixed.set([0, 0x18, 0xff, 0xff], 74);
    return [fixed, bytes.subarray(78)];
  }

  soundEntry(bytes) {
    sound(bytes.length >= 28);
    const size = { 0: 28, 1: 44 }[bytes[8] * 256 + bytes[9]];
    sound(size && bytes.length >= size);
    if (bytes.subarray(10, 16).some((byte) => byte)) this.found.add("software");
    const fixed = blanked(bytes.subarray(0, size), [0, 8], [10, 16], [20, 24]);
    fixed[7] = 1;
    return [fixed, bytes.subarray(size)];
  }

  configuration({ type, body: bytes }) {
    const colour = type === "colr" ? latin1(bytes, 0, Math.min(4, bytes.length)) : "";
    if (colour === "nclx" || colour === "nclc") return [box(type, bytes.subarray(0, colour === "nclx" ? 11 : 10))];
    if (colour) this.found.add("colour_profile");
    else if (CONFIGURATIONS.has(type) && bytes.length <= LARGEST_CONFIGURATION) return [box(type, plainConfiguration(type, bytes))];
    else if (type !== "btrt") this.found.add("hidden_parts");
    return [];
  }

  /** @returns {import("./boxes.js").Box[]} the boxes that are not written again */
  dropped() {
    return [...this.boxes.filter(({ type }) => !["tkhd", "mdia", "edts"].includes(type)), ...this.table.filter(({ type }) => !KNOWN_TABLES.has(type))];
  }
}

function plainConfiguration(type, bytes) {
  if (type === "damr") return joined([new Uint8Array(4), bytes.subarray(4, 9)]);
  if (type !== "dfLa") return bytes;
  sound(bytes.length >= STREAM_INFO && (bytes[4] & 127) === 0);
  const copy = bytes.slice(0, STREAM_INFO);
  copy[4] = 0x80;
  return copy;
}

/** @param {Uint8Array} bytes a table: version, flags, count, rows of this width and nothing else @returns {Uint8Array} */
function rows(bytes, width) {
  sound(bytes.length >= 8 && bytes.length === 8 + view(bytes).getUint32(4) * width);
  return blanked(bytes, [1, 4]);
}

/** @param {Uint8Array} bytes of a header @param {number} short its length in version 0 @returns {boolean} whether it is of version 1 */
function hasWideTimes(bytes, short) {
  sound(bytes[0] <= 1 && bytes.length >= short + 12 * bytes[0]);
  return bytes[0] === 1;
}

/** @param {Uint8Array} bytes of mvhd @returns {Uint8Array} without times */
export function movieHeader(bytes) {
  const wide = hasWideTimes(bytes, 100);
  return wide ? blanked(bytes.subarray(0, 112), [1, 20], [38, 48], [84, 108]) : blanked(bytes.subarray(0, 100), [1, 12], [26, 36], [72, 96]);
}

/** @param {Uint8Array} bytes of mvhd, tkhd or mdhd @returns {boolean} */
export const hasTimes = (bytes) => bytes.subarray(4, bytes[0] === 1 ? 20 : 12).some((byte) => byte);
