/** Writing a PDF: plain objects packed together, one table, nothing told. */
import { packed } from "./pdf-copy.js";
import { Name, Ref, spell, spelt, Stream } from "./pdf-syntax.js";
import { bytesOf, joined } from "./source.js";

const PACK = 200;

/** @param {unknown[]} objects number 1 first @param {Ref} root @returns {Uint8Array} */
export function writePdf(objects, root) {
  const parts = [bytesOf("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")];
  const places = new Map();
  let at = parts[0].length;
  const put = (number, value) => {
    places.set(number, [1, at, 0]);
    const bytes = value instanceof Stream ? streamBytes(value) : spelt(value);
    for (const part of [bytesOf(`${number} 0 obj\n`), bytes, bytesOf("\nendobj\n")]) {
      parts.push(part);
      at += part.length;
    }
  };
  const plain = [];
  objects.forEach((value, n) => (value instanceof Stream ? put(n + 1, value) : plain.push(n + 1)));
  let next = objects.length + 1;
  for (let from = 0; from < plain.length; from += PACK) {
    const numbers = plain.slice(from, from + PACK);
    numbers.forEach((number, n) => places.set(number, [2, next, n]));
    put(next++, pack(numbers, objects));
  }
  const start = at;
  places.set(next, [1, at, 0]);
  put(next, table(places, next, root));
  return joined([...parts, bytesOf(`startxref\n${start}\n%%EOF\n`)]);
}

function streamBytes({ dict, bytes }) {
  const whole = new Map([...dict, ["Length", bytes.length]]);
  return joined([bytesOf(`${spell(whole)}\nstream\n`), bytes, bytesOf("\nendstream")]);
}

function pack(numbers, objects) {
  const texts = numbers.map((number) => spell(objects[number - 1] ?? null));
  let at = 0;
  const index = numbers.map((number, n) => {
    const line = `${number} ${at}`;
    at += texts[n].length + 1;
    return line;
  });
  const head = `${index.join(" ")}\n`;
  const dict = new Map([["Type", new Name("ObjStm")], ["N", numbers.length], ["First", head.length]]);
  return packed(dict, bytesOf(head + texts.map((text) => `${text}\n`).join("")));
}

function table(places, last, root) {
  const rows = new Uint8Array((last + 1) * 7);
  for (const [number, [kind, second, third]] of places) {
    rows.set([kind, second >>> 24, (second >> 16) & 255, (second >> 8) & 255, second & 255, third >> 8, third & 255], number * 7);
  }
  rows.set([0, 0, 0, 0, 0, 255, 255], 0);
  const dict = new Map([["Type", new Name("XRef")], ["Size", last + 1], ["W", [1, 4, 2]], ["Root", new Ref(root.number)]]);
  return packed(dict, rows);
}
