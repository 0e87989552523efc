/** The few requests of the page scripts. Nothing is cached, nothing refers back, and a redirect is a failure. */
import { Busy } from "./errors.js";
import { search } from "./work.js";

const LONGEST_WAIT_MS = 60_000;
const LONGEST_FILE_MS = 3_600_000;
const SLOWEST_BYTES_A_SECOND = 16_384;
const LONGEST_PAUSE_MS = 60_000;
const FIRST_PAUSE_MS = 2_000;
const TRIES = 5;
const SLICE = 4096;
const WORK_NEEDED = 428;
const BUSY = [429, 503];

/** @typedef {{status: number, value: any, retryAfter?: number}} Answer value: the JSON, or null if there is none */
/** @typedef {(challenge: string, bits: number) => Promise<string>} Solver */

/** @type {Solver} */
let solver = solveInSlices;

/** Let the sealing worker do the work; without it the page does it, a slice at a time. @param {Solver} theirs */
export function solveWith(theirs) {
  solver = theirs;
}

/**
 * To the box of the anonymous area: no cookie goes along, none is kept. What is put in costs work: a challenge is fetched,
 * solved and sent along. To look something up (…/open, …/cards, …/offered) costs none. While the server says that it is busy, or wants other work,
 * this waits and sends again; what comes back then is the last answer.
 * @param {string} url below …/box @param {string | Uint8Array | Blob} body JSON, or octets @returns {Promise<Answer>} rejects if no answer came
 */
export async function postAnonymously(url, body) {
  if (/\/(open|cards|offered)$/.test(url)) return patiently(() => ask(url, posted(body)));
  const box = url.slice(0, url.lastIndexOf("/box") + "/box".length);
  let challenge = await patiently(() => ask(`${box}/challenge`, posted(typeof body === "string" ? "{}" : JSON.stringify({ bytes: sizeOf(body) }))));
  for (let tried = 1; ; tried++) {
    if (typeof challenge.value?.challenge !== "string") return challenge;
    const { challenge: given, bits } = challenge.value;
    const work = `${given}.${await solver(given, bits)}`;
    const answer = await patiently(() => ask(url, posted(body, { "Porth-Work": work })));
    if (answer.status !== WORK_NEEDED || tried === TRIES) return answer;
    challenge = answer;
  }
}

/** @type {Solver} */
async function solveInSlices(challenge, bits) {
  for (let from = 0; ; from += SLICE) {
    const nonce = search(challenge, bits, from, SLICE);
    if (nonce !== null) return nonce;
    await pause(0);
  }
}

/** Ask again while the server is busy, each time later. @param {() => Promise<Answer>} once @returns {Promise<Answer>} */
async function patiently(once) {
  for (let tried = 1; ; tried++) {
    const answer = await once();
    if (!BUSY.includes(answer.status) || tried === TRIES) return answer;
    await pause(Math.min(LONGEST_PAUSE_MS, answer.retryAfter || FIRST_PAUSE_MS * 2 ** tried));
  }
}

/** @template {{status: number}} T @param {T} answer @returns {T} what was asked for; a server that is busy says so by its status */
export function unlessBusy(answer) {
  if (BUSY.includes(answer.status)) throw new Busy();
  return answer;
}

/** @param {any} octets @returns {number} */
function sizeOf(octets) {
  return octets instanceof Blob ? octets.size : octets.length;
}

/** @param {number} ms */
function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}

/** @param {string | Uint8Array | Blob} body @param {Record<string, string>} [headers] @returns {RequestInit} */
function posted(body, headers = {}) {
  const type = typeof body === "string" ? "application/json" : "application/octet-stream";
  return { method: "POST", body: /** @type {BodyInit} */ (body), headers: { "Content-Type": type, ...headers }, credentials: "omit" };
}

/**
 * A sealed file, by the question that finds it. @param {string} url @param {string} json @returns {Promise<{status: number, octets: ArrayBuffer}>}
 */
export async function fetchOctets(url, json) {
  const response = unlessBusy(await answered(url, posted(json), LONGEST_FILE_MS));
  return { status: response.status, octets: await response.arrayBuffer() };
}

/**
 * Words of a page that stand in it, in a `<script type="application/json">` of this id, or are fetched when they are needed.
 * @param {string} url @param {string} [id] @returns {Promise<any>} rejects unless they are there
 */
export async function getWords(url, id = "") {
  const inline = document.getElementById(id)?.textContent;
  if (inline) return JSON.parse(inline);
  const { status, value } = await ask(url, { credentials: "omit" });
  if (status !== 200) throw new Error("no words");
  return value;
}

/** To the recipients' desk, signed in. @param {string} url @param {string | Uint8Array} body JSON, or octets @returns {Promise<Answer>} rejects while the server is busy */
export async function postSignedIn(url, body) {
  const token = document.querySelector('meta[name="csrf"]')?.getAttribute("content") ?? "";
  return unlessBusy(await ask(url, { ...posted(body, { "X-CSRF-Token": token }), credentials: "same-origin" }));
}

/** @param {string} url @returns {Promise<Answer>} the same */
export async function getSignedIn(url) {
  return unlessBusy(await ask(url, { credentials: "same-origin" }));
}

/** A sealed file, from the desk. @param {string} url @returns {Promise<ArrayBuffer>} rejects unless it is there */
export async function getOctets(url) {
  const response = await fetch(url, {
    ...{ credentials: "same-origin", cache: "no-store", referrerPolicy: "no-referrer", redirect: "error" },
    signal: AbortSignal.timeout(LONGEST_FILE_MS),
  });
  if (unlessBusy(response).status !== 200) throw new Error("no file");
  return response.arrayBuffer();
}

/** @param {string} url @param {RequestInit} init @returns {Promise<Answer>} */
async function ask(url, init) {
  const { body } = init;
  const bytes = body && typeof body !== "string" ? sizeOf(body) : 0;
  const longest = LONGEST_WAIT_MS + (1000 * bytes) / SLOWEST_BYTES_A_SECOND;
  const response = await answered(url, init, longest);
  const text = await response.text();
  const value = response.headers.get("Content-Type")?.startsWith("application/json") ? JSON.parse(text) : null;
  return { status: response.status, value, retryAfter: 1000 * Number(response.headers.get("Retry-After")) };
}

/** @param {string} url @param {RequestInit} init @param {number} longest @returns {Promise<Response>} */
function answered(url, init, longest) {
  return fetch(url, { ...init, ...{ cache: "no-store", referrerPolicy: "no-referrer", redirect: "error", signal: AbortSignal.timeout(longest) } });
}
