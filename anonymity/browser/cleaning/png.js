/** PNG: header, palette, transparency and image data stay, everything else goes (CLEANING.md, section 6). */
import { Inflate } from "fflate";
import { readExif, readXmp, writeExif } from "./exif.js";
import { Budget, inflate } from "./inflate.js";
import { DISPLAY_P3, isDisplayP3 } from "./profile.js";
import { bytesOf, CannotClean, crc32, joined, latin1, sound, u32, view } from "./source.js";

const MOST_CHUNKS = 100_000;
const LARGEST_KEPT = 1 << 20;
const LARGEST_PICTURE = 2 ** 28;
const PIECE = 1 << 16;
const IDAT = bytesOf("IDAT");
const SAMPLES = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const QUIET = new Set(["gAMA", "cHRM", "sRGB", "sBIT", "bKGD", "hIST", "pHYs", "cICP", "mDCV", "cLLI"]);
const TOLD = { iCCP: "colour_profile", tIME: "dates", acTL: "other_pictures", fcTL: "other_pictures", fdAT: "other_pictures" };

/** @param {import("./source.js").Source} source @param {Set<string>} found @returns {Promise<BlobPart[]>} */
export async function cleanPng(source, found) {
  const told = { IHDR: null, PLTE: null, tRNS: null, iCCP: null, orientation: null, data: null };
  let at = 8;
  for (let chunks = 0; ; chunks++) {
    if (chunks > MOST_CHUNKS) throw new CannotClean("too_complex");
    const head = (await source.take(at, 8)).slice();
    const [length, name] = [view(head).getUint32(0), latin1(head, 4)];
    sound(length <= 0x7fffffff && /^[A-Za-z]{4}$/.test(name) && (told.IHDR !== null) === chunks > 0);
    const sum = await readChunk(source, at + 8, length, head.subarray(4), name, told, found);
    sound(view(await source.take(at + 8 + length, 4)).getUint32(0) === sum);
    at += 12 + length;
    if (name === "IEND") break;
  }
  sound(told.data && told.data.ended && told.data.left === 0);
  if (at < source.size) found.add("trailing_data");
  return write(told, told.data, source);
}

/** @returns {Promise<number>} the chunk's checksum */
async function readChunk(source, at, length, name, text, told, found) {
  let sum = crc32(name);
  const kept = [];
  const keeps = text !== "IDAT" && length <= LARGEST_KEPT;
  if (text === "IDAT") startData(told);
  else if (told.data) told.data.over = true;
  for (let done = 0; done < length; done += PIECE) {
    const piece = await source.take(at + done, Math.min(PIECE, length - done));
    sum = crc32(piece, sum);
    if (text === "IDAT") told.data.push(piece, at + done, found);
    else if (keeps) kept.push(piece.slice());
  }
  if (text !== "IDAT") readOther(text, joined(kept), told, found, keeps);
  return sum;
}

function startData(told) {
  sound(!told.data?.over);
  if (!told.data) sound(told.IHDR[9] !== 3 || told.PLTE);
  told.data ??= new ImageData(needs(told.IHDR));
}

function readOther(name, bytes, told, found, whole) {
  if (name === "IHDR") told.IHDR = checkHeader(bytes);
  else if (name === "PLTE") told.PLTE = once(told.PLTE ?? told.data ?? told.tRNS, bytes, bytes.length > 0 && bytes.length <= 768 && bytes.length % 3 === 0);
  else if (name === "tRNS") told.tRNS = once(told.tRNS ?? told.data, bytes, transparent(bytes, told));
  else if (name === "IEND") sound(bytes.length === 0 && whole);
  else if (name === "eXIf") told.orientation ??= readExif(bytes, found);
  else if (name === "tEXt" || name === "zTXt" || name === "iTXt") readText(bytes, found);
  else if (TOLD[name]) readTold(name, bytes, told, found);
  else if (!QUIET.has(name)) {
    sound(name[0] >= "a");
    found.add("hidden_parts");
  }
}

function readTold(name, bytes, told, found) {
  found.add(TOLD[name]);
  if (name === "iCCP") told.iCCP ??= bytes;
}

function once(before, bytes, fits) {
  sound(!before && fits);
  return bytes;
}

function transparent(bytes, { IHDR, PLTE }) {
  if (IHDR[9] === 3) return PLTE && bytes.length > 0 && bytes.length <= PLTE.length / 3;
  return bytes.length === { 0: 2, 2: 6 }[IHDR[9]];
}

function checkHeader(bytes) {
  sound(bytes.length === 13);
  const [width, height, depth, colour] = [view(bytes).getUint32(0), view(bytes).getUint32(4), bytes[8], bytes[9]];
  sound(width > 0 && height > 0 && bytes[10] === 0 && bytes[11] === 0 && bytes[12] <= 1);
  sound(SAMPLES[colour] && (colour === 0 ? [1, 2, 4, 8, 16] : colour === 3 ? [1, 2, 4, 8] : [8, 16]).includes(depth));
  if (width > 65_535 || height > 65_535 || needs(bytes) > LARGEST_PICTURE) throw new CannotClean("too_complex");
  return bytes;
}

/** @returns {number} bytes of the image data, filter bytes included */
function needs(header) {
  const bits = SAMPLES[header[9]] * header[8];
  const size = (width, height) => (width && height ? height * (1 + Math.ceil((width * bits) / 8)) : 0);
  const [width, height] = [view(header).getUint32(0), view(header).getUint32(4)];
  if (!header[12]) return size(width, height);
  const passes = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]];
  return passes.reduce((sum, [x, y, dx, dy]) => sum + size(Math.ceil((width - x) / dx), Math.ceil((height - y) / dy)), 0);
}

