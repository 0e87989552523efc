/**
 * Files that somebody adds to a concern or a reply. Each is cleaned on the device as soon as it is chosen, stands in a list with
 * what was found and removed and what cannot be, and can be taken off again. Nothing leaves the device here.
 *
 * A part of the page, [data-add-files], holds
 *   input[type=file][data-pick]     multiple; emptied at once, so that the same file can be chosen again
 *   ul[data-file-list]              empty
 *   input[type=checkbox][data-tell-names]   ticked: readers are told what the files are called
 * and the page holds <template id="added-file">: one li; slots name, size, found, remains, problem; data-if cleaning, cleaned, removed, untouched,
 * refused; progress[data-progress]; button[data-take-off]; and [data-file-words] on #sealed: the address of the words, JSON
 * {"found": {code: text}, "remains": {code: text}, "refused": {code: text}}, fetched when the first file is chosen.
 */
import { cleanFile, Refused } from "./cleaner.js";
import { getWords } from "./network.js";
import { all, filled, first, focusOn, settings } from "./page.js";
import { sizeInWords } from "./sizes.js";
import { cost, NAME_LIMIT, tidyName } from "./text.js";

/**
 * @typedef {{content: Blob, name: string, original: string | null, type: string}} Chosen as the sealing worker takes it
 * @typedef {{file: File, line: HTMLElement, clean: import("./cleaner.js").Cleaned | null, stop: AbortController}} Added
 * @typedef {Record<"found" | "remains" | "refused", Record<string, string>>} Words
 */

const MOST_FILES = 20;
/** @type {Record<string, [string, string]>} neutral name and ending, by type */
const NEUTRAL = {
  "image/jpeg": ["photo", "jpg"],
  "image/png": ["picture", "png"],
  "image/webp": ["picture", "webp"],
  "application/pdf": ["document", "pdf"],
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ["document", "docx"],
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ["table", "xlsx"],
  "application/vnd.oasis.opendocument.text": ["document", "odt"],
  "text/plain": ["text", "txt"],
  "audio/mpeg": ["recording", "mp3"],
  "audio/mp4": ["recording", "m4a"],
  "video/mp4": ["film", "mp4"],
};

/** @type {Promise<Words> | null} the same words for every list of the page */
let words = null;

/** One list of files on the page. */
export class FileList {
  /** @type {Added[]} */
  #added = [];

  /** @param {HTMLElement} part */
  constructor(part) {
    this.list = first("[data-file-list]", part);
    this.names = first("[data-tell-names]", part);
    this.pick = first("[data-pick]", part);
    this.pick.addEventListener("change", () => this.add([...this.pick.files]));
  }

  /** @returns {boolean} something is still being cleaned */
  get busy() {
    return this.#added.some(({ clean, line }) => clean === null && !line.dataset.refused);
  }

  /** @returns {Chosen[]} what is clean, in order, under neutral names */
  chosen() {
    const counts = new Map();
    return this.#added.flatMap(({ file, clean }) => {
      if (!clean) return [];
      const [stem, ending] = NEUTRAL[clean.type] ?? ["file", "bin"];
      counts.set(stem, (counts.get(stem) ?? 0) + 1);
      const original = this.names.checked ? ownName(file.name) : null;
      return [{ content: clean.content, name: `${stem}-${counts.get(stem)}.${ending}`, original, type: clean.type }];
    });
  }

  /** @param {File[]} files */
  async add(files) {
    this.pick.value = "";
    words ??= getWords(String(settings().fileWords), "file-words").catch(() => ((words = null), { found: {}, remains: {}, refused: {} }));
    for (const file of files) this.#line(file);
    for (const added of this.#added.filter(({ clean, line }) => !clean && !line.dataset.begun)) await this.#clean(added);
  }

  /** @param {File} file */
  #line(file) {
    const line = first("li", filled("added-file", { name: file.name, size: sizeInWords(file.size), cleaning: true }));
    const added = { file, line, clean: null, stop: new AbortController() };
    first("[data-take-off]", line).addEventListener("click", () => this.#takeOff(added));
    this.#added.push(added);
    this.list.append(line);
  }

  /** @param {Added} added */
  async #clean(added) {
    added.line.dataset.begun = "true";
    const bar = first("[data-progress]", added.line);
    const said = await /** @type {Promise<Words>} */ (words);
    try {
      if (this.#added.indexOf(added) >= MOST_FILES) throw new Refused("too_many");
      const clean = await cleanFile(added.file, { onProgress: (share) => (bar.value = share) });
      if (added.stop.signal.aborted) return;
      added.clean = clean;
    } catch (/** @type {any} */ error) {
      if (added.stop.signal.aborted) return;
      added.line.dataset.refused = "true";
      this.#show(added, { refused: true, problem: said.refused[error?.code] ?? said.refused.failed ?? "" });
      return;
    }
    const { found, remains, content } = added.clean;
    const listed = (/** @type {string[]} */ codes, /** @type {Record<string, string>} */ table) => codes.map((code) => table[code] ?? code).join("; ");
    this.#show(added, {
      ...{ cleaned: true, removed: found.length > 0, untouched: found.length === 0, size: sizeInWords(content.size) },
      ...{ found: listed(found, said.found), remains: listed(remains, said.remains) },
    });
  }

  /** @param {Added} added @param {Record<string, string | boolean>} values */
  #show(added, values) {
    const line = first("li", filled("added-file", { name: added.file.name, size: sizeInWords(added.file.size), ...values }));
    line.dataset.begun = "true";
    if (added.line.dataset.refused) line.dataset.refused = "true";
    first("[data-take-off]", line).addEventListener("click", () => this.#takeOff(added));
    const hadFocus = added.line.contains(document.activeElement);
    added.line.replaceWith(line);
    added.line = line;
    if (hadFocus) first("[data-take-off]", line).focus();
  }

  /** @param {Added} added */
  #takeOff(added) {
    added.stop.abort();
    this.#added = this.#added.filter((one) => one !== added);
    added.line.remove();
    focusOn(this.pick);
  }

  /** Forget them all. */
  forget() {
    for (const { stop } of this.#added) stop.abort();
    this.#added = [];
    this.list.replaceChildren();
    this.pick.value = "";
  }
}

/** @param {string} name of a file where it came from @returns {string | null} as it may be told */
function ownName(name) {
  let told = tidyName(name);
  while (cost(told) > NAME_LIMIT) told = tidyName([...told].slice(1).join(""));
  return told || null;
}

/**
 * What a file of a thread is saved under: nobody gets a programme onto somebody's device under an ending of their choice.
 * @param {{name: string, type: string}} entry @returns {string}
 */
export function savedName({ name, type }) {
  return `${name.split(".")[0]}.${NEUTRAL[type]?.[1] ?? "bin"}`;
}

/** @returns {number} files chosen anywhere on the page, for a warning before it is left */
export function countAdded() {
  return all("[data-file-list] > li").length;
}
