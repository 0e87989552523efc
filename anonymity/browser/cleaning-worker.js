/**
 * The worker in which files are cleaned (logical name `cleaning.js`). It is not the one that seals: whatever a file does to the code that
 * reads it, no key and no word is here. Loaded when the first file is chosen.
 */
import { CannotClean, cleanFile } from "./cleaning/clean.js";

// What could carry a file away is taken from this worker before it sees one.
for (const name of ["fetch", "XMLHttpRequest", "WebSocket", "WebSocketStream", "WebTransport", "EventSource", "importScripts", "Worker", "SharedWorker", "BroadcastChannel", "indexedDB", "caches"]) {
  Object.defineProperty(globalThis, name, { value: undefined });
}

let last = Promise.resolve();
addEventListener("message", ({ data: { id, file } }) => {
  last = last.then(async () => {
    try {
      const { type, blob, found, remains } = await cleanFile(file, (share) => postMessage({ id, share }));
      postMessage({ id, value: { type, content: blob, found, remains } });
    } catch (error) {
      postMessage({ id, refused: error instanceof CannotClean ? error.reason : "failed" });
    }
  });
});
postMessage({ ready: true });
