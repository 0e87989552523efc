/** ZIP as Office writes it: read with every bound, written with nothing in it but names and content. */
import { Budget, deflate, inflate } from "./inflate.js";
import { CannotClean, bytesOf, crc32, joined, latin1, sound, view } from "./source.js";

const MOST_MEMBERS = 2_000;
const LARGEST_TOGETHER = 64 << 20;
const LARGEST_MEMBER = 32 << 20;
const LARGEST_RATIO = 200;
const UNWATCHED = 1 << 20;
/** 1980-01-01 00:00, the first that the format knows. */
const TIME = [0, 0, 0x21, 0];

export class Archive {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.data = view(bytes);
    this.budget = new Budget(LARGEST_TOGETHER);
    this.opened = new Map();
    this.loose = false;
    this.dated = false;
    /** @type {Map<string, {at: number, packed: number, size: number, crc: number, method: number}>} */
    this.members = this.readDirectory();
  }

  readDirectory() {
    const end = this.findEnd();
    const [count, size, from] = [this.data.getUint16(end + 10, true), this.data.getUint32(end + 12, true), this.data.getUint32(end + 16, true)];
    if (count > MOST_MEMBERS) throw new CannotClean("too_complex");
    sound(from + size <= end && this.data.getUint16(end + 8, true) === count && this.data.getUint16(end + 4, true) === 0);
    const found = new Map();
    let at = from;
    for (let n = 0; n < count; n++) at = this.readMember(at, end, found);
    sound(at === from + size && new Set([...found.keys()].map((name) => name.toLowerCase())).size === found.size);
    return found;
  }

  findEnd() {
    const { bytes } = this;
    for (let at = bytes.length - 22; at >= 0 && at >= bytes.length - 65_557; at--) {
      if (bytes[at] !== 0x50 || this.data.getUint32(at, true) !== 0x06054b50) continue;
      const end = at + 22 + this.data.getUint16(at + 20, true);
      if (end > bytes.length) continue;
      this.loose = at + 22 < bytes.length;
      return at;
    }
    throw new CannotClean("damaged");
  }

  readMember(at, end, found) {
    const { data } = this;
    sound(at + 46 <= end && data.getUint32(at, true) === 0x02014b50);
    const [flags, method, crc, packed, size] = [data.getUint16(at + 8, true), data.getUint16(at + 10, true), data.getUint32(at + 16, true), data.getUint32(at + 20, true), data.getUint32(at + 24, true)];
    const [name, extra, comment, local] = [data.getUint16(at + 28, true), data.getUint16(at + 30, true), data.getUint16(at + 32, true), data.getUint32(at + 42, true)];
    sound(at + 46 + name + extra + comment <= end && local + 30 <= end);
    if (flags & 0x41) throw new CannotClean("encrypted");
    const text = decodeName(this.bytes.subarray(at + 46, at + 46 + name));
    sound(data.getUint32(local, true) === 0x04034b50 && (method === 0 || method === 8) && !found.has(text));
    const from = local + 30 + data.getUint16(local + 26, true) + data.getUint16(local + 28, true);
    sound(from + packed <= end);
    if (size > LARGEST_MEMBER || (size > UNWATCHED && size > packed * LARGEST_RATIO)) throw new CannotClean("too_complex");
    if (comment || extra) this.loose = true;
    if (data.getUint16(at + 14, true) > 0x21) this.dated = true;
    if (!text.endsWith("/")) found.set(text, { at: from, packed, size, crc, method });
    return at + 46 + name + extra + comment;
  }

  /** @param {string} name @returns {boolean} */
  has(name) {
    return this.members.has(name);
  }

  /** @returns {string[]} */
  names() {
    return [...this.members.keys()];
  }

  /** @param {string} name @returns {Uint8Array} the content; `damaged` if it is not what the directory says */
  read(name) {
    if (this.opened.has(name)) return this.opened.get(name);
    const member = this.members.get(name);
    sound(member);
    const packed = this.bytes.subarray(member.at, member.at + member.packed);
    const bytes = member.method === 0 ? packed : this.unpack(packed, member.size);
    sound(bytes.length === member.size && crc32(bytes) === member.crc);
    this.opened.set(name, bytes);
    return bytes;
  }

  unpack(packed, size) {
    this.budget.spend(size);
    const { bytes, whole } = inflate(packed, new Budget(Math.max(size, UNWATCHED)));
    sound(whole);
    return bytes;
  }
}

function decodeName(bytes) {
  try {
    const name = new TextDecoder("utf-8", { fatal: true }).decode(bytes).replaceAll("\\", "/");
    // eslint-disable-next-line no-control-regex
    sound(name && !/^\/|(^|\/)\.\.?(\/|$)|[\0-\x1f]/.test(name));
    return name;
  } catch {
    throw new CannotClean("damaged");
  }
}

/** @param {[string, Uint8Array][]} members in their order; XML is packed, the others (pictures, `mimetype`) are stored @returns {Uint8Array} */
export function writeZip(members) {
  const parts = [];
  const directory = [];
  let at = 0;
  for (const [name, bytes] of members) {
    const stored = !/\.(xml|rels)$/.test(name);
    const packed = stored ? bytes : deflate(bytes);
    const title = new TextEncoder().encode(name);
    const common = fields(20, 0, 0, latin1(title) === name ? 0 : 8, stored ? 0 : 8, 0, ...TIME, [crc32(bytes)], [packed.length], [bytes.length], title.length & 255, title.length >> 8);
    parts.push(bytesOf("PK\x03\x04"), common, fields(0, 0), title, packed);
    directory.push(bytesOf("PK\x01\x02"), fields(20, 0), common, fields(0, 0, 0, 0, 0, 0, 0, 0, [0], [at]), title);
    at += 30 + title.length + packed.length;
  }
  const central = joined(directory);
  const [low, high] = [members.length & 255, members.length >> 8];
  const end = joined([bytesOf("PK\x05\x06"), fields(0, 0, 0, 0, low, high, low, high, [central.length], [at], 0, 0)]);
  return joined([...parts, central, end]);
}

/** Single numbers are bytes, numbers in brackets four bytes, all little-endian. */
function fields(...values) {
  const bytes = values.flatMap((value) => (Array.isArray(value) ? [value[0] & 255, (value[0] >> 8) & 255, (value[0] >> 16) & 255, value[0] >>> 24] : [value]));
  return Uint8Array.from(bytes);
}
