/** Sizes of files as people read them. */
import { locale } from "./page.js";

/** @param {number} bytes @returns {string} "64 kB", "2.5 MB" */
export function sizeInWords(bytes) {
  const kilo = bytes / 1000;
  const short = (/** @type {number} */ value, /** @type {string} */ unit) => `${new Intl.NumberFormat(locale(), { maximumSignificantDigits: 2 }).format(value)} ${unit}`;
  return kilo < 1000 ? short(Math.max(kilo, 1), "kB") : short(kilo / 1000, "MB");
}
