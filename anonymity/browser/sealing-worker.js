/**
 * The worker in which everything is sealed and opened (logical name `sealing.js`). It has no page, no storage and no network: it
 * answers what its page asks (sealing.js), one question after the other, and says nothing of why something failed.
 */
import { CannotOpen, Mistyped, Stale, TooLong } from "./errors.js";
import { both, Session } from "./session.js";
import { reader } from "./session-reader.js";
import { reporter } from "./session-reporter.js";

const session = new Session();
const methods = new Map(Object.entries({ ...both, ...reporter, ...reader }));

// What could carry a key away is taken from this worker before it holds one.
for (const name of ["fetch", "XMLHttpRequest", "WebSocket", "WebSocketStream", "WebTransport", "EventSource", "importScripts", "Worker", "SharedWorker", "BroadcastChannel", "indexedDB", "caches"]) {
  Object.defineProperty(globalThis, name, { value: undefined });
}

/** @param {unknown} error @returns {object} */
function told(error) {
  if (error instanceof Mistyped) return { name: error.name, reason: error.reason, positions: error.positions };
  return { name: error instanceof TooLong || error instanceof Stale ? error.name : new CannotOpen().name };
}

/** @param {unknown} value @returns {ArrayBuffer[]} of octets in it, which go over without being copied */
function buffersIn(value) {
  if (value instanceof Uint8Array) return [value.buffer];
  return value && typeof value === "object" ? Object.values(value).flatMap((inner) => (inner instanceof Uint8Array ? [inner.buffer] : [])) : [];
}

/** @param {{id: number, method: string, given: any}} question */
async function answer({ id, method, given }) {
  try {
    const work = methods.get(method);
    if (!work) throw new CannotOpen();
    const value = await work(session, given, (done) => postMessage({ id, done }));
    postMessage({ id, value }, { transfer: buffersIn(value) });
  } catch (error) {
    postMessage({ id, error: told(error) });
  }
}

let last = Promise.resolve();
addEventListener("message", ({ data }) => {
  last = last.then(() => answer(data));
});
postMessage({ ready: true });
