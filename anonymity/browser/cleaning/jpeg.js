/** JPEG: tables and scans are passed on as they are, everything else goes (CLEANING.md, section 6). */
import { readExif, readXmp, writeExif } from "./exif.js";
import { DISPLAY_P3, isDisplayP3 } from "./profile.js";
import { bytesOf, CannotClean, joined, latin1, sound, view } from "./source.js";

const [SOI, EOI, SOS, DQT, DHT, DRI, COM] = [0xd8, 0xd9, 0xda, 0xdb, 0xc4, 0xdd, 0xfe];
const [APP0, APP1, APP2, APP13, APP14] = [0xe0, 0xe1, 0xe2, 0xed, 0xee];
const FRAMES = new Set([0xc0, 0xc1, 0xc2]);
const MOST_SEGMENTS = 1_000;
const MOST_SCANS = 200;
const PLAIN_JFIF = bytesOf("JFIF\0\x01\x01\0\0\x01\0\x01\0\0");

/** @param {import("./source.js").Source} source @param {Set<string>} found @returns {Promise<BlobPart[]>} */
export async function cleanJpeg(source, found) {
  const picture = new Picture(found);
  const parts = [Uint8Array.of(0xff, SOI)];
  let [at, scans] = [2, 0];
  for (let segments = 0; ; segments++) {
    if (segments >= MOST_SEGMENTS) throw new CannotClean("too_complex");
    const { marker, from } = await nextMarker(source, at);
    at = from;
    if (marker === EOI) break;
    const size = view(await source.take(at, 2)).getUint16(0);
    sound(size >= 2);
    parts.push(picture.kept(marker, (await source.take(at + 2, size - 2)).slice()));
    at += size;
    if (marker !== SOS) continue;
    sound(++scans <= MOST_SCANS);
    const end = await endOfScan(source, at);
    parts.push(source.slice(at, end));
    at = end;
  }
  sound(scans);
  const behind = latin1(await source.some(at, 5));
  const another = behind.startsWith("\xff\xd8");
  if (another) found.add("other_pictures");
  if (behind && (!another || behind.length > 4)) found.add("trailing_data");
  return [...parts, Uint8Array.of(0xff, EOI)];
}

/** @returns {Promise<{marker: number, from: number}>} the marker behind any fill bytes */
async function nextMarker(source, at) {
  sound((await source.take(at, 1))[0] === 0xff);
  let marker = 0xff;
  while (marker === 0xff) [marker] = await source.take(++at, 1);
  sound(marker >= 0xc0 && (marker < 0xd0 || marker > SOI));
  return { marker, from: at + 1 };
}

/** @returns {Promise<number>} where the marker behind the coded data stands */
async function endOfScan(source, at) {
  for (;;) {
    const bytes = await source.some(at, 1 << 16);
    sound(bytes.length >= 2);
    let n = bytes.indexOf(0xff);
    while (n >= 0 && n < bytes.length - 1) {
      const next = bytes[n + 1];
      if (next !== 0 && (next < 0xd0 || next > 0xd7)) return at + n;
      n = bytes.indexOf(0xff, n + 2);
    }
    at += n >= 0 ? n : bytes.length;
  }
}

const segment = (marker, payload) => joined([Uint8Array.of(0xff, marker, (payload.length + 2) >> 8, (payload.length + 2) & 255), payload]);

/** What has been seen of one picture so far. */
class Picture {
  constructor(found) {
    this.found = found;
    this.components = new Set();
    this.written = new Set();
  }

  /** @returns {Uint8Array} what is written for a segment: itself, something plain in its place, or nothing */
  kept(marker, payload) {
    if (marker === COM || marker >= APP0) return this.told(marker, payload);
    if (FRAMES.has(marker)) this.frame(payload);
    else if (marker === SOS) this.scan(payload);
    else if (marker === DRI) sound(payload.length === 2);
    else if (marker === DQT) tables(payload, (at) => 65 + 64 * (payload[at] >> 4));
    else if (marker === DHT) tables(payload, (at) => 17 + codes(payload.subarray(at + 1, at + 17)));
    else sound(false);
    return segment(marker, payload);
  }

  frame(payload) {
    sound(!this.components.size && payload.length >= 6 && payload.length === 6 + 3 * payload[5] && payload[5] >= 1 && payload[5] <= 4);
    sound((payload[0] === 8 || payload[0] === 12) && view(payload).getUint16(1) && view(payload).getUint16(3));
    for (let at = 6; at < payload.length; at += 3) this.components.add(payload[at]);
    sound(this.components.size === payload[5]);
  }

  scan(payload) {
    sound(payload[0] >= 1 && payload[0] <= this.components.size && payload.length === 4 + 2 * payload[0]);
    for (let at = 1; at < payload.length - 3; at += 2) sound(this.components.has(payload[at]));
  }

  told(marker, payload) {
    const { found } = this;
    const begins = (text) => latin1(payload, 0, Math.min(text.length, payload.length)) === text;
    if (marker === COM) found.add("comments");
    else if (marker === APP0 && begins("JFIF\0")) return this.plain(payload);
    else if (marker === APP0 && begins("JFXX\0")) found.add("thumbnail");
    else if (marker === APP1 && begins("Exif\0\0")) return this.turned(payload.subarray(6));
    else if (marker === APP1 && begins("http://ns.adobe.com/xap/1.0/\0")) readXmp(payload, found);
    else if (marker === APP2 && begins("ICC_PROFILE\0")) return this.coloured(payload);
    else if (marker === APP2 && begins("MPF\0")) found.add("other_pictures");
    else if (marker === APP13) for (const sort of ["description", "author", "hidden_parts"]) found.add(sort);
    else if (marker === APP14 && begins("Adobe") && payload.length >= 12) return this.once(marker, Uint8Array.of(...bytesOf("Adobe"), 0, 100, 0, 0, 0, 0, Math.min(payload[11], 2)));
    else found.add("hidden_parts");
    return new Uint8Array(0);
  }

  plain(payload) {
    if (payload.length > 14) this.found.add("thumbnail");
    return this.once(APP0, PLAIN_JFIF);
  }

  turned(tiff) {
    const orientation = readExif(tiff, this.found);
    const kept = this.once(APP1, joined([bytesOf("Exif\0\0"), writeExif(orientation)]));
    return orientation > 1 ? kept : new Uint8Array(0);
  }

  coloured(payload) {
    this.found.add("colour_profile");
    if (payload[12] !== 1 || !isDisplayP3(payload.subarray(14))) return new Uint8Array(0);
    return this.once(APP2, joined([bytesOf("ICC_PROFILE\0\x01\x01"), DISPLAY_P3]));
  }

  /** The first of its sort counts. */
  once(marker, payload) {
    if (this.written.has(marker)) return new Uint8Array(0);
    this.written.add(marker);
    return segment(marker, payload);
  }
}

/** Lengths are exactly what the tables need, so nothing rides along. */
function tables(payload, sizeAt) {
  let at = 0;
  while (at < payload.length) {
    sound(payload[at] >> 4 <= 1 && (payload[at] & 15) <= 3);
    at += sizeAt(at);
  }
  sound(payload.length && at === payload.length);
}

function codes(counts) {
  const count = counts.reduce((sum, one) => sum + one, 0);
  sound(counts.length === 16 && count <= 256);
  return count;
}
