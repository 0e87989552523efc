/** Ten words on the page: shown once to be written down, and typed again later. The words themselves are the sealing worker's. */
import { byId, filled, locale, tellProblems } from "./page.js";

/**
 * @typedef {{cy: string, en: string, digits: string}} Spelt a code in its three spellings, ten each, joined by spaces
 */

/**
 * Show a code in `#code-words` (a list, one `<template id="code-word">` a word), `#code-other` (the other language) and
 * `#code-digits`; `#code-copy` copies the words, `#code-print` prints the page.
 * @param {Spelt} code
 */
export function showCode(code) {
  const own = code[locale()];
  byId("code-words").replaceChildren(...own.split(" ").map((word) => filled("code-word", { word })));
  byId("code-other").textContent = code[locale() === "cy" ? "en" : "cy"];
  byId("code-digits").textContent = code.digits;
  byId("code-copy").onclick = async () => {
    const copied = await copy(own);
    byId("code-copied").hidden = !copied;
    byId("code-not-copied").hidden = copied;
  };
  byId("code-print").onclick = () => window.print();
}

/** Take the words off the page again. */
export function hideCode() {
  for (const id of ["code-words", "code-other", "code-digits"]) byId(id).replaceChildren();
  byId("code-copy").onclick = null;
  byId("code-copied").hidden = byId("code-not-copied").hidden = true;
}

/** @param {string} text @returns {Promise<boolean>} there is a clipboard, and it took the text */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Read the code typed into a field; a slip is told on the page and nothing leaves the device.
 * @template T
 * @param {HTMLTextAreaElement | HTMLInputElement} field
 * @param {ParentNode} part of the page that has the problem lines `length`, `count`, `words` (slot `positions`), `check`
 * @param {(typed: string) => Promise<T>} read of the sealing worker; rejects with a `reason` for a slip
 * @returns {Promise<T | null>}
 */
export async function typedCode(field, part, read) {
  try {
    const found = await read(field.value);
    tellProblems(part, []);
    return found;
  } catch (/** @type {any} */ error) {
    if (typeof error?.reason !== "string") throw error;
    tellProblems(part, [error.reason], { positions: (error.positions ?? []).join(", ") });
    return null;
  }
}

/**
 * "Type words 3 and 8": `#proof` asks for two of the words (slots `first`, `second`; fields `#proof-first`, `#proof-second`), so that
 * somebody knows that they have them. Any spelling of the two words will do; nothing is sent.
 * @param {Spelt} code
 */
export function askProof(code) {
  const part = byId("proof");
  const places = twoPlaces();
  const labels = ["first", "second"];
  labels.forEach((name, i) => {
    byId(`proof-${name}`).value = "";
    for (const slot of part.querySelectorAll(`[data-slot="${name}"]`)) slot.textContent = String(places[i] + 1);
  });
  byId("proof-right").hidden = true;
  byId("proof-check").onclick = () => {
    const wrong = labels.filter((name, i) => !spellings(code, places[i]).includes(folded(byId(`proof-${name}`).value)));
    tellProblems(part, wrong);
    byId("proof-right").hidden = wrong.length > 0;
  };
}

/** @returns {number[]} two different places of ten, in order */
function twoPlaces() {
  const [a, b] = crypto.getRandomValues(new Uint8Array(2));
  const one = a % 10;
  const other = (one + 1 + (b % 9)) % 10;
  return one < other ? [one, other] : [other, one];
}

/** @param {Spelt} code @param {number} place @returns {string[]} */
function spellings(code, place) {
  return [code.cy, code.en, code.digits].map((ten) => ten.split(" ")[place]);
}

/** @param {string} typed */
function folded(typed) {
  return typed.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").trim().toLowerCase();
}
