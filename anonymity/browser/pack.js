/**
 * What a pack for an officer or a solicitor has more than an export: an index of what is in it, and, where somebody asks for it, only the
 * texts with what they name cut out. Cutting happens here, on plain text; nothing that was cut out is in the pack in any other form.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { MARKER } from "./marker.js";

const INSTEAD = "█████";
const HEX = /** @type {(octets: Uint8Array) => string} */ ((octets) => [...octets].map((one) => one.toString(16).padStart(2, "0")).join(""));

/** @param {string} written one on each line @returns {string[]} what is to be cut out, the longest first */
export function linesOf(written) {
  const lines = written.split("\n").map((line) => line.normalize("NFC").trim());
  return [...new Set(lines.filter(Boolean))].sort((a, b) => b.length - a.length);
}

/** What is cut out, and how often each was found. */
export class Cutter {
  /** @param {string[]} words */
  constructor(words) {
    this.counts = new Map(words.map((word) => [word, 0]));
  }

  /** @param {string} text @returns {string} */
  cut(text) {
    return [...this.counts.keys()].reduce((left, word) => left.replace(matching(word), () => this.#count(word)), text.normalize("NFC"));
  }

  get places() {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  get notFound() {
    return [...this.counts].filter(([, count]) => count === 0).map(([word]) => word);
  }

  /** @param {string} word */
  #count(word) {
    this.counts.set(word, (this.counts.get(word) ?? 0) + 1);
    return INSTEAD;
  }
}

/** @param {string} word @returns {RegExp} however it is capitalised, however its spaces and apostrophes are written */
function matching(word) {
  const literal = word.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
  return new RegExp(literal.replace(/\s+/g, "\\s+").replace(/[’']/g, "[’']"), "giu");
}

/** The list of what is in a pack: each part with the day and side of its message, its size and its hash. */
export class Index {
  lines = /** @type {string[]} */ ([]);

  /** @param {string} name @param {Uint8Array} content @param {string} day @param {string} by */
  add(name, content, day, by) {
    this.lines.push([`${MARKER}-${name}.age`, day, by, `${content.length} B`, `sha256 ${HEX(sha256(content))}`].join("\t"));
  }

  /** @returns {Uint8Array} */
  get octets() {
    return new TextEncoder().encode([MARKER, "", ...this.lines, ""].join("\n"));
  }
}
