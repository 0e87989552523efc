/** M4A and MP4: sound and pictures stay, everything told about them goes (CLEANING.md, section 6). The data is never copied. */
import { box, boxesIn, must } from "./boxes.js";
import { readXmp } from "./exif.js";
import { hasTimes, movieHeader, Track } from "./mp4-tracks.js";
import { bytesOf, CannotClean, latin1, sound, u32, view } from "./source.js";

const MOST_BOXES = 10_000;
const LARGEST_INDEX = 8 << 20;
const LARGEST_TOLD = 1 << 18;
const BRANDS = "isom iso2 iso4 iso5 iso6 mp41 mp42 M4A_ M4B_ M4V_ avc1 dash 3gp4 3gp5 3gp6".split(" ").map((brand) => brand.replace("_", " "));
const ZEROS = new Uint8Array(1 << 16);

/** @param {import("./source.js").Source} source @param {Set<string>} found @returns {Promise<BlobPart[]>} */
export async function cleanMp4(source, found) {
  const count = { boxes: 0 };
  const { brand, data, index, order } = await readFile(source, found, count);
  sound(brand && data.length && index);
  const boxes = boxesIn(index, count);
  if (boxes.some(({ type }) => type === "mvex")) throw new CannotClean("fragmented");
  const tracks = boxes.filter(({ type }) => type === "trak").map((one) => new Track(boxesIn(one.body, count), count, found));
  const kept = tracks.filter((track) => track.kept);
  sound(kept.length);
  tell(boxes, tracks, found);
  const used = ranges(kept, data);
  const size = write(boxes, kept, (old) => old).length;
  place(brand.length, size, data, order);
  const moved = (old) => old + shift(data, old);
  const moov = write(boxes, kept, moved);
  const parts = [[brand]];
  for (const one of order) parts.push(one === "moov" ? [moov] : await keptData(source, one, used, found));
  return parts.flat();
}

/** The outermost boxes: what is kept is noted with its place, of the rest it is noted what it was. */
async function readFile(source, found, count) {
  const told = { brand: null, data: [], index: null, order: [] };
  let at = 0;
  while (at < source.size) {
    const head = await header(source, at, told);
    if (!head) {
      found.add("trailing_data");
      break;
    }
    if (++count.boxes > MOST_BOXES) throw new CannotClean("too_complex");
    await readBox(source, head, told, found);
    at = head.to;
  }
  return told;
}

/** @returns {Promise<{type: string, from: number, to: number} | null>} null: bytes behind the last box */
async function header(source, at, { index, data }) {
  const bytes = await source.some(at, 16);
  const ended = index && data.length;
  const type = latin1(bytes, 4, Math.min(8, bytes.length));
  if (bytes.length < 8 || !/^[\x20-\x7e\xa9]{4}$/.test(type)) {
    sound(ended);
    return null;
  }
  let [size, from] = [view(bytes).getUint32(0), at + 8];
  if (size === 1) {
    sound(bytes.length === 16);
    [size, from] = [view(bytes).getUint32(8) * 2 ** 32 + view(bytes).getUint32(12), at + 16];
  }
  const to = size ? at + size : source.size;
  if (to < from || to > source.size) {
    sound(ended);
    return null;
  }
  return { type, from, to };
}

async function readBox(source, { type, from, to }, told, found) {
  if (type === "moof") throw new CannotClean("fragmented");
  if (type === "ftyp") told.brand ??= brands(await source.take(from, Math.min(to - from, 4_096)), found);
  else if (type === "mdat") told.order.push(told.data[told.data.push({ from, to, now: 0 }) - 1]);
  else if (type === "moov") {
    if (to - from > LARGEST_INDEX) throw new CannotClean("too_complex");
    sound(!told.index);
    told.index = (await source.take(from, to - from)).slice();
    told.order.push("moov");
  } else tellBox({ type, body: await source.take(from, Math.min(to - from, LARGEST_TOLD)) }, found);
}

