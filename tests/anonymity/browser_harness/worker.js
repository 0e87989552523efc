// What the tests ask of the sealing worker, through the same class that the pages use.
import { Sealing } from "../../../anonymity/browser/sealing.js";
import { file, hex, refused } from "./checks.js";

const holders = new Map();

export async function start(who) {
  holders.get(who)?.end();
  holders.set(who, await Sealing.start());
}

export const holder = (who) => holders.get(who);

export function call(who, method, ...given) {
  return holders.get(who)[method](...given);
}

export function refusal(who, method, ...given) {
  return refused(() => holders.get(who)[method](...given));
}

// Octets a test knows by heart: byte i is i * 31 + n, modulo 251.
export function content(length, n = 0) {
  return new Uint8Array(length).map((_, i) => (i * 31 + n) % 251);
}

const digest = async (octets) => hex(new Uint8Array(await crypto.subtle.digest("SHA-256", octets)));

// A frame goes to Python by way of the test server, which keeps it.
export async function sealsFile(who, caseId, length, url, as = "blob") {
  const octets = content(length);
  const given = as === "blob" ? new Blob([octets]) : octets;
  const steps = [];
  const { entry, frame } = await call(who, "sealFile", caseId, { content: given, name: "photo-1.jpg", original: "Llun ŵ.JPG", type: "image/jpeg" }, { onProgress: (done) => steps.push(done) });
  const taken = frame.byteLength;
  await fetch(url, { method: "POST", body: frame });
  return { entry, taken, steps };
}

export async function opensFile(who, caseId, blob, url) {
  const octets = await (await fetch(url)).arrayBuffer();
  const steps = [];
  const found = await call(who, "openFile", caseId, blob, octets, { onProgress: (done) => steps.push(done) });
  return { entry: found.entry, sha256: await digest(found.octets), length: found.octets.length, given: octets.byteLength, steps };
}

export async function opensText(who, caseId, blob, text) {
  return refused(() => call(who, "openFile", caseId, blob, file(text)));
}

export const sha256 = (length) => digest(content(length));
