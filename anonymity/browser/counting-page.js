import { watch } from "./counting.js";

for (const form of document.querySelectorAll("form[data-left]")) watch(/** @type {HTMLFormElement} */ (form));