function brands(bytes, found) {
  sound(bytes.length >= 8);
  const told = [latin1(bytes, 0, 4)];
  for (let at = 8; at + 4 <= bytes.length; at += 4) told.push(latin1(bytes, at, at + 4));
  if (told.some((brand) => !BRANDS.includes(brand))) found.add("software");
  const major = BRANDS.includes(told[0]) ? told[0] : "isom";
  return box("ftyp", bytesOf(major), u32(0), ...BRANDS.filter((brand) => brand === major || told.includes(brand)).map(bytesOf));
}

const SORTS = {
  gps: /\xa9xyz|loci|location|GPS|gps/,
  device: /\xa9ma[kn]|\xa9mod|manu|modl|model|smta|tagc|\.make/,
  author: /\xa9ART|\xa9aut|auth|perf|aART|\xa9wrt|artist/,
  dates: /\xa9day|yrrc|creationdate|date/,
  software: /\xa9too|\xa9swr|\xa9enc|\xa9fmt|software/,
  thumbnail: /covr|thmb|SNAL|THMB/,
  description: /titl|dscp|cprt|kywd|\xa9nam|\xa9cmt|\xa9des|\xa9lyr|desc|name/,
  tracks: /chpl/,
};

/** What sorts of things stood in a box that is not kept. */
function tellBox({ type, body: bytes }, found) {
  if (["free", "skip", "wide"].includes(type) && !bytes.some((byte) => byte)) return;
  const text = latin1(bytes);
  const sorts = Object.keys(SORTS).filter((sort) => SORTS[sort].test(text));
  for (const sort of sorts) found.add(sort);
  if (text.includes("<x:xmpmeta")) readXmp(bytes, found);
  if (!sorts.length || (type !== "udta" && type !== "meta")) found.add("hidden_parts");
}

/** What stands in the index and is not written again. */
function tell(boxes, tracks, found) {
  for (const one of boxes) if (one.type !== "mvhd" && one.type !== "trak") tellBox(one, found);
  if (hasTimes(must(boxes, "mvhd"))) found.add("dates");
  for (const track of tracks) {
    if (!track.kept) found.add("tracks");
    else {
      for (const one of track.dropped()) tellBox(one, found);
      if ([must(track.boxes, "tkhd"), must(track.media, "mdhd")].some(hasTimes)) found.add("dates");
    }
  }
}

/** @returns {[number, number][]} the bytes of the file that kept samples use: in order, none twice, all inside the data */
function ranges(tracks, data) {
  const all = tracks.flatMap((track) => track.ranges()).filter(([from, to]) => to > from);
  const merged = [];
  for (const [from, to] of all.sort(([a], [b]) => a - b)) {
    sound(data.some((one) => from >= one.from && to <= one.to));
    const last = merged.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

function write(boxes, tracks, moved) {
  return box("moov", box("mvhd", movieHeader(must(boxes, "mvhd"))), ...tracks.map((track) => track.write(moved)));
}

/** Where each piece of data will stand. */
function place(start, index, data, order) {
  let at = start;
  for (const one of order) {
    if (one !== "moov") one.now = at + 8;
    at += one === "moov" ? index : 8 + one.to - one.from;
  }
}

function shift(data, old) {
  const one = data.find(({ from, to }) => old >= from && old <= to);
  sound(one);
  return one.now - one.from;
}

async function keptData(source, { from, to }, used, found) {
  const parts = [u32(8 + to - from), bytesOf("mdat")];
  let at = from;
  for (const [start, end] of used) {
    if (end <= from || start >= to) continue;
    for (const part of await gap(source, at, start, found)) parts.push(part);
    parts.push(source.slice(start, end));
    at = end;
  }
  return [...parts, ...(await gap(source, at, to, found))];
}

/** Bytes that no sample uses become zero. */
async function gap(source, from, to, found) {
  const parts = [];
  for (let at = from; at < to; at += ZEROS.length) {
    const bytes = await source.take(at, Math.min(ZEROS.length, to - at));
    if (bytes.some((byte) => byte)) found.add("hidden_parts");
    parts.push(ZEROS.subarray(0, bytes.length));
  }
  return parts;
}
