/** What a file is, by its content alone (CLEANING.md, sections 2 and 3). */
import { frame } from "./mp3.js";
import { pictureKind } from "./pictures.js";
import { CannotClean, latin1 } from "./source.js";
import { encodingOf } from "./text.js";

const HEIC = new Set("heic heix heim heis hevc hevx mif1 msf1 avif avis".split(" "));
/** Beginnings that are recognised in order to say what to do instead. */
const REFUSED = [
  ["other_picture", /^(GIF8[79]a|II\*\0|MM\0\*|II\+\0|MM\0\+|IIRO|IIU\0|FUJIFILMCCD-RAW|BM.{4}\0{4}|\0\0[\x01\x02]\0[^\0]|8BPS|\0\0\0\x0cj[P ]{2} |\xff\x4f\xff\x51|\xff\x0a|\0\0\0\x0cJXL )/s],
  ["other_sound", /^(RIFF.{4}WAVE|RIFX|OggS|fLaC|FORM.{4}AIF[FC]|#!AMR|ADIF|MThd|\xff[\xf0\xf1\xf8\xf9]|caff\0)/s],
  ["other_video", /^(\x1aE\xdf\xa3|RIFF.{4}AVI |\x30\x26\xb2\x75\x8e\x66\xcf\x11|\0\0\x01[\xba\xb3]|FLV\x01|.{4}(moov|mdat|wide|free|skip|pnot))/s],
  ["old_office", /^\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1/],
  ["other_document", /^(\{\\rtf|%!PS|\xc5\xd0\xd3\xc6|%!)/],
  ["archive", /^(7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|\x1f\x8b|BZh\d|\xfd7zXZ\0|\x28\xb5\x2f\xfd|\x1f\x9d|MSCF|LZIP|.{257}ustar)/s],
  ["program", /^(\x7fELF|MZ[\s\S]{0,62}[\0-\x08]|\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe|\xca\xfe\xba\xbe|dex\n)/],
];

/** @param {import("./source.js").Source} source @returns {Promise<string>} the kind; `zip` is looked into by its caller */
export async function sniff(source) {
  if (!source.size) throw new CannotClean("empty");
  const start = (await source.some(0, 1_024)).slice();
  const text = latin1(start);
  const kind = pictureKind(start) ?? film(text) ?? (text.startsWith("PK\x03\x04") || text.startsWith("PK\x05\x06") ? "zip" : null) ?? (await soundKind(source, start));
  if (kind) return kind;
  if (text.slice(0, 1_024).includes("%PDF-")) return "pdf";
  const refused = REFUSED.find(([, words]) => words.test(text));
  if (refused) throw new CannotClean(refused[0] === "old_office" && (await isLocked(source)) ? "encrypted" : refused[0]);
  return textKind(start);
}

function film(text) {
  if (text.slice(4, 8) !== "ftyp") return null;
  const brand = text.slice(8, 12);
  if (HEIC.has(brand)) throw new CannotClean("heic");
  if (brand === "qt  ") throw new CannotClean("other_video");
  if (brand === "jp2 " || brand === "crx " || brand === "jxl ") throw new CannotClean("other_picture");
  if (brand === "M4P " || brand === "aax ") throw new CannotClean("encrypted");
  return brand === "M4A " || brand === "M4B " ? "m4a" : "mp4";
}

/** Four bytes of a frame may be anything; a second frame must follow, or a tag must stand in front. */
async function soundKind(source, start) {
  if (latin1(start, 0, 3) === "ID3") return "mp3";
  const first = frame(start);
  if (!first) return null;
  const next = await source.some(first.length, 4);
  return next.length < 4 || frame(next) || latin1(next, 0, 3) === "TAG" ? "mp3" : null;
}

/** Office files with a password are OLE files with a stream of this name. */
async function isLocked(source) {
  const name = [..."EncryptedPackage"].join("\0");
  for (let at = 0; at < source.size; at += 60_000) if (latin1(await source.some(at, 65_536)).includes(name)) return true;
  return false;
}

function textKind(start) {
  const { encoding, mark } = encodingOf(start);
  const text = new TextDecoder(encoding).decode(start.subarray(mark, start.length - ((start.length - mark) % 2)));
  if (/^\s*</.test(text)) throw new CannotClean("web_page");
  if (encoding === "utf-8" && !mark && !readable(start)) throw new CannotClean("unknown_type");
  return "txt";
}

/** Whether somebody may have meant it as text, so that the advice is about text. */
function readable(start) {
  const plain = start.filter((byte) => (byte >= 32 && byte < 127) || byte === 9 || byte === 10 || byte === 13).length;
  return plain >= 0.7 * start.length || decodes(start);
}

/** Whether it is UTF-8, save perhaps a character cut at the end. */
function decodes(start) {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(start, { stream: true });
    return true;
  } catch {
    return false;
  }
}
