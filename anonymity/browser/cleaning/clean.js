/**
 * File cleaning on the device, before a file is sealed. `anonymity/CLEANING.md` says what is removed, kept and refused; the
 * codes are its codes. A bundle of its own: whoever attaches nothing never loads it. It runs in the worker that seals, needs no
 * page, no canvas and no network, and copies no sound and no film: the result is made of slices of the file.
 */
import { Document } from "./pdf-document.js";
import { cleanJpeg } from "./jpeg.js";
import { Budget } from "./inflate.js";
import { cleanMp3 } from "./mp3.js";
import { cleanMp4 } from "./mp4.js";
import { cleanOdt } from "./odt.js";
import { cleanOffice } from "./office.js";
import { cleanPdf } from "./pdf.js";
import { cleanPng } from "./png.js";
import { sniff } from "./sniff.js";
import { CannotClean, latin1, Source } from "./source.js";
import { cleanText } from "./text.js";
import { cleanWebp } from "./webp.js";
import { decodeXml } from "./xml.js";
import { Archive } from "./zip.js";

export { CannotClean };

const LARGEST = 67_108_864;
const LARGEST_HELD = 16_777_216;
const OPEN_XML = "application/vnd.openxmlformats-officedocument";
const OPEN_DOCUMENT = "application/vnd.oasis.opendocument";

const PICTURE = ["content", "watermarks", "sensor_noise", "compression"];
const OFFICE = ["content", "fonts", "hidden_text", "tracked_text", "compression"];
const SOUND = ["content", "voices", "background", "in_stream", "compression"];

/** @type {Record<string, {type: string, remains: string[], clean: Function, held?: boolean}>} */
const KINDS = {
  jpeg: { type: "image/jpeg", remains: PICTURE, clean: cleanJpeg },
  png: { type: "image/png", remains: PICTURE, clean: cleanPng },
  webp: { type: "image/webp", remains: PICTURE, clean: cleanWebp },
  pdf: { type: "application/pdf", remains: ["content", "watermarks", "fonts", "compression", "hidden_text"], clean: pdf, held: true },
  docx: { type: `${OPEN_XML}.wordprocessingml.document`, remains: OFFICE, clean: zipped(cleanOffice), held: true },
  xlsx: { type: `${OPEN_XML}.spreadsheetml.sheet`, remains: OFFICE, clean: zipped(cleanOffice), held: true },
  odt: { type: `${OPEN_DOCUMENT}.text`, remains: OFFICE, clean: zipped(cleanOdt), held: true },
  txt: { type: "text/plain", remains: ["content", "unseen_characters"], clean: cleanText },
  mp3: { type: "audio/mpeg", remains: SOUND, clean: cleanMp3 },
  m4a: { type: "audio/mp4", remains: SOUND, clean: cleanMp4 },
  mp4: { type: "video/mp4", remains: [...SOUND, "watermarks", "sensor_noise"], clean: cleanMp4 },
};

/**
 * @param {Blob} blob
 * @param {(share: number) => void} [onProgress] 0 to 1
 * @returns {Promise<{kind: string, type: string, blob: Blob, found: string[], remains: string[]}>}
 *   found and remains in alphabetical order
 * @throws {CannotClean} whose `reason` is a code of CLEANING.md, section 3
 */
export async function cleanFile(blob, onProgress) {
  try {
    return await cleaned(blob, onProgress);
  } catch (error) {
    if (error instanceof CannotClean) throw error;
    if (error instanceof DOMException) throw new CannotClean("unreadable");
    if (error instanceof RangeError || error instanceof TypeError) throw new CannotClean("damaged");
    throw error;
  }
}

async function cleaned(blob, onProgress) {
  const source = new Source(blob, onProgress);
  if (source.size > LARGEST) throw new CannotClean("too_large");
  const found = new Set();
  let kind = await sniff(source);
  let archive = null;
  if (kind === "zip") [kind, archive] = await openZip(source);
  if (KINDS[kind].held && source.size > LARGEST_HELD) throw new CannotClean("too_large_to_hold");
  const parts = await KINDS[kind].clean(source, found, archive);
  const { type, remains } = KINDS[kind];
  const result = new Blob(parts, { type });
  if (!result.size) throw new CannotClean("empty");
  onProgress?.(1);
  return { kind, type, blob: result, found: [...found].sort(), remains: [...remains].sort() };
}

const MAIN_PARTS = [
  ["docx", `${OPEN_XML}.wordprocessingml.document.main+xml`],
  ["xlsx", `${OPEN_XML}.spreadsheetml.sheet.main+xml`],
];

/** A ZIP is one of three kinds of document, or refused for what it is instead. */
async function openZip(source) {
  if (source.size > LARGEST_HELD) throw new CannotClean("too_large_to_hold");
  const archive = new Archive(new Uint8Array(await source.blob.arrayBuffer()));
  if (archive.has("mimetype")) {
    const kind = latin1(archive.read("mimetype")).trim();
    if (kind === `${OPEN_DOCUMENT}.text`) return ["odt", archive];
    throw new CannotClean(/opendocument|epub/.test(kind) ? "other_document" : "archive");
  }
  if (!archive.has("[Content_Types].xml")) throw new CannotClean("archive");
  const types = decodeXml(archive.read("[Content_Types].xml"));
  if (/macroEnabled(?:Template)?\.main\+xml|ms-excel\.sheet\.binary\.macroEnabled/.test(types)) throw new CannotClean("macros");
  const kind = MAIN_PARTS.find(([, type]) => types.includes(`"${type}"`))?.[0];
  if (!kind) throw new CannotClean("other_document");
  return [kind, archive];
}

function zipped(clean) {
  return async (_, found, archive) => [await clean(archive, found)];
}

/** Streams that have to be undone may hold so much altogether. */
const LARGEST_UNDONE = 128 << 20;

async function pdf(source, found) {
  const bytes = new Uint8Array(await source.blob.arrayBuffer());
  const budget = new Budget(LARGEST_UNDONE);
  return [await cleanPdf(new Document(bytes, budget), found)];
}
