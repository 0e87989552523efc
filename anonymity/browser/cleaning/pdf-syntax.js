/** The objects of PDF (ISO 32000-1, 7.2 and 7.3): reading them from bytes and writing them as bytes. */
import { bytesOf, latin1, sound } from "./source.js";

export class Name {
  /** @param {string} text one character per byte, escapes resolved */
  constructor(text) {
    this.text = text;
  }
}

export class Text {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
  }
}

/** A number that is not a plain integer; kept as it was spelt. */
export class Real {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }
}

export class Ref {
  /** @param {number} number */
  constructor(number) {
    this.number = number;
  }
}

export class Stream {
  /** @param {Map<string, unknown>} dict @param {Uint8Array} bytes as encoded */
  constructor(dict, bytes) {
    this.dict = dict;
    this.bytes = bytes;
  }
}

/** A word of the syntax: obj, endobj, stream, or an operator of a page's content. */
export class Word {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }
}

const DEEPEST = 64;
const WHITE = new Set([0, 9, 10, 12, 13, 32]);
const DELIMITERS = new Set([..."()<>[]{}/%"].map((sign) => sign.charCodeAt(0)));
const regular = (byte) => byte !== undefined && !WHITE.has(byte) && !DELIMITERS.has(byte);
const digit = (byte) => byte >= 48 && byte <= 57;

/** @param {number} byte @returns {number} 0 to 15, or NaN */
const hex = (byte) => parseInt(String.fromCharCode(byte), 16);

const ESCAPES = { n: 10, r: 13, t: 9, b: 8, f: 12 };

/** Reads objects one after another. */
export class Lexer {
  /** @param {Uint8Array} bytes @param {number} [at] */
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  skipWhite() {
    const { bytes } = this;
    for (;;) {
      while (this.at < bytes.length && WHITE.has(bytes[this.at])) this.at++;
      if (bytes[this.at] !== 37) return;
      while (this.at < bytes.length && bytes[this.at] !== 10 && bytes[this.at] !== 13) this.at++;
    }
  }

  /** @param {string} text @returns {boolean} whether these bytes come next; if so they are passed */
  passes(text) {
    for (let n = 0; n < text.length; n++) if (this.bytes[this.at + n] !== text.charCodeAt(n)) return false;
    this.at += text.length;
    return true;
  }

  /** @returns {unknown} the next object or word; undefined at the end */
  next(depth = 0) {
    sound(depth <= DEEPEST);
    this.skipWhite();
    const { bytes } = this;
    const byte = bytes[this.at];
    if (byte === undefined) return undefined;
    if (byte === 47) return this.name();
    if (byte === 40) return this.literal();
    if (this.passes("<<")) return this.dictionary(depth);
    if (byte === 60) return this.hexadecimal();
    if (this.passes("[")) return this.array(depth);
    if (!regular(byte)) return new Word(this.passes(">>") ? ">>" : String.fromCharCode(bytes[this.at++]));
    return this.token();
  }

  token() {
    const from = this.at;
    while (regular(this.bytes[this.at])) this.at++;
    const text = latin1(this.bytes, from, this.at);
    if (/^[+-]?\d{1,10}$/.test(text)) return this.reference(Number(text));
    if (/^[+-]*[\d.]/.test(text)) return new Real(text);
    return { true: true, false: false, null: null }[text] ?? (text === "null" ? null : new Word(text));
  }

  /** A whole number may begin `12 0 R`. */
  reference(number) {
    const back = this.at;
    const { bytes } = this;
    let at = back;
    while (WHITE.has(bytes[at])) at++;
    const from = at;
    while (digit(bytes[at]) && at - from < 6) at++;
    if (number < 0 || at === back || at === from || !WHITE.has(bytes[at])) return number;
    while (WHITE.has(bytes[at])) at++;
    if (bytes[at] !== 82 || regular(bytes[at + 1])) return number;
    this.at = at + 1;
    return new Ref(number);
  }

  name() {
    let text = "";
    this.at++;
    while (regular(this.bytes[this.at])) {
      const value = this.bytes[this.at] === 35 ? hex(this.bytes[this.at + 1]) * 16 + hex(this.bytes[this.at + 2]) : NaN;
      text += String.fromCharCode(Number.isNaN(value) ? this.bytes[this.at] : value);
      this.at += Number.isNaN(value) ? 1 : 3;
    }
    return new Name(text);
  }

  literal() {
    const found = [];
    const { bytes } = this;
    let open = 1;
    for (this.at++; ; this.at++) {
      const byte = bytes[this.at];
      sound(byte !== undefined);
      if (byte === 92) {
        this.escape(found);
        continue;
      }
      open += byte === 40 ? 1 : byte === 41 ? -1 : 0;
      if (!open) break;
      found.push(byte);
    }
    this.at++;
    return new Text(Uint8Array.from(found));
  }

  /** What stands behind a backslash; leaves `at` on its last byte. */
  escape(found) {
    const { bytes } = this;
    const byte = bytes[++this.at];
    if (byte === 13 && bytes[this.at + 1] === 10) this.at++;
    if (byte === 10 || byte === 13) return;
    if (byte >= 48 && byte <= 55) {
      let value = byte - 48;
      for (let n = 0; n < 2 && bytes[this.at + 1] >= 48 && bytes[this.at + 1] <= 55; n++) value = value * 8 + bytes[++this.at] - 48;
      found.push(value & 255);
    } else found.push(ESCAPES[String.fromCharCode(byte)] ?? byte ?? 0);
  }

  hexadecimal() {
    const digits = [];
    for (this.at++; this.bytes[this.at] !== 62; this.at++) {
      sound(this.at < this.bytes.length);
      const value = hex(this.bytes[this.at]);
      if (!Number.isNaN(value)) digits.push(value);
    }
    this.at++;
    if (digits.length % 2) digits.push(0);
    return new Text(Uint8Array.from({ length: digits.length / 2 }, (_, n) => digits[2 * n] * 16 + digits[2 * n + 1]));
  }

  array(depth) {
    const found = [];
    for (;;) {
      const one = this.next(depth + 1);
      if (one instanceof Word && one.text === "]") return found;
      sound(one !== undefined && !(one instanceof Word));
      found.push(one);
    }
  }

  dictionary(depth) {
    const found = new Map();
    for (;;) {
      const key = this.next(depth + 1);
      if (key instanceof Word && key.text === ">>") return found;
      sound(key instanceof Name);
      const value = this.next(depth + 1);
      sound(value !== undefined && !(value instanceof Word));
      found.set(key.text, value);
    }
  }
}

const spellName = (text) =>
  `/${text.replace(/[^!-~]|[()<>[\]{}/%#]/g, (sign) => `#${sign.charCodeAt(0).toString(16).padStart(2, "0")}`)}`;

const spellText = (bytes) => `(${latin1(bytes).replace(/[\\()]/g, "\\$&").replace(/\r/g, "\\r").replace(/\n/g, "\\n")})`;

/** @param {unknown} value @returns {string} one character per byte */
export function spell(value) {
  if (value instanceof Ref) return value.number ? `${value.number} 0 R` : "null";
  if (value instanceof Name) return spellName(value.text);
  if (value instanceof Text) return spellText(value.bytes);
  if (value instanceof Real || value instanceof Word) return value.text;
  if (Array.isArray(value)) return `[${value.map(spell).join(" ")}]`;
  if (value instanceof Map) return `<<${[...value].map(([key, one]) => `${spellName(key)} ${spell(one)}`).join(" ")}>>`;
  return String(value);
}

/** @param {unknown} value @returns {Uint8Array} */
export const spelt = (value) => bytesOf(spell(value));
