/** The few requests of the page scripts. Nothing is cached, nothing refers back, and a redirect is a failure. */

const LONGEST_WAIT_MS = 60_000;

/** @typedef {{status: number, value: any}} Answer value: the JSON, or null if there is none */

/**
 * To the box of the anonymous area: no cookie goes along, none is kept.
 * @param {string} url @param {string} json @returns {Promise<Answer>} rejects if no answer came
 */
export function postAnonymously(url, json) {
  return ask(url, { method: "POST", body: json, headers: { "Content-Type": "application/json" }, credentials: "omit" });
}

/** To the recipients' desk, signed in. @param {string} url @param {string} json @returns {Promise<Answer>} */
export function postSignedIn(url, json) {
  const token = document.querySelector('meta[name="csrf"]')?.getAttribute("content") ?? "";
  return ask(url, { method: "POST", body: json, headers: { "Content-Type": "application/json", "X-CSRF-Token": token }, credentials: "same-origin" });
}

/** @param {string} url @returns {Promise<Answer>} */
export function getSignedIn(url) {
  return ask(url, { credentials: "same-origin" });
}

/** @param {string} url @param {RequestInit} init @returns {Promise<Answer>} */
async function ask(url, init) {
  const response = await fetch(url, {
    ...init,
    ...{ cache: "no-store", referrerPolicy: "no-referrer", redirect: "error", signal: AbortSignal.timeout(LONGEST_WAIT_MS) },
  });
  const text = await response.text();
  return { status: response.status, value: response.headers.get("Content-Type")?.startsWith("application/json") ? JSON.parse(text) : null };
}
