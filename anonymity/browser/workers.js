/**
 * Workers of the page scripts. A worker's address cannot demand a digest, so its source is fetched, checked and started from a blob:
 * the page script, itself named by digest in its page, knows the one digest that it may have.
 */
import { Ended } from "./errors.js";

/** @typedef {{file: string, integrity: string}} Built a worker's script as built: its file, beside the page script, and its digest */

const HERE = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : "";

/** @type {Map<string, Promise<Blob>>} */
const sources = new Map();
let address = "";
const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy("sealing-worker", {
  createScriptURL: (/** @type {string} */ url) => {
    if (url !== address) throw new TypeError("not our worker");
    return url;
  },
});

/**
 * The request is the one that a page's <link rel="preload" as="fetch" crossorigin="anonymous"> has begun already, if it has one.
 * A page that has to work from a file holds the source in `<script type="text/plain" id="…">`.
 * @param {Built} built @param {string} id @returns {Promise<Blob>} checked
 */
async function fetchSource({ file, integrity }, id) {
  const inline = document.getElementById(id)?.textContent;
  if (!inline) {
    const response = await fetch(new URL(file, HERE), { integrity, referrerPolicy: "no-referrer", redirect: "error" });
    return new Blob([await response.arrayBuffer()], { type: "text/javascript" });
  }
  const octets = new TextEncoder().encode(inline);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-384", octets));
  if (`sha384-${btoa(String.fromCharCode(...digest))}` !== integrity) throw new Ended();
  return new Blob([octets], { type: "text/javascript" });
}

/** @param {Built} built @param {string} id of its source, where a page holds it @returns {Promise<Worker>} that has said that it is ready */
export async function startWorker(built, id) {
  const source = sources.get(id) ?? fetchSource(built, id);
  sources.set(id, source);
  source.catch(() => sources.delete(id));
  const blob = await source;
  const own = URL.createObjectURL(blob);
  address = own;
  const worker = new Worker(policy ? policy.createScriptURL(own) : own);
  try {
    await new Promise((resolve, reject) => {
      worker.onmessage = resolve;
      worker.onerror = () => reject(new Ended());
    });
  } finally {
    URL.revokeObjectURL(own);
  }
  return worker;
}
