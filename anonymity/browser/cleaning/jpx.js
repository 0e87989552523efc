/** JPEG 2000, which stands in some PDF files: the picture's own boxes stay, told ones and comments go. */
import { box, boxesIn } from "./boxes.js";
import { readXmp } from "./exif.js";
import { joined, latin1, sound, view } from "./source.js";

const KEPT = new Set(["jP  ", "ftyp", "jp2h", "jp2c"]);
const KEPT_IN_HEADER = new Set(["ihdr", "bpcc", "colr", "pclr", "cmap", "cdef"]);
const [COMMENT, START_OF_TILE] = [0xff64, 0xff90];

/** @param {Uint8Array} bytes @param {Set<string>} found @returns {Uint8Array} */
export function cleanJpx(bytes, found) {
  if (view(bytes).getUint16(0) === 0xff4f) return codestream(bytes, found);
  const count = { boxes: 0 };
  const parts = boxesIn(lengthened(bytes), count).map(({ type, body }) => {
    if (!KEPT.has(type)) return told(body, found);
    if (type === "jp2c") return box(type, codestream(body, found));
    if (type !== "jp2h") return box(type, body);
    return box(type, ...boxesIn(body, count).filter((one) => KEPT_IN_HEADER.has(one.type)).map((one) => box(one.type, one.body)));
  });
  return joined(parts);
}

function told(body, found) {
  if (latin1(body).includes("<x:xmpmeta")) readXmp(body, found);
  else found.add("hidden_parts");
  return new Uint8Array(0);
}

/** The last box may say 0 in place of its length: up to the end. */
function lengthened(bytes) {
  const copy = bytes.slice();
  const data = view(copy);
  for (let at = 0; at + 8 <= copy.length; at += data.getUint32(at)) {
    if (data.getUint32(at) === 0) data.setUint32(at, copy.length - at);
    if (data.getUint32(at) < 8) break;
  }
  return copy;
}

/** The main header without its comments; the tiles as they are. */
function codestream(bytes, found) {
  const data = view(bytes);
  sound(bytes.length > 4 && data.getUint16(0) === 0xff4f);
  const parts = [bytes.subarray(0, 2)];
  let at = 2;
  while (data.getUint16(at) !== START_OF_TILE) {
    const next = at + 2 + data.getUint16(at + 2);
    sound(data.getUint16(at) >= 0xff50 && next + 2 <= bytes.length);
    if (data.getUint16(at) === COMMENT) found.add("software");
    else parts.push(bytes.subarray(at, next));
    at = next;
  }
  return joined([...parts, bytes.subarray(at)]);
}
