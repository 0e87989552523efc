/** Plain text: checked to be text and nothing else, and written as UTF-8 without a mark in front (CLEANING.md, section 6). */
import { CannotClean } from "./source.js";

const STEP = 1 << 20;
// eslint-disable-next-line no-control-regex
const FORBIDDEN = /[\0-\x08\x0b\x0e-\x1f\x7f-\x9f]/;

/** @param {Uint8Array} bytes the first of the file @returns {{encoding: string, mark: number}} */
export function encodingOf(bytes) {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: "utf-16le", mark: 2 };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: "utf-16be", mark: 2 };
  return { encoding: "utf-8", mark: bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0 };
}

/** @param {import("./source.js").Source} source @param {Set<string>} found @returns {Promise<BlobPart[]>} */
export async function cleanText(source, found) {
  const { encoding, mark } = encodingOf(await source.some(0, 4));
  if (mark) found.add("software");
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  const parts = [];
  for (let at = mark; at < source.size; at += STEP) {
    const text = decode(decoder, await source.some(at, STEP), at + STEP < source.size);
    if (FORBIDDEN.test(text)) throw new CannotClean("not_text");
    if (encoding !== "utf-8") parts.push(text);
  }
  if (mark >= source.size) throw new CannotClean("empty");
  return encoding === "utf-8" ? [source.slice(mark, source.size)] : parts;
}

function decode(decoder, bytes, stream) {
  try {
    return decoder.decode(bytes, { stream });
  } catch {
    throw new CannotClean("not_text");
  }
}