const KEYWORDS = { Author: "author", "Creation Time": "dates", Software: "software", Source: "device", Comment: "comments" };

function readText(bytes, found) {
  const keyword = latin1(bytes, 0, Math.min(80, bytes.length)).split("\0")[0];
  if (keyword === "XML:com.adobe.xmp") readXmp(packetIn(bytes.subarray(keyword.length + 1)), found);
  else found.add(Object.hasOwn(KEYWORDS, keyword) ? KEYWORDS[keyword] : "description");
}

/** Behind the keyword: whether it is packed, how, language, translated keyword, text. */
function packetIn(bytes) {
  let at = 2;
  for (let n = 0; n < 2; n++) at = bytes.indexOf(0, at) + 1 || bytes.length;
  return bytes[0] === 1 ? inflate(bytes.subarray(at + 2), new Budget(1 << 24)).bytes : bytes.subarray(at);
}

/** The image data: inflated and counted as it comes, so that it is known where it really ends. */
class ImageData {
  /** @param {number} needed */
  constructor(needed) {
    this.left = needed;
    this.seen = 0;
    this.a = 1;
    this.b = 0;
    this.sum = [];
    this.pieces = [];
    this.ended = false;
    this.over = false;
    this.stream = new Inflate((part) => this.count(part));
  }

  /** Adler-32, in runs that cannot overflow. */
  count(part) {
    this.left -= part.length;
    sound(this.left >= 0);
    let { a, b } = this;
    for (let from = 0; from < part.length; from += 3_800) {
      for (let n = from, end = Math.min(from + 3_800, part.length); n < end; n++) b += a += part[n];
      a %= 65_521;
      b %= 65_521;
    }
    [this.a, this.b] = [a, b];
  }

  /** @param {Uint8Array} bytes @param {number} at where they stand in the file @param {Set<string>} found */
  push(bytes, at, found) {
    let n = 0;
    for (; n < bytes.length && this.seen < 2; n++, this.seen++) sound(this.seen ? !(bytes[n] & 32) : (bytes[n] & 15) === 8);
    for (; n < bytes.length && !this.finished(); ) n = this.feed(bytes, n);
    for (; n < bytes.length && this.finished() && this.sum.length < 4; n++) this.sum.push(bytes[n]);
    if (n) this.pieces.push([at, at + n]);
    if (this.sum.length === 4 && !this.ended) this.close();
    if (n < bytes.length) found.add("hidden_parts");
  }

  finished() {
    return Boolean(this.stream.s.f && !this.stream.s.l);
  }

  feed(bytes, from) {
    const to = Math.min(from + 16_384, bytes.length);
    try {
      this.stream.push(bytes.subarray(from, to), false);
    } catch (error) {
      if (error instanceof CannotClean) throw error;
      sound(false);
    }
    if (!this.finished()) return to;
    const unread = this.stream.p.length - (this.stream.s.p ? 1 : 0);
    sound(unread <= to - from);
    return to - unread;
  }

  close() {
    const [a, b] = [this.sum[2] * 256 + this.sum[3], this.sum[0] * 256 + this.sum[1]];
    sound(a === this.a && b === this.b);
    this.ended = true;
  }
}

function chunk(name, ...payload) {
  const body = joined([bytesOf(name), ...payload]);
  return joined([u32(body.length - 4), body, u32(crc32(body))]);
}

async function write({ IHDR, PLTE, tRNS, iCCP, orientation }, data, source) {
  const parts = [bytesOf("\x89PNG\r\n\x1a\n"), chunk("IHDR", IHDR)];
  if (iCCP && isDisplayP3(profileIn(iCCP))) parts.push(chunk("iCCP", bytesOf("p\0\0"), stored(DISPLAY_P3)));
  if (orientation > 1) parts.push(chunk("eXIf", writeExif(orientation)));
  if (PLTE) parts.push(chunk("PLTE", PLTE));
  if (tRNS) parts.push(chunk("tRNS", tRNS));
  let [pieces, length] = [[], 0];
  for (const [from, to] of data.pieces) {
    for (let at = from; at < to; ) {
      const end = Math.min(to, at + PIECE - length);
      pieces.push([at, end]);
      length += end - at;
      at = end;
      if (length === PIECE) [parts[parts.length], pieces, length] = [await dataChunk(pieces, length, source), [], 0];
    }
  }
  if (length) parts.push(await dataChunk(pieces, length, source));
  return [...parts.flat(), chunk("IEND")];
}

/** The data itself stays in the file; only its checksum is new. */
async function dataChunk(pieces, length, source) {
  let sum = crc32(IDAT);
  for (const [from, to] of pieces) sum = crc32(await source.take(from, to - from), sum);
  return [u32(length), IDAT, ...pieces.map(([from, to]) => source.slice(from, to)), u32(sum)];
}

/** zlib's form without packing, which is the same whoever writes it. */
function stored(bytes) {
  let [a, b] = [1, 0];
  for (const byte of bytes) [a, b] = [(a + byte) % 65_521, (b + a + byte) % 65_521];
  const [low, high] = [bytes.length & 255, bytes.length >> 8];
  return joined([Uint8Array.of(0x78, 0x01, 1, low, high, ~low & 255, ~high & 255), bytes, u32(b * 65_536 + a)]);
}

function profileIn(bytes) {
  const start = bytes.indexOf(0) + 4;
  return start > 3 ? inflate(bytes.subarray(start), new Budget(1 << 24)).bytes : new Uint8Array(0);
}
