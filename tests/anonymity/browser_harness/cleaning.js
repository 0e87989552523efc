// What the tests ask of the cleaning worker, through the same function that the pages use.
import { cleanFile, Refused } from "../../../anonymity/browser/cleaner.js";

const unbase64 = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

async function base64(blob) {
  const reader = new FileReader();
  const read = new Promise((resolve) => (reader.onload = resolve));
  reader.readAsDataURL(blob);
  await read;
  return reader.result.slice(reader.result.indexOf(",") + 1);
}

export async function clean(given) {
  const shares = [];
  try {
    const { type, content, found, remains } = await cleanFile(new Blob([unbase64(given)]), { onProgress: (share) => shares.push(share) });
    return { type, found, remains, shares, content: await base64(content) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { refused: error.code };
  }
}

/** How files of an input fare, with how long each took; nothing comes back but sizes. */
export async function timed(input) {
  const told = [];
  for (const file of input.files) {
    const start = performance.now();
    const result = await cleanFile(file, { onProgress: () => {} }).catch(({ code }) => ({ refused: code }));
    told.push({ ms: performance.now() - start, size: result.content?.size, refused: result.refused });
  }
  return told;
}

/** Files with bytes changed, cut out or cut off, by a row of numbers that is always the same: what became of each. */
export async function broken(given, seed, rounds) {
  const whole = unbase64(given);
  const next = (below) => ((seed = (Math.imul(seed, 1103515245) + 12345) >>> 0), Math.floor((seed / 2 ** 32) * below));
  const told = {};
  for (let round = 0; round < rounds; round++) {
    let octets = whole.slice();
    const kind = next(3);
    if (kind === 0) for (let n = next(4); n >= 0; n--) octets[next(octets.length)] = next(256);
    if (kind === 1) octets = octets.slice(0, next(octets.length));
    const [from, to] = [next(octets.length), next(octets.length)];
    if (kind === 2) octets = new Uint8Array([...octets.subarray(0, from), ...octets.subarray(to)]);
    const outcome = await cleanFile(new Blob([octets]), { onProgress: () => {} }).then(() => "cleaned", ({ code }) => code);
    told[outcome] = (told[outcome] ?? 0) + 1;
  }
  return told;
}

globalThis.cleaning = { clean, timed, broken };
