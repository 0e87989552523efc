/** EXIF and XMP: the orientation is read and written anew, of the rest only the sort is told (CLEANING.md, section 6). */
import { latin1, view } from "./source.js";

const [EXIF_POINTER, GPS_POINTER, ORIENTATION, SHORT] = [0x8769, 0x8825, 0x0112, 3];
const MOST_ENTRIES = 512;
const SORTS = {
  device: [0x010f, 0x0110, 0x927c, 0xa431, 0xa432, 0xa433, 0xa434, 0xa435, 0xc614, 0xc62f],
  author: [0x013b, 0x9c9d, 0xa430, 0x013c, 0xa437, 0xa438],
  dates: [0x0132, 0x9003, 0x9004, 0x9010, 0x9011, 0x9012, 0x9290, 0x9291, 0x9292],
  software: [0x000b, 0x0131, 0xa439, 0xa43a, 0xa43b, 0xa43c],
  description: [0x010d, 0x010e, 0x8298, 0x9c9b, 0x9c9e, 0x9c9f, 0xa436],
  comments: [0x9286, 0x9c9c],
  identifiers: [0xa420],
  edit_history: [0x9213],
};
const SORT_OF = new Map(Object.entries(SORTS).flatMap(([sort, tags]) => tags.map((tag) => [tag, sort])));

/** Reads numbers in the block's own order; 0 where it ends before. */
class Block {
  constructor(bytes, little) {
    this.data = view(bytes);
    this.little = little;
  }

  short(at) {
    return at >= 0 && at + 2 <= this.data.byteLength ? this.data.getUint16(at, this.little) : 0;
  }

  long(at) {
    return at >= 0 && at + 4 <= this.data.byteLength ? this.data.getUint32(at, this.little) : 0;
  }

  /** @returns {{entries: Map<number, number>, next: number}} where the entry of each tag stands, the first of each, and the next directory */
  directory(start) {
    const entries = new Map();
    const count = Math.min(this.short(start), MOST_ENTRIES);
    for (let at = start + 2; at < start + 2 + 12 * count && at + 12 <= this.data.byteLength; at += 12) {
      if (!entries.has(this.short(at))) entries.set(this.short(at), at);
    }
    return { entries, next: this.long(start + 2 + 12 * count) };
  }
}

/** @param {Uint8Array} tiff behind `Exif 00 00` @param {Set<string>} found @returns {number} the orientation, 1 to 8 */
export function readExif(tiff, found) {
  const order = latin1(tiff, 0, Math.min(4, tiff.length));
  if (order !== "II*\0" && order !== "MM\0*") {
    found.add("hidden_parts");
    return 1;
  }
  const block = new Block(tiff, order[0] === "I");
  const { entries, next } = block.directory(block.long(4));
  if (next) found.add("thumbnail");
  const inside = (pointer) => (entries.has(pointer) ? block.directory(block.long(entries.get(pointer) + 8)).entries : new Map());
  if (inside(GPS_POINTER).size) found.add("gps");
  const sorts = [...entries.keys(), ...inside(EXIF_POINTER).keys()].map((tag) => SORT_OF.get(tag)).filter(Boolean);
  for (const sort of sorts) found.add(sort);
  if (!sorts.length && [...entries.keys()].some((tag) => tag !== ORIENTATION)) found.add("hidden_parts");
  const at = entries.get(ORIENTATION);
  const value = at !== undefined && block.short(at + 2) === SHORT ? block.short(at + 8) : 1;
  return value >= 1 && value <= 8 ? value : 1;
}

/** @param {number} orientation @returns {Uint8Array} EXIF with nothing but it */
export function writeExif(orientation) {
  return Uint8Array.of(0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0);
}

const XMP = {
  gps: /GPS|Location|:City|:Country|:State/,
  device: /tiff:M(?:ake|odel)|Lens|Serial|:Device/,
  author: /dc:creator|Author|:Artist|Owner|:Credit/,
  dates: /Date|:when/,
  software: /CreatorTool|Producer|softwareAgent/,
  description: /dc:(?:title|description|subject|rights)|Headline|Keywords/,
  identifiers: /(?:Document|Instance)ID/,
  edit_history: /xmpMM:(?:History|DerivedFrom)/,
};

/** @param {Uint8Array} packet @param {Set<string>} found what sorts of things it said */
export function readXmp(packet, found) {
  const text = latin1(packet);
  const sorts = Object.keys(XMP).filter((sort) => XMP[sort].test(text));
  for (const sort of sorts.length ? sorts : ["hidden_parts"]) found.add(sort);
}
