/** MP3: the frames of sound stay, tags and everything between frames go (CLEANING.md, section 6). */
import { readXmp } from "./exif.js";
import { CannotClean, latin1, sound, view } from "./source.js";

const RATES = { 3: [44_100, 48_000, 32_000], 2: [22_050, 24_000, 16_000], 0: [11_025, 12_000, 8_000] };
const KILOBITS = {
  3: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
const STEP = 1 << 16;
const MOST_GAPS = 10_000;
const LONGEST_FRAME = 2_048;
const TAG = /^(ID3[\x02-\x04]|TAG|APETAGEX|LYRICSBEGIN)/;

/**
 * @param {Uint8Array} bytes at least four
 * @returns {{version: number, rate: number, mono: boolean, length: number} | null} the frame of layer III that begins here
 */
export function frame(bytes) {
  if (bytes.length < 4 || bytes[0] !== 0xff || (bytes[1] & 0xe6) !== 0xe2) return null;
  const version = (bytes[1] >> 3) & 3;
  const rate = RATES[version]?.[(bytes[2] >> 2) & 3];
  const kilobits = KILOBITS[version === 3 ? 3 : 2][bytes[2] >> 4];
  if (!rate || !kilobits) return null;
  const length = Math.floor(((version === 3 ? 144_000 : 72_000) * kilobits) / rate) + ((bytes[2] >> 1) & 1);
  return { version, rate, mono: bytes[3] >> 6 === 3, length };
}

/** @param {import("./source.js").Source} source @param {Set<string>} found @returns {Promise<BlobPart[]>} */
export async function cleanMp3(source, found) {
  const parts = [];
  let [at, start, kind, frames, gaps] = [0, 0, null, 0, 0];
  const flush = () => at > start && parts.push(source.slice(start, at));
  for (;;) {
    const one = await frameAt(source, at, kind);
    if (one) {
      if (!frames++) {
        kind = one;
        const head = blankedHead((await source.take(at, one.length)).slice(), one, found);
        parts.push(head);
        start = at + one.length;
      }
      at += one.length;
      continue;
    }
    flush();
    if (++gaps > MOST_GAPS) throw new CannotClean("too_complex");
    start = at = await skip(source, at, kind, found);
    if (at >= source.size) break;
  }
  sound(frames);
  return parts;
}

/** A frame behind which comes another, a tag, or the end: else it is cut short and something else is in it. */
async function frameAt(source, at, kind) {
  const bytes = await source.some(at, LONGEST_FRAME);
  const one = frame(bytes);
  if (!one || one.length > bytes.length || (kind && !alike(one, kind))) return null;
  const behind = bytes.subarray(one.length);
  if (!behind.length) return /ID3[\x02-\x04]|TAG|LYRICSBEGIN/.test(latin1(bytes)) ? null : one;
  const following = frame(behind);
  return (following && alike(following, one)) || TAG.test(latin1(behind, 0, Math.min(11, behind.length))) ? one : null;
}

const alike = (a, b) => a.version === b.version && a.rate === b.rate;

/** @returns {Promise<number>} behind the tag, or behind the bytes that are neither tag nor frame */
async function skip(source, at, kind, found) {
  const tag = await tagAt(source, at, found);
  if (tag) return Math.min(at + tag, source.size);
  const next = await search(source, at, kind);
  const bytes = await source.some(at, Math.min(next - at, STEP));
  if (bytes.some((byte) => byte)) found.add("hidden_parts");
  return next;
}

/** What a frame or a tag begins with: FF, and the letters of ID3, TAG, APE and LYR. */
const BEGINS = new Set([0xff, 73, 84, 65, 76]);

async function search(source, at, kind) {
  for (let next = at + 1; next < source.size; next++) {
    const bytes = await source.some(next, STEP);
    const place = bytes.findIndex((byte) => BEGINS.has(byte));
    if (place < 0) {
      next += bytes.length - 1;
      continue;
    }
    next += place;
    const found = bytes[place] === 0xff ? await frameAt(source, next, kind) : TAG.test(latin1(await source.some(next, 11)).slice(0, 11));
    if (found) return next;
  }
  return source.size;
}

/** @returns {Promise<number>} the length of the tag that begins here; 0 if none does */
async function tagAt(source, at, found) {
  const bytes = await source.some(at, 32);
  const text = latin1(bytes);
  if (!TAG.test(text)) return 0;
  const size = sizeOf(text, bytes);
  const looked = await source.some(at, Math.min(size, MOST_LOOKED_AT));
  const said = latin1(looked);
  for (const sort of Object.keys(SORTS)) if (SORTS[sort].test(said)) found.add(sort);
  if (said.includes("<x:xmpmeta")) readXmp(looked, found);
  if (/^(TAG|LYRICS)/.test(text)) for (const sort of text[0] === "T" ? ["description", "author"] : ["description"]) found.add(sort);
  return size;
}

/** Of the old tags at the end only the first letter is passed: no frame stands in them, and the search for frames goes on. */
function sizeOf(text, bytes) {
  if (text.startsWith("ID3")) {
    sound(bytes.length >= 10 && bytes.subarray(6, 10).every((byte) => byte < 128));
    return bytes.subarray(6, 10).reduce((sum, byte) => sum * 128 + byte, 0) + (bytes[5] & 16 ? 20 : 10);
  }
  if (!text.startsWith("APETAGEX")) return 1;
  sound(bytes.length === 32);
  return 32 + (bytes[23] & 32 ? view(bytes).getUint32(12, true) : 0);
}

const MOST_LOOKED_AT = 1 << 18;
const SORTS = {
  author: /T(?:PE|CO)[1-4M]|TOWN|TP1|Artist/,
  dates: /T(?:DRC|DEN|DTG|DRL|YER|DAT|IME)|TYE|Year/,
  description: /TIT[1-3]|TALB|T[CPU][OUR][NPB]|TXXX|USLT|TT2|WXXX/,
  comments: /COMM?|Comment/,
  software: /TSS[ES]|TENC|Lavf|LAME/,
  thumbnail: /A?PIC/,
  identifiers: /UFID|PRIV/,
  gps: /GEOB|GPS/,
};

/** The first frame may tell how many follow, and behind that who made them: what a player needs stays. */
function blankedHead(bytes, { version, mono }, found) {
  const side = 4 + (version === 3 ? (mono ? 17 : 32) : mono ? 9 : 17);
  const isXing = /^(Xing|Info)$/.test(latin1(bytes, side, side + 4));
  if (!isXing && latin1(bytes, 36, 40) !== "VBRI") return bytes;
  const start = isXing ? side : 36;
  const end = isXing ? endOfXing(bytes, side) : endOfVbri(bytes);
  if (bytes.subarray(end).some((byte) => byte)) for (const code of ["software", "hidden_parts"]) found.add(code);
  bytes.fill(0, 4, start).fill(0, Math.min(end, bytes.length));
  if (isXing) bytes.set([0, 0, 0, bytes[start + 7] & 15], start + 4);
  return bytes;
}

function endOfXing(bytes, at) {
  sound(at + 8 <= bytes.length);
  const flags = bytes[at + 7];
  return at + 8 + (flags & 1 ? 4 : 0) + (flags & 2 ? 4 : 0) + (flags & 4 ? 100 : 0) + (flags & 8 ? 4 : 0);
}

function endOfVbri(bytes) {
  const data = view(bytes);
  sound(bytes.length >= 62);
  return 62 + data.getUint16(54) * data.getUint16(58);
}
