/** XML without a DOM (a worker has none): a strict reader that hands every element to a rule and writes what the rule leaves. */
import { CannotClean, sound } from "./source.js";

const DEEPEST = 256;
const MOST_ELEMENTS = 1_000_000;
const NAME = "[A-Za-z_\\u00c0-\\ufffd][\\w.\\-\\u00b7-\\ufffd]*(?::[A-Za-z_\\u00c0-\\ufffd][\\w.\\-\\u00b7-\\ufffd]*)?";
const TAG = new RegExp(`<(${NAME})((?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(/?)>`, "y");
const CLOSE = new RegExp(`</(${NAME})\\s*>`, "y");
const ATTRIBUTE = new RegExp(`(${NAME})\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, "g");
const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const REFERENCE = /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([\da-fA-F]{1,6}));|&/g;

/** @param {Uint8Array} bytes UTF-8, or UTF-16 with a mark @returns {string} */
export function decodeXml(bytes) {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new CannotClean("damaged");
  }
}

/** @param {string} text @returns {string} with references resolved; no other than the five of XML and numbers */
export function unescape(text) {
  if (!text.includes("&")) return text;
  return text.replace(REFERENCE, (_, name, decimal, hexadecimal) => {
    if (name) return ENTITIES[name];
    const code = decimal ? Number(decimal) : parseInt(hexadecimal, 16);
    sound(code > 0 && code <= 0x10ffff);
    return String.fromCodePoint(code);
  });
}

/** @param {string} text @returns {string} */
export const escape = (text) => text.replace(/[&<>"\t\n\r]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** An element as a rule sees it. Names have the prefix that the rules use for their namespace, whatever the file's is. */
export class Element {
  constructor(name, attributes, parent) {
    this.name = name;
    /** @type {Map<string, {raw: string, value: string}>} */
    this.attributes = attributes;
    this.parent = parent;
  }

  /** @param {string} name @returns {string | undefined} */
  get(name) {
    return this.attributes.get(name)?.value;
  }

  /** @param {string} name @param {string} value changes an attribute that is there */
  set(name, value) {
    if (this.attributes.has(name)) this.attributes.get(name).value = value;
  }
}

/**
 * @typedef {"keep" | "drop" | "unwrap"} Verdict
 * @typedef {{element: (element: Element) => Verdict, text?: (text: string, parent: Element) => string | null}} Rule
 * @param {string} text @param {Map<string, string>} prefixes by namespace @param {Rule} rule
 * @returns {string} the document, rewritten
 */
export function rewrite(text, prefixes, rule) {
  const writer = new Writer(prefixes, rule);
  const start = /^\s*<\?xml\s[^?<>]*\?>/.exec(text)?.[0].length ?? 0;
  let at = start;
  while (at < text.length) {
    const next = text.indexOf("<", at);
    writer.text(text.slice(at, next < 0 ? text.length : next));
    if (next < 0) break;
    at = markup(text, next, writer);
  }
  sound(writer.done);
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${writer.parts.join("")}`;
}

/** @returns {number} behind the markup that begins here */
function markup(text, at, writer) {
  TAG.lastIndex = CLOSE.lastIndex = at;
  const tag = TAG.exec(text);
  if (tag) {
    writer.open(tag[1], tag[2], tag[3] === "/");
    return TAG.lastIndex;
  }
  const close = CLOSE.exec(text);
  if (close) {
    writer.close(close[1]);
    return CLOSE.lastIndex;
  }
  const [start, end] = text.startsWith("<!--", at) ? [4, "-->"] : [9, "]]>"];
  sound(start === 4 || text.startsWith("<![CDATA[", at));
  const to = text.indexOf(end, at + start);
  sound(to >= 0);
  if (start === 9) writer.text(escape(text.slice(at + 9, to)));
  return to + end.length;
}

class Writer {
  constructor(prefixes, rule) {
    this.prefixes = prefixes;
    this.rule = rule;
    this.parts = [];
    this.stack = [];
    this.skipping = 0;
    this.elements = 0;
    this.done = false;
  }

  /** The prefix of the rules for a prefix of the file; `?` for a namespace that no rule knows. */
  canonical(name, scope, attribute) {
    const colon = name.indexOf(":");
    if (attribute && colon < 0) return name;
    const prefix = colon < 0 ? "" : name.slice(0, colon);
    if (prefix === "xml") return name;
    return `${this.prefixes.get(scope.get(prefix)) ?? "?"}:${name.slice(colon + 1)}`;
  }

  open(tag, attributes, empty) {
    sound(!this.done && this.stack.length < DEEPEST);
    if (++this.elements > MOST_ELEMENTS) throw new CannotClean("too_complex");
    const above = this.stack.at(-1);
    if (this.skipping) this.stack.push({ tag, skipped: true, scope: above.scope, element: above.element });
    else this.judge(tag, attributes, empty, above);
    if (this.stack.at(-1).skipped) this.skipping++;
    if (empty) this.close(tag, true);
  }

  judge(tag, attributes, empty, above) {
    const raw = [...attributes.matchAll(ATTRIBUTE)].map(([, name, double, single]) => [name, unescape(double ?? single)]);
    const spaces = raw.filter(([name]) => name === "xmlns" || name.startsWith("xmlns:"));
    const scope = spaces.length ? new Map(above?.scope) : (above?.scope ?? new Map());
    for (const [name, value] of spaces) scope.set(name.slice(6), value);
    const own = raw.filter((one) => !spaces.includes(one)).map(([name, value]) => [this.canonical(name, scope, true), { raw: name, value }]);
    sound(new Set(raw.map(([name]) => name)).size === raw.length);
    const element = new Element(this.canonical(tag, scope, false), new Map(own), above?.element ?? null);
    const verdict = this.rule.element(element);
    const skipped = verdict === "drop";
    const written = verdict === "keep";
    this.stack.push({ tag, skipped, written, scope, element, from: this.parts.length });
    if (!written) return;
    const spelt = [...spaces, ...[...element.attributes.values()].map(({ raw: name, value }) => [name, value])];
    this.parts.push(`<${tag}${spelt.map(([name, value]) => ` ${name}="${escape(value)}"`).join("")}${empty ? "/>" : ">"}`);
  }

  close(tag, empty = false) {
    const last = this.stack.pop();
    sound(last && last.tag === tag);
    if (last.skipped) this.skipping--;
    else if (last.written && !empty) this.parts.push(`</${tag}>`);
    this.done = !this.stack.length;
  }

  text(raw) {
    if (!raw || this.skipping) return;
    if (!this.stack.length) return sound(/^[\s\ufeff]*$/.test(raw));
    sound(!raw.includes("]]>"));
    const last = this.stack.at(-1);
    const value = unescape(raw);
    const kept = this.rule.text ? this.rule.text(value, last.element) : value;
    if (kept === null) this.withdraw(last);
    else if (last.from !== null) this.parts.push(escapeText(kept));
  }

  /** An element that has only text is taken back, tag and all, because of its text. */
  withdraw(last) {
    if (last.from !== null) this.parts.length = last.from;
    last.from = null;
    last.written = false;
  }
}

const escapeText = (text) => text.replace(/[&<>\r]/g, (sign) => `&#${sign.charCodeAt(0)};`);
