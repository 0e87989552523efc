/** Pictures inside documents go through the same strippers as pictures by themselves. */
import { cleanJpeg } from "./jpeg.js";
import { cleanPng } from "./png.js";
import { CannotClean, latin1, Source } from "./source.js";
import { cleanWebp } from "./webp.js";

/** @param {Uint8Array} bytes the first of a file @returns {"jpeg" | "png" | "webp" | null} */
export function pictureKind(bytes) {
  const text = latin1(bytes, 0, Math.min(12, bytes.length));
  if (text.startsWith("\xff\xd8\xff")) return "jpeg";
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  return /^RIFF.{4}WEBP$/s.test(text) ? "webp" : null;
}

const CLEANERS = { jpeg: cleanJpeg, png: cleanPng, webp: cleanWebp };

/** @param {Uint8Array} bytes @param {Set<string>} found @returns {Promise<Uint8Array | null>} null if it is no picture that can be kept */
export async function cleanPicture(bytes, found) {
  const kind = pictureKind(bytes);
  if (!kind) return null;
  try {
    const parts = await CLEANERS[kind](new Source(new Blob([bytes])), found);
    return new Uint8Array(await new Blob(parts).arrayBuffer());
  } catch (error) {
    if (error instanceof CannotClean) return null;
    throw error;
  }
}
