/** Text that people type: made tidy before it is sealed, and measured as the format measures it (FORMAT.md section 1). */

// What a tidy text never holds: lone surrogates, the other line ends, TAB, and characters that hide or turn text around.
const UNTIDY = /[\p{Surrogate}\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/u;
const LINE_ENDS = /\r\n|[\r\u0085\u2028\u2029]/g;

export const BODY_LIMIT = 12000;
export const NAME_LIMIT = 200;

/** @param {string} text as typed @returns {string} as it is sealed */
export function tidy(text) {
  return (
    text
      .replace(/\p{Surrogate}/gu, "")
      .replace(LINE_ENDS, "\n")
      .replaceAll("\t", " ")
      // eslint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]/g, "")
      .normalize("NFC")
      .replace(/^[\n ]+|[\n ]+$/g, "")
  );
}

/** @param {string} text a name as typed @returns {string} on one line */
export function tidyName(text) {
  return tidy(tidy(text).replaceAll("\n", " "));
}

/** @param {unknown} text @returns {text is string} holds nothing that tidy would take out, order and normal form aside */
export function isTidy(text) {
  return typeof text === "string" && !UNTIDY.test(text);
}

/** @param {string} text @returns {number} its length inside canonical JSON, which is what the limits count */
export function cost(text) {
  return new TextEncoder().encode(text).length + (text.match(/["\\\n]/g)?.length ?? 0);
}
