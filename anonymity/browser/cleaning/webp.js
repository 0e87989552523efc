/** WebP: the one picture and its transparency stay, everything else goes (CLEANING.md, section 6). */
import { readExif, readXmp, writeExif } from "./exif.js";
import { DISPLAY_P3, isDisplayP3 } from "./profile.js";
import { bytesOf, CannotClean, joined, latin1, sound, view } from "./source.js";

const MOST_CHUNKS = 1_000;
const LARGEST_KEPT = 1 << 24;
const [HAS_PROFILE, HAS_ALPHA, HAS_EXIF, IS_ANIMATED] = [32, 16, 8, 2];

/** @param {import("./source.js").Source} source @param {Set<string>} found @returns {Promise<BlobPart[]>} */
export async function cleanWebp(source, found) {
  const end = 8 + view(await source.take(0, 12)).getUint32(4, true);
  sound(end <= source.size && end >= 20);
  if (end + (end % 2) < source.size) found.add("trailing_data");
  const told = { extended: null, alpha: null, image: null, profile: null, orientation: null };
  let at = 12;
  for (let chunks = 0; at < end; chunks++) {
    if (chunks > MOST_CHUNKS) throw new CannotClean("too_complex");
    const head = await source.take(at, 8);
    const [name, length] = [latin1(head, 0, 4), view(head).getUint32(4, true)];
    sound(at + 8 + length <= end);
    await readChunk(source, { name, from: at + 8, to: at + 8 + length }, told, found);
    at += 8 + length + (length % 2);
  }
  sound(told.image);
  return write(source, told);
}

async function readChunk(source, { name, from, to }, told, found) {
  if (name === "ANIM" || name === "ANMF") throw new CannotClean("animation");
  if (name === "VP8X") return readExtended(await source.take(from, to - from), told);
  if (name === "ALPH") return void (told.alpha = once(told.alpha, told, { name, from, to }));
  if (name === "VP8 " || name === "VP8L") return readImage(source, { name, from, to }, told);
  const bytes = await source.take(from, Math.min(to - from, LARGEST_KEPT));
  if (name === "EXIF") told.orientation ??= readExif(latin1(bytes, 0, 6) === "Exif\0\0" ? bytes.subarray(6) : bytes, found);
  else if (name === "XMP ") readXmp(bytes, found);
  else if (name === "ICCP") readProfile(bytes, told, found);
  else found.add("hidden_parts");
}

function once(before, { extended, image }, found) {
  sound(!before && extended && !image);
  return found;
}

function readProfile(bytes, told, found) {
  found.add("colour_profile");
  told.profile ??= bytes.slice();
}

function readExtended(bytes, told) {
  sound(bytes.length === 10 && !told.extended && !told.image);
  if (bytes[0] & IS_ANIMATED) throw new CannotClean("animation");
  told.extended = bytes.slice();
}

async function readImage(source, image, told) {
  sound(!told.image);
  const head = await source.some(image.from, Math.min(16, image.to - image.from));
  const { width, height } = image.name === "VP8L" ? lossless(head) : lossy(head);
  const wide = (at) => told.extended[at] + told.extended[at + 1] * 256 + told.extended[at + 2] * 65_536 + 1;
  if (told.extended) sound(wide(4) === width && wide(7) === height);
  told.image = image;
}

function lossy(head) {
  sound(head.length >= 10 && !(head[0] & 1) && head[3] === 0x9d && head[4] === 1 && head[5] === 0x2a);
  const data = view(head);
  return { width: data.getUint16(6, true) & 0x3fff, height: data.getUint16(8, true) & 0x3fff };
}

function lossless(head) {
  sound(head.length >= 5 && head[0] === 0x2f);
  const bits = view(head).getUint32(1, true);
  sound(bits >>> 29 === 0);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

function chunk(name, payload) {
  const head = joined([bytesOf(name), new Uint8Array(4)]);
  const length = payload.size ?? payload.length;
  view(head).setUint32(4, length, true);
  return { size: 8 + length + (length % 2), parts: [head, payload, new Uint8Array(length % 2)] };
}

function write(source, { extended, alpha, image, profile, orientation }) {
  const keep = ({ name, from, to }) => chunk(name, source.slice(from, to));
  const chunks = [keep(image)];
  if (extended) {
    const p3 = profile && isDisplayP3(profile);
    const exif = extended[0] & HAS_EXIF;
    const flags = (p3 ? HAS_PROFILE : 0) | (extended[0] & HAS_ALPHA) | exif;
    if (alpha) chunks.unshift(keep(alpha));
    if (p3) chunks.unshift(chunk("ICCP", DISPLAY_P3));
    chunks.unshift(chunk("VP8X", Uint8Array.of(flags, 0, 0, 0, ...extended.subarray(4))));
    if (exif) chunks.push(chunk("EXIF", writeExif(orientation ?? 1)));
  }
  const head = bytesOf("RIFF\0\0\0\0WEBP");
  view(head).setUint32(4, 4 + chunks.reduce((sum, { size }) => sum + size, 0), true);
  return [head, ...chunks.flatMap(({ parts }) => parts)];
}
