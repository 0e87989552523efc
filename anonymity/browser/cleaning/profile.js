/** Colour profiles: none is kept, since they name devices, firms and days; Display P3 is written anew (CLEANING.md, section 8). */
import { bytesOf, joined, latin1, u32, view } from "./source.js";

const WIDE_NAME = "Display P3";
const MOST_TAGS = 100;

const fixed = (...values) => values.map((value) => u32(Math.round(value * 65_536)));
const padded = (bytes, to) => joined([bytes, new Uint8Array(to - bytes.length)]);

function words(text) {
  const wide = bytesOf([...text].map((sign) => `\0${sign}`).join(""));
  return joined([bytesOf("mluc\0\0\0\0"), u32(1), u32(12), bytesOf("enUS"), u32(wide.length), u32(28), wide]);
}

const colour = (...values) => joined([bytesOf("XYZ \0\0\0\0"), ...fixed(...values)]);

function built() {
  const curve = joined([bytesOf("para\0\0\0\0\0\x03\0\0"), ...fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)]);
  const adapted = fixed(1.04788, 0.02292, -0.0502, 0.02959, 0.99048, -0.01706, -0.00923, 0.01508, 0.75168);
  const bodies = [
    words(WIDE_NAME),
    words("CC0"),
    colour(0.96419, 1.0, 0.82489),
    colour(0.51512, 0.2412, -0.00105),
    colour(0.29198, 0.69225, 0.04189),
    colour(0.1571, 0.06657, 0.78407),
    curve,
    joined([bytesOf("sf32\0\0\0\0"), ...adapted]),
  ];
  const tags = Object.entries({ desc: 0, cprt: 1, wtpt: 2, rXYZ: 3, gXYZ: 4, bXYZ: 5, rTRC: 6, gTRC: 6, bTRC: 6, chad: 7 });
  let at = 128 + 4 + 12 * tags.length;
  const places = bodies.map((body) => {
    const place = [u32(at), u32(body.length)];
    at += Math.ceil(body.length / 4) * 4;
    return place;
  });
  const table = [u32(tags.length), ...tags.flatMap(([tag, n]) => [bytesOf(tag), ...places[n]])];
  const start = joined([u32(at), u32(0), u32(0x0400_0000), bytesOf("mntrRGB XYZ "), new Uint8Array(12), bytesOf("acsp")]);
  const light = joined(fixed(0.96419, 1.0, 0.82489));
  return joined([padded(start, 68), padded(light, 60), ...table, ...bodies.map((body) => padded(body, Math.ceil(body.length / 4) * 4))]);
}

/** The profile that stands for every profile of this name. */
export const DISPLAY_P3 = built();

/** @param {Uint8Array} profile @returns {boolean} whether it calls itself Display P3; all that is ever read of it */
export function isDisplayP3(profile) {
  if (profile.length < 132) return false;
  const data = view(profile);
  const count = Math.min(data.getUint32(128), MOST_TAGS);
  for (let at = 132; at < 132 + 12 * count && at + 12 <= profile.length; at += 12) {
    if (latin1(profile, at, at + 4) !== "desc") continue;
    const from = data.getUint32(at + 4);
    return described(profile.subarray(from, from + Math.min(data.getUint32(at + 8), 4_096))) === WIDE_NAME;
  }
  return false;
}

function described(body) {
  const kind = latin1(body, 0, Math.min(4, body.length));
  if (kind === "desc" && body.length >= 12) return latin1(body, 12, Math.min(body.length, 12 + view(body).getUint32(8))).replace(/\0+$/, "");
  if (kind !== "mluc" || body.length < 28) return "";
  const [size, from] = [view(body).getUint32(20), view(body).getUint32(24)];
  return new TextDecoder("utf-16be").decode(body.subarray(from, from + size)).replace(/\0+$/, "");
}
