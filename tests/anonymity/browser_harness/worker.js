// What the tests ask of the sealing worker, through the same class that the pages use.
import { recipientFromSeed } from "../../../anonymity/browser/age.js";
import { openFile, sealFile } from "../../../anonymity/browser/file.js";
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
  const octets = new Uint8Array(length);
  for (let i = 0; i < Math.min(length, 251); i++) octets[i] = (i * 31 + n) % 251;
  for (let full = 251; full < length; full *= 2) octets.copyWithin(full, 0, Math.min(full, length - full));
  return octets;
}

const digest = async (octets) => hex(new Uint8Array(await crypto.subtle.digest("SHA-256", octets)));

// A frame goes to Python by way of the test server, which keeps it.
export async function sealsFile(who, caseId, length, url, as = "blob") {
  const octets = content(length);
  const given = as === "blob" ? new Blob([octets]) : octets;
  const steps = [];
  const { entry, frame } = await call(who, "sealFile", caseId, { content: given, name: "photo-1.jpg", original: "Llun ŵ.JPG", type: "image/jpeg" }, { onProgress: (done) => steps.push(done) });
  const taken = frame.byteLength;
  await fetch(url, { method: "POST", body: new Blob([frame]) }); // of a blob the tools that drive the browser make no copy
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

// The longest time that the page does nothing else while a file is sealed: `longtask` says, and so do the frames.
export async function watched(who, length) {
  const holder = holders.get(who);
  const [{ case: caseId }] = (await holder.beginConcern(["joint"])).threads;
  const file = { content: new Blob([content(length)]), name: "photo-1.jpg", type: "image/jpeg" };
  await new Promise((done) => setTimeout(done, 500));
  const tasks = [0];
  const watch = new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)));
  watch.observe({ entryTypes: ["longtask"] });
  const seen = { gap: 0, last: performance.now(), frames: 0, done: false };
  const frame = (now) => {
    seen.gap = Math.max(seen.gap, now - seen.last);
    seen.last = now;
    seen.frames++;
    if (!seen.done) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  const start = performance.now();
  const { frame: sealed } = await holder.sealFile(caseId, file);
  const ms = Math.round(performance.now() - start);
  seen.done = true;
  await new Promise((end) => setTimeout(end, 100));
  watch.disconnect();
  return { ms, longest_task: Math.max(...tasks), longest_gap: Math.round(seen.gap), frames: seen.frames, bytes: sealed.length };
}

// MiB a second, the median of three; `native` false does without the browser's own cipher and hash.
export async function speeds(native) {
  const { subtle } = crypto;
  if (!native) Object.defineProperty(crypto, "subtle", { value: undefined, configurable: true });
  const median = async (work) => {
    const taken = [];
    for (let i = 0; i < 3; i++) {
      const start = performance.now();
      await work();
      taken.push(performance.now() - start);
    }
    return Math.round((4 * 10000) / taken.sort((a, b) => a - b)[1]) / 10;
  };
  const seed = new Uint8Array(32).fill(1);
  const where = { blob: "A".repeat(22), case: "A".repeat(22), recipient: recipientFromSeed(seed) };
  const given = new Blob([content(4 * 1048576)]);
  let made;
  const seal = await median(async () => (made = await sealFile(given, where)));
  const open = await median(() => openFile(made.frame.slice(32), made, seed));
  Object.defineProperty(crypto, "subtle", { value: subtle, configurable: true });
  const plain = await openFile(made.frame.slice(32), made, seed);
  return { seal, open, right: (await digest(plain)) === (await sha256(plain.length)) };
}

// A keyring sealed to a passkey's secret: opened by it, by another, and by one that is too short.
export async function byPasskey(who, n) {
  const desk = holders.get(who);
  const ring = await desk.sealKeyring({ prf: new Uint8Array(32).fill(n) });
  const by = (prf) => desk.unlock({ prf }, ring).then(({ key }) => key, ({ name }) => name);
  return [await by(new Uint8Array(32).fill(n)), await by(new Uint8Array(32).fill(n + 1)), await by(new Uint8Array(31))];
}
