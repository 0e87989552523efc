/** Cleaning files before they are sealed: the page's side of the cleaning worker, which starts with the first file. */
import { startWorker } from "./workers.js";

/** @typedef {{type: string, content: Blob, found: string[], remains: string[]}} Cleaned codes as in CLEANING.md */

/** Why a file is not taken: a code of CLEANING.md, or `failed`. */
export class Refused extends Error {
  /** @param {string} code */
  constructor(code) {
    super("refused");
    this.code = code;
  }
}

// @ts-ignore put in by build.mjs
const BUILT = CLEANING_WORKER;

/** @type {Promise<Worker> | null} */
let worker = null;
let count = 0;
/** @type {Map<number, {resolve: (value: Cleaned) => void, reject: (error: Error) => void, onProgress: (share: number) => void}>} */
const waiting = new Map();

/** @returns {Promise<Worker>} */
function started() {
  worker ??= startWorker(BUILT, "cleaning-worker").then((ready) => {
    ready.onmessage = ({ data }) => hear(data);
    ready.onerror = ready.onmessageerror = stop;
    return ready;
  });
  worker.catch(() => (worker = null));
  return worker;
}

/** @param {any} data */
function hear({ id, share, value, refused }) {
  const asked = waiting.get(id);
  if (share !== undefined) return asked?.onProgress(share);
  waiting.delete(id);
  return refused ? asked?.reject(new Refused(refused)) : asked?.resolve(value);
}

/** A file that broke the worker, or left no memory, is refused; the next one gets another worker. */
function stop() {
  worker?.then((broken) => broken.terminate());
  worker = null;
  for (const { reject } of waiting.values()) reject(new Refused("failed"));
  waiting.clear();
}

/**
 * @param {Blob} file @param {{onProgress: (share: number) => void}} options
 * @returns {Promise<Cleaned>} rejects with Refused
 */
export async function cleanFile(file, { onProgress }) {
  const ready = await started();
  const id = ++count;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject, onProgress });
    ready.postMessage({ id, file });
  });
}
