/** Ten words on the page: shown once to be written down, and typed again later. */
import { byId, filled, locale, tellProblems } from "./page.js";
import { digits, Mistyped, readCode, words } from "./receipt.js";

/**
 * Show a code in `#code-words` (a list, one `<template id="code-word">` a word), `#code-other` (the other language) and
 * `#code-digits`; `#code-copy` copies the words, `#code-print` prints the page.
 * @param {Uint8Array} code
 */
export function showCode(code) {
  const own = words(code, locale());
  byId("code-words").replaceChildren(...own.split(" ").map((word) => filled("code-word", { word })));
  byId("code-other").textContent = words(code, locale() === "cy" ? "en" : "cy");
  byId("code-digits").textContent = digits(code);
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
 * @param {HTMLTextAreaElement | HTMLInputElement} field
 * @param {ParentNode} part of the page that has the problem lines `length`, `count`, `words` (slot `positions`), `check`
 * @returns {Uint8Array | null}
 */
export function typedCode(field, part) {
  try {
    const code = readCode(field.value);
    tellProblems(part, []);
    return code;
  } catch (error) {
    if (!(error instanceof Mistyped)) throw error;
    tellProblems(part, [error.reason], { positions: error.positions.join(", ") });
    return null;
  }
}
